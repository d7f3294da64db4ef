// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Figures of a model that is known without running it, each computed here from its table.
struct LanguageEvaluationTests {
  private static let model = BigramModel()
  private static let count = 320

  private static let found = Result {
    let examiner = try model.examiner()
    return try examiner.examine(sentences: count)
  }

  private var model: BigramModel { Self.model }
  private let language = BigramModel.language
  private let oracle = Oracle(.gatto1)

  private func evaluation() throws -> LanguageEvaluation {
    try #require(try Self.found.get())
  }

  /// The sentences that are drawn for seed 4.
  private var sentences: [[TokenID]] {
    let source = LanguageBatches(examining: language, rows: 32, seed: 4)
    return (0..<Self.count / 32).flatMap { round in
      let targets = source.batch(round).targets
      return stride(from: 0, to: targets.count, by: 14).map { start in
        targets[start..<start + 14].filter { $0 != ignoredTarget }
      }
    }
  }

  /// What each token of a sentence costs the bigram.
  private func losses(_ sentence: [TokenID]) -> [Double] {
    zip([language.id(of: .start)] + sentence, sentence).map {
      -log(model.probability(of: $1, after: $0))
    }
  }

  @Test func theLossIsThatOfTheTable() throws {
    let found = try evaluation()
    let losses = sentences.map(losses)
    let all = losses.joined()
    #expect(found.sentences == Self.count)
    #expect(found.tokens == all.count)
    #expect(abs(found.loss - all.reduce(0, +) / Double(all.count)) < 1e-4)
    // And that is, up to chance, what the grammar says of the best bigram.
    #expect(abs(found.loss - 1.773974) < 5 * found.standardError)
    #expect(found.floor == oracle.floor)
  }

  /// The error by leaving out one sentence at a time.
  @Test func theErrorIsThatOfTheJackknife() throws {
    let losses = sentences.map(losses)
    let (sum, count) = (losses.joined().reduce(0, +), losses.joined().count)
    let without = losses.map { (sum - $0.reduce(0, +)) / Double(count - $0.count) }
    let mean = without.reduce(0, +) / Double(without.count)
    let squares = without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares * Double(without.count - 1) / Double(without.count)).squareRoot()
    #expect(abs(try evaluation().standardError / error - 1) < 0.02)
  }

  /// From the sentences by the oracle, prefix by prefix.
  @Test func theDivergenceIsExactAtEveryPrefix() throws {
    var (sum, count) = (0.0, 0.0)
    for sentence in sentences {
      for place in sentence.indices {
        let last = place == 0 ? language.id(of: .start) : sentence[place - 1]
        for (token, p) in try oracle.distribution(after: Array(sentence[..<place])) {
          sum += p * log(p / model.probability(of: token, after: last))
        }
        count += 1
      }
    }
    let found = try evaluation().divergence
    #expect(abs(found - sum / count) < 1e-4)
    #expect(abs(found - (1.773974 - 1.449392)) < 0.03)
  }

  /// Told from the words as they are written.
  @Test func theVerbsAreCounted() throws {
    let singular = Set(["dorme", "riposa", "corre", "guarda", "insegue", "è"])
    let plural = Set(["dormono", "riposano", "corrono", "guardano", "inseguono", "sono"])
    let manyNouns = Set(
      ["gatti", "bambini", "cani", "topi", "gatte", "bambine", "volpi", "galline"]
    )
    let oneNouns = Set(["gatto", "bambino", "cane", "topo", "gatta", "bambina", "volpe", "gallina"])
    func mass(_ verbs: Set<String>, after last: TokenID) -> Double {
      verbs.reduce(0) { sum, verb in
        sum
          + (language.tokenizer.vocabulary.id(of: verb).map {
            model.probability(of: $0, after: last)
          } ?? 0)
      }
    }
    var (asked, right, preferred, hard, hardRight) = (0, 0, 0, 0, 0)
    for sentence in sentences {
      let words = sentence.compactMap { language.tokenizer.token(of: $0) }
      for (place, word) in words.enumerated() where singular.union(plural).contains(word) {
        let (one, many) = (
          mass(singular, after: sentence[place - 1]), mass(plural, after: sentence[place - 1])
        )
        let (good, bad) = singular.contains(word) ? (one, many) : (many, one)
        let isRight = good > 10 * bad
        let noun = try #require(words[..<place].last { manyNouns.union(oneNouns).contains($0) })
        asked += 1
        preferred += good > bad ? 1 : 0
        right += isRight ? 1 : 0
        guard manyNouns.contains(noun) != plural.contains(word) else { continue }
        hard += 1
        hardRight += isRight ? 1 : 0
      }
    }
    let found = try evaluation()
    #expect(found.verbs.asked == asked && found.verbs.right == right)
    #expect(found.verbs.preferred == preferred && preferred >= right)
    #expect(found.attractors.asked == hard && found.attractors.right == hardRight)
    #expect(hard > 20)
    // The nearest noun is all that a bigram has, at most.
    #expect(found.attractors.preferredShare < 0.3 && found.verbs.preferredShare > 0.6)
    let parts = found.verbsByAttractors
    #expect(parts.values.reduce(0) { $0 + $1.asked } == asked)
    #expect(parts.filter { $0.key > 0 }.values.reduce(0) { $0 + $1.asked } == hard)
    #expect(parts.keys.max() ?? 0 <= 3)
  }

  @Test func theQuestionsAreAnsweredFromTheTable() throws {
    let answers = try evaluation().answers
    #expect(answers.count == 5)
    for answer in answers {
      let last = try #require(oracle.tokens(of: answer.question.prefix).last)
      func mass(_ words: [String]) -> Double {
        words.compactMap { language.tokenizer.vocabulary.id(of: $0) }
          .reduce(0) { $0 + model.probability(of: $1, after: last) }
      }
      #expect(abs(answer.right - mass(answer.question.right)) < 1e-4)
      #expect(abs(answer.wrong - mass(answer.question.wrong)) < 1e-4)
    }
  }

  @Test func aMeasurementCanBeStopped() throws {
    let examiner = try model.examiner()
    #expect(try examiner.examine(sentences: 64, unless: { true }) == nil)
    #expect(try examiner.generate(sentences: 4, seed: 1, unless: { true }) == nil)
  }

  @Test func aModelWithoutRoomIsRefused() {
    var short = model.configuration
    short.contextLength = 8
    #expect(
      throws: EvaluationProblem.contextTooShort(8, needed: 14, language: "gatto-1")
    ) {
      try LanguageExaminer(Model(short, Parameters(), precision: .f32), language, seed: 1)
    }
    var small = model.configuration
    small.vocabularySize = 11
    let problem = EvaluationProblem.vocabularyTooSmall(11, needed: 70, language: "gatto-1")
    #expect(throws: problem) {
      try LanguageExaminer(Model(small, Parameters(), precision: .f32), language, seed: 1)
    }
    #expect(problem.message.en == "the model needs to know the 70 tokens of gatto-1, it knows 11")
    #expect(problem.message.it != problem.message.en)
  }
}

