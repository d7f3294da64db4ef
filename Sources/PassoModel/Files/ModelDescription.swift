// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoText

/// What a `config.json` says of a model, whatever its family.
package struct ModelDescription: Hashable, Sendable {
  /// More than any honest configuration has.
  static let largestFile = 256 << 20

  /// The sizes and parts.
  package var configuration: ModelConfiguration

  /// The tokens that begin and end a text.
  package var special: SpecialTokens

  /// What is good to know of it.
  package var notes: [ConfigNote]

  /// How the weights of its folder are stored: F32, or F16 or BF16 if all are.
  package var storage = StorageType.f32

  /// The files beside `config.json` and the weights that belong to the model.
  package var companions = CompanionFiles()

  package init(_ configuration: ModelConfiguration, special: SpecialTokens = SpecialTokens()) {
    self.configuration = configuration
    self.special = special
    notes = []
  }

  /// Reads and checks a file.
  package init(path: String) throws(FileProblem) {
    let bytes = try InputFile.read(path: path, limit: Self.largestFile)
    try self.init(bytes: bytes, file: path)
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package init(bytes: [UInt8], file: String) throws(FileProblem) {
    let type = Self.modelType(bytes)
    if type == PassoSettings.modelType {
      try self.init(PassoSettings(), bytes: bytes, file: file)
    } else if let type, let family = ModelFamily(rawValue: type),
      LlamaSettings.families.contains(family)
    {
      try self.init(LlamaSettings(), bytes: bytes, file: file)
    } else {
      try self.init(GPT2Settings(), bytes: bytes, file: file)
    }
  }

  /// The `model_type`, if the text is good enough to find it; the family's own reader says what is
  /// wrong with the rest.
  private static func modelType(_ bytes: [UInt8]) -> String? {
    var type: String?
    var reader = JSONReader(bytes)
    try? reader.object { (key, reader) throws(JSONFault) in
      if key == "model_type" { type = try reader.string() } else { try reader.skip() }
    }
    return type
  }
}

extension ModelDescription {
  /// Tells one model from another.
  package var fingerprint: UInt64 {
    var hash = StateHash()
    encoded().map(UInt32.init).withUnsafeBytes { hash.add($0) }
    return hash.value
  }
}

// MARK: - Writing

extension ModelDescription {
  /// The bytes of a `config.json` that `transformers` opens as this model, in evaluation and in
  /// training: with the dropout with which Passo trains it.
  ///
  /// A model for which it has no place it refuses.
  package func encoded() -> [UInt8] {
    let members =
      switch configuration.layout {
      case .gpt2: gpt2Members
      case .llama: llamaMembers
      case .passo: PassoSettings.members(of: configuration)
      }
    let dropout =
      configuration.dropout > 0 ? [(Self.dropoutKey, "\(configuration.dropout)")] : []
    let lines = (members + dropout + specialMembers).map { key, value in
      "  \(JSONText.string(key)): \(value)"
    }
    return Array(("{\n" + lines.joined(separator: ",\n") + "\n}\n").utf8)
  }

  private typealias Member = (key: String, value: String)

  private var gpt2Members: [Member] {
    let model = configuration
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
      ("activation_function", model.activation == .relu ? #""relu""# : #""gelu_new""#),
      ("layer_norm_epsilon", "\(model.normEpsilon)"),
      ("attn_pdrop", "\(model.dropout)"),
      ("embd_pdrop", "\(model.dropout)"),
      ("resid_pdrop", "\(model.dropout)"),
    ] + (model.attentionScale == .none ? [("scale_attn_weights", "false")] : [])
  }

  private var llamaMembers: [Member] {
    let model = configuration
    // Qwen2 is the family whose queries, keys and values alone have biases.
    let isQwen = model.attentionBias == .input
    var members: [Member] = [
      ("architectures", isQwen ? #"["Qwen2ForCausalLM"]"# : #"["LlamaForCausalLM"]"#),
      ("model_type", isQwen ? #""qwen2""# : #""llama""#),
      ("tie_word_embeddings", "\(model.isTied)"),
      ("vocab_size", "\(model.vocabularySize)"),
      ("max_position_embeddings", "\(model.contextLength)"),
      ("hidden_size", "\(model.width)"),
      ("intermediate_size", "\(model.mlpWidth)"),
      ("num_hidden_layers", "\(model.layerCount)"),
      ("num_attention_heads", "\(model.headCount)"),
      ("num_key_value_heads", "\(model.keyHeadCount)"),
      ("head_dim", "\(model.headWidth)"),
      ("hidden_act", #""silu""#),
      ("rms_norm_eps", "\(model.normEpsilon)"),
      ("attention_dropout", "0.0"),
    ]
    if !isQwen { members.append(("attention_bias", "\(model.attentionBias == .all)")) }
    guard case .rotary(let base) = model.positions else { return members }
    // Older readers know the first, newer ones the second.
    return members + [
      ("rope_theta", "\(base)"),
      ("rope_parameters", #"{"rope_type": "default", "rope_theta": \#(base)}"#),
    ]
  }

  private var specialMembers: [Member] {
    let ends = special.ends
    return [
      ("bos_token_id", special.start.map(String.init) ?? "null"),
      ("eos_token_id", ends.isEmpty ? "null" : ends.count == 1 ? "\(ends[0])" : "\(ends)"),
    ] + (special.padding.map { [("pad_token_id", "\($0)")] } ?? [])
  }
}
