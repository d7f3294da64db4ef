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

  /// The kernels that the tests were told to use, for the program too.
  private static let kernels = ProcessInfo.processInfo.environment
    .filter { $0.key == "PASSO_KERNELS" }

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
    process.environment = ["LANG": "it_IT.UTF-8", "HOME": NSTemporaryDirectory()]
      .merging(kernels) { $1 }.merging(environment) { $1 }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    let patience = Patience(with: process)
    defer { patience.end() }
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try patience.check(arguments)
    return Reply(
      status: process.terminationStatus,
      output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self)
    )
  }
}
