// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `--teacher`, as a person starts the program with it.
struct TeacherOptionTests {
  @Test func notesAreForWhoTeaches() throws {
    let input = ":lesson goto\n:quit\n"
    let taught = try PassoProgram.run(["lesson", "1", "--teacher", "--lang", "it"], input: input)
    #expect(taught.status == 0 && taught.errors.isEmpty)
    #expect(taught.output.contains("nota · parte 1 di 7, da 0:00 a 2:00; adesso 0:0"))
    #expect(taught.output.contains(" di 2:00 previsti"))
    let taken = try PassoProgram.run(["lesson", "1", "--lang", "it"], input: input)
    #expect(!taken.output.contains("nota ·") && !taken.output.contains("previsti"))
    let opened = try PassoProgram.run(["--teacher", "--lang", "it"], input: ":lesson 1\n")
    #expect(opened.output.contains("nota · parte 1 di 7"))
  }

  @Test func aLessonThatTakesItselfIsNotTaught() throws {
    let reply = try PassoProgram.run(["lesson", "1", "--auto", "--teacher", "--lang", "it"])
    #expect(reply.status == 2 && reply.output.isEmpty)
    #expect(reply.errors.contains("--auto fa la lezione da solo, --teacher la fa con una classe"))
  }

  @Test func theScreenIsThatOfAProjectorAndTheRecordThatOfAClass() throws {
    let state = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: state) }
    let arguments = ["lesson", "1", "--teacher"]
    let terminal = try #require(LessonAtTerminal(state: state, arguments: arguments))
    terminal.wait("the prompt") {
      terminal.screen.contains("01-labels") && terminal.screen.contains("previsti")
    }
    #expect(terminal.screen.contains("\u{1B}[0;107;30m"), "black ink on a white ground")
    let record = state + "/passo/classes/01-labels.passo"
    terminal.type(":poll 1389 3\r")
    terminal.wait("the vote in the record") {
      (try? String(contentsOfFile: record, encoding: .utf8))?.contains(":poll 1389 3") == true
    }
    terminal.kill()
    #expect(!FileManager.default.fileExists(atPath: state + "/passo/lessons"))
  }
}
