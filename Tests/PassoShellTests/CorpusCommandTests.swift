// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoModel
import PassoSession
import PassoText
import Testing

@testable import PassoShell

/// Languages, tokenizers and surprises, as a person asks for them.
struct CorpusCommandTests {
  @Test func theFloorComesFromTheGrammarWithAllItsDigits() throws {
    let output = try ShellProbe().run(":corpus gatto-1 floor")
    let digits = [
      "10.692886", "1.449392", "0.002170546875", "3.847802", "1.773974", "1.606876", "1.519691",
      "1.469782", "1.457928", "1.451936",
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

  @Test(arguments: [
    (":oracle La gatta è nera <end> felice", "felice"),
    (":oracle \"La gatta\" nero", "nero"),
    (":oracle \"La gatta nero\"", "nero"),
    (":oracle La gattta è", "gattta"),
  ])
  func theWrongWordIsUnderlined(line: String, word: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .failed)
    let lines = reply.errors.split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex { $0.hasSuffix(line) }, "\(reply.errors)")
    let start = try #require(lines[place].range(of: word, options: .backwards))
    let column = lines[place].distance(from: lines[place].startIndex, to: start.lowerBound)
    let marks = lines[place + 1]
    #expect(marks.prefix(column) == String(repeating: " ", count: column))
    #expect(marks.dropFirst(column).prefix { !$0.isWhitespace }.count == word.count)
  }

  /// A new model has room for the longest question of a language, whatever the objective.
  @Test func theRoomThatALanguageNeedsIsKnown() throws {
    var experiment = Experiment.first
    experiment.learn(from: .sentences(.gatto1, listed: nil))
    let model = try OpenedModel(experiment.model, needsTokenizer: false)
    for (objective, length) in zip(Objectives.all, [14, 13, 14, 0, 16, 14, 13]) {
      experiment.ask(objective)
      let opened = try Session.open(experiment, given: nil, contextLength: 0)
      let needed = try #require(try opened.sentenceLength(of: experiment))
      let shape = try Assembly(experiment, model, opened).data.batch
      #expect(needed == shape.length && (length == 0 ? needed > 14 : needed == length))
    }
  }

  @Test func aSingleWayIsOnePossibility() throws {
    #expect(try ShellProbe().run(":oracle Il gatto è nero").contains("over 1 possibility"))
  }

  @Test func grammarSaysYesWithNumbersAndNoWithTheWord() throws {
    let probe = try ShellProbe()
    let yes = probe.run(":grammar Il gatto dorme sul divano")
    #expect(yes.contains("yes") && yes.contains("0.002170546875") && yes.contains("6.132776"))
    #expect(probe.run(":grammar \"Il gatto dorme <end>\"").contains("yes"))
    let no = probe.run(":grammar Il gatto delle bambine dormono")
    #expect(no.contains("no: 'dormono' cannot be word 5") && no.contains("dorme:"))
    #expect(probe.run(":grammar Il gatto").contains("cannot end here"))
    for wrong in ["Il gatto dorme sul divano pippo", "Il gatto dorme sul divano <end> pippo"] {
      #expect(probe.run(":grammar \(wrong)").contains("no: 'pippo'"), "\(wrong)")
    }
    #expect(probe.run(":grammar Il gattto dorme").contains("did you mean 'gatto'"))
    #expect(probe.run(":grammar La gatta è nera <end> felice").contains("the sentence is over"))
    #expect(probe.type(":grammar").outcome == .failed)
  }

  @Test func aModelsSentencesAreMarked() throws {
    let probe = try ShellProbe()
    #expect(probe.type(":grammar 8").errors.contains("needs a language"))
    probe.run(":corpus gatto-1 rows 8")
    let marks = probe.run(":grammar 8")
    #expect(marks.contains("of 8 sentences that the model made up are right"))
    #expect(marks.contains("impossible") && probe.run(":grammar 8") == marks)
    probe.run(":objective masked")
    #expect(probe.type(":grammar 8").errors.contains("objective is masked"))
    let stopped = try ShellProbe(interrupted: { true })
    _ = stopped.type(":corpus gatto-1 rows 8")
    // A few sentences may be there before the stop is heard: then these are marked.
    #expect(!stopped.type(":grammar 1000000").output.contains("000 sentences"))
  }

  @Test func whatIsHiddenIsShownAsItWas() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1 rows 4", ":objective masked")
    let shown = probe.run(":corpus gatto-1 rows 4")
    let oracle = Oracle(.gatto1)
    let quoted = shown.split(separator: "\n").filter { $0.contains("\u{201C}") }
    #expect(quoted.count == 4)
    for line in quoted {
      let sentence = line.trimmingCharacters(in: CharacterSet(charactersIn: " \u{201C}\u{201D}"))
      #expect(oracle.isGrammatical(try oracle.tokens(of: sentence + " <end>")), "\(line)")
    }
  }

  @Test(arguments: [
    (":corpus gatto-1 rows 99999", "needs from 1 to 4"), (":corpus gatto-1 floor 3", "'3'"),
    (":corpus gatto-1 floor rows 3", "'rows'"),
  ])
  func whatIsTooMuchIsNotMadeLess(line: String, expected: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .failed && reply.errors.contains(expected), "\(reply.errors)")
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

  @Test func aModelThatSuitedOtherDataDoesNotStay() throws {
    let probe = try ShellProbe()
    func width() -> Int { probe.shell.session.configuration.width }
    let small = width()
    let path = NSTemporaryDirectory() + "passo-corpus-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = String(repeating: "Il gatto dorme sul divano rosso della casa.\n", count: 60)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(probe.type(":corpus \"\(path)\"").outcome == .done)
    let large = width()
    #expect(large > small)
    probe.type(":corpus gatto-1")
    #expect(width() == 32)
    probe.type(":text \"Il gatto dorme\"")
    #expect(width() == small)
    probe.run(":model piccolo", ":corpus gatto-1")
    #expect(width() == large, "who chose it wants it")
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
