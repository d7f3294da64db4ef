// SPDX-License-Identifier: MIT
import PassoData
import PassoRuntime
import PassoText
import Testing

/// What everyone has learned so far stays what it was, to the last bit.
@Suite struct Gatto1Tests {
  private let language = ToyLanguage.gatto1

  /// FNV-1a of 64 bits.
  private func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Computed before the rules became a file.
  @Test func statesAndIdsAreTheSame() {
    var text = language.tokenizer.tokens.joined(separator: " ") + "\n"
    for (state, ways) in language.automaton.states.enumerated() {
      for way in ways {
        text += "\(state) \(way.token) \(way.probability.bitPattern) \(way.next)\n"
      }
    }
    #expect(fingerprint(text) == 10_941_713_463_650_076_811)
    let oracle = Oracle(language)
    #expect(oracle.entropyPerSentence.bitPattern == 4_622_209_177_932_395_458)
    #expect(oracle.expectedLength.bitPattern == 4_619_992_344_990_119_364)
    #expect(oracle.rowLength == 14 && oracle.shortest == 4 && !oracle.isCut)
  }

  @Test func theSameSentencesAreDrawn() {
    var random = RandomSource(seed: 1)
    let drawn = (0..<100).map { _ in
      language.sentence(using: &random).map(\.description).joined(separator: " ") + "\n"
    }
    #expect(fingerprint(drawn.joined()) == 13_696_804_193_340_687_160)
  }

  @Test func classesAndQuestionsAreTheSame() {
    let classes = language.classes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    #expect(classes.count == 28)
    #expect(fingerprint(classes.joined(separator: "\n")) == 4_900_206_868_013_726_589)
    let questions = language.questions.map {
      "\($0.prefix)|\($0.right)|\($0.wrong)|\($0.tests.it)|\($0.tests.en)"
    }
    #expect(fingerprint(questions.joined(separator: "\n")) == 9_800_989_259_090_319_311)
    let summary = language.summary.it + language.summary.en
    #expect(fingerprint(summary) == 6_283_767_027_968_313_315)
    #expect(language.example == "Il gatto dorme sul divano" && language.origin == nil)
  }
}
