// SPDX-License-Identifier: MIT

import CLibedit
import Foundation
import Testing

/// A lesson at a real terminal, whose program is killed in the middle.
struct KilledLessonTests {
  private let state = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path

  private var records: String { state + "/passo/lessons" }

  private func record() -> String {
    (try? String(contentsOfFile: "\(records)/01-labels.passo", encoding: .utf8)) ?? ""
  }

  /// Waits for something, at most half a minute: only a fault takes so long.
  private func wait(_ what: String, until isTrue: () -> Bool) {
    for _ in 0..<3000 {
      if isTrue() { return }
      usleep(10_000)
    }
    Issue.record("waited in vain for \(what)")
  }

  @Test func aKilledLessonGoesOnTenTimes() throws {
    defer { try? FileManager.default.removeItem(atPath: state) }
    var before = ""
    for turn in 0..<10 {
      let terminal = try #require(KillableLesson(state: state))
      wait("the prompt") { terminal.screen.contains("01-labels") && terminal.screen.contains("> ") }
      #expect(turn == 0 || terminal.screen.contains("riprendi da"), "\(terminal.screen)")
      let size = record().utf8.count
      terminal.type(":step \(turn + 1)\r")
      wait("a line in the record") { record().utf8.count > size && record().hasSuffix("\n") }
      terminal.kill()
      #expect(record().hasPrefix(before), "what was there stays")
      before = record()
    }
    #expect(before.split(separator: "\n").count { $0.hasPrefix(":step") } == 10)
    let states = before.split(separator: "\n").filter { $0.hasPrefix("# state") }
    #expect(Set(states).count == states.count)
  }
}

/// The program at a pseudo terminal of its own.
private final class KillableLesson: @unchecked Sendable {
  private let process = Process()
  private let controller: Int32
  private let lock = NSLock()
  private var bytes: [UInt8] = []

  init?(state: String) {
    var (controller, terminal): (Int32, Int32) = (-1, -1)
    guard le_open_terminal_pair(&controller, &terminal, 80, 24) else { return nil }
    self.controller = controller
    process.executableURL = PassoProgram.url
    process.arguments = ["lesson", "1"]
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    process.environment = ["LANG": "it_IT.UTF-8", "XDG_STATE_HOME": state, "TERM": "xterm"]
    let file = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    (process.standardInput, process.standardOutput, process.standardError) = (file, file, file)
    guard (try? process.run()) != nil else { return nil }
    Thread.detachNewThread { [self] in collect() }
  }

  var screen: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }

  func type(_ keys: String) {
    let keys = Array(keys.utf8)
    _ = write(controller, keys, keys.count)
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
