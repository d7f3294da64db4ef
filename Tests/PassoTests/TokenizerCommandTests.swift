// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import PassoData
import PassoFiles
import PassoModel
import PassoText
import Testing

@testable import passo

/// Training of tokenizers as a script asks for it.
struct TokenizerCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  private func train(_ text: String, _ arguments: String...) throws -> any Tokenizer {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appending(path: "text.txt"))
    let command = try TrainTokenizerCommand.parse(
      ["--text", path("text.txt"), "--out", path("tokenizer.json"), "--plain"] + arguments
    )
    try command.run()
    return try TokenizerFile.read(path: path("tokenizer.json"))
  }

  @Test func bytePairsAreLearned() throws {
    let tokenizer = try train(
      String(repeating: "il gatto, il gatto\r\n", count: 9),
      "--vocab-size",
      "264",
      "--special",
      "<start>",
      "<end>"
    )
    #expect(tokenizer.kind == .bytePairs && tokenizer.vocabularySize == 264)
    #expect(tokenizer.start == 0 && tokenizer.id(of: .end) == 1)
    #expect(try tokenizer.decode(tokenizer.encode("il gatto\r\n è")) == "il gatto\r\n è")
    #expect(try tokenizer.encode("il gatto").count < 8)
  }

  @Test func charactersAreLearned() throws {
    let tokenizer = try train("ciao ciao", "--kind", "chars")
    #expect(tokenizer.tokens == ["<start>", "c", "i", "a", "o", "\u{2423}"])
    #expect(tokenizer.kind == .characters)
  }

  @Test func theMostFrequentCharactersAreKept() throws {
    let tokenizer = try train(
      "abcbcbd",
      "--kind",
      "chars",
      "--special",
      "<unk>",
      "--vocab-size",
      "3"
    )
    #expect(tokenizer.tokens == ["<unk>", "b", "c"])
  }

  @Test func wordsAreLearnedToo() throws {
    let tokenizer = try train("il gatto\nil cane", "--kind", "words")
    #expect(tokenizer.tokens == ["<start>", "il", "gatto", "cane"])
  }

  @Test(arguments: [
    (["--vocab-size", "255"], "--vocab-size needs a number from 256 (256 bytes, 0 special"),
    (
      ["--vocab-size", "257", "--special", "<a>", "<b>"],
      "--vocab-size needs a number from 258 (256 bytes, 2 special"
    ),
    ([], "--kind bpe needs --vocab-size, the number of tokens from 256 up, got none"),
    (["--vocab-size", "300", "--special", "<a>", "<a>"], "--special needs different tokens"),
    (["--kind", "chars", "--special", "<a>"], "--special needs one of <pad>"),
    (["--vocab-size", "300", "--min-frequency=-1"], "--min-frequency needs a whole number from 0"),
    (["--vocab-size", "300", "--threads", "0"], "--threads needs a whole number from 1"),
  ])
  func wrongUsageSaysWhatIsNeeded(arguments: [String], message: String) {
    let words = ["tokenizer", "train", "--text", "a.txt", "--out", "b.json"] + arguments
    #expect {
      try Passo.parseAsRoot(words)
    } throws: {
      ParserMessage.problem($0, CommandPath(words)).message.en.contains(message)
    }
  }

  @Test func aPlaceThatTakesNoFileIsRefusedBeforeTheWork() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    // The text is not even looked for.
    let command = try TrainTokenizerCommand.parse(
      ["--text", path("none.txt"), "--out", path("none/t.json"), "--vocab-size", "300"]
    )
    #expect(throws: FileProblem.system(.missingFolder, file: path("none/t.json"))) {
      try command.run()
    }
  }

  @Test func aProblemSaysInWhichLineItIs() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = try WordTokenizer(texts: ["Il gatto"])
    try TokenizerFile.write(words, path: path("tokenizer.json"))
    func errors(_ command: String, _ input: String) throws -> String {
      let arguments = ["tokenizer", command, "--tokenizer", path("tokenizer.json"), "--json"]
      let reply = try PassoProgram.run(arguments + ["--lang", "en"], input: input)
      #expect(reply.status == 1)
      return reply.errors
    }
    #expect(
      try errors("decode", "[1]\n[0,4294967296]\n")
        == """
        error: line 2: needs an id from 0 to 2, got 4294967296 at position 1
        hint: every tokenizer has ids of its own: use those of this one

        """
    )
    #expect(try errors("decode", "[1]\n[2]\n[1\n").hasPrefix("error: line 3: JSON needs"))
    #expect(try errors("encode", "\"Il\"\n\"gato\"\n").contains("error: line 2: needs words"))
  }

  @Test func textForMeasurementsIsTheSameForASeed() {
    func text(_ seed: UInt64) -> String {
      var generator = TextGenerator(seed: seed)
      return (0..<50).map { _ in generator.paragraph() }.joined()
    }
    #expect(text(1) == text(1) && text(1) != text(2))
    #expect(text(1).unicodeScalars.contains { !$0.isASCII })
  }
}
