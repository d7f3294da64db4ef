// SPDX-License-Identifier: MIT

import Foundation
import PassoModel
import PassoText
import Testing

@testable import PassoShell

/// `:corpus FILE`: real texts in a session.
struct TextCorpusCommandTests {
  /// A text in a folder that goes away.
  private static func withText(_ text: String, _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try text.write(toFile: "\(folder)/text.txt", atomically: true, encoding: .utf8)
    try body("\(folder)/text.txt")
  }

  /// Sentences that are all different, enough of them to keep a part apart.
  private static let sentences = (0..<400).map { number in
    let (subject, verb) = (["gatto", "cane", "topo"][number % 3], ["dorme", "corre"][number % 2])
    return "Il \(subject) \(verb) da \(number) giorni."
  }.joined(separator: "\n")

  @Test func aSessionLearnsFromAFileAndIsMeasuredOnWhatWasKept() throws {
    try Self.withText(Self.sentences) { path in
      let probe = try ShellProbe()
      let shown = probe.type(":corpus \(path) rows 4")
      #expect(shown.outcome == .done, "\(shown.errors)")
      #expect(shown.output.contains("kept apart") && shown.output.contains("(words)"))
      #expect(probe.shell.session.batch.rowCount == 4 && probe.shell.session.batch.length == 64)
      let before = try #require(try probe.shell.session.heldOutLoss())
      probe.run(":train 20")
      let after = try #require(try probe.shell.session.heldOutLoss())
      #expect(after.loss < before.loss - 0.5 && after.rows > 0)
      let words = probe.shell.session.tokenizer.vocabularySize
      #expect(abs(before.loss - Double.logarithm(Double(words))) < 0.2, "untrained it guesses")
      let line = NumberText.code(after.loss, decimals: 4)
      #expect(probe.type(":eval").output.contains(line))
      #expect(probe.run(":show loss").contains("unigram"))
    }
  }

  @Test func batchesAreThoseOfATrainingWithTheSameSeed() throws {
    try Self.withText(Self.sentences) { path in
      let probe = try ShellProbe()
      probe.run(":corpus \(path) rows 4 seed 5")
      let corpus = try #require(probe.shell.session.opened.corpus)
      let expected = TokenBlocks(corpus.shards.training, rows: 4, length: 64, seed: 5)
      for round in 0..<3 {
        #expect(probe.shell.session.batch.inputs.flatMap(\.self) == expected.batch(round).inputs)
        #expect(probe.shell.session.batch.targets.flatMap(\.self) == expected.batch(round).targets)
        probe.run(":train", ":step")
      }
    }
  }

  @Test func otherQuestionsAndOtherTokensAreMadeOfTheSameFile() throws {
    try Self.withText(Self.sentences) { path in
      let probe = try ShellProbe()
      probe.run(":corpus \(path) rows 4")
      let words = probe.shell.session.tokenizer.vocabularySize
      for line in [":objective masked", ":objective span", ":objective causal", ":model frasi"] {
        let reply = probe.type(line)
        #expect(reply.outcome == .done, "\(line): \(reply.errors)")
        #expect(probe.type(":train").outcome == .done, "\(line)")
      }
      #expect(probe.shell.session.batch.length == 14)
      probe.run(":tokenizer chars")
      #expect(probe.shell.session.tokenizer.vocabularySize < words)
      #expect(probe.type(":undo").outcome == .done)
      #expect(probe.shell.session.tokenizer.vocabularySize == words)
      probe.run(":text \"Il gatto dorme\"")
      #expect(probe.shell.session.opened.corpus == nil)
    }
  }

  @Test func tokensThatAreCutUnderneathStopTheTraining() throws {
    try Self.withText(Self.sentences + "Questa frase è soltanto qui.\n") { path in
      let probe = try ShellProbe()
      probe.run(":corpus \(path) rows 4")
      let shards = try #require(probe.shell.session.opened.corpus?.shards)
      let file = URL(filePath: shards.folder + "/train-0.tokens")
      try FileHandle(forWritingTo: file).truncate(atOffset: 70)
      let reply = probe.type(":train 50")
      #expect(reply.outcome == .failed, "\(reply.output)")
      #expect(!reply.errors.isEmpty && probe.type(":where").outcome == .done)
    }
  }

