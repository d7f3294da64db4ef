// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// A family whose files are like Llama's: what a family does not say is as there.
protocol DecoderFormat: ModelFormat {
  var family: ModelFamily { get }

  /// The class of `transformers`.
  var architecture: String { get }

  var standards: DecoderStandards { get }

  /// What the list of blocks and the norm behind them are called in the inner model.
  var blocks: String { get }
  var lastNorm: String { get }

  /// Keys that only this family calls so, each with its usual name.
  var ownNames: [String: String] { get }

  /// What its `config.json` calls a curve.
  func name(of curve: ModelConfiguration.Curve) -> String

  /// Puts what is particular to the family into a model that is like Llama so far.
  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault)

  /// What its `config.json` says of blocks and heads.
  func layerMembers(of model: ModelConfiguration) -> [ConfigMember]

  /// What its `config.json` says besides.
  func ownMembers(of model: ModelConfiguration) -> [ConfigMember]

  /// That of the positions, where they are learned.
  func positionTensors(of model: ModelConfiguration) -> [PackedTensor]

  /// The tensors of a block; what they begin with is given.
  func tensors(ofBlock block: Int, _ theirs: String, _ model: ModelConfiguration) -> [PackedTensor]

  /// Those of attention, and of a gated MLP, where `tensors(ofBlock:_:_:)` is that of Llama.
  func attention(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor]
  func gatedMLP(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor]
}

extension DecoderFormat {
  var modelType: String { family.rawValue }
  var inner: String { "model." }
  var embedding: String { "embed_tokens.weight" }
  var head: String { "lm_head.weight" }
  var blocks: String { "layers" }
  var lastNorm: String { "norm" }
  var settings: any FamilySettings { DecoderSettings(self) }
  var standards: DecoderStandards { DecoderStandards() }
  var ownNames: [String: String] { [:] }

  func name(of curve: ModelConfiguration.Curve) -> String { curve.rawValue }

  func firstTensor(ofBlock block: Int) -> String { "layers.\(block).input_layernorm.weight" }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] { [] }

  func layerMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [
      ("num_hidden_layers", "\(model.layerCount)"),
      ("num_attention_heads", "\(model.headCount)"),
      ("num_key_value_heads", "\(model.keyHeadCount)"),
      ("head_dim", "\(model.headWidth)"),
    ]
  }

  func members(of model: ModelConfiguration) -> [ConfigMember] {
    [
      ("architectures", "[\(JSONText.string(architecture))]"),
      ("model_type", JSONText.string(modelType)),
      ("tie_word_embeddings", "\(model.isTied)"),
      ("vocab_size", "\(model.vocabularySize)"),
      ("max_position_embeddings", "\(model.contextLength)"),
      ("hidden_size", "\(model.width)"),
      ("intermediate_size", "\(model.mlpWidth)"),
    ] + layerMembers(of: model) + [
      (standards.curveKey, JSONText.string(name(of: model.activation.curve))),
      (standards.epsilonKey, "\(model.normEpsilon)"),
      ("attention_dropout", "0.0"),
    ] + ownMembers(of: model)
  }

  func tensors(of model: ModelConfiguration) -> [PackedTensor] {
    [embeddingTensor(of: model)] + positionTensors(of: model) + blockTensors(of: model)
      + headTensors(of: model)
  }

  func positionTensors(of model: ModelConfiguration) -> [PackedTensor] { [] }

  /// Those of the blocks, and of the norm behind them.
  func blockTensors(of model: ModelConfiguration) -> [PackedTensor] {
    (0..<model.layerCount).flatMap { tensors(ofBlock: $0, "\(inner)\(blocks).\($0)", model) }
      + norm("\(inner)\(lastNorm)", model, ValueName.finalNorm)
  }

  func tensors(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    let (before, after) = (model.normPlace != .after, model.normPlace != .before)
    func norm(_ name: String, _ ours: @escaping (NormPart) -> BlockPart) -> [PackedTensor] {
      self.norm("\(theirs).\(name)_layernorm", model) { .block(block, ours($0)) }
    }
    // A norm between the two is behind attention to some families, before the MLP to others.
    return (before ? norm("input") { .firstNorm($0) } : [])
      + attention(ofBlock: block, "\(theirs).self_attn", model)
      + (after ? norm("post_attention") { .firstPostNorm($0) } : [])
      + (before ? norm(after ? "pre_feedforward" : "post_attention") { .secondNorm($0) } : [])
      + gatedMLP(ofBlock: block, "\(theirs).mlp", model)
      + (after ? norm("post_feedforward") { .secondPostNorm($0) } : [])
  }

  /// Queries, keys and values, the gains of the first two, and the output.
  func attention(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    func ours(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    func input(
      _ letter: String,
      _ size: Int,
      _ weight: AttentionPart,
      _ bias: AttentionPart
    )
      -> [PackedTensor]
    {
      linear(
        "\(theirs).\(letter)_proj",
        model.width,
        size,
        ours(weight),
        bias: model.hasInputBias ? ours(bias) : nil
      )
    }
    return input("q", model.queryWidth, .weightQ, .biasQ)
      + input("k", model.keyWidth, .weightK, .biasK)
      + input("v", model.keyWidth, .weightV, .biasV)
      + headNorm("\(theirs).q_norm", model.headCount, ours(.gainQ), model)
      + headNorm("\(theirs).k_norm", model.keyHeadCount, ours(.gainK), model)
      + linear(
        "\(theirs).o_proj",
        model.queryWidth,
        model.width,
        ours(.weightO),
        bias: model.hasOutputBias ? ours(.biasO) : nil
      )
  }

  private func headNorm(
    _ theirs: String,
    _ heads: Int,
    _ gain: ValueName,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    switch model.headNorm {
    case .none: []
    case .each: [PackedTensor("\(theirs).weight", [model.headWidth], [gain])]
    case .all: [PackedTensor("\(theirs).weight", [heads * model.headWidth], [gain])]
    }
  }

  /// Gate, upward and downward projection.
  func gatedMLP(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    func part(
      _ name: String,
      _ inputs: Int,
      _ outputs: Int,
      _ weight: MLPPart,
      _ bias: MLPPart
    )
      -> [PackedTensor]
    {
      linear(
        "\(theirs).\(name)",
        inputs,
        outputs,
        .block(block, .mlp(weight)),
        bias: model.hasGateBiases ? .block(block, .mlp(bias)) : nil
      )
    }
    return part("gate_proj", model.width, model.mlpWidth, .weightGate, .biasGate)
      + part("up_proj", model.width, model.mlpWidth, .weightUp, .biasUp)
      + part("down_proj", model.mlpWidth, model.width, .weightDown, .biasDown)
  }
}

