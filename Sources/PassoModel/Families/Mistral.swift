// SPDX-License-Identifier: MIT

import PassoFiles

/// Mistral: Llama with a window in all blocks.
///
/// Source: Jiang et al. 2023, arXiv:2310.06825; `transformers`, `modeling_mistral.py`, version 5.
struct MistralFormat: DecoderFormat {
  let family = ModelFamily.mistral
  let architecture = "MistralForCausalLM"

  var standards: DecoderStandards {
    DecoderStandards(keyHeads: nil, tokens: SpecialTokens(start: 1, ends: [2]))
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.attentionBias = .none
    // Where none is said it is that of the first model.
    guard !said.nulls.contains("sliding_window") else { return }
    model.window = AttentionWindow(size: said.sizes.said["sliding_window"] ?? 4_096)
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [("sliding_window", model.window.map { "\($0.size)" } ?? "null")]
      + rotaryMembers(of: model)
  }
}
