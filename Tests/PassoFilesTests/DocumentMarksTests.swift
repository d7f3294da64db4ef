// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

/// What stands between texts, and texts that do not come from a file.
struct DocumentMarksTests {
  private func bytePairs(special: [String]) throws -> BytePairTokenizer {
    var plan = BytePairTrainer.Plan(vocabularySize: 256 + special.count)
    plan.specials = special
    return try BytePairTrainer(texts: ["uno due"], plan: plan).tokenizer()
  }

  private func tokens(
    _ tokenizer: any Tokenizer,
    ends: [Int] = [],
    _ text: String = "uno\ndue\n"
  ) throws -> [Int32] {
    let scratch = try Scratch()
    let path = try scratch.write(Array(text.utf8), to: "text.txt")
    var request = ShardRequest(files: [path])
    request.marks = DocumentMarks(tokenizer, ends: ends)
    let reading = TextReading(cache: TextCache(root: scratch.path("cache")))
    let shards = try #require(try reading.open(request, tokenizer))
    return shards.training.tokens(0..<shards.training.count)
  }

  @Test func eachTextEndsWithTheTokenThatTheTokenizerHas() throws {
    let tokenizer = try bytePairs(special: ["<pad>", "<|endoftext|>"])
    let (one, two) = (try tokenizer.encode("uno"), try tokenizer.encode("due"))
    #expect(try tokens(tokenizer) == one + [1] + two + [1])
    #expect(DocumentMarks(tokenizer).message(tokenizer)?.en.contains("<|endoftext|>") == true)
    // What the folder of a model says counts more.
    #expect(try tokens(tokenizer, ends: [0]) == one + [0] + two + [0])
    #expect(try tokens(tokenizer, ends: [99_999]) == one + [1] + two + [1])
  }

  /// A text as `transformers` gives it to the model: what the template puts first comes first.
  @Test func theTokenOfATemplateBeginsEachText() throws {
    let plain = try bytePairs(special: ["<s>", "</s>"])
    let written = String(decoding: TokenizerFile.encoded(plain), as: UTF8.self)
    let template =
      #""post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","#
      + #""type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":"#
      + #"{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}"#
    let json = written.replacing(#""post_processor":null"#, with: template)
    #expect(json != written)
    let tokenizer = try TokenizerFile.read(bytes: Array(json.utf8), file: "tokenizer.json")
    let (one, two) = (try tokenizer.encode("uno"), try tokenizer.encode("due"))
    #expect(try tokenizer.prompt("uno") == [0] + one)
    #expect(CausalObjective(tokenizer).opening == [0])
    #expect(try tokens(tokenizer) == [0] + one + [1, 0] + two + [1])
  }

  @Test func withoutOneALineEndStandsThere() throws {
    let tokenizer = try bytePairs(special: [])
    let (one, two) = (try tokenizer.encode("uno"), try tokenizer.encode("due"))
    let end = try tokenizer.encode("\n")
    #expect(end.count == 1)
    #expect(try tokens(tokenizer) == one + end + two + end)
    #expect(DocumentMarks(tokenizer).message(tokenizer)?.en.contains("no end token") == true)
  }

  @Test func ourTokenizersKeepTheirStart() throws {
    let words = try TokenizerLearner(kind: .words, size: nil, specials: [.start])
      .tokenizer(for: ["uno due"])
    let start = try #require(words.start)
    let (one, two) = (try words.encode("uno"), try words.encode("due"))
    #expect(try tokens(words) == [start] + one + [start] + two + [start])
    #expect(DocumentMarks(words).message(words) == nil)
  }

  @Test func whatHasNothingToPutThereSaysSo() throws {
    let words = try TokenizerLearner(kind: .words, size: nil, specials: [])
      .tokenizer(for: ["uno due"])
    #expect(DocumentMarks(words).kind == .nothing)
    #expect(DocumentMarks(words).message(words)?.en.contains("nothing stands between") == true)
  }

  @Test func aPipeIsReadOnceAndLookedAtManyTimes() throws {
    let scratch = try Scratch()
    let path = scratch.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let writer = Thread {
      try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: Data("uno\ndue\n".utf8))
    }
    writer.start()
    let inputs = try #require(
      try TextInputs([path], hasField: false, scratch: scratch.path("cache"))
    )
    let source = TextSource(inputs.all)
    for _ in 0..<3 {
      #expect(try TextSample(source).texts == ["uno", "due"])
      #expect(try source.size() == 8)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("cache")).isEmpty)
  }

  @Test func aFolderStandsForItsTexts() throws {
    let scratch = try Scratch()
    for name in ["b.txt", "a.TXT", "c.csv", ".hidden.txt"] {
      _ = try scratch.write(Array("text\n\(name)\n".utf8), to: name)
    }
    let folder = scratch.path("")
    let texts = try #require(try TextInputs([folder], hasField: false, scratch: nil))
    #expect(texts.all.map { $0.name.split(separator: "/").last } == ["a.TXT", "b.txt"])
    let tables = try #require(try TextInputs([folder], hasField: true, scratch: nil))
    #expect(tables.all.map { $0.name.split(separator: "/").last } == ["c.csv"])
    let empty = scratch.path("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    #expect(throws: TextInputProblem.noTexts(in: empty, suffixes: [".txt"], found: [])) {
      try TextInputs([empty], hasField: false, scratch: nil)
    }
    #expect(throws: TextInputProblem.inputIsTaken) {
      try TextInputs(["-"], hasField: false, readsInput: false, scratch: nil)
    }
  }

  @Test func languagesWithoutBlanksAreToldFromOthers() {
    #expect(UnspacedText.isOne("แมวนอนบนโซฟา"))
    #expect(UnspacedText.isOne("猫在沙发上睡觉。"))
    #expect(!UnspacedText.isOne("Il gatto dorme sul divano"))
    #expect(!UnspacedText.isOne("고양이가 소파에서 자고 있습니다"))
  }
}
