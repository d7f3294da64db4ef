// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoText
import Testing

/// Languages, tokenizers and surprises, as a person asks for them.
struct CorpusCommandTests {
  @Test func theFloorComesFromTheGrammarWithAllItsDigits() throws {
    let output = try ShellProbe().run(":corpus gatto-1 floor")
    let digits = [
      "10.692886", "1.449392", "0.002170546875", "3.847802", "1.773974", "1.606876", "1.519691",
    ]
    for number in digits { #expect(output.contains(number), "\(number)") }
  }

  @Test func theOracleKnowsWhatCanFollow() throws {
    let probe = try ShellProbe()
    let output = probe.run(":oracle Il gatto")
    for word in ["dorme", "è", "che", "delle"] { #expect(output.contains(word), "\(word)") }
    #expect(!output.contains("dormono"))
    let wrong = probe.type(":oracle Il gattto")
    #expect(wrong.outcome == .failed && wrong.errors.contains("gattto"))
    let impossible = probe.type(":oracle gatto Il")
    #expect(impossible.outcome == .failed && !impossible.errors.isEmpty)
  }

  @Test func whatIsNotALanguageIsRefusedAndNothingChanges() throws {
    let probe = try ShellProbe()
    let before = probe.type(":hash").output
    for line in [":corpus gatto-2", ":corpus gatto-1 take", ":corpus gatto-1 rows 0", ":eval"] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed, "\(line)")
      #expect(reply.errors.contains("hint") || reply.errors.contains("got"), "\(line)")
    }
    #expect(probe.type(":hash").output == before)
  }

  @Test func onlyThePredictionOfWhatFollowsIsExamined() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1 rows 8", ":objective masked")
    for line in [":eval 32", ":surprise"] {
      #expect(probe.type(line).errors.contains("objective is masked"), "\(line)")
    }
  }

  @Test func answersInSightAreCalledALeakAndTheCheckFindsThem() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1 rows 8")
    #expect(!probe.run(":train 40").contains("leak"))
    probe.run(":corpus gatto-1 rows 8", ":mask none")
    let trained = probe.run(":train 200")
    #expect(trained.contains("leak: the loss on fresh sentences"))
    #expect(trained.contains("below the floor 1.449") && trained.contains(":leaks"))
    #expect(probe.type(":leaks").output.contains("YES: row 0, output 0"))
  }

  @Test func theCurveHasTheLevelsOfTheLanguage() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1 take 20 rows 4", ":train 5")
    let curve = probe.type(":show loss").output
    for level in ["uniform", "unigram", "bigram", "floor", "by heart"] {
      #expect(curve.contains(level), "\(level)")
    }
  }

  /// The mean surprise of a text is the loss that the training computes of it.
  @Test(arguments: [":objective causal", ":tokenizer chars", ":corpus gatto-1 take 1 rows 1"])
  func meanSurpriseIsTheLoss(choice: String) throws {
    let probe = try ShellProbe()
    probe.run(choice, ":train 3", ":until loss")
    let loss = try #require(number(in: probe.type("loss").output, after: "loss = "))
    let surprise = try #require(number(in: probe.type(":surprise").output, after: "loss "))
    #expect(abs(loss - surprise) < 1e-3, "\(loss) \(surprise)")
  }

  private func number(in text: String, after label: String) -> Double? {
    text.range(of: label).flatMap { place in
      Double(text[place.upperBound...].prefix { "0123456789.".contains($0) })
    }
  }

  @Test func theMostSurprisingWordIsNamed() throws {
    let probe = try ShellProbe()
    probe.run(":optimizer adamw lr 0.02", ":train 30")
    let lines = probe.type(":surprise \"Il gatto divano sul dorme\" 1").output
    let row = try #require(lines.split(separator: "\n").last)
    #expect(row.contains("token divano") && row.contains("expected dorme"), "\(lines)")
  }

  @Test func tokenizersChangeAndMistakesDoNot() throws {
    let probe = try ShellProbe()
    #expect(probe.run(":tokenizer chars").contains("chars"))
    #expect(probe.run(":tokenizer bpe 262").contains("262"))
    let before = probe.type(":hash").output
    for line in [":tokenizer bpe 3", ":tokenizer sillabe", ":merges /no/such/file"] {
      #expect(probe.type(line).outcome == .failed, "\(line)")
    }
    #expect(probe.type(":hash").output == before)
    #expect(probe.type(":run").outcome == .done)
  }

  @Test func mergesAreWatchedOneByOne() throws {
    let probe = try ShellProbe()
    probe.run(":text \"abab abab\"", ":merges text")
    #expect(probe.run(":merges").contains("a + b"))
    #expect(probe.run(":merges").contains("ab + ab"))
  }
}
