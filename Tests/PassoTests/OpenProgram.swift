// SPDX-License-Identifier: MIT

import Foundation
import PassoRuntime
import Testing

/// The built program while it speaks its protocol, so that it can be interrupted, and its memory
/// limited, in the middle.
final class OpenProgram {
  private let process = Process()
  private let (stdin, stdout) = (Pipe(), Pipe())
  private let patience: Patience
  private var rest = Data()

  init(environment: [String: String] = [:]) throws {
    process.executableURL = PassoProgram.url
    process.arguments = ["--protocol", "json", "--lang", "en"]
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    process.environment = PassoProgram.environment.merging(environment) { $1 }
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    patience = Patience(with: process)
  }

  deinit {
    process.terminate()
    patience.end()
  }

  /// Asks for lines to be carried out.
  func send(_ text: String) throws {
    let members: [String: Any] = ["do": "execute", "text": text]
    let data = try JSONSerialization.data(withJSONObject: members)
    // Writing to a program that has ended would end the tests.
    try #require(process.isRunning, "\(patience.reason)")
    try stdin.fileHandleForWriting.write(contentsOf: data + Data("\n".utf8))
  }

  /// What it says up to an event of a kind, and that one.
  func events(to event: String) throws -> [ProtocolAnswer] {
    var answers: [ProtocolAnswer] = []
    while answers.last?.event != event {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
        let more = stdout.fileHandleForReading.availableData
        try #require(!more.isEmpty, "no '\(event)': \(patience.reason)")
        rest += more
        continue
      }
      answers += try ProtocolAnswer.all(String(decoding: rest[..<end], as: UTF8.self))
      rest = Data(rest[rest.index(after: end)...])
    }
    return answers
  }

  /// All that it says to lines.
  func answer(_ text: String) throws -> String {
    try send(text)
    return try events(to: "done").map { "\($0.members)" }.joined(separator: "\n")
  }

  func interrupt() { kill(process.processIdentifier, SIGINT) }

  /// Lets it map what it has now, and a little more than it keeps for all that is small.
  func allowNoMore() throws {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = try String(contentsOfFile: path, encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmSize:") } ?? ""
    let mapped = line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    try limit("\(mapped * 1024 + MemoryRoom.reserve + (2 << 20))")
  }

  func allowAll() throws { try limit("unlimited") }

  /// Sets what can be raised again: the soft limit alone.
  private func limit(_ bytes: String) throws {
    let prlimit = Process()
    prlimit.executableURL = URL(filePath: "/usr/bin/prlimit")
    prlimit.arguments = ["--pid", "\(process.processIdentifier)", "--as=\(bytes):unlimited"]
    try prlimit.run()
    prlimit.waitUntilExit()
  }

  /// Ends its input, and waits for its end.
  ///
  /// - Returns: The status with which it ends.
  func end() throws -> Int32 {
    try stdin.fileHandleForWriting.close()
    process.waitUntilExit()
    try patience.check(["--protocol"])
    return process.terminationStatus
  }
}
