// SPDX-License-Identifier: MIT

import PassoFiles

/// Granite: Llama with fixed factors in four places, from maximal update parametrization.
///
/// Source: Yang et al. 2022, arXiv:2203.03466; `transformers`, `modeling_granite.py`, version 5.
struct GraniteFormat: DecoderFormat {
  let family = ModelFamily.granite
  let architecture = "GraniteForCausalLM"

  var standards: DecoderStandards {
    DecoderStandards(tokens: SpecialTokens(start: 1, ends: [2]))
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.hasGateBiases = said.isSet["mlp_bias"] ?? false
    model.embeddingFactor = try said.factor("embedding_multiplier")
    model.attentionMultiplier = try said.factor("attention_multiplier")
    model.residualFactor = try said.factor("residual_multiplier")
    model.logitFactor = 1 / (try said.factor("logits_scaling"))
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [
      ("attention_bias", "\(model.attentionBias == .all)"),
      ("mlp_bias", "\(model.hasGateBiases)"),
      ("embedding_multiplier", "\(model.embeddingFactor)"),
      ("attention_multiplier", "\(model.attentionFactor)"),
      ("residual_multiplier", "\(model.residualFactor)"),
      ("logits_scaling", "\(1 / model.logitFactor)"),
    ] + rotaryMembers(of: model)
  }
}