// MARK: - Positions

extension DecoderFormat {
  /// The angles of all blocks, as the configuration asks for them.
  ///
  /// - Parameters:
  ///   - said: The keys of the file.
  ///   - base: Their base where nothing beside a scaling says one; nil for that of `rope_theta`.
  ///   - partial: The part of each head that is rotated where nothing beside a scaling says one;
  ///     nil if all of it has to be.
  ///   - model: The sizes.
  /// - Returns: Angles that can be computed.
  /// - Throws: `ConfigFault` for those that cannot.
  func angles(
    _ said: DecoderKeys,
    base: Double? = nil,
    partial: Double? = nil,
    of model: ModelConfiguration
  ) throws(ConfigFault) -> RotaryAngles {
    var scaling = said.scaling
    if let kind = scaling?.byKind.keys.min() {
      let key = "\(scaling?.key ?? "").\(kind)"
      throw .unsupported(key: key, needed: "null", found: "{...}")
    }
    // What stands beside the scaling counts more than what stands in it.
    if let original = said.sizes.said["original_max_position_embeddings"] {
      scaling?.setOriginal(Double(original))
    }
    return try angles(said, scaling, base: base, partial: partial, of: model)
  }

  /// The angles of some blocks.
  ///
  /// - Parameters:
  ///   - said: The keys of the file.
  ///   - scaling: What scales them, if anything does.
  ///   - base: Their base where that says none.
  ///   - partial: As for all blocks.
  ///   - model: The sizes.
  /// - Returns: Angles that can be computed.
  /// - Throws: `ConfigFault` for those that cannot.
  func angles(
    _ said: DecoderKeys,
    _ scaling: RotaryScaling?,
    base: Double? = nil,
    partial: Double? = nil,
    of model: ModelConfiguration
  ) throws(ConfigFault) -> RotaryAngles {
    let base = scaling?.base ?? base ?? said.numbers["rope_theta"] ?? standards.ropeBase
    guard base > 0, base.isFinite else { throw .ropeBase(base) }
    var angles = RotaryAngles(base: base)
    let share = scaling?.partial ?? partial ?? said.numbers["partial_rotary_factor"] ?? 1
    let key = "partial_rotary_factor"
    guard share == 1 || partial != nil, share > 0, share <= 1 else {
      throw .unsupported(key: key, needed: partial == nil ? "1" : "0 < x ≤ 1", found: "\(share)")
    }
    let rotated = Int(Double(model.headWidth) * share)
    guard rotated >= 2, rotated.isMultiple(of: 2) else {
      throw .multiple(key: share == 1 ? "head_dim" : key, of: "2", found: [rotated, 2])
    }
    if rotated < model.headWidth { angles.width = rotated }
    guard let scaling else { return angles }
    (angles.stretch, angles.magnitude) = try scaling.stretch(context: model.contextLength)
    return angles.simplified(headWidth: model.headWidth)
  }
}

extension RotaryAngles {
  /// The part of a head that is rotated, as a configuration says it.
  func share(of headWidth: Int) -> Double {
    let (rotated, whole) = (Double(rotated(of: headWidth)), Double(headWidth))
    // Readers cut the product to a whole number, which may fall just short of it.
    let isExact = Int(whole * (rotated / whole)) == Int(rotated)
    return (isExact ? rotated : rotated + 0.5) / whole
  }

  /// The same without a stretch that changes no angle, as one by a factor of 1.
  fileprivate func simplified(headWidth: Int) -> RotaryAngles {
    guard magnitude == 1 else { return self }
    var plain = self
    plain.stretch = .none
    let pairs = zip(turns(headWidth), plain.turns(headWidth))
    return pairs.allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) } ? plain : self
  }
}
