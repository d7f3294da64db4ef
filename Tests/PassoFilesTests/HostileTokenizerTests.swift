// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

@testable import PassoFiles

/// Files of tokenizers made to end, to stall or to fill whoever reads them: each is refused in a
/// sentence, or costs no more than its size.
@Suite struct HostileTokenizerTests {
  private func refusal(_ bytes: [UInt8], file: String = "t") -> FileProblem? {
    do throws(FileProblem) {
      _ = try TokenizerFile.read(bytes: bytes, file: file)
      return nil
    } catch {
      return error
    }
  }

  private func json(_ model: String, added: String = "[]", post: String = "null") -> [UInt8] {
    Array(
      (#"{"added_tokens":\#(added),"normalizer":null,"pre_tokenizer":null,"#
        + #""post_processor":\#(post),"decoder":null,"model":\#(model)}"#).utf8
    )
  }

  private let words = #"{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"a":1}}"#

  private func added(_ content: String, id: Int) -> String {
    #"{"id":\#(id),"content":"\#(content)","single_word":false,"lstrip":false,"rstrip":false,"#
      + #""normalized":false,"special":false}"#
  }

  @Test(arguments: [
    "9223372036854775807", "9223372036854775806", "16777216", "16777215", "-1", "1e3", "99999999",
    "9223372036854775808", "300",
  ])
  func aRankIsThatOfAToken(rank: String) throws {
    let lines = (0..<300).map { number in
      let token = number < 256 ? [UInt8(number)] : [97, UInt8(number - 256)]
      return Base64.text(token) + " " + (number == 299 ? "299\nYWJj \(rank)" : "\(number)")
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let problem = try #require(refusal(bytes, file: "x.tiktoken"))
    #expect(!problem.message.en.isEmpty && problem.message.en != problem.message.it)
  }

  @Test func twoTokensOfOneRankAreRefused() throws {
    let lines = (0..<300).map { number in
      let token = number < 256 ? [UInt8(number)] : [97, UInt8(number - 256)]
      return Base64.text(token) + " \(number == 299 ? 298 : number)"
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let problem = try #require(refusal(bytes, file: "x.tiktoken"))
    let said = problem.message.en
    #expect(said.contains("line 300 repeats '298' of line 299"), "\(said)")
  }

  @Test func ofAddedTokensWrittenAlikeTheLastCounts() throws {
    // Twice each, with ids that nobody gives them; as `tokenizers`, those keep their first number.
    let names = (0..<2_000).map { added("<\($0)>", id: 90_000 + $0) }
    let list = "[" + (names + names.reversed()).joined(separator: ",") + "]"
    let opened = try TokenizerFile.read(bytes: json(words, added: list), file: "t")
    #expect(opened.vocabularySize == 2_002)
    #expect(try opened.encode("<7><1999>a") == [9, 2_001, 1])
  }

  @Test func renumberedTokensAreOneNote() throws {
    func notes(_ count: Int) throws -> [TokenizerNote] {
      let names = (0..<count).map { added("<\($0)>", id: 90_000 + $0) }
      let list = "[" + names.joined(separator: ",") + "]"
      var reader = JSONReader(json(words, added: list))
      let document = try TokenizerDocument(&reader)
      return try PipelineFile.tokenizer(document, source: []).notes
    }
    #expect(try notes(0) == [])
    let (one, two, many) = (try notes(1), try notes(2), try notes(1_500))
    #expect(one.count == 1 && two.count == 1 && many.count == 1)
    #expect(one[0].text.en.hasSuffix("and so does Passo"))
    #expect(two[0].text.it.hasSuffix("lo stesso vale per un altro token"))
    #expect(many[0].text.en.contains("'<0>' the id 90000, but tokenizers reads it as 2"))
    #expect(many[0].text.en.contains("more tokens") && many[0].text.it.contains("altri"))
  }

  @Test func manyAddedTokensOfOneLetterAreLookedForAtOnce() throws {
    let names = (0..<3_000).map { added("<\($0)|", id: 2 + $0) }
    let list = "[" + names.joined(separator: ",") + "]"
    let tokenizer = try TokenizerFile.read(bytes: json(words, added: list), file: "t")
    let text = String(repeating: "<", count: 30_000) + "<17|"
    #expect(try tokenizer.encode(text) == [0, 19])
  }

  @Test func whatStandsAroundATextIsShort() throws {
    let ids = "[" + Array(repeating: "1", count: 600).joined(separator: ",") + "]"
    let special = #"{"SpecialToken":{"id":"x","type_id":0}}"#
    let post =
      #"{"type":"TemplateProcessing","single":[\#(special),\#(special),"#
      + #"{"Sequence":{"id":"A","type_id":0}}],"pair":[],"#
      + #""special_tokens":{"x":{"id":"x","ids":\#(ids),"tokens":["a"]}}}"#
    let problem = try #require(refusal(json(words, post: post)))
    #expect(problem.message.en.contains("is '[1200]', Passo knows only 1024 tokens at most"))
  }

  @Test func whatEveryCharacterGetsIsShort() throws {
    let long = String(repeating: "#", count: 65)
    let pairs =
      #"{"type":"BPE","continuing_subword_prefix":"\#(long)","end_of_word_suffix":null,"#
      + #""vocab":{"a":0},"merges":[]}"#
    let pieces =
      #"{"type":"WordPiece","unk_token":"?","continuing_subword_prefix":"\#(long)","#
      + #""max_input_chars_per_word":9223372036854775807,"vocab":{"?":0}}"#
    for model in [pairs, pieces] {
      let problem = try #require(refusal(json(model)))
      #expect(problem.message.en.contains("64 bytes at most"), "\(problem.message.en)")
    }
    let token = String(repeating: "a", count: 5_000)
    let unigram = #"{"type":"Unigram","unk_id":0,"vocab":[["?",0],["\#(token)",-1]]}"#
    let refused = try #require(refusal(json(unigram)))
    #expect(refused.message.en.contains("bytes in every token"))
    #expect(refused.message.en.count < 300)
  }

  // MARK: Models of sentencepiece

  private let unknown: [UInt8] = [
    0x0A, 0x0E, 0x0A, 0x05, 60, 117, 110, 107, 62, 0x15, 0, 0, 0, 0, 0x18, 2,
  ]

  @Test(
    arguments: [
      // Lengths and numbers beyond all there is, a field of number 0, a group, ten bytes of length.
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x02, 0x00], [0x0B], [0x0D, 1, 2, 3], [0x09, 1], [0xFF], [0x12, 0x02, 0x18, 0x09],
      [0x12, 0x0B, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      // A map whose size is more than there is, and one of no units.
      [0x1A, 0x06, 0x12, 0x04, 0xFF, 0xFF, 0xFF, 0xFF], [0x1A, 0x06, 0x12, 0x04, 0, 0, 0, 0],
    ] as [[UInt8]]
  )
  func aModelOfSentencepieceHasAnEnd(rest: [UInt8]) throws {
    #expect(refusal(unknown) == nil)
    let problem = try #require(refusal(unknown + rest))
    #expect(problem.message.it.contains("incompleto o danneggiato"), "\(problem.message.it)")
  }

  @Test func manyControlPiecesAreLookedForAtOnce() throws {
    func piece(_ text: String, kind: UInt8) -> [UInt8] {
      let inner = [0x0A, UInt8(text.utf8.count)] + Array(text.utf8) + [0x18, kind]
      return [0x0A, UInt8(inner.count)] + inner
    }
    for kind in [3, 4] as [UInt8] {
      let pieces = (0..<2_000).flatMap { piece("<\($0)|", kind: kind) }
      let tokenizer = try TokenizerFile.read(bytes: unknown + pieces, file: "m.model")
      let text = String(repeating: "<", count: 20_000) + "<17|"
      #expect(try tokenizer.encode(text).last == 18)
    }
  }
}
