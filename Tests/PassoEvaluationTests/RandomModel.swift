// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import Testing

/// A small model of nine tokens that has learned nothing: its weights are drawn.
///
/// - Parameters:
///   - words: What is chosen of it, as after `:model new`.
///   - seed: Of its weights.
///   - precision: Of its numbers.
/// - Returns: The model.
/// - Throws: What a word that is none throws, or weights for which there is no memory.
func randomModel(
  _ words: [(String, String)] = [],
  seed: UInt64,
  _ precision: Precision = .f64
) throws -> Model {
  var preset = Preset.new
  for (name, word) in words {
    let knob = try #require(Knob.named(name))
    let isTaken = preset.take(word, for: knob)
    #expect(isTaken)
  }
  let configuration = preset.configuration(vocabularySize: 9)
  var random = RandomSource(seed: seed)
  var parameters: Parameters = [:]
  for spec in configuration.parameterSpecs {
    let numbers = (0..<spec.shape.count).map { _ in 0.5 * random.normal() }
    parameters[spec.name] = Tensor(spec.shape, numbers)
  }
  return Model(configuration, parameters, precision: precision)
}
