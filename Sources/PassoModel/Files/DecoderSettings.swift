// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// The keys of a decoder of Hugging Face whose files are like Llama's, or not far from them.
struct DecoderSettings: FamilySettings {
  private let format: any DecoderFormat
  private(set) var notes: [ConfigNote] = []
  private(set) var special = SpecialTokens()
  private(set) var keys: Set<String> = []
  private var said: DecoderKeys

  init(_ format: some DecoderFormat) {
    (self.format, said) = (format, DecoderKeys(ownNames: format.ownNames))
  }

  var unsupported: ConfigFault? { said.fixed.fault }

  var standardTokens: SpecialTokens { format.standards.tokens }

  mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    keys.insert(key)
    if try special.read(key, &reader) { return }
    if try notes.readDropout(key, &reader) { return }
    if try !said.read(key, &reader) { try reader.skip() }
  }

  func expectSizes() throws(JSONFault) {
    try said.sizes.expect(
      ["vocab_size", "hidden_size"] + format.standards.sizesOfMLP
        + ["num_hidden_layers", "num_attention_heads", "max_position_embeddings"]
    )
  }

  mutating func configuration() throws(ConfigFault) -> ModelConfiguration {
    let (sizes, standards) = (said.sizes, format.standards)
    let (width, heads) = (
      try sizes.size("hidden_size"), try sizes.size("num_attention_heads")
    )
    let keyHeads = try sizes.size("num_key_value_heads", or: standards.keyHeads ?? heads)
    let isShared = sizes.said["head_dim"] == nil && standards.headWidth == nil
    if isShared, !width.isMultiple(of: heads) {
      throw .multiple(key: "hidden_size", of: "num_attention_heads", found: [width, heads])
    }
    guard heads.isMultiple(of: keyHeads) else {
      throw .multiple(
        key: "num_attention_heads",
        of: "num_key_value_heads",
        found: [heads, keyHeads]
      )
    }
    let epsilon = said.numbers[standards.epsilonKey] ?? standards.epsilon
    guard epsilon > 0, epsilon < 1 else { throw .epsilon(epsilon) }
    var model = ModelConfiguration(
      vocabularySize: try sizes.size("vocab_size"),
      contextLength: try sizes.size("max_position_embeddings"),
      width: width,
      layerCount: try sizes.size("num_hidden_layers"),
      headCount: heads,
      mlpWidth: try sizes.size("intermediate_size", or: 4 * width),
      normEpsilon: epsilon,
      isTied: said.isSet["tie_word_embeddings"] ?? standards.isTied
    )
    (model.keyHeadCount, model.norm) = (keyHeads, .rootMeanSquare)
    model.headWidth = try sizes.size("head_dim", or: standards.headWidth ?? width / heads)
    let curve = said.curves[standards.curveKey] ?? standards.curve
    model.activation = .gated(curve)
    model.attentionBias = said.isSet["attention_bias"] ?? false ? .all : .none
    model.family = format.family
    try format.complete(&model, said)
    try check(&model)
    return model
  }

  /// What holds whatever the family is.
  private mutating func check(_ model: inout ModelConfiguration) throws(ConfigFault) {
    if let size = model.window?.size {
      guard size > 0 else {
        throw .size(key: "sliding_window", found: size, limit: model.contextLength)
      }
      // A window that no text leaves is none, unless its blocks rotate by angles of their own.
      let isWide = size >= model.contextLength && model.window?.angles == nil
      let blocks = model.window?.blocks ?? []
      if isWide || !blocks.isEmpty && !blocks.contains(true) { model.window = nil }
    }
    if let scaling = said.scaling { noteScaling(scaling, model) }
    if model.rotatingBlocks.allSatisfy(\.self) { model.rotatingBlocks = [] }
    try ConfigSizes.check(parameterCount: model.estimatedParameterCount)
  }

  /// Says where a kind of angles changes none that the model meets.
  private mutating func noteScaling(_ scaling: RotaryScaling, _ model: ModelConfiguration) {
    guard scaling.type != "default", case .rotary(let angles) = model.positions,
      angles.stretch == .none
    else { return }
    notes.append(.noEffect(key: scaling.key, found: scaling.type))
  }
}

/// What a family takes for granted where its configuration says nothing.
struct DecoderStandards {
  var epsilonKey = "rms_norm_eps"
  var epsilon = 1e-6
  var isTied = false
  var headWidth: Int?
  var keyHeads: Int?
  var curveKey = "hidden_act"
  var curve = ModelConfiguration.Curve.silu
  var ropeBase = 10_000.0
  var tokens = SpecialTokens()

  /// The keys that have to say how wide the MLP is.
  var sizesOfMLP = ["intermediate_size"]
}
