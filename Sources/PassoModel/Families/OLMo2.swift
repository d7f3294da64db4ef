// SPDX-License-Identifier: MIT

import PassoFiles

/// OLMo 2: Llama whose norms stand after attention and MLP, and which normalises all queries and
/// all keys of a position together.
///
/// Source: OLMo et al. 2024, arXiv:2501.00656, section 2.1; `transformers`, `modeling_olmo2.py`,
/// version 5.
struct OLMo2Format: DecoderFormat {
  let family = ModelFamily.olmo2
  let architecture = "Olmo2ForCausalLM"

  var standards: DecoderStandards {
    DecoderStandards(epsilon: 1e-5, tokens: SpecialTokens(ends: [50_279]))
  }

  func firstTensor(ofBlock block: Int) -> String {
    "layers.\(block).post_attention_layernorm.weight"
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    (model.normPlace, model.headNorm) = (.after, .all)
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [("attention_bias", "\(model.attentionBias == .all)")] + rotaryMembers(of: model)
  }
}