/// What a model says when it is left to itself.
struct GeneratedSampleTests {
  private let model = BigramModel()
  private let language = BigramModel.language

  /// How probable it is that the bigram makes a sentence of the language, through all its states.
  private var grammaticalShare: Double {
    var layer: [[Int]: Double] = [[0, Int(language.id(of: .start))]: 1]
    var share = 0.0
    while !layer.isEmpty {
      var next: [[Int]: Double] = [:]
      for (place, mass) in layer {
        for way in language.automaton.states[place[0]] {
          let reached = mass * model.probability(of: way.token, after: TokenID(place[1]))
          guard !language.automaton.states[way.next].isEmpty else {
            share += reached
            continue
          }
          next[[way.next, Int(way.token)], default: 0] += reached
        }
      }
      layer = next
    }
    return share
  }

  @Test func asManyGrammaticalSentencesAsTheTableSays() throws {
    let examiner = try model.examiner()
    let count = 320
    let sample = try #require(try examiner.generate(sentences: count, seed: 8))
    #expect(sample.sentences.count == count)
    let wanted = grammaticalShare
    #expect(wanted > 0.1 && wanted < 0.9)
    let error = (wanted * (1 - wanted) / Double(count)).squareRoot()
    #expect(abs(sample.grammaticalShare - wanted) < 4 * error)
    #expect(sample.distinctCount > count / 2)
    let again = try examiner.generate(sentences: count, seed: 8)
    #expect(again == sample)
  }

  @Test func withoutTemperatureThereIsOneSentence() throws {
    let examiner = try model.examiner()
    let sample = try #require(
      try examiner.generate(sentences: 5, SamplingSettings(temperature: 0), seed: 1)
    )
    #expect(sample.distinctCount == 1)
    var (words, last) = ([TokenID](), language.id(of: .start))
    while last != language.id(of: .end), words.count < 14 {
      let next = model.table[last]?.max { ($0.value, $1.key) < ($1.value, $0.key) }
      last = try #require(next).key
      words.append(last)
    }
    #expect(sample.sentences[0] == words)
  }
}

/// When a loss is too good to be honest.
struct LeakWarningTests {
  @Test(
    arguments: [
      (1.45, 0.01, false), (1.43, 0.01, false), (1.41, 0.01, false), (1.40, 0.01, true),
      (1.44, 0.001, false), (1.4385, 0.001, true), (0.5, 0.3, false), (0.02, 0.004, true),
      (.nan, 0.01, false), (-.infinity, 0.01, false),
    ]
  )
  func fourErrorsAndAHundredthBelow(loss: Double, error: Double, warns: Bool) {
    let warning = LeakWarning(loss: loss, standardError: error, floor: 1.449392)
    #expect((warning != nil) == warns)
    guard let message = warning?.message else { return }
    #expect(message.it.contains("le sue risposte") && message.en.contains("its answers"))
    #expect(message.en.contains("1.449"))
  }

  /// Batches of a trained model scatter around the floor: one below it proves nothing.
  @Test func lossesOfBatches() {
    let honest = [1.43, 1.47, 1.40, 1.50, 1.44, 1.46, 1.42, 1.45]
    #expect(LeakWarning(batchLosses: honest, floor: 1.449392) == nil)
    #expect(LeakWarning(batchLosses: honest.map { $0 - 0.3 }, floor: 1.449392) != nil)
    #expect(LeakWarning(batchLosses: [0.1, 0.1, 0.1, 0.1], floor: 1.449392) == nil)
  }
}

extension LanguageEvaluation.Score {
  /// How often the right answer was more probable than the wrong one, from 0 to 1.
  var preferredShare: Double { Double(preferred) / Double(asked) }
}
