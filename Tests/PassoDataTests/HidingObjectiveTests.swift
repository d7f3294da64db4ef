// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoText
import Testing

/// The objectives that hide something: what they must always do, over many texts and seeds.
@Suite struct HidingObjectiveTests {
  private static let words = (0..<200).map { "w\($0)" }

  private static func tokenizer(_ objective: any Objective.Type) throws -> WordTokenizer {
    try WordTokenizer(texts: [words.joined(separator: " ")], specials: objective.specials)
  }

  /// Examples of random texts of every length, with the text that each was made of.
  private static func examples(
    _ type: any Objective.Type,
    count: Int = 400
  ) throws -> [(text: [TokenID], example: Example)] {
    let tokenizer = try tokenizer(type)
    let objective = try type.init(tokenizer)
    var random = Counter()
    let first = TokenID(tokenizer.vocabularySize - words.count)
    return try (0..<count).map { number in
      let text = (0..<2 + number % 90).map { _ in
        TokenID.random(in: first..<TokenID(tokenizer.vocabularySize), using: &random)
      }
      return (text, try objective.example(from: text, using: &random))
    }
  }

  @Test(arguments: Objectives.all.map { $0.name })
  func theSameSeedHidesTheSame(name: String) throws {
    let type = try #require(Objectives.named(name))
    let first = try Self.examples(type, count: 20).map(\.example)
    #expect(try Self.examples(type, count: 20).map(\.example) == first)
  }

  @Test(arguments: Objectives.all.map { $0.name })
  func bothLanguagesExplainIt(name: String) throws {
    let explanation = try #require(Objectives.named(name)).explanation
    #expect(explanation.it != explanation.en)
    #expect(!explanation.it.contains("\n") && !explanation.en.contains("\n"))
  }

  @Test func maskedAsksForWhatStoodThereAndSeesEverything() throws {
    let tokenizer = try Self.tokenizer(MaskedObjective.self)
    let mask = try #require(tokenizer.id(of: .mask))
    var (asked, covered, replaced, kept, all) = (0, 0, 0, 0, 0)
    for (text, example) in try Self.examples(MaskedObjective.self, count: 4_000) {
      #expect(example.prefix == text.count && example.inputs.count == text.count)
      let places = text.indices.filter { example.targets[$0] != ignoredTarget }
      #expect(places.count == max(1, Int((Double(text.count) * 0.15).rounded())))
      for place in text.indices where !places.contains(place) {
        #expect(example.inputs[place] == text[place])
      }
      for place in places {
        #expect(example.targets[place] == text[place])
        #expect(example.inputs[place] >= mask)
        if example.inputs[place] == mask {
          covered += 1
        } else if example.inputs[place] == text[place] {
          kept += 1
        } else {
          replaced += 1
        }
      }
      asked += places.count
      all += text.count
    }
    // Some 27,000 questions: the shares are within one part in a hundred of what they should be.
    #expect(abs(Double(asked) / Double(all) - 0.15) < 0.01)
    #expect(abs(Double(covered) / Double(asked) - 0.8) < 0.01)
    #expect(abs(Double(replaced) / Double(asked) - 0.1) < 0.01)
    #expect(abs(Double(kept) / Double(asked) - 0.1) < 0.01)
  }

  @Test func prefixAsksOnlyForWhatFollowsIt() throws {
    for (text, example) in try Self.examples(PrefixObjective.self) {
      #expect(example.inputs.dropFirst() == text.dropLast())
      #expect(example.prefix >= 2 && example.prefix <= text.count)
      for (place, target) in example.targets.enumerated() {
        #expect(target == (place < example.prefix - 1 ? ignoredTarget : text[place]))
      }
    }
  }

  /// Reads question and answer as a person would, and puts the text together again.
  @Test func spansFillTheGapsAgain() throws {
    let tokenizer = try Self.tokenizer(SpanObjective.self)
    func mark(_ id: TokenID) -> Int? {
      guard case .span(let number)? = tokenizer.token(of: id).flatMap(SpecialToken.init) else {
        return nil
      }
      return number
    }
    var (hidden, gaps, all) = (0, 0, 0)
    for (text, example) in try Self.examples(SpanObjective.self, count: 2_000) {
      let answer = Array(example.inputs[example.prefix...])
      let asked = Array(example.targets[example.prefix...])
      #expect(example.targets[..<example.prefix].allSatisfy { $0 == ignoredTarget })
      // Each answer is the next input; the last one is the mark that ends it.
      #expect(Array(asked.dropLast()) == Array(answer.dropFirst()))
      var runs: [Int: [TokenID]] = [:]
      var open = -1
      for id in answer {
        if let number = mark(id) {
          #expect(number == open + 1)
          open = number
        } else {
          runs[open, default: []].append(id)
        }
      }
      #expect(try mark(#require(asked.last)) == open + 1)
      let filled = example.inputs[..<example.prefix].flatMap { id in
        mark(id).map { runs[$0] ?? [] } ?? [id]
      }
      #expect(filled == text)
      hidden += runs.values.joined().count
      gaps += runs.count
      all += text.count
    }
    #expect(abs(Double(hidden) / Double(all) - 0.15) < 0.01)
    #expect(abs(Double(hidden) / Double(gaps) - 3) < 0.3)
  }

  @Test(arguments: Objectives.all.map { $0.name }, Array(1...9) + [14, 64, 255])
  func aTextOfTheRightLengthFillsARow(name: String, length: Int) throws {
    let type = try #require(Objectives.named(name))
    let objective = try type.init(Self.tokenizer(type))
    guard length >= type.shortestRow else { return }
    var random = Counter()
    for part in [objective, objective.continued] as [any Objective] {
      let count = part.textLength(ofRow: length)
      let example = try part.example(from: Array(repeating: 100, count: count), using: &random)
      #expect(example.inputs.count <= length)
      #expect(example.inputs.count >= length - 3)
      #expect(example.targets.contains { $0 != ignoredTarget })
    }
  }

  @Test func aVocabularyWithoutTheTokensIsRefused() throws {
    let tokenizer = try WordTokenizer(texts: ["a b"])
    #expect(throws: DataProblem.missingToken(.mask, objective: "masked")) {
      try MaskedObjective(tokenizer)
    }
    #expect(throws: DataProblem.missingToken(.span(0), objective: "span")) {
      try SpanObjective(tokenizer)
    }
  }

  @Test(arguments: ["<pad>", "<start>", "<end>", "<unk>", "<mask>", "<span_0>", "<span_12>"])
  func specialTokensAreKnownByTheirSpelling(text: String) {
    #expect(SpecialToken(rawValue: text)?.rawValue == text)
  }

  @Test(arguments: ["", "<", "<span_>", "<span_-1>", "<span_01>", "<span_+1>", "<Pad>", "span_1"])
  func otherSpellingsAreNoSpecialTokens(text: String) {
    #expect(SpecialToken(rawValue: text) == nil)
  }
}

/// A generator that a seed decides: RandomSource64 from 0.
private struct Counter: RandomNumberGenerator {
  private var state: UInt64 = 0

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
