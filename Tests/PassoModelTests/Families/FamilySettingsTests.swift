// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import Testing

@testable import PassoModel

/// What the configurations of families say, and what is refused by its name.
struct FamilySettingsTests {
  private static let sizes = """
    "vocab_size": 9, "hidden_size": 16, "intermediate_size": 12, "num_hidden_layers": 3,
    "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64
    """

  private func read(_ type: String, _ members: String = "") throws -> ModelDescription {
    let more = members.isEmpty ? "" : ", \(members)"
    let text = "{\(Self.sizes), \"model_type\": \"\(type)\"\(more)}"
    return try ModelDescription(bytes: Array(text.utf8), file: "config.json")
  }

  private func angles(_ type: String, _ members: String) throws -> RotaryAngles? {
    try read(type, members).configuration.angles(ofBlock: 0)
  }

  private static let noCaps =
    #""attn_logit_softcapping": null, "final_logit_softcapping": null"#

  static let refused: [(type: String, members: String, key: String)] = [
    ("qwen3", #""hidden_act": "mish""#, "hidden_act"),
    ("gemma", #""use_bidirectional_attention": true"#, "use_bidirectional_attention"),
    ("gemma2", "", "attn_logit_softcapping"),
    ("gemma2", #""attn_logit_softcapping": null"#, "final_logit_softcapping"),
    ("gemma3_text", #""final_logit_softcapping": 30.0"#, "final_logit_softcapping"),
    ("phi3", #""rope_scaling": {"type": "longrope"}"#, "rope_scaling.rope_type"),
    ("phi3", #""rope_scaling": {"type": "su", "factor": 2}"#, "rope_scaling.rope_type"),
    ("llama", #""rope_scaling": {"type": "longrope", "factor": 2}"#, "rope_scaling.rope_type"),
    ("llama", #""rope_parameters": {"rope_type": "linear"}"#, "rope_parameters.factor"),
    ("qwen3", #""partial_rotary_factor": 0.5"#, "partial_rotary_factor"),
    ("gpt_neox", #""rotary_pct": 1.5"#, "partial_rotary_factor"),
    ("gpt_neox", #""rotary_pct": 0.4"#, "partial_rotary_factor"),
    ("qwen3", #""head_dim": 5"#, "head_dim"),
    ("smollm3", #""no_rope_layers": [1, 0]"#, "no_rope_layers"),
    ("gemma3_text", #""layer_types": ["full_attention"]"#, "layer_types"),
    (
      "gemma3_text", #""layer_types": ["full_attention", "chunked_attention", "full_attention"]"#,
      "layer_types"
    ),
    ("gpt_neo", #""attention_types": [[["global", "local"], 1]]"#, "attention_types"),
    ("gpt_neo", #""attention_types": [[["global"], 9000000000000000000]]"#, "attention_types"),
    ("gpt_neo", #""attention_types": [[["axial"], 3]]"#, "attention_types"),
    ("granite", #""logits_scaling": 0"#, "logits_scaling"),
    ("gemma3_text", #""query_pre_attn_scalar": -4"#, "query_pre_attn_scalar"),
    ("mistral", #""sliding_window": 0"#, "sliding_window"),
    ("qwen2", #""per_layer_config": {"0": {"rms_norm_eps": 0.5}}"#, "per_layer_config"),
    ("llama", #""attention_chunk_size": 8"#, "attention_chunk_size"),
    ("llama", #""rope_parameters": {"rope_theta": "500000"}"#, "rope_parameters.rope_theta"),
    ("llama", #""rope_parameters": {"rope_theta": null}"#, "rope_parameters.rope_theta"),
    ("llama", #""rope_parameters": {"rope_type": ["linear"]}"#, "rope_parameters.rope_type"),
    ("llama", #""rope_scaling": {"rope_type": null}"#, "rope_scaling.rope_type"),
    ("olmo2", #""rope_scaling": {"factor": "2"}"#, "rope_scaling.factor"),
    ("qwen3", #""rope_scaling": {"truncate": 0}"#, "rope_scaling.truncate"),
    (
      "llama", #""rope_parameters": {"original_max_position_embeddings": "16"}"#,
      "rope_parameters.original_max_position_embeddings"
    ),
    (
      "gemma3_text", #""rope_parameters": {"full_attention": {"factor": true}}"#,
      "rope_parameters.full_attention.factor"
    ),
    (
      "llama", #""rope_parameters": {"full_attention": {"rope_type": "default"}}"#,
      "rope_parameters.full_attention"
    ),
    ("gpt_neox", #""head_dim": 4"#, "head_dim"),
    ("gpt_neo", #""attention_layers": ["local"]"#, "attention_layers"),
  ]

  @Test(arguments: refused.indices)
  func whatIsNotComputedIsNamed(index: Int) throws {
    let (type, members, key) = Self.refused[index]
    let problem = #expect(throws: FileProblem.self) { try read(type, members) }
    let message = try #require(problem).sentence
    #expect(message.en.contains("'\(key)'") && message.it.contains("«\(key)»"), "\(message.en)")
  }

  @Test(arguments: ModelFamily.allCases)
  func noFamilySeesWhatComesAfter(family: ModelFamily) throws {
    let more = family == .gemma2 ? ", " + Self.noCaps : ""
    for value in ["false", "null", "0"] {
      let problem = #expect(throws: FileProblem.self) {
        try read(family.rawValue, "\"is_causal\": \(value)" + more)
      }
      let message = try #require(problem).sentence.en
      #expect(message.contains("'is_causal'") && message.contains("true"), "\(message)")
    }
    let members = #""is_causal": true, "attention_types": [[["global"], 3]]"# + more
    #expect(throws: Never.self) { try read(family.rawValue, members) }
  }

  /// As `standardize_rope_params` of `transformers` takes it.
  @Test func theOriginalLengthBesideTheScalingCounts() throws {
    let top = #", "original_max_position_embeddings": 16"#
    let inner = #""original_max_position_embeddings": 32"#
    for more in ["", ", " + inner] {
      let yarn = #""rope_scaling": {"rope_type": "yarn", "factor": 4.0"# + more + "}" + top
      #expect(
        try angles("qwen2", yarn)?.stretch
          == .yarn(factor: 4, fast: 32, slow: 1, original: 16, isRounded: true)
      )
      let llama =
        #""rope_parameters": {"rope_type": "llama3", "factor": 4, "low_freq_factor": 1, "#
        + #""high_freq_factor": 4"# + more + "}" + top
      #expect(
        try angles("llama", llama)?.stretch
          == .llama3(factor: 4, low: 1, high: 4, original: 16)
      )
    }
    let full = #""rope_scaling": {"rope_type": "yarn", "factor": 4.0, "# + inner + "}" + top
    let gemma = #""layer_types": ["full_attention", "full_attention", "full_attention"], "# + full
    #expect(
      try angles("gemma3_text", gemma)?.stretch
        == .yarn(factor: 4, fast: 32, slow: 1, original: 32, isRounded: true)
    )
  }

  @Test func theKindIsSaidByTheNewerKey() throws {
    let both = #""rope_parameters": {"rope_type": "default", "type": "linear", "factor": 8}"#
    #expect(try angles("llama", both)?.stretch == RotaryAngles.Stretch.none)
    let full = #""layer_types": ["full_attention", "full_attention", "full_attention"]"#
    func gemma(_ members: String) throws -> RotaryAngles.Stretch? {
      try angles("gemma3_text", full + ", " + members)?.stretch
    }
    // Without more, there is a newer key that says default.
    let older = #""rope_scaling": {"type": "linear", "factor": 8}"#
    #expect(try gemma(older) == RotaryAngles.Stretch.none)
    #expect(
      try gemma(#""rope_scaling": {"rope_type": "linear", "factor": 8}"#) == .linear(factor: 8)
    )
    #expect(
      try gemma(older + #", "rope_parameters": {"full_attention": {"rope_theta": 5}}"#)
        == .linear(factor: 8)
    )
  }

  @Test func eachFamilyHasItsOwnNames() throws {
    let plain = try read("gpt_neox").configuration
    let others = #""rope_theta": 77, "partial_rotary_factor": 0.5"#
    #expect(try read("gpt_neox", others).configuration == plain)
    let inner = try angles("gpt_neox", "\"rope_parameters\": {\(others)}")
    #expect(inner?.base == 77 && inner?.width == 4)
    let own = try angles("gpt_neox", #""rotary_emb_base": 77, "rotary_pct": 0.5"#)
    #expect(own == inner)
    #expect(try read("llama", #""num_layers": 1, "num_heads": 1"#).configuration.layerCount == 3)
    let listed = #""num_layers": 1, "attention_types": [[["global"], 1]], "#
    let neo = try read("gpt_neo", listed + #""attention_layers": ["global", "local", "local"]"#)
    #expect(neo.configuration.layerCount == 3)
    let pattern = try read("gemma3_text", #""_sliding_window_pattern": 2, "sliding_window": 8"#)
    #expect(pattern.configuration.window?.blocks == [true, true, true])
    let exact = try read("gemma", #""hidden_act": "gelu_python""#)
    #expect(exact.configuration.activation == .gated(.gelu))
    let again = try ModelDescription(bytes: exact.encoded(), file: "config.json")
    #expect(again.configuration == exact.configuration)
  }

  @Test func whatIsLeftOutIsAsInTheFamily() throws {
    let qwen = try read("qwen3").configuration
    #expect(qwen.headWidth == 128 && qwen.headNorm == .each && !qwen.isTied)
    let smol = try read("smollm3").configuration
    #expect(smol.isTied && smol.rotatingBlocks.isEmpty)
    #expect(smol.positions == .rotary(base: 2_000_000))
    let every = try read("smollm3", #""no_rope_layer_interval": 2"#).configuration
    #expect(every.rotatingBlocks == [true, false, true])
    let olmo = try read("olmo2").configuration
    #expect(olmo.normPlace == .after && olmo.headNorm == .all && olmo.normEpsilon == 1e-5)
    let gemma = try read("gemma", #""head_dim": 4"#).configuration
    #expect(gemma.embeddingFactor == 4 && gemma.isTied && gemma.headWidth == 4)
    #expect(gemma.activation == .gated(.geluTanh))
    #expect(try read("gemma", #""hidden_act": "gelu""#).configuration.activation.curve == .geluTanh)
    let two = try read("gemma2", Self.noCaps + #", "sliding_window": 8"#).configuration
    #expect(two.window?.blocks == [true, false, true] && two.normPlace == .around)
    #expect(two.attentionFactor == 1.0 / 16)
    let three = try read("gemma3_text", #""sliding_window": 8"#).configuration
    #expect(three.angles(ofBlock: 0) == RotaryAngles(base: 10_000))
    #expect(three.window?.blocks == [true, true, true])
    let neo = try read("gpt_neo", #""attention_types": [[["global", "local", "local"], 1]]"#)
      .configuration
    #expect(neo.attentionBias == .output && neo.attentionFactor == 1 && neo.isTied)
    #expect(neo.window == nil && neo.keyHeadCount == 2 && neo.mlpWidth == 12)
    let pythia = try read("gpt_neox").configuration
    #expect(pythia.isParallel && pythia.attentionBias == .all && !pythia.isTied)
    #expect(pythia.angles(ofBlock: 0)?.width == 2 && pythia.activation == .plain(.gelu))
  }

  @Test func anglesAreStretchedAsTheirKindSays() throws {
    let linear = try angles("llama", #""rope_scaling": {"type": "linear", "factor": 4}"#)
    #expect(linear?.stretch == .linear(factor: 4))
    let yarn = try angles(
      "qwen3",
      #""head_dim": 8, "rope_scaling": {"rope_type": "yarn", "factor": 4.0,"#
        + #" "original_max_position_embeddings": 16}"#
    )
    // 0.1 ln 4 + 1.
    #expect(abs((yarn?.magnitude ?? 0) - 1.138_629_436_111_989) < 1e-15)
    let given = try angles(
      "llama",
      #""rope_scaling": {"rope_type": "yarn", "factor": 4.0, "attention_factor": 1.5,"#
        + #" "original_max_position_embeddings": 16, "truncate": false}"#
    )
    #expect(given?.magnitude == 1.5)
    #expect(
      given?.stretch
        == .yarn(factor: 4, fast: 32, slow: 1, original: 16, isRounded: false)
    )
    let dynamic = try read("llama", #""rope_scaling": {"rope_type": "dynamic", "factor": 2}"#)
    #expect(dynamic.configuration.positions == .rotary(base: 10_000))
    #expect(dynamic.notes == [.noEffect(key: "rope_scaling", found: "dynamic")])
  }

  /// Llama 3's own numbers: fast pairs stay, slow ones are divided by the factor.
  @Test func slowPairsAreDividedByTheFactor() throws {
    let angles = try #require(
      try angles(
        "llama",
        #""rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "#
          + #""high_freq_factor": 4, "original_max_position_embeddings": 8192}, "#
          + #""rope_theta": 500000, "head_dim": 64"#
      )
    )
    var plain = angles
    plain.stretch = .none
    let (new, old) = (angles.turns(64), plain.turns(64))
    #expect(new[0] == old[0] && new[10] == old[10])
    #expect(new[31] == old[31] / 8)
    #expect(new[17] < old[17] && new[17] > old[17] / 8)
  }

  @Test(arguments: [
    ("gelu_new", ModelConfiguration.Curve.geluTanh), ("gelu_pytorch_tanh", .geluTanh),
    ("gelu_fast", .geluTanh), ("gelu", .gelu), ("gelu_python", .gelu), ("quick_gelu", .quickGELU),
    ("relu", .relu), ("relu2", .squaredReLU), ("silu", .silu), ("swish", .silu),
  ])
  func curvesHaveSynonyms(word: String, curve: ModelConfiguration.Curve) throws {
    let model = try read("llama", "\"hidden_act\": \"\(word)\"").configuration
    #expect(model.activation == .gated(curve))
  }

  @Test(arguments: ["llama", "mistral", "qwen2", "qwen3", "olmo2", "granite", "gemma", "gpt_neox"])
  func whatIsWrittenIsReadAgain(type: String) throws {
    let members =
      #""rope_scaling": {"rope_type": "yarn", "factor": 4.0, "beta_fast": 16, "#
      + #""original_max_position_embeddings": 16}, "hidden_act": "relu2", "#
      + #""attention_bias": true, "mlp_bias": true, "sliding_window": 5, "#
      + #""use_sliding_window": true, "max_window_layers": 2, "head_dim": 8"#
    let read = try read(type, members)
    let again = try ModelDescription(bytes: read.encoded(), file: "config.json")
    #expect(again.configuration == read.configuration)
  }
}
