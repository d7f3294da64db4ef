// SPDX-License-Identifier: MIT

import CLibedit
import Foundation
import Testing

/// The program at a pseudo terminal of its own.
final class LessonAtTerminal: @unchecked Sendable {
  private let process = Process()
  private let controller: Int32
  private let lock = NSLock()
  private var bytes: [UInt8] = []

  init?(state: String, arguments: [String] = ["lesson", "1"]) {
    var (controller, terminal): (Int32, Int32) = (-1, -1)
    guard le_open_terminal_pair(&controller, &terminal, 80, 24) else { return nil }
    self.controller = controller
    process.executableURL = PassoProgram.url
    process.arguments = arguments
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    process.environment = ["LANG": "it_IT.UTF-8", "XDG_STATE_HOME": state, "TERM": "xterm"]
    let file = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    (process.standardInput, process.standardOutput, process.standardError) = (file, file, file)
    guard (try? process.run()) != nil else { return nil }
    Thread.detachNewThread { [self] in collect() }
  }

  /// All that was written so far.
  var screen: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }

  func type(_ keys: String) {
    let keys = Array(keys.utf8)
    _ = write(controller, keys, keys.count)
  }

  /// Waits for something, at most half a minute: only a fault takes so long.
  func wait(_ what: String, until isTrue: () -> Bool) {
    for _ in 0..<3000 {
      if isTrue() { return }
      usleep(10_000)
    }
    Issue.record("waited in vain for \(what)")
  }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private func collect() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(controller, &buffer, buffer.count)
      guard count > 0 else { return }
      lock.withLock { bytes += buffer[..<count] }
    }
  }
}
