// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// A lesson at a real terminal, whose program is killed in the middle.
struct KilledLessonTests {
  private let state = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path

  private var records: String { state + "/passo/lessons" }

  private func record() -> String {
    (try? String(contentsOfFile: "\(records)/01-labels.passo", encoding: .utf8)) ?? ""
  }

  @Test func aKilledLessonGoesOnTenTimes() throws {
    defer { try? FileManager.default.removeItem(atPath: state) }
    var before = ""
    for turn in 0..<10 {
      let terminal = try #require(LessonAtTerminal(state: state))
      terminal.wait("the prompt") {
        terminal.screen.contains("01-labels") && terminal.screen.contains("> ")
      }
      #expect(turn == 0 || terminal.screen.contains("riprendi da"), "\(terminal.screen)")
      let size = record().utf8.count
      terminal.type(":step \(turn + 1)\r")
      terminal.wait("a line in the record") {
        record().utf8.count > size && record().hasSuffix("\n")
      }
      terminal.kill()
      #expect(record().hasPrefix(before), "what was there stays")
      before = record()
    }
    #expect(before.split(separator: "\n").count { $0.hasPrefix(":step") } == 10)
    let states = before.split(separator: "\n").filter { $0.hasPrefix("# state") }
    #expect(Set(states).count == states.count)
  }
}
