// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoModel
import PassoText

/// The sizes and parts of a new model: an option for each `Knob`, but for the context, which is
/// that of the rows.
struct ModelOptions: ParsableArguments {
  @Option(knob: "layers") var layers: String?
  @Option(knob: "heads") var heads: String?
  @Option(knob: "kv-heads") var kvHeads: String?
  @Option(knob: "width") var width: String?
  @Option(knob: "mlp") var mlp: String?
  @Option(knob: "norm") var norm: String?
  @Option(knob: "positions") var positions: String?
  @Option(knob: "position-scale") var positionScale: String?
  @Option(knob: "activation") var activation: String?
  @Option(knob: "attention-scale") var attentionScale: String?
  @Option(knob: "dropout") var dropout: String?
  @Option(knob: "init") var `init`: String?
  @Option(knob: "embedding-init") var embeddingInit: String?

  @Flag(inversion: .prefixedNo, help: Knob.help(of: "tied")) var tied: Bool?
  @Flag(inversion: .prefixedNo, help: Knob.help(of: "biases")) var biases: Bool?

  /// What was chosen: the names of knobs, and words.
  var chosen: [(name: String, word: String)] {
    let words = [
      ("layers", layers), ("heads", heads), ("kv-heads", kvHeads), ("width", width), ("mlp", mlp),
      ("norm", norm), ("positions", positions), ("position-scale", positionScale),
      ("activation", activation), ("attention-scale", attentionScale),
      ("dropout", dropout), ("init", `init`), ("embedding-init", embeddingInit),
      ("tied", tied.map { $0 ? "on" : "off" }), ("biases", biases.map { $0 ? "on" : "off" }),
    ]
    return words.compactMap { name, word in word.map { (name, $0) } }
  }

  /// A preset with what was chosen.
  func changed(_ preset: Preset) -> Preset {
    var preset = preset
    for (name, word) in chosen {
      if let knob = Knob.named(name) { _ = preset.take(word, for: knob) }
    }
    return preset
  }
}

extension Option where Value == String? {
  /// An option that turns a knob.
  fileprivate init(knob name: String) {
    self.init(help: Knob.help(of: name)) { word in
      var knobs = ModelKnobs()
      guard let knob = Knob.named(name), !knob.take(&knobs, word) else { return word }
      throw OptionValueProblem(needed: knob.needs)
    }
  }
}

extension Knob {
  fileprivate static func help(of name: String) -> ArgumentHelp {
    guard let knob = named(name) else { return "" }
    let values = Bilingual(same: knob.values.contains("|") ? ": \(knob.values)" : "")
    return ArgumentHelp(
      it: Self.sentence(knob.summary.it + values.it),
      en: Self.sentence(knob.summary.en + values.en)
    )
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
