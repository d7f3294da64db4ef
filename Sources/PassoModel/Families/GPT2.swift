// SPDX-License-Identifier: MIT

import PassoFiles

/// GPT-2: learned positions, layer norm, biases, `Conv1D` matrices as [inputs, outputs].
///
/// Source: Radford et al. 2019; `transformers`, `modeling_gpt2.py`, version 5.
struct GPT2Format: ModelFormat {
  let modelType = "gpt2"
  let inner = "transformer."
  let embedding = "wte.weight"
  let head = "lm_head.weight"

  var settings: any FamilySettings { GPT2Settings() }

  func firstTensor(ofBlock block: Int) -> String { "h.\(block).ln_1.weight" }

  func members(of model: ModelConfiguration) -> [ConfigMember] {
    let curve = model.activation.curve
    return [
      ("architectures", #"["GPT2LMHeadModel"]"#),
      ("model_type", #""gpt2""#),
      ("tie_word_embeddings", "\(model.isTied)"),
      ("vocab_size", "\(model.vocabularySize)"),
      ("n_positions", "\(model.contextLength)"),
      ("n_embd", "\(model.width)"),
      ("n_layer", "\(model.layerCount)"),
      ("n_head", "\(model.headCount)"),
      ("n_inner", "\(model.mlpWidth)"),
      ("activation_function", JSONText.string(curve == .geluTanh ? "gelu_new" : curve.rawValue)),
      ("layer_norm_epsilon", "\(model.normEpsilon)"),
      ("attn_pdrop", "\(model.dropout)"),
      ("embd_pdrop", "\(model.dropout)"),
      ("resid_pdrop", "\(model.dropout)"),
    ] + (model.attentionScale == .none ? [("scale_attn_weights", "false")] : [])
  }

  func tensors(of model: ModelConfiguration) -> [PackedTensor] {
    let blocks = (0..<model.layerCount).flatMap { tensors(ofBlock: $0, model) }
    return [embeddingTensor(of: model), positionTensor(of: model)] + blocks
      + norm("transformer.ln_f", model, ValueName.finalNorm) + headTensors(of: model)
  }

  private func tensors(ofBlock block: Int, _ model: ModelConfiguration) -> [PackedTensor] {
    let (theirs, width) = ("transformer.h.\(block)", model.width)
    func attention(_ parts: AttentionPart...) -> [ValueName] {
      parts.map { .block(block, .attention($0)) }
    }
    func mlp(_ part: MLPPart) -> [ValueName] { [.block(block, .mlp(part))] }
    let inputs = attention(.weightQ, .weightK, .weightV)
    return norm("\(theirs).ln_1", model, { .block(block, .firstNorm($0)) }) + [
      PackedTensor("\(theirs).attn.c_attn.weight", [width, 3 * width], inputs),
      PackedTensor("\(theirs).attn.c_attn.bias", [3 * width], attention(.biasQ, .biasK, .biasV)),
      PackedTensor("\(theirs).attn.c_proj.weight", [width, width], attention(.weightO)),
      PackedTensor("\(theirs).attn.c_proj.bias", [width], attention(.biasO)),
    ] + norm("\(theirs).ln_2", model, { .block(block, .secondNorm($0)) }) + [
      PackedTensor("\(theirs).mlp.c_fc.weight", [width, model.mlpWidth], mlp(.weightIn)),
      PackedTensor("\(theirs).mlp.c_fc.bias", [model.mlpWidth], mlp(.biasIn)),
      PackedTensor("\(theirs).mlp.c_proj.weight", [model.mlpWidth, width], mlp(.weightOut)),
      PackedTensor("\(theirs).mlp.c_proj.bias", [width], mlp(.biasOut)),
    ]
  }
}
