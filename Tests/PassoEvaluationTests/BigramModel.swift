// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel

/// The best bigram of gatto-1, written by hand into the weights of a transformer without blocks: a
/// model of which every figure can be known without running it.
struct BigramModel {
  /// Probabilities of the next token, by token.
  let table: [TokenID: [TokenID: Double]]

  static let language = ToyLanguage.gatto1

  init() {
    let language = Self.language
    var joint: [TokenID: [TokenID: Double]] = [:]
    func walk(_ state: Int, _ last: TokenID, _ mass: Double) {
      // The least probable sentences would double the time and change the sixth digit.
      guard mass > 1e-7 else { return }
      for way in language.automaton.states[state] {
        joint[last, default: [:]][way.token, default: 0] += mass * way.probability
        walk(way.next, way.token, mass * way.probability)
      }
    }
    walk(0, language.id(of: .start), 1)
    table = joint.mapValues { shares in
      let sum = shares.values.reduce(0, +)
      return shares.mapValues { $0 / sum }
    }
  }

  func probability(of next: TokenID, after last: TokenID) -> Double { table[last]?[next] ?? 0 }

  /// One component for each token, and one that no token has, which makes the sum of every column
  /// of the unembedding 0: then the mean that the last norm takes away does not matter.
  var configuration: ModelConfiguration {
    let size = Self.language.tokenizer.vocabularySize
    return ModelConfiguration(
      vocabularySize: size,
      contextLength: 14,
      width: size + 1,
      layerCount: 0,
      headCount: 1
    )
  }

  var parameters: Parameters {
    get throws { try logarithms() }
  }

  private func logarithms() throws -> Parameters {
    let model = configuration
    let (size, width) = (model.vocabularySize, model.width)
    let mean = 1 / Double(width)
    let deviation = (mean - mean * mean + model.normEpsilon).squareRoot()
    var embedding = Array(repeating: 0.0, count: size * width)
    var unembedding = Array(repeating: 0.0, count: width * size)
    for token in 0..<size {
      embedding[token * width + token] = 1
      for next in 0..<size {
        let known = table[TokenID(token)]
        let logit = known.map { max(log($0[TokenID(next)] ?? 0), -20) } ?? 0
        unembedding[token * size + next] = deviation * logit
        unembedding[size * size + next] -= deviation * logit
      }
    }
    var parameters = try model.initialParameters(seed: 1, standardDeviation: 0)
    for (part, numbers) in [(ModelPart.embedding, embedding), (.unembedding, unembedding)] {
      parameters[.model(part)] = parameters[.model(part)].map { Tensor($0.shape, numbers) }
    }
    return parameters
  }

  func examiner(seed: UInt64 = 4) throws -> LanguageExaminer {
    try LanguageExaminer(
      Model(configuration, parameters, precision: .f32),
      Self.language,
      seed: seed
    )
  }
}
