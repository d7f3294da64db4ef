// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// Models of sentencepiece; the references come from Tests/Interop/make_sentencepiece_fixture.py.
@Suite struct SentencePieceTests {
  private struct Kind: Decodable {
    let model: String
    let texts: [String]
    let ids: [[TokenID]]
    let decoded: [String]
    let lists: [[TokenID]]
    let decodedLists: [String]
  }

  private static func kinds() throws -> [String: Kind] {
    let url = URL(filePath: reference("tokenizers/sentencepiece.json"))
    return try JSONDecoder().decode([String: Kind].self, from: Data(contentsOf: url))
  }

  private static func model(_ name: String) throws -> [UInt8] {
    let kind = try #require(kinds()[name])
    return try #require(Base64.bytes(kind.model))
  }

  @Test func everyKindHasTheIDsAndTextsOfSentencepiece() throws {
    let kinds = try Self.kinds()
    #expect(kinds.count == 7)
    for (name, kind) in kinds {
      let bytes = try #require(Base64.bytes(kind.model))
      let tokenizer = try TokenizerFile.read(bytes: bytes, file: name)
      let plain = tokenizer.readingSpecialsAsText
      #expect(TokenizerFile.encoded(tokenizer) == bytes && tokenizer.kind == .pieces)
      for (place, text) in kind.texts.enumerated() {
        #expect(try plain.encode(text) == kind.ids[place], "\(name) \(text.debugDescription)")
        let back = try tokenizer.decode(kind.ids[place])
        #expect(back.utf8.elementsEqual(kind.decoded[place].utf8), "\(name) \(place)")
      }
      for (ids, text) in zip(kind.lists, kind.decodedLists) {
        let back = try tokenizer.decode(ids)
        #expect(back.utf8.elementsEqual(text.utf8), "\(name) \(ids)")
      }
    }
  }

  @Test func controlPiecesAreFoundInATextAndBeginAnotherOne() throws {
    let tokenizer = try TokenizerFile.read(bytes: Self.model("unigram"), file: "m")
    let (one, other) = (try tokenizer.encode("il gatto"), try tokenizer.encode("dorme"))
    let ids = try tokenizer.encode("<s>il gatto</s>dorme")
    #expect(ids == [1] + one + [2] + other)
    #expect(try tokenizer.decode(ids, keepingSpecials: true) == "<s>il gatto</s>dorme")
    #expect(try tokenizer.readingSpecialsAsText.encode("<s>") != [1])
    #expect(tokenizer.token(of: 1) == "<s>" && tokenizer.id(of: .unknown) == 0)
    #expect(throws: DataProblem.self) { try tokenizer.decode([TokenID.max]) }
  }

  @Test func aFolderSaysWhatStandsAroundAText() throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.model("bpe"), to: "tokenizer.model")
    func template(_ config: String) throws -> TextTemplate {
      _ = try scratch.write(Array(config.utf8), to: "tokenizer_config.json")
      return try TokenizerFile.read(path: scratch.path("")).template
    }
    #expect(try template("{}").isEmpty)
    #expect(try template(#"{"tokenizer_class":"LlamaTokenizer"}"#).isEmpty)
    let llama = try template(#"{"tokenizer_class":"LlamaTokenizer","add_bos_token":true}"#)
    #expect(llama.prefix == [1] && llama.suffix == [])
    let both = try template(
      #"{"tokenizer_class":"LlamaTokenizerFast","add_bos_token":false,"add_eos_token":true}"#
    )
    #expect(both.prefix == [] && both.suffix == [2])
    #expect(try template(#"{"tokenizer_class":"T5Tokenizer"}"#).suffix == [2])
    #expect(throws: FileProblem.self) {
      try template(#"{"tokenizer_class":"XLMRobertaTokenizer"}"#)
    }
  }

  @Test func aModelThatIsNotWholeIsRefused() throws {
    let bytes = try Self.model("unigram-kept")
    for end in [1, 20, bytes.count / 2] {
      #expect(throws: FileProblem.self) {
        try TokenizerFile.read(bytes: Array(bytes[..<end]) + [0xFF], file: "m")
      }
    }
    // The first byte piece is gone: sentencepiece needs all.
    let first = try #require(bytes.firstRange(of: Array("<0x00>".utf8)))
    var other = bytes
    other[first.lowerBound + 1] = UInt8(ascii: "1")
    let problem = #expect(throws: FileProblem.self) {
      try TokenizerFile.read(bytes: other, file: "m")
    }
    #expect(problem?.message.en.contains("only some of the 256 bytes") == true)
  }
}

/// A folder with `vocab.txt` alone; ids are those of the `BertTokenizer` of transformers 5.24.
@Suite struct WordPieceFolderTests {
  private static let vocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nil\ngat\n##to\n,\ne\nIl\nè\n##tto\n猫\n"

  private func open(_ config: String) throws -> any Tokenizer {
    let scratch = try Scratch()
    _ = try scratch.write(Array(Self.vocabulary.utf8), to: "vocab.txt")
    _ = try scratch.write(Array(config.utf8), to: "tokenizer_config.json")
    return try TokenizerFile.read(path: scratch.path(""))
  }

  @Test(arguments: [
    (#"{"tokenizer_class":"BertTokenizer"}"#, [5, 6, 7, 8, 9, 13, 4, 1, 1, 1, 1]),
    (
      #"{"tokenizer_class":"BertTokenizer","do_lower_case":false}"#,
      [10, 1, 8, 11, 13, 4, 1, 1, 1, 1]
    ),
    (
      #"{"tokenizer_class":"BertTokenizer","strip_accents":false,"#
        + #""additional_special_tokens":["<x>"]}"#, [5, 6, 7, 8, 11, 13, 4, 14, 1]
    ),
  ])
  func idsAreThoseOfBERT(config: String, ids: [TokenID]) throws {
    let tokenizer = try open(config)
    #expect(try tokenizer.encode("Il GATTO,è 猫[MASK] <x> z") == ids)
    #expect(tokenizer.template.prefix == [2] && tokenizer.template.suffix == [3])
    #expect(try tokenizer.decode([10, 6, 7, 8, 9]) == "Il gatto, e")
  }

  @Test func anotherClassIsNamed() throws {
    let problem = #expect(throws: FileProblem.self) {
      try open(#"{"tokenizer_class":"EsmTokenizer"}"#)
    }
    #expect(problem?.message.en.contains("EsmTokenizer") == true)
  }
}

/// The small files that a model keeps.
@Suite struct CompanionFilesTests {
  @Test func tokenizersOfEveryKindAreKept() throws {
    let scratch = try Scratch()
    for name in ["x.tiktoken", "sentencepiece.bpe.model", "vocab.txt", "notes.md"] {
      _ = try scratch.write([1, 2], to: name)
    }
    let companions = CompanionFiles(folder: scratch.path(""))
    let kept = ["sentencepiece.bpe.model", "vocab.txt", "x.tiktoken"]
    #expect(companions.files.keys.sorted() == kept && companions.holdTokenizer)
    #expect(CompanionFiles.isOne("o200k_base.tiktoken") && !CompanionFiles.isOne("notes.md"))
  }

  @Test func aFileOfTiktokenAloneIsNoTokenizerForOthers() throws {
    let scratch = try Scratch()
    _ = try scratch.write([1], to: "x.tiktoken")
    #expect(!CompanionFiles(folder: scratch.path("")).holdTokenizer)
  }
}
