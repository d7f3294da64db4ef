// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoShell

/// What views and their errors say, where numbers are few, odd, or asked for in the wrong way.
struct ViewWordsTests {
  private struct Slip: Sendable {
    let line: String
    let en: [String]
    var before: [String] = []
  }

  private static let slips = [
    Slip(line: ":show atention", en: ["did you mean 'attention'?"]),
    Slip(line: ":show embedings", en: ["did you mean 'embeddings'?"]),
    Slip(line: ":theme lihgt", en: ["did you mean 'light'?"]),
    Slip(line: "loss[0]", en: ["it is a single number"]),
    Slip(line: "logits[0, 3:1]", en: ["this slice is empty", "axis position goes from 0 to 4"]),
    Slip(line: "logits[9:, 0]", en: ["this slice is empty: axis batch goes from 0 to 0"]),
    Slip(line: "loss_per_token[0][0, 1]", en: ["[position 5] has 1 axis, there are 2 indices"]),
    Slip(line: ":show arcs 0.9", en: ["block.head, for example 0.0"]),
    Slip(line: ":export a b.svg", en: ["several words", ":export \"a b.svg\""]),
  ]

  @Test(arguments: slips.indices)
  func aSlipIsSaidAsWhatItIs(index: Int) throws {
    let slip = Self.slips[index]
    let probe = try ShellProbe(.en)
    probe.run(":run")
    let reply = probe.type(slip.line)
    #expect(reply.outcome == .failed)
    for words in slip.en { #expect(reply.errors.contains(words), "\(reply.errors)") }
  }

  @Test func whatIsNotFiniteIsNotSummedUp() throws {
    let probe = try ShellProbe(.it)
    probe.run(
      ":set ln_final.gain[0] = 3e38",
      ":set W_U[0, 0] = 3e38",
      ":set W_U[0, 1] = -3e38",
      ":run"
    )
    let prediction = probe.run(":predict \"Il gatto\"")
    #expect(prediction.contains("probabilità non finite: 6 su 6; non c'è un'entropia"))
    #expect(!prediction.contains("come scegliere"))
    let stats = probe.run(":stats ln_final.out")
    #expect(stats.contains(/il primo non finito, all'indice; \[0, [0-9], 0\]/), "\(stats)")
    #expect(probe.run(":say ln_final.out").contains(", 1 valore -inf"))
    #expect(probe.run(":curve loss/0").contains("l'unico valore non è finito"))
  }

  @Test func aPercentageInASentenceHasTheCommaOfItsLanguage() throws {
    #expect(NumberText.percent(0.6234) == Bilingual(it: "62,3 %", en: "62.3 %"))
    let probe = try ShellProbe(.it)
    probe.run(":run")
    #expect(probe.run(":show embeddings").contains(/direzioni principali: [0-9]+,[0-9] %/))
  }

  @Test func numbersTooLargeForDirectionsAreSaidToBe() throws {
    let probe = try ShellProbe(.en)
    let shown = probe.run(
      ":precision f64",
      ":set W_E[0, 0] = 1e308",
      ":set W_E[0, 1] = -1e308",
      ":stats W_E",
      ":say W_E",
      ":show W_E",
      ":run",
      ":show embeddings"
    )
    #expect(shown.contains("norm; 1.41421e+308") || shown.contains("norm 1.41421e+308"))
    #expect(shown.contains("there are no directions") && !shown.contains("error"))
  }

  /// The slice that a cut matrix proposes can be typed, and shows all of itself, on a projector
  /// too.
  @Test(arguments: [
    "W_E @ W_U", "logits", "logits[0]", "logits[0, :, 1:]", "W_E", "softmax(logits)",
    "blocks.0.attn.q", "logits[0, 1]",
  ])
  func theSliceThatIsProposedCanBeTyped(expression: String) throws {
    let probe = try ShellProbe(.en, isPlain: false)
    probe.run(":text \"\((0..<40).map { "w\($0)" }.joined(separator: " "))\"", ":run")
    probe.run(":theme projector")
    let shown = probe.run(expression).replacing("\n", with: " ")
    guard let match = shown.firstMatch(of: /for example (.*\]), shows/) else {
      #expect(!shown.contains("matrix of"), "\(shown)")
      return
    }
    let reply = probe.type(String(match.1))
    #expect(reply.outcome == .done, "\(match.1): \(reply.errors)")
    #expect(!reply.output.contains("matrix of"), "\(reply.output)")
  }

  @Test(arguments: [60, 80])
  func anIdAndItsTokenStayOnOneLine(width: Int) throws {
    let probe = try ShellProbe(.it, isPlain: false, width: width)
    let lines = probe.run(":corpus gatto-1", ":tokens").split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
    for pair in ["0\u{A0}<pad>", "19\u{A0}volpe", "69\u{A0}che"] {
      #expect(lines.contains { $0.contains(pair) }, "\(pair)")
    }
    #expect(lines.filter { $0.hasPrefix("token  ") }.count >= 6, "rows are broken into panels")
  }

  @Test func oneIsSingular() throws {
    var asked = 0
    let probe = try ShellProbe(
      .it,
      interrupted: {
        asked += 1
        return asked > 150
      }
    )
    let shown = probe.run(":train 100")
    #expect(shown.contains("fermato dopo 1 aggiornamento su 100"), "\(shown)")
  }
}
