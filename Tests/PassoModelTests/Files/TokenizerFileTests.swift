// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

// The references come from Tests/Interop/make_tokenizer_fixtures.py.
@Suite struct TokenizerFileTests {
  private struct Texts: Decodable {
    let texts: [String]
    let a: Answers
    let b: Answers
  }

  private struct Answers: Decodable {
    let ids: [[TokenID]]
    let decoded: [String?]
    let lists: [[TokenID]]
    let decodedLists: [String]
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: reference("tokenizers/\(name)"))))
  }

  private static func decoded<Value: Decodable>(_ name: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(bytes(name)))
  }

  /// By bytes: two spellings of an accent are two texts.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.elementsEqual(other.utf8)
  }

  @Test(arguments: ["a", "b"])
  func idsAndTextsAreThoseOfTokenizers(name: String) throws {
    let tokenizer = try TokenizerFile.read(bytes: Self.bytes("\(name).json"), file: name)
    let fixture: Texts = try Self.decoded("texts.json")
    let answers = name == "a" ? fixture.a : fixture.b
    #expect(fixture.texts.count == 1_000)
    for (text, (ids, back)) in zip(fixture.texts, zip(answers.ids, answers.decoded)) {
      #expect(try tokenizer.encode(text) == ids, "\(text.debugDescription)")
      #expect(Self.isSame(try tokenizer.decode(ids), back ?? text), "\(text.debugDescription)")
    }
    for (ids, text) in zip(answers.lists, answers.decodedLists) {
      #expect(Self.isSame(try tokenizer.decode(ids), text), "\(ids)")
    }
  }

  @Test(arguments: [("words", 420, 0), ("runs", 400, 2), ("accents", 500, 3)])
  func mergesAreThoseOfTokenizers(name: String, size: Int, minimum: Int) throws {
    let merges: [String: [[TokenID]]] = try Self.decoded("merges.json")
    var plan = BytePairTrainer.Plan(vocabularySize: size)
    plan.minimumFrequency = minimum
    plan.specials = ["<start>"]
    var trainer = try BytePairTrainer(texts: [corpus(name)], plan: plan, threads: 2)
    trainer.run()
    let found = trainer.merges.map { [$0.pair.left, $0.pair.right] }
    #expect(found.count > 50 && found == merges[name])
  }

  /// Texts as the script makes them.
  private func corpus(_ name: String) -> String {
    var state: UInt64 = 7
    func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    switch name {
    case "runs":
      let letters = ["a", "a", "b", " ", "b"]
      return (0..<4_000).map { _ in letters[below(5)] }.joined()
    case "accents":
      let letters = ["è", "e\u{301}", "😀", "ñ", " ", "'s", "12", "\n", "日", "."]
      return (0..<4_000).map { _ in letters[below(10)] }.joined()
    default:
      let syllables = ["gat", "to", "dor", "me", "sul", "di", "va", "no", "che", "la"]
      var text = ""
      for _ in 0..<3_000 {
        for _ in 0..<1 + below(3) { text += syllables[min(below(10), below(10))] }
        text += [" ", ", ", ".\n", "  "][below(4)]
      }
      return text
    }
  }

  @Test(arguments: ["a", "b"])
  func whatIsWrittenReadsTheSame(name: String) throws {
    let tokenizer = try TokenizerFile.read(bytes: Self.bytes("\(name).json"), file: name)
    let written = TokenizerFile.encoded(tokenizer)
    let again = try TokenizerFile.read(bytes: written, file: name)
    #expect(TokenizerFile.encoded(again) == written)
    let fixture: Texts = try Self.decoded("texts.json")
    for text in fixture.texts { #expect(try again.encode(text) == tokenizer.encode(text)) }
  }

  @Test func mergesMayBeWrittenAsTexts() throws {
    let whole = String(decoding: try Self.bytes("a.json"), as: UTF8.self)
    let regex = #/\["([^"]+)","([^"]+)"\]/#
    let old = whole.replacing(regex) { "\"\($0.1) \($0.2)\"" }
    #expect(old != whole)
    let tokenizer = try TokenizerFile.read(bytes: Array(old.utf8), file: "old")
    #expect(
      TokenizerFile.encoded(tokenizer)
        == TokenizerFile.encoded(
          try TokenizerFile.read(bytes: Array(whole.utf8), file: "new")
        )
    )
  }

  /// Who opens a folder learns that its tokenizer is not used.
  @Test func anUnreadableTokenizerIsNoted() throws {
    let scratch = try Scratch()
    let configuration = Preset.all[0].configuration(vocabularySize: 4)
    try ModelFolder.write(
      ModelDescription(configuration),
      configuration.initialParameters(seed: 1, standardDeviation: 0.1),
      tokenizer: nil,
      to: scratch.path("model")
    )
    let bare = try ModelFolder(path: scratch.path("model")).description.notes
    guard bare.count == 1, case .tokenizer(.folder(.noTokenizer, _)) = bare[0] else {
      Issue.record("\(bare)")
      return
    }
    _ = try scratch.write(Array("{}".utf8), to: "model/tokenizer.json")
    let folder = try ModelFolder(path: scratch.path("model"))
    #expect(try folder.tokenizerIfReadable(isNeeded: false) == nil)
    #expect(
      folder.description.notes.map(\.text.en).contains { $0.contains("have their ids only") }
    )
    #expect(throws: FileProblem.self) { try folder.tokenizerIfReadable(isNeeded: true) }
  }

  /// What Hugging Face would do with these files is not what Passo would.
  @Test(arguments: [
    ("\"unk_token\":\"<unk>\"", "\"unk_token\":\"[UNK]\"", "decoder"),
    ("\"content\":\"<start>\"", "\"content\":\"<s>\"", nil),
    ("\"lstrip\":false", "\"lstrip\":true", nil),
  ])
  func otherUnknownAndAddedTokensAreRefused(part: String, other: String, words: String?) throws {
    // What Passo's own do differently is read part by part: its characters have no token for
    // the unknown there, its words the expressions of their decoder.
    var tokenizers: [(any Tokenizer, String)] = [
      (try CharacterTokenizer(texts: ["il gatto"]), "model.unk_token")
    ]
    if let words { tokenizers.append((try WordTokenizer(texts: ["il gatto"]), words)) }
    for (tokenizer, key) in tokenizers {
      let json = String(decoding: TokenizerFile.encoded(tokenizer), as: UTF8.self)
      let changed = json.replacing(part, with: other)
      #expect(changed != json)
      let problem = #expect(throws: FileProblem.self) {
        try TokenizerFile.read(bytes: Array(changed.utf8), file: "t")
      }
      #expect(problem?.message.en.contains(key) == true)
    }
  }

  @Test func charactersAndWordsComeBack() throws {
    let text = "Il gatto\n\u{E9}e\u{301}\u{212B}\u{C5} \"\\<"
    let characters = try CharacterTokenizer(texts: [text], specials: [.start, .unknown])
    let read = try #require(
      try TokenizerFile.read(bytes: TokenizerFile.encoded(characters), file: "c")
        as? CharacterTokenizer
    )
    #expect(read.spellings.map { Array($0.utf8) } == characters.spellings.map { Array($0.utf8) })
    let words = try WordTokenizer(texts: [text])
    #expect(
      try TokenizerFile.read(bytes: TokenizerFile.encoded(words), file: "w") as? WordTokenizer
        == words
    )
  }

  private func words(_ part: String, _ other: String) throws(FileProblem) -> any Tokenizer {
    let known = ["<unk>", "<start>", "Il", "gatto", "."]
    guard let vocabulary = try? Vocabulary(known) else { preconditionFailure("no vocabulary") }
    let bytes = TokenizerFile.encoded(WordTokenizer(vocabulary: vocabulary))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(part.isEmpty || text.contains(part))
    return try TokenizerFile.read(bytes: Array(text.replacing(part, with: other).utf8), file: "w")
  }

  @Test func wordsAreReadAsTheirFileSays() throws {
    let plain = try words("", "")
    #expect(try plain.decode([1, 2, 3, 0, 4]) == "Il gatto <unk>.")
    let old = try words(
      #""decoder":{"type":"Sequence","decoders":["#,
      #""decoder":null,"x":{"y":["#
    )
    #expect(try old.decode([1, 2, 3, 0, 4]) == "Il gatto <unk> .")
    let special = #""special":false"#
    #expect(try words(special, #""special":true"#).decode([2, 0]) == "Il")
    let last = #""added_tokens":["#
    let more =
      last + #"{"id":5,"content":"Il gatto","single_word":false,"lstrip":false,"#
      + #""rstrip":false,"normalized":true,"special":false},"#
    #expect(try words(last, more).encode("Il gatto Il . <start>") == [5, 2, 4, 1])
    // As tokenizers does it, whatever id the file says.
    #expect(try words(#""content":"<start>""#, #""content":"<s>""#).encode("<s> Il") == [5, 2])
    #expect(throws: FileProblem.self) { try words(#""unk_token":"<unk>""#, #""unk_token":"Il""#) }
    #expect(throws: FileProblem.self) { try words(#","unk_token":"<unk>""#, "") }
  }

  /// A file with one part replaced by another.
  private func changed(_ part: String, _ other: String) throws -> TokenizerFault? {
    let whole = String(decoding: try Self.bytes("a.json"), as: UTF8.self)
    let text = whole.replacing(part, with: other, maxReplacements: 1)
    #expect(text != whole)
    do {
      _ = try TokenizerFile.read(bytes: Array(text.utf8), file: "a")
      return nil
    } catch .tokenizer(let fault, _) {
      return fault
    }
  }

  @Test(arguments: [
    (#""normalizer":null"#, #""normalizer":{"type":"Magic"}"#, "normalizer", "Magic"),
    (#""dropout":null"#, #""dropout":1.5"#, "model.dropout", "1.5"),
    (#""type":"BPE""#, #""type":"Magic""#, "model.type", "Magic"),
    (
      #""pre_tokenizer":{"type":"ByteLevel""#, #""pre_tokenizer":{"type":"Magic""#,
      "pre_tokenizer", "Magic"
    ),
    (#""decoder":{"type":"ByteLevel""#, #""decoder":{"type":"Magic""#, "decoder", "Magic"),
    (#""post_processor":null"#, #""post_processor":{"type":"Magic"}"#, "post_processor", "Magic"),
  ])
  func aFeatureThatIsNotThereIsNamed(
    part: String,
    other: String,
    key: String,
    found: String
  ) throws {
    let fault = try #require(try changed(part, other))
    #expect(fault.message.en.contains("'\(key)") && fault.message.en.contains("'\(found)"))
    #expect(fault.message.it.contains("Passo conosce solo"))
    #expect(fault.message.en.contains("Passo knows only"))
  }

  @Test func whatDoesNotChangeIDsIsTaken() throws {
    let template =
      #"{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}}],"#
      + #""pair":[],"special_tokens":{}}"#
    #expect(try changed(#""post_processor":null"#, #""post_processor":\#(template)"#) == nil)
    #expect(try changed(#""dropout":null"#, #""dropout":0.0"#) == nil)
    #expect(try changed(#""type":"BPE","#, "") == nil)
    #expect(try changed(#""byte_fallback":false"#, #""byte_fallback":true"#) == nil)
    #expect(try changed(#""unk_token":null"#, #""unk_token":"<nobody>""#) == nil)
  }

  @Test func idsAndMergesAreChecked() throws {
    #expect(try changed(#""!":2"#, #""!":3"#) != nil)
    #expect(try changed(#""!":2"#, #""!":430"#) == nil)
    #expect(try changed(#""!":2"#, #""!":99999999999"#) == .id(token: "!", count: 420))
    #expect(try changed(#""merges":[["#, #""merges":[["abc"],["#) == .merge(number: 1))
    #expect(
      try changed(#""merges":[["#, #""merges":[["nobody","a"],["#)
        == .mergedToken("nobody", number: 1)
    )
    #expect(try changed(#""id":0,"content":"<start>""#, #""id":7,"content":"<start>""#) == nil)
  }

  @Test(arguments: ["a", "b"])
  func mutatedTokenizersAreReadOrRefused(name: String) throws {
    let whole = try Self.bytes("\(name).json")
    var refused = 0
    for round in 0..<1_500 {
      // The settings are at both ends of the vocabulary, which is most of the bytes.
      let end = round.isMultiple(of: 2) ? 1_200 : whole.count
      do throws(FileProblem) {
        let bytes = mutated(whole, upTo: end, round, seed: 9)
        let tokenizer = try TokenizerFile.read(bytes: bytes, file: name)
        let ids = (try? tokenizer.encode("Il gatto <mask> perché\u{301} \u{F73}!")) ?? []
        #expect((try? tokenizer.decode(ids)) != nil)
        #expect(tokenizer.tokens.count == tokenizer.vocabularySize)
      } catch {
        #expect(!error.text(.it).isEmpty && !error.text(.en).isEmpty)
        refused += 1
      }
    }
    #expect(refused > 500)
  }
}
