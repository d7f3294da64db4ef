// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

@testable import PassoFiles

/// Tokenizers of other stages than Passo's own; ids and texts are those of `tokenizers` 0.23.3.
@Suite struct PipelineTokenizerTests {
  private func tokenizer(
    _ model: String,
    normalizer: String = "null",
    pre: String = "null",
    decoder: String = "null",
    added: String = "[]"
  ) throws -> any Tokenizer {
    let json =
      #"{"version":"1.0","added_tokens":\#(added),"normalizer":\#(normalizer),"#
      + #""pre_tokenizer":\#(pre),"post_processor":null,"decoder":\#(decoder),"model":\#(model)}"#
    return try TokenizerFile.read(bytes: Array(json.utf8), file: "t")
  }

  private let metaspace = #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}"#

  @Test func pairsOfCharactersFallBackToBytes() throws {
    let llama = try tokenizer(
      #"{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,"vocab":{"<unk>":0,"#
        + #""<0xC3>":1,"<0xA8>":2,"▁":3,"c":4,"i":5,"▁c":6,"▁ci":7},"merges":["▁ c","▁c i"]}"#,
      normalizer: #"{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},"#
        + #"{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}"#,
      decoder: #"{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"#
        + #""content":" "},{"type":"ByteFallback"},{"type":"Fuse"},"#
        + #"{"type":"Strip","content":" ","start":1,"stop":0}]}"#
    )
    #expect(try llama.encode("ci è") == [7, 3, 1, 2])
    #expect(try llama.decode([7, 3, 1, 2]) == "ci è")
    #expect(try llama.encode("cxy") == [6, 0])
    #expect(try llama.decode([1, 7]) == "\u{FFFD} ci")
  }

  @Test func unigramsTakeTheMostProbableWay() throws {
    let unigram = try tokenizer(
      #"{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁",-2],["a",-3],["b",-3],["ab",-5],"#
        + #"["▁a",-3.5],["bc",-1]]}"#,
      pre: metaspace,
      decoder: metaspace
    )
    #expect(try unigram.encode("ab abc") == [5, 3, 5, 6])
    #expect(try unigram.encode("xyab") == [1, 0, 4])
    #expect(try unigram.decode([5, 3, 5, 6]) == "ab abc")
  }

  @Test func wordPiecesAreTheLongest() throws {
    let bert = try tokenizer(
      #"{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"@@","#
        + #""max_input_chars_per_word":8,"vocab":{"[UNK]":0,"gat":1,"@@to":2,"@@t":3,"gatt":4,"#
        + #""e":5,",":6,"@@o":7}}"#,
      normalizer: #"{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"#
        + #""strip_accents":null,"lowercase":true}"#,
      pre: #"{"type":"BertPreTokenizer"}"#,
      decoder: #"{"type":"WordPiece","prefix":"@@","cleanup":true}"#
    )
    #expect(try bert.encode("GATTO, è gattx") == [4, 7, 6, 5, 0])
    #expect(try bert.decode([4, 7, 6, 5]) == "gatto, e")
    #expect(bert.kind == .pieces)
  }

  @Test func whatAFileSaysOfUnknownWordsIsNeeded() {
    #expect(throws: FileProblem.self) {
      try tokenizer(
        #"{"type":"WordPiece","unk_token":"?","continuing_subword_prefix":"@@","#
          + #""max_input_chars_per_word":8,"vocab":{"a":0}}"#
      )
    }
    #expect(throws: FileProblem.self) {
      try tokenizer(#"{"type":"Unigram","unk_id":7,"vocab":[["a",0]]}"#)
    }
    #expect(throws: FileProblem.self) {
      try tokenizer(
        #"{"type":"WordLevel","unk_token":"<unk>","vocab":{"<unk>":0}}"#,
        normalizer: #"{"type":"Precompiled","precompiled_charsmap":"AAAA"}"#
      )
    }
  }

  @Test func textsAreNormalizedAsInUnicode9() throws {
    func normalized(_ kind: String, _ text: String) throws -> String {
      let words = try tokenizer(
        #"{"type":"BPE","unk_token":null,"byte_fallback":true,"vocab":{"#
          + (0..<256).map { "\"<0x\(hexadecimal($0))>\":\($0)" }.joined(separator: ",")
          + #"},"merges":[]}"#,
        normalizer: #"{"type":"\#(kind)"}"#,
        decoder: #"{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]}"#
      )
      return try words.decode(words.encode(text))
    }
    func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
    #expect(scalars(try normalized("NFD", "é")) == [0x65, 0x301])
    #expect(scalars(try normalized("NFKC", "ﬁ²e\u{301}")) == [0x66, 0x69, 0x32, 0xE9])
    #expect(scalars(try normalized("NFKD", "①é")) == [0x31, 0x65, 0x301])
    // The sign of the era Reiwa is younger.
    #expect(scalars(try normalized("NFKC", "\u{32FF}")) == [0x32FF])
  }

  private func hexadecimal(_ value: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }

  @Test func aFileOfStagesIsWrittenAgainAsItIs() throws {
    let words = try tokenizer(
      #"{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"il":1}}"#,
      pre: #"{"type":"WhitespaceSplit"}"#
    )
    let again = try TokenizerFile.read(bytes: TokenizerFile.encoded(words), file: "t")
    #expect(try again.encode("il x il") == [1, 0, 1])
    #expect(again.id(of: .unknown) == 0)
  }
}

/// Files of tiktoken and sentencepiece.
@Suite struct ForeignFileTests {
  @Test func aFileOfTiktokenOfNoKnownEncodingIsNamed() throws {
    let lines = (0..<300).map { rank in
      Base64.text(rank < 256 ? [UInt8(rank)] : [97, UInt8(rank - 256)]) + " \(rank)"
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    do throws(FileProblem) {
      _ = try TokenizerFile.read(bytes: bytes, file: "x.tiktoken")
      Issue.record("it was read")
    } catch {
      #expect(error.message.en.contains("a file of tiktoken with 300 tokens"))
    }
  }

  @Test func base64GoesThereAndBack() {
    for count in 0..<20 {
      let bytes = (0..<count).map { UInt8($0 * 13) }
      #expect(Base64.bytes(Base64.text(bytes)) == bytes)
    }
    #expect(Base64.bytes("abc") == nil)
    #expect(Base64.bytes("ab!=") == nil)
  }

  @Test func aBrokenModelOfSentencepieceIsRefused() {
    let bytes: [UInt8] = [
      0x0A, 0x0E, 0x0A, 0x05, 60, 117, 110, 107, 62, 0x15, 0, 0, 0, 0, 0x18, 2, 0x0A, 0xFF,
    ]
    #expect(throws: FileProblem.self) { try TokenizerFile.read(bytes: bytes, file: "m.model") }
  }
}
