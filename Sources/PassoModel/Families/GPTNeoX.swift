// SPDX-License-Identifier: MIT

import PassoFiles

/// GPT-NeoX, the family of Pythia: layer norm and biases, rotary positions for a part of each head,
/// attention and MLP beside each other; queries, keys and values take turns, head by head.
///
/// Source: Black et al. 2022, arXiv:2204.06745, section 2.1; `transformers`,
/// `modeling_gpt_neox.py`, version 5.
struct GPTNeoXFormat: DecoderFormat {
  let family = ModelFamily.gptNeoX
  let architecture = "GPTNeoXForCausalLM"
  let inner = "gpt_neox."
  let embedding = "embed_in.weight"
  let head = "embed_out.weight"
  let lastNorm = "final_layer_norm"

  var standards: DecoderStandards {
    DecoderStandards(
      epsilonKey: "layer_norm_eps",
      epsilon: 1e-5,
      curve: .gelu,
      tokens: SpecialTokens(start: 0, ends: [2])
    )
  }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    let heads = model.headCount
    guard model.width.isMultiple(of: heads) else {
      throw .multiple(
        key: "hidden_size",
        of: "num_attention_heads",
        found: [model.width, heads]
      )
    }
    let headWidth = model.width / heads
    // transformers takes the key for the angles alone.
    if let said = said.sizes.said["head_dim"], said != headWidth {
      throw .unsupported(key: "head_dim", needed: "\(headWidth)", found: "\(said)")
    }
    (model.keyHeadCount, model.headWidth) = (heads, headWidth)
    model.norm = .layer
    model.activation = .plain(model.activation.curve)
    model.attentionBias = said.isSet["attention_bias"] ?? true ? .all : .none
    model.isParallel = said.isSet["use_parallel_residual"] ?? true
    model.positions = .rotary(
      try angles(
        said,
        // The usual names count for nothing beside `rope_parameters`, only in it.
        base: said.numbers["rotary_emb_base"] ?? standards.ropeBase,
        partial: said.numbers["rotary_pct"] ?? 0.25,
        of: model
      )
    )
  }

  func layerMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [
      ("num_hidden_layers", "\(model.layerCount)"),
      ("num_attention_heads", "\(model.headCount)"),
    ]
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    guard case .rotary(let angles) = model.positions else { return [] }
    let rotated = angles.share(of: model.headWidth)
    // The newer key counts, and holds the part too.
    let rotary = #"{"partial_rotary_factor": \#(rotated), "# + angles.json.dropFirst()
    return [
      ("attention_bias", "\(model.attentionBias == .all)"),
      ("use_parallel_residual", "\(model.isParallel)"),
      ("hidden_dropout", "0.0"),
      ("rotary_pct", "\(rotated)"), ("rotary_emb_base", "\(angles.base)"),
      ("rope_parameters", rotary),
    ]
  }

  func tensors(
    ofBlock block: Int,
    _ theirs: String,
    _ model: ModelConfiguration
  ) -> [PackedTensor] {
    func ours(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    func mlp(_ part: MLPPart) -> ValueName { .block(block, .mlp(part)) }
    func packed(_ parts: AttentionPart...) -> [(name: ValueName, outputs: Int)] {
      parts.map { (ours($0), model.width) }
    }
    let (attention, width, hidden) = ("\(theirs).attention", model.width, model.mlpWidth)
    let (inputs, turns) = ("\(attention).query_key_value", model.headCount)
    let weights = packed(.weightQ, .weightK, .weightV)
    let biases =
      model.hasInputBias
      ? [PackedTensor("\(inputs).bias", packed(.biasQ, .biasK, .biasV), turns: turns)] : []
    let bias = model.hasOutputBias ? ours(.biasO) : nil
    return norm("\(theirs).input_layernorm", model) { .block(block, .firstNorm($0)) }
      + [PackedTensor("\(inputs).weight", inputs: width, weights, turns: turns)] + biases
      + linear("\(attention).dense", width, width, ours(.weightO), bias: bias)
      + norm("\(theirs).post_attention_layernorm", model) { .block(block, .secondNorm($0)) }
      + linear("\(theirs).mlp.dense_h_to_4h", width, hidden, mlp(.weightIn), bias: mlp(.biasIn))
      + linear("\(theirs).mlp.dense_4h_to_h", hidden, width, mlp(.weightOut), bias: mlp(.biasOut))
  }
}
