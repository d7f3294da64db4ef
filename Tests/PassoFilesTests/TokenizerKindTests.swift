// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

// The references come from Tests/Interop/make_tokenizer_fixtures.py;
// Tests/Interop/tokenizer_kinds.py compares more kinds, and more texts of each.
@Suite struct TokenizerKindTests {
  private struct Fixture: Decodable {
    let texts: [String]
    let kinds: [String: Answers]
  }

  private struct Answers: Decodable {
    let ids: [[TokenID]]
    let decoded: [String]
    let kept: [String]
    let framed: [TokenID]
  }

  private struct Kind {
    let tokenizer: OpenedTokenizer
    let answers: Answers
  }

  private static func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: reference("tokenizers/\(name)")))
  }

  private static func object(_ name: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: data(name)) as? [String: Any])
  }

  private static func fixture() throws -> (texts: [String], kinds: [String: Kind]) {
    let base = try object("a.json")
    let entries = try #require(try object("kinds.json")["kinds"] as? [String: [String: Any]])
    let fixture = try JSONDecoder().decode(Fixture.self, from: data("kinds.json"))
    let scratch = try Scratch()
    var kinds: [String: Kind] = [:]
    for (name, answers) in fixture.kinds {
      let changes = try #require(entries[name]?["changes"] as? [String: Any])
      let document = base.merging(changes) { $1 }
      let path = try scratch.write(
        Array(try JSONSerialization.data(withJSONObject: document))
      )
      kinds[name] = Kind(tokenizer: try TokenizerFile.open(path: path), answers: answers)
    }
    return (fixture.texts, kinds)
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.elementsEqual(other.utf8)
  }

  @Test func everyKindHasTheIDsAndTextsOfTokenizers() throws {
    let (texts, kinds) = try Self.fixture()
    #expect(texts.count == 60 && kinds.count >= 13)
    for (name, kind) in kinds {
      let (tokenizer, answers) = (kind.tokenizer.tokenizer, kind.answers)
      // What is written is read again as the same.
      let again = try TokenizerFile.read(bytes: TokenizerFile.encoded(tokenizer), file: name)
      for (place, text) in texts.enumerated() {
        let ids = answers.ids[place]
        for tokenizer in [tokenizer, again] {
          #expect(try tokenizer.encode(text) == ids, "\(name) \(text.debugDescription)")
          let back = try tokenizer.decode(ids)
          #expect(Self.isSame(back, answers.decoded[place]), "\(name) \(text.debugDescription)")
          let kept = try tokenizer.decode(ids, keepingSpecials: true)
          #expect(Self.isSame(kept, answers.kept[place]), "\(name) \(text.debugDescription)")
        }
      }
      let template = tokenizer.template
      #expect(
        try template.prefix + tokenizer.encode("gatto") + template.suffix == answers.framed,
        "\(name)"
      )
    }
  }

  @Test func whatAPersonCouldWonderAboutIsNoted() throws {
    let kinds = try Self.fixture().kinds
    #expect(kinds["truncation"]?.tokenizer.notes == [.truncation(limit: 4)])
    #expect(kinds["no-decoder"]?.tokenizer.notes == [.noDecoder])
    #expect(kinds["bos"]?.tokenizer.notes == [])
    let renumbered = try #require(kinds["gap"]?.tokenizer.notes)
    let found = renumbered.compactMap { note -> RenumberedTokens? in
      if case .renumbered(let tokens) = note { tokens } else { nil }
    }
    #expect(found.map(\.count) == [5])
    let text = found.first?.text.en ?? ""
    #expect(text.contains("'gatto' the id 355") && text.contains("as 350"), "\(text)")
  }

  @Test func anIDBetweenOthersMayBeThatOfNoToken() throws {
    let data = try Data(contentsOf: URL(filePath: reference("tokenizers/a.json")))
    let text = String(decoding: data, as: UTF8.self)
      .replacing("\"vador\":419", with: "\"vador\":430")
    let tokenizer = try TokenizerFile.read(bytes: Array(text.utf8), file: "a")
    #expect(tokenizer.vocabularySize == 431)
    #expect(tokenizer.token(of: 429) == nil && tokenizer.label(of: 429) == "#429")
    #expect(try tokenizer.encode("vador") == [430])
    #expect(try tokenizer.decode([429, 430]) == "vador")
    let far = text.replacing("\"vador\":430", with: "\"vador\":900000000")
    #expect(throws: FileProblem.self) {
      try TokenizerFile.read(bytes: Array(far.utf8), file: "a")
    }
  }

  @Test func specialTokensCanBeText() throws {
    let words = try WordTokenizer(texts: ["il <start> gatto start < >"])
    let characters = try CharacterTokenizer(texts: ["il <start> gatto < > sr"])
    let pairs = try TokenizerLearner(kind: .bytePairs, size: 270).tokenizer(for: ["il gatto il"])
    for tokenizer in [words, characters, pairs] as [any Tokenizer] {
      #expect(try tokenizer.encode("il <start>").contains(0))
      let plain = tokenizer.readingSpecialsAsText
      #expect(try !plain.encode("< start >").contains(0))
      let ids = try tokenizer.encode("il <start> gatto")
      #expect(try tokenizer.decode(ids, keepingSpecials: true) == "il <start> gatto")
      #expect(try !tokenizer.decode(ids).contains("start"))
    }
    #expect(try !pairs.readingSpecialsAsText.encode("il <start>").contains(0))
  }
}
