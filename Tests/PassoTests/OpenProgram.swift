// SPDX-License-Identifier: MIT

import Foundation

/// The built program while it runs, so that its memory can be limited in the middle.
final class OpenProgram {
  private let process = Process()
  private let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
  private var read = ""

  init(_ arguments: [String]) throws {
    process.executableURL = PassoProgram.url
    process.arguments = arguments
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    process.environment = [
      "LANG": "en_US.UTF-8", "HOME": NSTemporaryDirectory(), "MALLOC_ARENA_MAX": "1",
    ]
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
  }

  func send(_ lines: [String]) throws {
    let text = lines.map { $0 + "\n" }.joined()
    try stdin.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// What it writes up to some words, or to its end if they never come.
  func output(until words: String) throws -> String {
    while !read.contains(words) {
      let more = stdout.fileHandleForReading.availableData
      if more.isEmpty { break }
      read += String(decoding: more, as: UTF8.self)
    }
    defer { read = "" }
    return read
  }

  /// Lets it map what it has now, and the reserve that it keeps for all that is small.
  func allowNoMore() throws {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = try String(contentsOfFile: path, encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmSize:") } ?? ""
    let mapped = line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    try limit("\(mapped * 1024 + Self.reserve)")
  }

  func allowAll() throws { try limit("unlimited") }

  private static let reserve = 50 << 20

  /// Sets what can be raised again: the soft limit alone.
  private func limit(_ bytes: String) throws {
    let prlimit = Process()
    prlimit.executableURL = URL(filePath: "/usr/bin/prlimit")
    prlimit.arguments = ["--pid", "\(process.processIdentifier)", "--as=\(bytes):unlimited"]
    try prlimit.run()
    prlimit.waitUntilExit()
  }

  /// Ends its input, and waits for its end.
  func end() throws -> PassoProgram.Reply {
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return PassoProgram.Reply(
      status: process.terminationStatus,
      output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self)
    )
  }
}
