// SPDX-License-Identifier: MIT

import PassoFiles

/// Llama: rotary positions, RMS norm, a gated MLP; keys may serve several queries.
///
/// Source: Touvron et al. 2023, arXiv:2302.13971, section 2.2; `transformers`, `modeling_llama.py`,
/// version 5.
struct LlamaFormat: DecoderFormat {
  let family = ModelFamily.llama
  let architecture = "LlamaForCausalLM"

  var standards: DecoderStandards {
    DecoderStandards(tokens: SpecialTokens(start: 1, ends: [2]))
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.hasGateBiases = said.isSet["mlp_bias"] ?? false
    // Its parts alone say what it is.
    model.family = nil
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [
      ("attention_bias", "\(model.attentionBias == .all)"),
      ("mlp_bias", "\(model.hasGateBiases)"),
    ] + rotaryMembers(of: model)
  }
}

extension DecoderFormat {
  /// What the configuration says of the angles, where all blocks have the same.
  ///
  /// Older readers know the first key, newer ones the second.
  func rotaryMembers(of model: ModelConfiguration) -> [ConfigMember] {
    guard case .rotary(let angles) = model.positions else { return [] }
    let older: [ConfigMember] =
      angles.stretch == .none ? [("rope_theta", "\(angles.base)")] : []
    return older + [("rope_parameters", angles.json)]
  }
}
