// SPDX-License-Identifier: MIT

import PassoFiles

/// The keys of a GPT-2.
package struct GPT2Settings: FamilySettings {
  /// Names of other families that `transformers` takes too, and rather where both are there.
  private static let names = [
    "hidden_size": "n_embd", "max_position_embeddings": "n_positions",
    "num_attention_heads": "n_head", "num_hidden_layers": "n_layer",
  ]

  package private(set) var notes: [ConfigNote] = []
  package private(set) var special = SpecialTokens()
  package private(set) var keys: Set<String> = []
  package let standardTokens = SpecialTokens(start: 50_256, ends: [50_256])
  private var fixed = FixedSettings()

  /// What was read under a name of other families.
  private var usual: Set<String> = []
  private var modelType: String?
  private var sizes = ConfigSizes()
  private var epsilon = 1e-5
  private var isTied = true
  private var scalesByBlock = false
  private var curve = ModelConfiguration.Curve.geluTanh
  private var scalesByHead = true

  package init() {}

  /// What Passo does not compute; another family says more than any of its settings.
  package var unsupported: ConfigFault? {
    if let modelType, modelType != ModelFamily.gpt2.rawValue { return .family(modelType) }
    // The first block is divided by one.
    if scalesByBlock, sizes.said["n_layer"] != 1 {
      return .unsupported(key: "scale_attn_by_inverse_layer_idx", needed: "false", found: "true")
    }
    return fixed.fault
  }

  package mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    let isUsual = Self.names[key] != nil
    let key = Self.names[key] ?? key
    keys.insert(key)
    if isUsual { usual.insert(key) }
    guard isUsual || !usual.contains(key) else { return try reader.skip() }
    switch key {
    case "model_type": modelType = try reader.string()
    case "vocab_size", "n_positions", "n_embd", "n_layer", "n_head":
      sizes.said[key] = try reader.integer()
    case "n_inner": sizes.said[key] = try reader.null() ? nil : reader.integer()
    case "layer_norm_epsilon": epsilon = try reader.number()
    case "tie_word_embeddings": isTied = try reader.flag() ?? true
    case "activation_function": curve = try fixed.readCurve(key, &reader) ?? curve
    case "scale_attn_weights": scalesByHead = try reader.flag() ?? true
    case "scale_attn_by_inverse_layer_idx": scalesByBlock = try reader.flag() ?? false
    default:
      if try special.read(key, &reader) { return }
      if try notes.readDropout(key, &reader) { return }
      if try !fixed.read(key, &reader) { try reader.skip() }
    }
  }

  package func expectSizes() throws(JSONFault) {
    guard modelType != nil else { throw .missing(path: "model_type") }
    try sizes.expect(["vocab_size", "n_positions", "n_embd", "n_layer", "n_head"])
  }

  package func configuration() throws(ConfigFault) -> ModelConfiguration {
    let (vocabulary, context) = (try sizes.size("vocab_size"), try sizes.size("n_positions"))
    let width = try sizes.size("n_embd")
    let (layers, heads) = (try sizes.size("n_layer"), try sizes.size("n_head"))
    let mlpWidth = try sizes.size("n_inner", or: 4 * width)
    guard width.isMultiple(of: heads) else { throw .heads(width: width, heads: heads) }
    guard epsilon > 0, epsilon < 1 else { throw .epsilon(epsilon) }
    var model = ModelConfiguration(
      vocabularySize: vocabulary,
      contextLength: context,
      width: width,
      layerCount: layers,
      headCount: heads,
      mlpWidth: mlpWidth,
      normEpsilon: epsilon,
      isTied: isTied
    )
    model.activation = .plain(curve)
    if !scalesByHead { model.attentionScale = .none }
    try ConfigSizes.check(parameterCount: model.estimatedParameterCount)
    return model
  }
}
