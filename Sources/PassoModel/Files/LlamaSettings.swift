// SPDX-License-Identifier: MIT

import PassoFiles

/// The keys of a model of the Llama family, Qwen2 and Mistral included.
package struct LlamaSettings: FamilySettings {
  /// The families that share this program.
  package static let families: Set = [ModelFamily.llama, .qwen2, .mistral]

  private static let required = [
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "max_position_embeddings",
  ]

  package private(set) var notes: [ConfigNote] = []
  package private(set) var special = SpecialTokens()
  package private(set) var keys: Set<String> = []
  private var fixed = FixedSettings()
  private var sizes = ConfigSizes()
  private var modelType = "llama"
  private var epsilon = 1e-6
  private var ropeBase: Double?
  private var scalings: [String: RotaryScaling] = [:]
  private var window = SlidingWindow()
  private var isTied = false
  private var hasAttentionBias = false
  private var hasMLPBias = false

  package init() {}

  package var unsupported: ConfigFault? {
    // Only Llama itself asks for these biases; the others never have them.
    if modelType == "llama", hasMLPBias {
      return .unsupported(key: "mlp_bias", needed: "false", found: "true")
    }
    return fixed.fault
  }

  package var standardTokens: SpecialTokens {
    modelType == "qwen2" ? SpecialTokens() : SpecialTokens(start: 1, ends: [2])
  }

  package mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    keys.insert(key)
    switch key {
    case "model_type": modelType = try reader.string()
    case "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
      "num_attention_heads", "max_position_embeddings":
      sizes.said[key] = try reader.integer()
    case "num_key_value_heads", "head_dim":
      sizes.said[key] = try reader.null() ? nil : reader.integer()
    case "rms_norm_eps": epsilon = try reader.number()
    case "rope_theta": ropeBase = try reader.null() ? nil : reader.number()
    case "rope_parameters", "rope_scaling": scalings[key] = try RotaryScaling(key, &reader)
    case "tie_word_embeddings": isTied = try reader.flag() ?? false
    case "attention_bias": hasAttentionBias = try reader.flag() ?? false
    case "mlp_bias": hasMLPBias = try reader.flag() ?? false
    case "hidden_act": try fixed.read(key, among: ["silu", "swish"], &reader)
    case "partial_rotary_factor": try fixed.readOne(key, &reader)
    default:
      if try special.read(key, &reader) { return }
      if try window.read(key, &reader) { return }
      if try notes.readDropout(key, &reader) { return }
      if try !fixed.read(key, &reader) { try reader.skip() }
    }
  }

  package func expectSizes() throws(JSONFault) { try sizes.expect(Self.required) }

  package mutating func configuration() throws(ConfigFault) -> ModelConfiguration {
    let (width, heads) = (try sizes.size("hidden_size"), try sizes.size("num_attention_heads"))
    let keyHeads = try sizes.size("num_key_value_heads", or: heads)
    if sizes.said["head_dim"] == nil, !width.isMultiple(of: heads) {
      throw .multiple(key: "hidden_size", of: "num_attention_heads", found: [width, heads])
    }
    guard heads.isMultiple(of: keyHeads) else {
      throw .multiple(
        key: "num_attention_heads",
        of: "num_key_value_heads",
        found: [heads, keyHeads]
      )
    }
    let headWidth = try sizes.size("head_dim", or: width / heads)
    guard headWidth.isMultiple(of: 2) else {
      throw .multiple(key: "head_dim", of: "2", found: [headWidth, 2])
    }
    guard epsilon > 0, epsilon < 1 else { throw .epsilon(epsilon) }
    let base = try rotaryBase(headWidth: headWidth)
    var model = ModelConfiguration(
      vocabularySize: try sizes.size("vocab_size"),
      contextLength: try reach(),
      width: width,
      layerCount: try sizes.size("num_hidden_layers"),
      headCount: heads,
      mlpWidth: try sizes.size("intermediate_size"),
      normEpsilon: epsilon,
      isTied: isTied
    )
    model.keyHeadCount = keyHeads
    model.headWidth = headWidth
    model.positions = .rotary(base: base)
    model.norm = .rootMeanSquare
    model.activation = .swiGLU
    model.attentionBias =
      switch modelType {
      case "qwen2": .input
      case "llama" where hasAttentionBias: .all
      default: .none
      }
    try ConfigSizes.check(parameterCount: model.estimatedParameterCount)
    return model
  }

  /// The base of the rotary embedding; what stretches it must change nothing here.
  private mutating func rotaryBase(headWidth: Int) throws(ConfigFault) -> Double {
    let context = try sizes.size("max_position_embeddings")
    let scaling = scalings["rope_scaling"] ?? scalings["rope_parameters"]
    let base = scaling?.base ?? ropeBase ?? 10_000
    guard base > 0, base.isFinite else { throw .ropeBase(base) }
    guard let scaling else { return base }
    let fault = scaling.fault(headWidth: headWidth, contextLength: context, base: base)
    if let fault { throw fault }
    if scaling.type != "default" { notes.append(.noEffect(key: scaling.key, found: scaling.type)) }
    return base
  }

  /// The longest context: as far as positions go, or a window that all layers have.
  private mutating func reach() throws(ConfigFault) -> Int {
    let context = try sizes.size("max_position_embeddings")
    let layers = try sizes.size("num_hidden_layers")
    guard let reach = window.reach(of: modelType, layers: layers), reach < context else {
      return context
    }
    guard reach > 0 else { throw .size(key: "sliding_window", found: reach, limit: context) }
    notes.append(.window(reach, context: context))
    return reach
  }
}
