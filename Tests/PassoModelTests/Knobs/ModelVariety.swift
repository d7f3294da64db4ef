// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

@testable import PassoModel

/// Small models in which each pair of values of two knobs comes together, wherever it can.
enum ModelVariety {
  /// What each knob may be; the width is 8, so that no size but a few divides it.
  static let values: [(name: String, words: [String])] = [
    ("layers", ["1", "2"]), ("heads", ["1", "2", "4"]), ("kv-heads", ["all", "1", "2"]),
    ("mlp", ["usual", "none", "5"]), ("norm", ["layer", "rms", "none"]),
    ("positions", ["learned", "sinusoidal", "rotary", "none"]), ("position-scale", ["1.0", "0.5"]),
    ("activation", ["gelu", "relu", "swiglu"]), ("tied", ["on", "off"]), ("biases", ["on", "off"]),
    ("attention-scale", ["head", "width", "none"]), ("dropout", ["0.0", "0.25"]),
    ("init", ["0.3", "zero-head"]),
  ]

  /// A pair of choices: two knobs, and the place of the value of each.
  struct Pair: Hashable {
    let knobs: [Int]
    let places: [Int]

    var words: [String] { zip(knobs, places).map { "\(values[$0].name) \(values[$0].words[$1])" } }
  }

  /// The same 216 models every time.
  static let all: [Preset] = {
    var random = RandomSource(seed: 20)
    var models: [Preset] = []
    while models.count < 216 {
      let words = values.map { $0.words[Int(random.next() % UInt64($0.words.count))] }
      if let preset = preset(words) { models.append(preset) }
    }
    return models
  }()

  static func preset(_ words: [String]) -> Preset? {
    var preset = Preset.new
    for (name, word) in [("width", "8"), ("context", "6")] + zip(values.map(\.name), words) {
      guard let knob = Knob.named(name), preset.take(word, for: knob) else { return nil }
    }
    guard (try? preset.knobs.check()) != nil else { return nil }
    return preset
  }

  /// The pairs of values that a model has.
  static func pairs(of preset: Preset) -> Set<Pair> {
    let places = values.map { value in
      let word = Knob.named(value.name)?.word(preset.knobs) ?? ""
      // With zero-head the deviation is that of new models.
      return value.words.firstIndex(of: word) ?? 0
    }
    var pairs: Set<Pair> = []
    for first in values.indices {
      for second in values.indices where first < second {
        pairs.insert(Pair(knobs: [first, second], places: [places[first], places[second]]))
      }
    }
    return pairs
  }

  static let groups = 12

  /// A part of them.
  static func group(_ index: Int) -> ArraySlice<Preset> {
    let size = all.count / groups
    return all[index * size..<(index + 1) * size]
  }
}
