// SPDX-License-Identifier: MIT

import PassoFiles

/// GPT-Neo, the family of TinyStories: GPT-2 whose dot products are not scaled, with a window in
/// some blocks; its matrices are [outputs, inputs].
///
/// Source: Black et al. 2021, doi:10.5281/zenodo.5297715; `transformers`, `modeling_gpt_neo.py`,
/// version 5.
struct GPTNeoFormat: DecoderFormat {
  let family = ModelFamily.gptNeo
  let architecture = "GPTNeoForCausalLM"
  let inner = "transformer."
  let embedding = "wte.weight"
  let blocks = "h"
  let lastNorm = "ln_f"

  let ownNames = ["num_layers": "num_hidden_layers", "num_heads": "num_attention_heads"]

  var standards: DecoderStandards {
    DecoderStandards(
      epsilonKey: "layer_norm_epsilon",
      epsilon: 1e-5,
      isTied: true,
      curveKey: "activation_function",
      curve: .geluTanh,
      tokens: SpecialTokens(start: 50_256, ends: [50_256]),
      sizesOfMLP: []
    )
  }

  func firstTensor(ofBlock block: Int) -> String { "h.\(block).ln_1.weight" }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    let (layers, heads) = (model.layerCount, model.headCount)
    guard model.width.isMultiple(of: heads) else {
      throw .multiple(key: "hidden_size", of: "num_heads", found: [model.width, heads])
    }
    (model.keyHeadCount, model.headWidth) = (heads, model.width / heads)
    (model.norm, model.positions) = (.layer, .learned)
    model.activation = .plain(model.activation.curve)
    (model.attentionBias, model.attentionScale) = (.output, .none)
    model.window = AttentionWindow(
      size: said.sizes.said["window_size"] ?? 256,
      blocks: try said.localLayers(layers)
    )
  }

  func layerMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [("num_layers", "\(model.layerCount)"), ("num_heads", "\(model.headCount)")]
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    let local = (0..<model.layerCount).map { block in
      model.window(ofBlock: block) == nil ? #""global""# : #""local""#
    }
    return [
      ("attention_types", "[[[\(local.joined(separator: ", "))], 1]]"),
      ("window_size", "\(model.window?.size ?? model.contextLength)"),
      ("resid_dropout", "0.0"), ("embed_dropout", "0.0"),
    ]
  }

  func positionTensors(of model: ModelConfiguration) -> [PackedTensor] {
    [positionTensor(of: model)]
  }

  func tensors(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    func ours(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    func mlp(_ part: MLPPart) -> ValueName { .block(block, .mlp(part)) }
    let (attention, width, hidden) = ("\(theirs).attn.attention", model.width, model.mlpWidth)
    return norm("\(theirs).ln_1", model) { .block(block, .firstNorm($0)) }
      + linear("\(attention).q_proj", width, width, ours(.weightQ))
      + linear("\(attention).k_proj", width, width, ours(.weightK))
      + linear("\(attention).v_proj", width, width, ours(.weightV))
      + linear("\(attention).out_proj", width, width, ours(.weightO), bias: ours(.biasO))
      + norm("\(theirs).ln_2", model) { .block(block, .secondNorm($0)) }
      + linear("\(theirs).mlp.c_fc", width, hidden, mlp(.weightIn), bias: mlp(.biasIn))
      + linear("\(theirs).mlp.c_proj", hidden, width, mlp(.weightOut), bias: mlp(.biasOut))
  }
}

extension DecoderKeys {
  /// Which blocks look back only as far as their window.
  fileprivate func localLayers(_ layers: Int) throws(ConfigFault) -> [Bool] {
    if let kinds = attentionLayers {
      let key = "attention_layers"
      try Self.expectKnown(kinds, key)
      guard kinds.count == layers else {
        throw .entries(key: key, needed: layers, found: kinds.count)
      }
      return kinds.map { $0 == "local" }
    }
    let key = "attention_types"
    let types = attentionTypes ?? [(["global", "local"], 12)]
    try Self.expectKnown(types.flatMap(\.kinds), key)
    // In floating point: a file may say any number.
    let count = types.reduce(0.0) { $0 + Double($1.kinds.count) * Double(max($1.count, 0)) }
    guard count == Double(layers) else {
      throw .entries(key: key, needed: layers, found: Int(exactly: count) ?? .max)
    }
    return types.flatMap { type in
      (0..<max(type.count, 0)).flatMap { _ in type.kinds.map { $0 == "local" } }
    }
  }

  private static func expectKnown(_ kinds: [String], _ key: String) throws(ConfigFault) {
    if let other = kinds.first(where: { !["global", "local"].contains($0) }) {
      throw .unsupported(key: key, needed: "global|local", found: other)
    }
  }
}
