// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoText
import Testing

/// A reader that does not read keeps nobody waiting.
struct SlowPipeTests {
  @Test func whatAFullPipeDoesNotTakeComesLater() throws {
    let path = NSTemporaryDirectory() + "passo-pipe-\(UUID().uuidString)"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(throws: FileProblem.self) { try AppendedFile(path: path) }
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let file = try AppendedFile(path: path)
    let lines = (0..<20_000).map { "line \($0) of the log\n" }
    // More than a pipe takes.
    try file.append(Array(lines.joined().utf8))
    var received: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    for _ in 0..<100 {
      while case let count = read(reader, &room, room.count), count > 0 {
        received += room[..<count]
      }
      try file.append([])
    }
    try file.append(Array("the end\n".utf8))
    while case let count = read(reader, &room, room.count), count > 0 { received += room[..<count] }
    #expect(String(decoding: received, as: UTF8.self) == lines.joined() + "the end\n")
  }
}
