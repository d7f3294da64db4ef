// SPDX-License-Identifier: MIT

import PassoFiles

/// SmolLM3: Llama in which some blocks rotate nothing.
///
/// Source: Yang et al. 2025, arXiv:2501.18795, section 3 (RNoPE); `transformers`,
/// `modeling_smollm3.py`, version 5.
struct SmolLM3Format: DecoderFormat {
  let family = ModelFamily.smollm3
  let architecture = "SmolLM3ForCausalLM"

  var standards: DecoderStandards {
    DecoderStandards(
      isTied: true,
      keyHeads: 4,
      ropeBase: 2_000_000,
      tokens: SpecialTokens(start: 128_000, ends: [128_001])
    )
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.hasGateBiases = said.isSet["mlp_bias"] ?? false
    let layers = model.layerCount
    let interval = try said.sizes.size("no_rope_layer_interval", or: 4)
    let listed = said.rotatesLayers?.map { $0 != 0 }
    let rotates = listed ?? (0..<layers).map { !($0 + 1).isMultiple(of: interval) }
    guard rotates.count >= layers else {
      throw .entries(key: "no_rope_layers", needed: layers, found: rotates.count)
    }
    model.rotatingBlocks = Array(rotates[..<layers])
    guard let size = said.sizes.said["sliding_window"] else { return }
    let isUsed = said.isSet["use_sliding_window"] ?? false
    let blocks = try said.windowedLayers(layers) ?? model.rotatingBlocks.map { isUsed && !$0 }
    model.window = AttentionWindow(size: size, blocks: blocks)
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    let rotates = (0..<model.layerCount).map { model.angles(ofBlock: $0) == nil ? "0" : "1" }
    let window: [ConfigMember] =
      model.window.map { [("sliding_window", "\($0.size)")] } ?? [("sliding_window", "null")]
    return [
      ("attention_bias", "\(model.attentionBias == .all)"),
      ("mlp_bias", "\(model.hasGateBiases)"),
      ("no_rope_layers", "[\(rotates.joined(separator: ", "))]"),
      ("use_sliding_window", "\(model.window != nil)"),
      ("layer_types", layerTypes(of: model)),
    ] + window + rotaryMembers(of: model)
  }
}
