// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoModel

/// The tokenizers that the other targets use.
enum SampleTokenizers {
  static let texts = [
    "Il gatto dorme sul divano.", "Perché l'aquila vola? Un caffè costa 1,20 €.", "123 4567\t\n",
  ]

  static func all() throws -> [any Tokenizer] {
    var plan = BytePairTrainer.Plan(vocabularySize: 300)
    plan.specials = ["<|endoftext|>"]
    var trainer = try BytePairTrainer(texts: texts, plan: plan)
    trainer.run()
    return [
      try WordTokenizer(texts: texts),
      try TokenizerLearner(kind: .characters).tokenizer(for: texts),
      try trainer.tokenizer(),
    ]
  }

  /// The bytes of their files.
  static func files(_ place: Workplace) throws -> [[UInt8]] {
    try all().enumerated().map { index, tokenizer in
      let folder = place.path("tokenizer-\(index)")
      try place.write("", to: "tokenizer-\(index)/empty")
      try TokenizerFile.write(tokenizer, folder: folder)
      return try place.read("tokenizer-\(index)/tokenizer.json")
    }
  }
}

/// `tokenizer.json` of every kind that is read.
struct TokenizerTarget: FuzzTarget {
  static let name = "tokenizer"
  static let words = [
    "model", "type", "BPE", "WordLevel", "Unigram", "WordPiece", "vocab", "merges", "added_tokens",
    "pre_tokenizer", "Sequence", "ByteLevel", "Digits", "individual_digits", "Split", "Whitespace",
    "Metaspace", "post_processor", "TemplateProcessing", "decoder", "Fuse", "normalizer", "NFC",
    "truncation", "padding", "byte_fallback", "ignore_merges", "dropout", "unk_token", "special",
    "pattern", "Regex", "String", "behavior", "Isolated", "\\\\p{L}", "(?i:'s)", "Ġ", "content",
    "id", "lstrip", "rstrip", "single_word", "normalized",
  ]
  static let weight = 60
  let samples: [[UInt8]]

  init(_ place: Workplace) throws {
    samples = try SampleTokenizers.files(place) + Self.stages.map { Array($0.utf8) }
  }

  /// Stages that can make a text longer, cut it, and look for tokens everywhere.
  private static let stages = [
    #"{"added_tokens":[{"id":9,"content":"<a>","single_word":false,"lstrip":true,"rstrip":false,"#
      + #""normalized":true,"special":true}],"normalizer":{"type":"Sequence","normalizers":[{"#
      + #""type":"NFKD"},{"type":"Replace","pattern":{"String":"a"},"content":"aa"},{"#
      + #""type":"Prepend","prepend":"▁"},{"type":"ByteLevel"}]},"pre_tokenizer":{"#
      + #""type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Split","#
      + #""pattern":{"Regex":"(?:a|[^\\s\\p{L}]){1,3}|(?i:'s)(?!\\S)"},"behavior":"Isolated","#
      + #""invert":false},{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}]},"#
      + #""post_processor":null,"decoder":{"type":"Sequence","decoders":[{"type":"Replace","#
      + #""pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"#
      + #""type":"Strip","content":" ","start":1,"stop":0}]},"model":{"type":"Unigram","unk_id":0,"#
      + #""byte_fallback":false,"vocab":[["<unk>",0],["▁",-2.5],["a",-3],["aa",-4]]}}"#,
    #"{"added_tokens":[],"normalizer":{"type":"BertNormalizer","clean_text":true,"#
      + #""handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"#
      + #""type":"BertPreTokenizer"},"post_processor":{"type":"TemplateProcessing","single":[{"#
      + #""SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"#
      + #""pair":[],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[1],"tokens":["[CLS]"]}}},"#
      + #""decoder":{"type":"WordPiece","prefix":"@@","cleanup":true},"model":{"#
      + #""type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"@@","#
      + #""max_input_chars_per_word":9,"vocab":{"[UNK]":0,"[CLS]":1,"gat":2,"@@to":3,"il":4}}}"#,
  ]

  mutating func take(_ input: [UInt8]) throws {
    let tokenizer = try TokenizerFile.read(bytes: input, file: "tokenizer.json")
    for text in SampleTokenizers.texts {
      let ids = try tokenizer.encode(text)
      guard ids.allSatisfy({ tokenizer.token(of: $0) != nil }) else {
        throw FuzzFault("an id that is no token: \(ids)")
      }
      _ = try tokenizer.decode(ids)
    }
  }
}

/// `vocab.json`, `merges.txt` and `tokenizer_config.json` of a folder, one after the other.
struct MergesFolderTarget: FuzzTarget {
  static let name = "merges-folder"
  static let words =
    TokenizerTarget.words + [
      "tokenizer_class", "GPT2Tokenizer", "Qwen2Tokenizer", "CLIPTokenizer", "add_bos_token",
      "add_prefix_space", "bos_token", "eos_token", "added_tokens_decoder", "#version: 0.2",
    ]
  let samples: [[UInt8]]
  private let place: Workplace
  private static let files = ["vocab.json", "merges.txt", "tokenizer_config.json"]
  private static let separator: UInt8 = 0x1E

  init(_ place: Workplace) throws {
    self.place = place
    let config =
      #"{"tokenizer_class":"GPT2Tokenizer","bos_token":"<s>","add_bos_token":true,"#
      + #""added_tokens_decoder":{"3":{"content":"<s>","special":true,"lstrip":true}}}"#
    let parts = [#"{"a":0,"b":1,"ab":2}"#, "#version: 0.2\na b\n", config]
    samples = [Array(parts.joined(separator: "\u{1E}").utf8)]
  }

  mutating func take(_ input: [UInt8]) throws {
    let parts = input.split(
      separator: Self.separator,
      maxSplits: Self.files.count - 1,
      omittingEmptySubsequences: false
    )
    for name in Self.files { place.remove("merges/\(name)") }
    for (name, part) in zip(Self.files, parts) {
      try place.write(Array(part), to: "merges/\(name)")
    }
    let tokenizer = try TokenizerFile.read(path: place.path("merges"))
    for text in SampleTokenizers.texts { _ = try tokenizer.decode(tokenizer.encode(text)) }
  }
}

/// Any text through every kind of tokenizer.
struct EncodingTarget: FuzzTarget {
  static let name = "encoding"
  static let words = ["<|endoftext|>", "<start>", "<end>", "<unk>", "gatto", " Il", "é", "'s"]
  static let weight = 120
  let samples: [[UInt8]]
  private let tokenizers: [any Tokenizer]

  init(_ place: Workplace) throws {
    tokenizers = try SampleTokenizers.all()
    samples = SampleTokenizers.texts.map { Array($0.utf8) } + [Array("<|endoftext|>a<start>".utf8)]
  }

  mutating func take(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    var refusal: (any Error)?
    for tokenizer in tokenizers {
      do {
        let ids = try tokenizer.encode(text)
        guard ids.allSatisfy({ 0 <= $0 && $0 < tokenizer.vocabularySize }) else {
          throw FuzzFault("an id outside the vocabulary: \(ids)")
        }
        let back = try tokenizer.decode(ids)
        // Byte pairs lose nothing; decoding leaves special tokens out.
        guard tokenizer.kind != .bytePairs || text.contains("<|") || back == text else {
          throw FuzzFault("comes back as \(back.debugDescription)")
        }
      } catch let fault as FuzzFault {
        throw fault
      } catch {
        refusal = error
      }
    }
    if let refusal { throw refusal }
  }
}