  @Test func aSavedModelGoesOnWithTheFile() throws {
    try Self.withText(Self.sentences) { path in
      let probe = try ShellProbe()
      let folder = path + ".model"
      probe.run(":corpus \(path) rows 4", ":model frasi", ":train 2", ":save \(folder)")
      let reply = probe.type(":load \(folder)")
      #expect(reply.outcome == .done, "\(reply.errors)")
      #expect(probe.shell.session.opened.corpus != nil)
      #expect(probe.type(":corpus \(path) rows 2").outcome == .done)
      #expect(probe.shell.session.batch.rowCount == 2)
    }
  }

  @Test(arguments: [
    ("", ":corpus ./nothing-here.txt", "nothing-here.txt"),
    ("", ":corpus FILE", "text"),
    ("Il gatto dorme", ":corpus FILE rows", "a number after rows"),
    ("Il gatto dorme", ":corpus FILE rows zwei", "zwei"),
    ("Il gatto dorme", ":corpus FILE rows 513", "needs from 1 to 512 rows, got 513"),
  ])
  func whatCannotBeReadChangesNothing(text: String, line: String, expected: String) throws {
    try Self.withText(text) { path in
      let probe = try ShellProbe()
      let before = probe.type(":hash").output
      let reply = probe.type(line.replacing("FILE", with: path))
      #expect(reply.outcome == .failed)
      #expect(reply.errors.contains(expected), "\(reply.errors)")
      #expect(probe.type(":hash").output == before)
    }
  }

  /// Fewer pieces are kept apart than a batch has rows: each of them counts once.
  @Test func noPieceIsMeasuredTwice() throws {
    try Self.withText(Self.sentences) { path in
      let probe = try ShellProbe()
      probe.run(":corpus \(path) rows 1")
      let corpus = try #require(probe.shell.session.opened.corpus)
      let kept = try #require(corpus.shards.heldOut).count
      let blocks = (kept - 65) / 64 + 1
      let one = try #require(try probe.shell.session.heldOutLoss())
      probe.run(":corpus \(path) rows \(blocks + 3)")
      let all = try #require(try probe.shell.session.heldOutLoss())
      #expect(one.rows == min(blocks, 20) && all.rows == blocks)
      if blocks <= 20 { #expect(abs(one.loss - all.loss) < 1e-4) }
    }
  }

  /// Whatever is asked of a text of one word, the answer is a sentence or a training.
  @Test(arguments: ["a", "a b", "a b c"])
  func shortTextsAreAskedEverything(text: String) throws {
    try Self.withText(text) { path in
      let probe = try ShellProbe()
      for order in [[":corpus \(path) rows 2"], [":corpus \(path) rows 2", ":tokenizer chars"]] {
        for line in order { probe.type(line) }
        for objective in ["masked", "prefix", "span", "causal"] {
          let reply = probe.type(":objective \(objective)")
          #expect(reply.outcome == .done || reply.errors.contains("needs at least"))
          #expect(probe.type(":train 1").outcome == .done)
        }
      }
    }
  }

  @Test func ctrlCEndsTheReadingAndNothingChanges() throws {
    try Self.withText(Self.sentences + "\n\(UUID())") { path in
      let probe = try ShellProbe(interrupted: { true })
      let before = try probe.shell.session.stateDigits
      let reply = probe.type(":corpus \(path)")
      // In its own words, or, where it has no time for them, in those of all lines.
      #expect(reply.outcome == .failed && reply.errors.contains("stopped"))
      #expect(try probe.shell.session.stateDigits == before)
    }
  }

  @Test func aFieldOfATableIsLearnedFromAndTheRestIsSaid() throws {
    let rows = Self.sentences.split(separator: "\n").map { "1;\"\($0)\"" }
    try Self.withText("id;frase\n" + rows.joined(separator: "\n")) { path in
      let probe = try ShellProbe()
      #expect(probe.run(":corpus \(path) rows 4").contains(":corpus \(path) field frase"))
      let shown = probe.run(":corpus \(path) field frase rows 4")
      #expect(!shown.contains("looks like") && shown.contains("Il gatto dorme"))
      let wrong = probe.type(":corpus \(path) field fase")
      #expect(wrong.outcome == .failed && wrong.errors.contains("did you mean 'frase'?"))
      #expect(probe.type(":corpus -").outcome == .failed)
    }
  }
}
