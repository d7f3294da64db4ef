// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// Gemma: Llama with GELU in its gates, an embedding times the root of the width, and norms whose
/// files hold what the gain is more than 1.
///
/// Source: Gemma Team 2024, arXiv:2403.08295, section 2; `transformers`, `modeling_gemma.py`,
/// version 5.
struct GemmaFormat: DecoderFormat {
  let family = ModelFamily.gemma
  let architecture = "GemmaForCausalLM"

  var standards: DecoderStandards {
    var standards = DecoderStandards.gemma
    (standards.keyHeads, standards.curveKey) = (16, "hidden_act")
    return standards
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.embeddingFactor = Double(model.width).squareRoot()
    // What the first files call gelu was meant to be its tanh form, and no other name of it.
    if said.curveNames[standards.curveKey] == ModelConfiguration.Curve.gelu.rawValue {
      model.activation = .gated(.geluTanh)
    }
  }

  func name(of curve: ModelConfiguration.Curve) -> String {
    curve == .gelu ? "gelu_python" : curve.rawValue
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [("attention_bias", "\(model.attentionBias == .all)")] + rotaryMembers(of: model)
  }

  func tensors(of model: ModelConfiguration) -> [PackedTensor] { gemmaTensors(of: model) }
}

/// Gemma 2: Gemma with norms before and after, and a window in every other block; its soft caps are
/// not computed.
///
/// Source: Gemma Team 2024, arXiv:2408.00118, section 2; `transformers`, `modeling_gemma2.py`,
/// version 5.
struct Gemma2Format: DecoderFormat {
  let family = ModelFamily.gemma2
  let architecture = "Gemma2ForCausalLM"

  var standards: DecoderStandards { .gemma }

  var settings: any FamilySettings { Gemma2Settings(DecoderSettings(self)) }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    try completeGemma(&model, said, pattern: 2)
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [("attn_logit_softcapping", "null"), ("final_logit_softcapping", "null")]
      + windowMembers(of: model) + rotaryMembers(of: model)
  }

  func tensors(of model: ModelConfiguration) -> [PackedTensor] { gemmaTensors(of: model) }
}

/// Gemma 3, the part that reads text: Gemma 2 that normalises queries and keys in place of its soft
/// caps, and rotates by angles of their own in the blocks with a window.
///
/// Source: Gemma Team 2025, arXiv:2503.19786, section 2; `transformers`, `modeling_gemma3.py`,
/// version 5.
struct Gemma3Format: DecoderFormat {
  let family = ModelFamily.gemma3
  let architecture = "Gemma3ForCausalLM"

  var standards: DecoderStandards {
    var standards = DecoderStandards.gemma
    standards.ropeBase = 1_000_000
    return standards
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.headNorm = .each
    let pattern = try said.sizes.size("sliding_window_pattern", or: 6)
    try completeGemma(&model, said, pattern: pattern)
    let parameters = said.scalings["rope_parameters"]
    var (full, near) = (
      parameters?.byKind["full_attention"], parameters?.byKind["sliding_attention"]
    )
    // An older key adds to what is said of blocks without a window; where nothing is, they have a
    // `rope_type`, beside which `type` is not looked at.
    if let older = said.scalings["rope_scaling"] {
      if parameters != nil, full == nil {
        throw .unsupported(key: "rope_parameters.full_attention", needed: "{...}", found: "null")
      }
      full = older.over(full ?? RotaryScaling(older.key, type: RotaryScaling.plain))
    }
    full?.isRounded = parameters?.isRounded ?? true
    near?.isRounded = parameters?.isRounded ?? true
    model.positions = .rotary(try angles(said, full, of: model))
    let local = said.numbers["rope_local_base_freq"] ?? 10_000
    let windowed = try angles(said, near, base: local, of: model)
    model.window?.angles = windowed
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    guard case .rotary(let angles) = model.positions else { return [] }
    let local = (model.window?.angles ?? RotaryAngles(base: 10_000)).json
    let rotary = #"{"full_attention": \#(angles.json), "sliding_attention": \#(local)}"#
    return [("attn_logit_softcapping", "null"), ("final_logit_softcapping", "null")]
      + windowMembers(of: model) + [("rope_parameters", rotary)]
  }

  func tensors(of model: ModelConfiguration) -> [PackedTensor] { gemmaTensors(of: model) }
}

extension DecoderStandards {
  fileprivate static let gemma = DecoderStandards(
    isTied: true,
    headWidth: 256,
    keyHeads: 4,
    curveKey: "hidden_activation",
    curve: .geluTanh,
    tokens: SpecialTokens(start: 2, ends: [1])
  )
}

extension DecoderFormat {
  /// What Gemma 2 and 3 have in common.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - said: The keys of the file.
  ///   - pattern: The last of so many blocks has no window.
  /// - Throws: `ConfigFault` for numbers that make no sense.
  fileprivate func completeGemma(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys,
    pattern: Int
  ) throws(ConfigFault) {
    model.embeddingFactor = Double(model.width).squareRoot()
    model.normPlace = .around
    let scalar = try said.factor("query_pre_attn_scalar", or: 256)
    guard scalar > 0 else {
      throw .unsupported(key: "query_pre_attn_scalar", needed: "> 0", found: "\(scalar)")
    }
    model.attentionMultiplier = 1 / scalar.squareRoot()
    guard !said.nulls.contains("sliding_window") else { return }
    let blocks =
      try said.windowedLayers(model.layerCount)
      ?? (1...model.layerCount).map { !$0.isMultiple(of: pattern) }
    model.window = AttentionWindow(
      size: said.sizes.said["sliding_window"] ?? 4_096,
      blocks: blocks
    )
  }

  fileprivate func windowMembers(of model: ModelConfiguration) -> [ConfigMember] {
    // A whole number in every file; the root and back leave a little dust.
    let scalar = (1 / (model.attentionFactor * model.attentionFactor)).rounded()
    return [
      ("attention_bias", "\(model.attentionBias == .all)"),
      ("query_pre_attn_scalar", Int(exactly: scalar).map { "\($0)" } ?? "\(scalar)"),
      ("sliding_window", "\(model.window?.size ?? model.contextLength)"),
      ("layer_types", layerTypes(of: model)),
    ]
  }

  /// Those of the blocks, the last norm and the rest; all gains in the file are less by 1.
  fileprivate func gemmaTensors(of model: ModelConfiguration) -> [PackedTensor] {
    [embeddingTensor(of: model)]
      + blockTensors(of: model).map { $0.name.hasSuffix("norm.weight") ? $0.adding(1) : $0 }
      + headTensors(of: model)
  }
}

/// The keys of a Gemma 2: where they say nothing of the soft caps, there are some.
private struct Gemma2Settings: FamilySettings {
  private var common: DecoderSettings

  init(_ common: DecoderSettings) { self.common = common }

  var notes: [ConfigNote] { common.notes }
  var special: SpecialTokens { common.special }
  var keys: Set<String> { common.keys }
  var standardTokens: SpecialTokens { common.standardTokens }

  var unsupported: ConfigFault? {
    for (key, cap) in [("attn_logit_softcapping", "50.0"), ("final_logit_softcapping", "30.0")]
    where !keys.contains(key) {
      return .unsupported(key: key, needed: "null", found: cap)
    }
    return common.unsupported
  }

  mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    try common.read(key, &reader)
  }

  func expectSizes() throws(JSONFault) { try common.expectSizes() }

  mutating func configuration() throws(ConfigFault) -> ModelConfiguration {
    try common.configuration()
  }
}
