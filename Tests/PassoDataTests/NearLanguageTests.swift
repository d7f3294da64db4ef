// SPDX-License-Identifier: MIT
import PassoData
import PassoRuntime
import Testing

/// The languages that a model may be near to, and the beginnings on which that is measured.
@Suite struct NearLanguageTests {
  private static let language = Result {
    try ToyLanguage(
      name: "mini",
      rules: """
        <sentence> = 0.5 a <x> b | 0.3 b <x> <x> | 0.2 c a
        <x> = 0.7 a | 0.3 c b
        """
    )
  }

  @Test func fewBeginningsAreAllThere() throws {
    let language = try Self.language.get()
    let found = LikelyPrefixes(of: language)
    #expect(found.isComplete && found.coverage == 1)
    var wanted: [[TokenID]: Double] = [:]
    let length = Oracle(language).expectedLength
    for sentence in writtenSentences(of: language) {
      for count in sentence.ids.indices {
        wanted[Array(sentence.ids[..<count]), default: 0] += sentence.probability / length
      }
    }
    #expect(found.prefixes.count == wanted.count)
    for prefix in found.prefixes {
      #expect(abs(prefix.weight - (wanted[prefix.words] ?? 0)) < 1e-12)
      #expect(language.automaton.state(after: prefix.words).state == prefix.state)
    }
  }

  @Test func ofManyEachStateHasSome() throws {
    let language = ToyLanguage.gatto1
    let found = LikelyPrefixes(of: language)
    #expect(!found.isComplete && abs(found.coverage - 1) < 1e-12)
    #expect(found.prefixes.count <= LikelyPrefixes.most && found.prefixes.count > 400)
    #expect(abs(found.prefixes.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    // Each begins with another one that is there, and each state weighs what it weighs.
    let words = Set(found.prefixes.map(\.words))
    #expect(found.prefixes.allSatisfy { $0.words.isEmpty || words.contains($0.words.dropLast()) })
    let first = try #require(found.prefixes.first { $0.words.isEmpty })
    #expect(abs(first.weight - 1 / Oracle(language).expectedLength) < 1e-12)
    let again = LikelyPrefixes(of: language)
    #expect(again.prefixes.map(\.words) == found.prefixes.map(\.words))
    // The entropy over these beginnings is that of the language: only the state counts for it.
    let entropy = found.prefixes.reduce(0) { sum, prefix in
      sum + prefix.weight * Oracle(language).entropy(ofState: prefix.state)
    }
    #expect(abs(entropy - Oracle(language).floor) < 1e-12)
  }

  @Test func theLastWordsSayWhatTheySay() throws {
    let language = try Self.language.get()
    let prefixes = LikelyPrefixes(of: language).prefixes
    let all = try NearLanguage.all(near: language, after: prefixes, vocabularySize: 10)
    #expect(all.map(\.kind).prefix(3) == [.uniform, .grams(1), .grams(2)])
    #expect(all.last?.kind == .grammar)
    for (kind, expected) in all {
      guard case .grams(let order) = kind else { continue }
      for (prefix, distribution) in zip(prefixes, expected) {
        let context = ([-1] + prefix.words).suffix(order - 1)
        var counts: [TokenID: Double] = [:]
        for sentence in writtenSentences(of: language) {
          let row = [-1] + sentence.ids
          for place in sentence.ids.indices where row[...place].suffix(order - 1) == context {
            counts[sentence.ids[place], default: 0] += sentence.probability
          }
        }
        let sum = counts.values.reduce(0, +)
        #expect(distribution.count == counts.count)
        for entry in distribution {
          #expect(abs(entry.probability - (counts[entry.token] ?? 0) / sum) < 1e-12, "\(order)")
        }
      }
    }
  }

  @Test func aLanguageOfPairsIsItsBigrams() throws {
    let language = try ToyLanguage(name: "pairs", rules: "<sentence> = a b | c d")
    let prefixes = LikelyPrefixes(of: language).prefixes
    let all = try NearLanguage.all(near: language, after: prefixes, vocabularySize: 10)
    #expect(all.map(\.kind) == [.uniform, .grams(1), .grammar])
  }
}
