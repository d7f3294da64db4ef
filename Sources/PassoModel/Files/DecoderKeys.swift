// SPDX-License-Identifier: MIT

import PassoFiles

/// What a `config.json` says under the keys that the families of Hugging Face's decoders share,
/// before anything is believed.
///
/// Each family asks for the keys that it knows; `transformers` too passes over the others.
struct DecoderKeys {
  private static let counts: Set = [
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "max_position_embeddings", "num_key_value_heads", "head_dim", "sliding_window", "window_size",
    "max_window_layers", "no_rope_layer_interval", "sliding_window_pattern",
    "original_max_position_embeddings",
  ]
  private static let reals: Set = [
    "rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "rope_theta", "rotary_emb_base",
    "rope_local_base_freq", "partial_rotary_factor", "rotary_pct", "embedding_multiplier",
    "attention_multiplier", "residual_multiplier", "logits_scaling", "query_pre_attn_scalar",
  ]
  private static let flags: Set = [
    "tie_word_embeddings", "attention_bias", "mlp_bias", "use_sliding_window",
    "use_parallel_residual",
  ]

  /// Names of the family's own for keys of others, which count where both are there.
  private let ownNames: [String: String]

  /// Keys of others that were read under their name.
  private var usual: Set<String> = []

  private(set) var sizes = ConfigSizes()
  private(set) var numbers: [String: Double] = [:]
  private(set) var isSet: [String: Bool] = [:]
  private(set) var curves: [String: ModelConfiguration.Curve] = [:]

  /// What the file calls each of the curves.
  private(set) var curveNames: [String: String] = [:]

  private(set) var layerTypes: [String]?
  private(set) var rotatesLayers: [Int]?
  private(set) var scalings: [String: RotaryScaling] = [:]

  /// The kinds of GPT-Neo's attention, each with how often it comes.
  private(set) var attentionTypes: [(kinds: [String], count: Int)]?

  /// The same block by block, which counts where both are there.
  private(set) var attentionLayers: [String]?

  /// Keys that say null.
  private(set) var nulls: Set<String> = []

  private(set) var fixed = FixedSettings()

  init(ownNames: [String: String]) { self.ownNames = ownNames }

  /// Reads a key, or answers false.
  mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) -> Bool {
    if let other = ownNames[key] {
      guard !usual.contains(other) else {
        try reader.skip()
        return true
      }
      return try readValue(of: other, &reader)
    }
    usual.insert(key)
    return try readValue(of: key, &reader)
  }

  private mutating func readValue(
    of key: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) -> Bool {
    let isKnown =
      Self.counts.contains(key) || Self.reals.contains(key) || Self.flags.contains(key)
    if isKnown, try reader.null() {
      nulls.insert(key)
    } else if Self.counts.contains(key) {
      sizes.said[key] = try reader.integer()
    } else if Self.reals.contains(key) {
      numbers[key] = try reader.number()
    } else if Self.flags.contains(key) {
      isSet[key] = try reader.boolean()
    } else {
      return try readOther(key, &reader)
    }
    return true
  }

  private mutating func readOther(
    _ key: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) -> Bool {
    switch key {
    case "hidden_act", "hidden_activation", "activation_function":
      curveNames[key] = reader.found?.filter { $0 != "\"" }
      curves[key] = try fixed.readCurve(key, &reader)
    case "layer_types": layerTypes = try reader.null() ? nil : reader.strings()
    case "no_rope_layers": rotatesLayers = try reader.null() ? nil : reader.integers()
    case "attention_layers": attentionLayers = try reader.null() ? nil : reader.strings()
    case "attention_types": attentionTypes = try reader.null() ? nil : Self.kinds(&reader)
    case "rope_parameters", "rope_scaling": scalings[key] = try RotaryScaling(key, &reader)
    case "attn_logit_softcapping", "final_logit_softcapping": try fixed.readNull(key, &reader)
    default: return try fixed.read(key, &reader)
    }
    return true
  }

  /// Reads `[[["global", "local"], 12]]`; whatever follows the number is passed over.
  private static func kinds(
    _ reader: inout JSONReader
  ) throws(JSONFault) -> [(kinds: [String], count: Int)] {
    try reader.list { (reader) throws(JSONFault) in
      var found: (kinds: [String], count: Int) = ([], 0)
      try reader.array { (place, reader) throws(JSONFault) in
        switch place {
        case 0: found.kinds = try reader.strings()
        case 1: found.count = try reader.integer()
        default: try reader.skip()
        }
      }
      return found
    }
  }
}

extension DecoderKeys {
  /// What scales the angles, as the newer key says or the older one.
  var scaling: RotaryScaling? { scalings["rope_scaling"] ?? scalings["rope_parameters"] }

  /// A factor that is neither 0 nor so far from 1 that numbers are lost.
  func factor(_ key: String, or standard: Double = 1) throws(ConfigFault) -> Double {
    let value = numbers[key] ?? standard
    guard (1e-9...1e9).contains(abs(value)) else {
      throw .unsupported(key: key, needed: "1e-9 ≤ |x| ≤ 1e9", found: "\(value)")
    }
    return value
  }

  /// Which blocks have a window, as `layer_types` says; nil if it says nothing.
  func windowedLayers(_ layers: Int) throws(ConfigFault) -> [Bool]? {
    guard let layerTypes else { return nil }
    guard layerTypes.count == layers else {
      throw .entries(key: "layer_types", needed: layers, found: layerTypes.count)
    }
    let known = ["full_attention", "sliding_attention"]
    if let other = layerTypes.first(where: { !known.contains($0) }) {
      let needed = known.joined(separator: "|")
      throw .unsupported(key: "layer_types", needed: needed, found: other)
    }
    return layerTypes.map { $0 == "sliding_attention" }
  }
}
