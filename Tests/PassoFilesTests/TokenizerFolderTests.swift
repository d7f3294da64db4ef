// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// A folder with some files.
private func folder(_ files: [String: [UInt8]]) throws -> Scratch {
  let scratch = try Scratch()
  for (name, bytes) in files { _ = try scratch.write(bytes, to: name) }
  return scratch
}

private func open(_ files: [String: [UInt8]]) throws -> OpenedTokenizer {
  let scratch = try folder(files)
  return try TokenizerFile.open(path: scratch.path(""))
}

private func texts(_ files: [String: String]) -> [String: [UInt8]] {
  files.mapValues { Array($0.utf8) }
}

/// A model of sentencepiece beside other files; ids are those of `AutoTokenizer` of transformers
/// 5.24.
@Suite struct SentencePieceFolderTests {
  private struct Kind: Decodable { let model: String }

  private static func model() throws -> [UInt8] {
    let url = URL(filePath: reference("tokenizers/sentencepiece.json"))
    let kinds = try JSONDecoder().decode([String: Kind].self, from: Data(contentsOf: url))
    let kind = try #require(kinds["bpe"])
    return try #require(Base64.bytes(kind.model))
  }

  private func tokenizer(
    _ config: String,
    type: String = "llama",
    _ others: [String: String] = [:]
  ) throws -> any Tokenizer {
    var files = texts(others)
    files["tokenizer.model"] = try Self.model()
    files["tokenizer_config.json"] = Array(config.utf8)
    files["config.json"] = Array(#"{"model_type":"\#(type)"}"#.utf8)
    return try open(files).tokenizer
  }

  @Test(arguments: [
    ("{}", ["added_tokens.json": #"{"<|im_start|>":340}"#]),
    (#"{"added_tokens_decoder":{"340":{"content":"<|im_start|>","special":true}}}"#, [:]),
    (#"{"pad_token":"<|im_start|>"}"#, [:]), (#"{"extra_special_tokens":["<|im_start|>"]}"#, [:]),
    (#"{"additional_special_tokens":["<|im_start|>"]}"#, [:]),
    ("{}", ["special_tokens_map.json": #"{"pad_token":{"content":"<|im_start|>"}}"#]),
  ])
  func tokensOfTheOtherFilesAreAdded(config: String, others: [String: String]) throws {
    let tokenizer = try tokenizer(config, others)
    let ids = try tokenizer.encode("x<|im_start|>il gatto")
    #expect(ids == [303, 125, 340, 303, 317, 312, 287, 263, 281])
    #expect(tokenizer.vocabularySize == 341 && tokenizer.token(of: 340) == "<|im_start|>")
    #expect(try tokenizer.decode(ids, keepingSpecials: true) == "x<|im_start|>il gatto")
    let isSpecial = !others.keys.contains("added_tokens.json")
    #expect(try tokenizer.decode([340]) == (isSpecial ? "" : "<|im_start|>"))
  }

  @Test func withoutThemNothingChanges() throws {
    let plain = try tokenizer("{}")
    #expect(plain.vocabularySize == 340)
    #expect(try plain.encode(" il  gatto") == [303, 317, 312, 287, 263, 281])
    #expect(try plain.encode("<s>il gatto") == [1, 303, 317, 312, 287, 263, 281])
    let alone = try TokenizerFile.read(bytes: Self.model(), file: "m")
    #expect(TokenizerFile.fingerprint(of: plain) == TokenizerFile.fingerprint(of: alone))
  }

  @Test(arguments: [
    (
      #"{"tokenizer_class":"LlamaTokenizer"}"#, "llama",
      [[303, 317, 312, 303, 287, 263, 281], [1, 317, 312, 287, 263, 281]]
    ),
    (
      #"{"tokenizer_class":"LlamaTokenizer","add_prefix_space":false}"#, "llama",
      [[303, 317, 312, 303, 287, 263, 281], [1, 317, 312, 287, 263, 281]]
    ),
    (
      #"{"tokenizer_class":"LlamaTokenizer","legacy":true}"#, "llama",
      [[303, 317, 312, 303, 287, 263, 281], [1, 303, 317, 312, 287, 263, 281]]
    ),
    (
      #"{"tokenizer_class":"LlamaTokenizer","legacy":false}"#, "mistral",
      [[317, 312, 287, 263, 281], [1, 317, 312, 287, 263, 281]]
    ),
    ("{}", "gemma", [[303, 317, 312, 303, 287, 263, 281], [1, 317, 312, 287, 263, 281]]),
  ])
  func aClassPutsItsOwnBlanks(config: String, type: String, ids: [[TokenID]]) throws {
    let tokenizer = try tokenizer(config, type: type)
    #expect(try tokenizer.encode(" il  gatto") == ids[0])
    #expect(try tokenizer.encode("<s>il gatto") == ids[1])
    if config.contains("prefix") { #expect(try tokenizer.encode("x") == [125]) }
  }

  @Test(arguments: [
    #"{"pad_token":"<|im_start|>","add_bos_token":true}"#,
    #"{"tokenizer_class":"LlamaTokenizer","pad_token":"<x>","add_prefix_space":false}"#,
    #"{"tokenizer_class":"LlamaTokenizer","legacy":true}"#, #"{"legacy":false}"#,
  ])
  func whatIsWrittenIsReadAgain(config: String) throws {
    let tokenizer = try tokenizer(config)
    let scratch = try Scratch()
    try TokenizerFile.write(tokenizer, folder: scratch.path(""))
    let again = try TokenizerFile.read(path: scratch.path(""))
    let text = " il<|im_start|>gatto <s>x<x> y"
    #expect(try again.encode(text) == tokenizer.encode(text))
    #expect(again.template == tokenizer.template)
    #expect(again.vocabularySize == tokenizer.vocabularySize)
    #expect(TokenizerFile.fingerprint(of: again) == TokenizerFile.fingerprint(of: tokenizer))
  }

  @Test(arguments: ["SeamlessM4TTokenizer", "ReformerTokenizer", "UdopTokenizer"])
  func otherNumbersAreRefused(name: String) throws {
    let problem = #expect(throws: FileProblem.self) {
      try tokenizer(#"{"tokenizer_class":"\#(name)"}"#)
    }
    #expect(problem?.message.en.contains(name) == true)
  }
}

/// `vocab.json` and `merges.txt`, and added tokens in every kind of folder.
@Suite struct FolderTokensTests {
  private static let vocabulary =
    #"{"a":0,"b":1,"1":2,"2":3,"12":4,"Ġ":5,"e":6,"Ì":7,"ģ":8,"Ã":9,"©":10,"<|endoftext|>":11}"#

  private static let json =
    #"{"version":"1.0","added_tokens":[{"id":11,"content":"<|endoftext|>","special":true,"#
    + #""single_word":false,"lstrip":false,"rstrip":false,"normalized":false}],"#
    + #""normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"#
    + #""trim_offsets":true,"use_regex":true},"post_processor":null,"decoder":{"#
    + #""type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},"#
    + #""model":{"type":"BPE","vocab":\#(vocabulary),"merges":["1 2"]}}"#

  private static let merges = ["vocab.json": vocabulary, "merges.txt": "#version: 0.2\n1 2\n"]

  private static func files(_ type: String) -> [String: [UInt8]] {
    texts(merges.merging(["config.json": #"{"model_type":"\#(type)"}"#]) { $1 })
  }

  @Test(arguments: [
    ("gpt2", [4], [6, 7, 8]), ("gpt_neox", [4], [9, 10]), ("qwen2", [2, 3], [9, 10]),
    ("qwen3", [2, 3], [9, 10]), ("qwen3_moe", [2, 3], [9, 10]),
  ])
  func theFamilyOfTheModelCutsAText(type: String, digits: [TokenID], accent: [TokenID]) throws {
    let tokenizer = try open(Self.files(type)).tokenizer
    #expect(try tokenizer.encode("12") == digits)
    #expect(try tokenizer.encode("e\u{301}") == accent)
  }

  @Test func aFamilyThatNobodyKnowsIsNamed() throws {
    for type in ["llama", "gemma", "phi3"] {
      let problem = #expect(throws: FileProblem.self) { try open(Self.files(type)) }
      #expect(problem?.message.en.contains(type == "gemma" ? "tokenizer_class" : type) == true)
    }
  }

  private static let kinds = [
    texts(merges), texts(["tokenizer.json": json]),
    texts(["vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n1\n2\n3\n4\n5\n6\n7\n"]),
  ]

  @Test(arguments: [
    #"{"extra_special_tokens":["<x>"]}"#, #"{"extra_special_tokens":{"image_token":"<x>"}}"#,
    #"{"additional_special_tokens":[{"content":"<x>","special":true}]}"#,
    #"{"image_token":"<x>"}"#, #"{"mask_token":"<x>"}"#,
    #"{"added_tokens_decoder":{"12":{"content":"<x>","special":true}}}"#,
  ])
  func tokensAreAddedWhateverTheirKey(config: String) throws {
    for var files in Self.kinds {
      files["tokenizer_config.json"] = Array(config.utf8)
      let opened = try open(files)
      // Beside `[MASK]`, which the class has where no file says otherwise.
      #expect(try opened.tokenizer.encode("12<x>").last == 12)
      #expect(try opened.tokenizer.decode([12]).isEmpty && opened.notes.isEmpty)
      let scratch = try Scratch()
      try TokenizerFile.write(opened.tokenizer, folder: scratch.path(""))
      let again = try TokenizerFile.read(path: scratch.path(""))
      #expect(try again.encode("12<x>") == opened.tokenizer.encode("12<x>"))
    }
  }

  @Test func olderFilesAddTokensTooButNotBesideAList() throws {
    for var files in Self.kinds {
      files["added_tokens.json"] = Array(#"{"<y>":13,"<x>":12}"#.utf8)
      files["special_tokens_map.json"] = Array(#"{"pad_token":"<y>"}"#.utf8)
      let tokenizer = try open(files).tokenizer
      let last = try tokenizer.encode("12<x><y>").suffix(2)
      #expect(last.elementsEqual([12, 13]))
      #expect(try tokenizer.decode([12, 13]) == "<x>")
      files["tokenizer_config.json"] = Array(
        #"{"added_tokens_decoder":{"12":{"content":"<z>","special":true}}}"#.utf8
      )
      let listed = try open(files).tokenizer
      #expect(try listed.encode("<z>").last == 12 && listed.vocabularySize == 13)
    }
  }

  @Test func aTokenListedOtherwiseIsReadOtherwise() throws {
    var files = Self.kinds[1]
    let config =
      #"{"added_tokens_decoder":{"11":{"content":"<|endoftext|>","lstrip":true,"rstrip":false,"#
      + #""single_word":false,"normalized":false,"special":true}}}"#
    #expect(try open(files).tokenizer.encode("a <|endoftext|>") == [0, 5, 11])
    files["tokenizer_config.json"] = Array(config.utf8)
    #expect(try open(files).tokenizer.encode("a <|endoftext|>") == [0, 11])
  }

  /// What stands beside the tokenizer and is no JSON is said; the tokenizer itself still opens.
  @Test(arguments: ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"])
  func settingsThatCannotBeReadAreNoted(name: String) throws {
    var files = Self.kinds[1]
    let expected = try open(files).tokenizer.encode("a <|endoftext|>")
    for broken in [#"{"bos_token": "#, "no JSON", ""] {
      files[name] = Array(broken.utf8)
      let opened = try open(files)
      #expect(try opened.tokenizer.encode("a <|endoftext|>") == expected)
      guard case .unreadSettings(let problem)? = opened.notes.first, opened.notes.count == 1 else {
        Issue.record("\(name) \(broken): \(opened.notes)")
        continue
      }
      #expect(problem.place?.file?.hasSuffix(name) == true)
    }
  }

  @Test func honestFoldersHaveNoNotes() throws {
    for files in Self.kinds { #expect(try open(files).notes.isEmpty) }
  }

  @Test(arguments: [
    (#"{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":true}"#, "GPT2Tokenizer"),
    (#"{"tokenizer_class":"Qwen2Tokenizer"}"#, "Qwen2Tokenizer"),
    (#"{"tokenizer_class":"GPTNeoXTokenizerFast"}"#, "GPTNeoXTokenizer"),
    (#"{"tokenizer_class":"GPT2TokenizerFast"}"#, nil),
    (#"{"tokenizer_class":"PreTrainedTokenizerFast"}"#, nil),
  ])
  func aClassThatCutsOtherwiseIsNoted(config: String, name: String?) throws {
    var files = Self.kinds[1]
    files["tokenizer_config.json"] = Array(config.utf8)
    let opened = try open(files)
    #expect(opened.notes == (name.map { [.otherClass($0)] } ?? []))
    #expect(try opened.tokenizer.encode("12") == [4])
  }
}

/// Files of tiktoken whose lines do not go together.
@Suite struct TiktokenLinesTests {
  private static func line(_ token: [UInt8], _ rank: Int) -> String {
    "\(Data(token).base64EncodedString()) \(rank)"
  }

  private func message(_ lines: [String]) -> String? {
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let problem = #expect(throws: FileProblem.self) {
      try TokenizerFile.read(bytes: bytes, file: "r50k_base.tiktoken")
    }
    return problem?.message.en
  }

  @Test func aLineThatRepeatsAnotherIsNamed() {
    let lines = (0..<8).map { Self.line([97 + UInt8($0)], $0) }
    var ranks = lines
    ranks[5] = Self.line([102], 4)
    #expect(message(ranks)?.contains("line 6 repeats '4' of line 5") == true)
    var tokens = lines
    tokens[6] = Self.line([99], 6)
    #expect(message(tokens)?.contains("line 7 repeats 'c' of line 3") == true)
  }

  @Test func aRankWithoutALineIsNamed() {
    let tokens = (0..<50_256).map { (rank: Int) -> [UInt8] in
      rank < 256 ? [UInt8(rank)] : [UInt8(rank >> 8), UInt8(rank & 255)]
    }
    for lost in [0, 7, 50_000] {
      let lines = tokens.enumerated().filter { $0.offset != lost }
        .map { Self.line($0.element, $0.offset) }
      #expect(message(lines)?.contains("each rank needs a line, \(lost) has none") == true)
    }
  }
}
