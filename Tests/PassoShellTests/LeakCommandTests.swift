// SPDX-License-Identifier: MIT

import PassoEngine
import PassoEvaluation
import PassoModel
import PassoShell
import PassoText
import Testing

struct LeakCommandTests {
  @Test(arguments: ["gatto", "gatto-2", "gatto-llama"])
  func aCausalModelSaysNo(model: String) throws {
    let probe = try ShellProbe()
    probe.type(":model \(model)")
    for line in [":back", ":until loss", ":train 5", ":mask window 2", ":run", ":mask strict"] {
      probe.type(line)
      let before = probe.type(":hash").output
      let reply = probe.type(":leaks")
      #expect(reply.output.contains("\nno: the model cannot see its answer"), "\(line)")
      #expect(probe.type(":hash").output == before)
    }
  }

  @Test func withoutAMaskTheAnswerIsNamed() throws {
    let probe = try ShellProbe(.it)
    probe.type(":mask none")
    let reply = probe.type(":leaks")
    #expect(
      reply.output.contains(
        "SÌ: l'uscita 0 («<start>») si muove quando cambia la posizione 1 («Il»), che tiene la sua"
          + " risposta «Il»"
      )
    )
  }

  @Test func targetsWrittenByHandCount() throws {
    let probe = try ShellProbe()
    var execution = probe.shell.session.timeline.execution
    let (tokens, targets) = (try execution.id(of: "tokens"), try execution.id(of: "targets"))
    let inputs = try #require(try execution.tensor(tokens))
    try execution.set(targets, to: inputs)
    let leaks = try LeakProbe(execution, layerCount: 1, vocabularySize: 6)
    let report = try #require(try leaks.report { false })
    #expect(report.findings == [.notShifted(rows: [0])])
  }

  @Test func theScreenIsNotWiderThanATerminal() throws {
    for language in Language.allCases {
      let probe = try ShellProbe(language, isPlain: false)
      probe.type(":model gatto-2")
      for line in [":leaks", ":mask none", ":leaks", ":help expressions"] {
        let lines = probe.type(line).output.split(separator: "\n")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 80 }, "\(line)")
        #expect(lines.count <= 24, "\(line)")
      }
    }
  }
}
