// SPDX-License-Identifier: MIT

import Foundation

/// The built program, run as a script runs it.
enum PassoProgram {
  struct Reply {
    let status: Int32
    let output: String
    let errors: String
  }

  static let url = Bundle.main.bundleURL.appending(path: "passo")

  /// A home that holds nothing, and the kernels that the tests were told to use.
  static let environment = ProcessInfo.processInfo.environment
    .filter { $0.key == "PASSO_KERNELS" }
    .merging(["LANG": "it_IT.UTF-8", "HOME": NSTemporaryDirectory()]) { $1 }

  /// Runs it to its end, in a folder that is not the package, to see that it finds its lessons.
  ///
  /// `limits` are those of `ulimit`, as `-v 2000000`. One that does not end is killed.
  static func run(
    _ arguments: [String],
    input: String = "",
    environment: [String: String] = [:],
    limits: String? = nil
  ) throws -> Reply {
    let process = Process()
    if let limits {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "ulimit \(limits) && exec \"$@\"", "sh", url.path] + arguments
    } else {
      process.executableURL = url
      process.arguments = arguments
    }
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    process.environment = Self.environment.merging(environment) { $1 }
    // Through files: writing to a program that has ended already would end the tests, and of two
    // pipes the one that is not read can fill up.
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ content: String = "") throws -> URL {
      let url = folder.appending(path: name)
      try Data(content.utf8).write(to: url)
      return url
    }
    let (output, errors) = (try file("output"), try file("errors"))
    process.standardInput = try FileHandle(forReadingFrom: file("input", input))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let patience = Patience(with: process)
    defer { patience.end() }
    process.waitUntilExit()
    try patience.check(arguments)
    return Reply(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    )
  }
}
