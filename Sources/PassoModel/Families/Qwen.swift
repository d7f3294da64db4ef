// SPDX-License-Identifier: MIT

import PassoFiles

/// Qwen2: Llama whose queries, keys and values have biases; some of its blocks may have a window.
///
/// Source: Yang et al. 2024, arXiv:2407.10671, section 2.2; `transformers`, `modeling_qwen2.py`,
/// version 5.
struct Qwen2Format: DecoderFormat {
  let family = ModelFamily.qwen2
  let architecture = "Qwen2ForCausalLM"

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.attentionBias = .input
    model.window = try said.qwenWindow(model.layerCount)
    // Its parts alone say what it is.
    model.family = nil
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    qwenWindowMembers(of: model) + rotaryMembers(of: model)
  }
}

/// Qwen3: Llama that normalises the queries and keys of each head.
///
/// Source: Yang et al. 2025, arXiv:2505.09388, section 2; `transformers`, `modeling_qwen3.py`,
/// version 5.
struct Qwen3Format: DecoderFormat {
  let family = ModelFamily.qwen3
  let architecture = "Qwen3ForCausalLM"

  var standards: DecoderStandards { DecoderStandards(headWidth: 128) }

  func complete(
    _ model: inout ModelConfiguration,
    _ said: DecoderKeys
  ) throws(ConfigFault) {
    model.positions = .rotary(try angles(said, of: model))
    model.headNorm = .each
    model.window = try said.qwenWindow(model.layerCount)
  }

  func ownMembers(of model: ModelConfiguration) -> [ConfigMember] {
    [("attention_bias", "\(model.attentionBias == .all)")] + qwenWindowMembers(of: model)
      + rotaryMembers(of: model)
  }
}

extension DecoderKeys {
  /// A window that counts only if another key says so, from a certain block on or where
  /// `layer_types` has it.
  fileprivate func qwenWindow(_ layers: Int) throws(ConfigFault) -> AttentionWindow? {
    guard isSet["use_sliding_window"] ?? false, !nulls.contains("sliding_window") else {
      return nil
    }
    let fullLayers = sizes.said["max_window_layers"] ?? 28
    let blocks = try windowedLayers(layers) ?? (0..<layers).map { $0 >= fullLayers }
    return AttentionWindow(size: sizes.said["sliding_window"] ?? 4_096, blocks: blocks)
  }
}

extension DecoderFormat {
  fileprivate func qwenWindowMembers(of model: ModelConfiguration) -> [ConfigMember] {
    guard let window = model.window else { return [("use_sliding_window", "false")] }
    return [
      ("use_sliding_window", "true"),
      ("sliding_window", "\(window.size)"),
      ("layer_types", layerTypes(of: model)),
    ]
  }

  /// Which blocks have a window.
  func layerTypes(of model: ModelConfiguration) -> String {
    let words = (0..<model.layerCount).map { block in
      model.window(ofBlock: block) == nil ? #""full_attention""# : #""sliding_attention""#
    }
    return "[" + words.joined(separator: ", ") + "]"
  }
}
