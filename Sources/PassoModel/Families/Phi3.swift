// SPDX-License-Identifier: MIT

import PassoFiles

/// Phi-3: Llama whose queries, keys and values lie in one matrix, gate and upward projection in
/// another; all blocks may have a window, and a part of each head may stay unrotated.
///
/// Source: Abdin et al. 2024, arXiv:2404.14219, section 2; `transformers`, `modeling_phi3.py`,
/// version 5.
struct Phi3Format: DecoderFormat {
  let family = ModelFamily.phi3
  let architecture = "Phi3ForCausalLM"

  var standards: DecoderStandards {
    DecoderStandards(epsilon: 1e-5, tokens: SpecialTokens(start: 1, ends: [32_000]))
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    // Older files call the angles of longer texts by names of other kinds: longrope is meant.
    if let scaling = said.scaling, scaling.type != "default" {
      let key = "\(scaling.key).rope_type"
      throw .unsupported(key: key, needed: "default", found: scaling.type)
    }
    let partial = said.numbers["partial_rotary_factor"] ?? 1
    model.positions = .rotary(try angles(said, partial: partial, of: model))
    model.attentionBias = .none
    model.window = said.sizes.said["sliding_window"].map { AttentionWindow(size: $0) }
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    guard case .rotary(let angles) = model.positions else { return [] }
    return [
      ("resid_pdrop", "0.0"), ("embd_pdrop", "0.0"),
      ("sliding_window", model.window.map { "\($0.size)" } ?? "null"),
      ("partial_rotary_factor", "\(angles.share(of: model.headWidth))"),
    ] + rotaryMembers(of: model)
  }

  func attention(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    func ours(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    let parts = [
      (name: ours(.weightQ), outputs: model.queryWidth),
      (name: ours(.weightK), outputs: model.keyWidth),
      (name: ours(.weightV), outputs: model.keyWidth),
    ]
    return [PackedTensor("\(theirs).qkv_proj.weight", inputs: model.width, parts)]
      + linear("\(theirs).o_proj", model.queryWidth, model.width, ours(.weightO))
  }

  func gatedMLP(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    func ours(_ part: MLPPart) -> ValueName { .block(block, .mlp(part)) }
    let parts = [
      (name: ours(.weightGate), outputs: model.mlpWidth),
      (name: ours(.weightUp), outputs: model.mlpWidth),
    ]
    return [PackedTensor("\(theirs).gate_up_proj.weight", inputs: model.width, parts)]
      + linear("\(theirs).down_proj", model.mlpWidth, model.width, ours(.weightDown))
  }
}
