// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel

/// Small models of both families, as `transformers` writes them.
enum SampleModel {
  static let vocabularySize = 11

  static let presets = [Preset.named("gatto"), Preset.named("gatto-llama")].compactMap { $0 }

  static func description(_ preset: Preset) -> ModelDescription {
    var description = ModelDescription(preset.configuration(vocabularySize: vocabularySize))
    description.special = SpecialTokens(start: 0, ends: [1])
    return description
  }

  /// Writes a folder with a tokenizer of words.
  static func write(_ preset: Preset, to path: String) throws {
    let description = description(preset)
    let words = "a b c d e f g h i j".split(separator: " ").map(String.init)
    try ModelFolder.write(
      description,
      description.configuration.initialParameters(seed: 1, standardDeviation: 0.1),
      tokenizer: try WordTokenizer(texts: words),
      to: path
    )
  }

  static let words = [
    "model_type", "gpt2", "llama", "mistral", "qwen2", "n_embd", "n_layer", "n_head", "n_positions",
    "vocab_size", "hidden_size", "num_attention_heads", "num_key_value_heads", "head_dim",
    "rope_theta", "rope_scaling", "rope_type", "linear", "dynamic", "llama3", "factor",
    "sliding_window", "tie_word_embeddings", "hidden_act", "swish", "eos_token_id", "bos_token_id",
    "torch_dtype", "quantization_config", "activation_function", "gelu_new", "qwen3", "phi3",
    "smollm3", "olmo2", "granite", "gemma", "gemma2", "gemma3_text", "gpt_neo", "gpt_neox",
    "layer_types", "sliding_attention", "full_attention", "no_rope_layers", "attention_types",
    "local", "global", "window_size", "yarn", "partial_rotary_factor", "rotary_pct",
    "logits_scaling", "query_pre_attn_scalar", "use_parallel_residual", "hidden_activation",
  ]
}

/// `config.json` of several families.
struct ConfigTarget: FuzzTarget {
  static let name = "config"
  static let words = SampleModel.words
  static let weight = 200
  let samples: [[UInt8]]

  init(_ place: Workplace) throws {
    let others = [
      #"{"model_type":"qwen2","vocab_size":50,"hidden_size":16,"intermediate_size":32,"#
        + #""num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":2,"#
        + #""max_position_embeddings":32,"sliding_window":64,"use_sliding_window":false,"#
        + #""rms_norm_eps":1e-6,"rope_scaling":{"rope_type":"linear","factor":1.0},"#
        + #""rope_theta":10000,"hidden_act":"swish","tie_word_embeddings":true,"#
        + #""eos_token_id":[1,2],"bos_token_id":null,"torch_dtype":"bfloat16"}"#,
      #"{"model_type":"gemma3_text","vocab_size":50,"hidden_size":16,"intermediate_size":32,"#
        + #""num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":8,"#
        + #""max_position_embeddings":32,"sliding_window":4,"query_pre_attn_scalar":8,"#
        + #""layer_types":["sliding_attention","full_attention"],"rope_parameters":"#
        + #"{"full_attention":{"rope_type":"linear","factor":8.0,"rope_theta":1000.0},"#
        + #""sliding_attention":{"rope_type":"default","rope_theta":100.0}}}"#,
      #"{"model_type":"gpt_neo","vocab_size":50,"hidden_size":16,"num_layers":2,"num_heads":4,"#
        + #""max_position_embeddings":32,"window_size":4,"attention_types":"#
        + #"[[["global","local"],1]]}"#,
      #"{"model_type":"gpt_neox","vocab_size":50,"hidden_size":16,"intermediate_size":32,"#
        + #""num_hidden_layers":1,"num_attention_heads":2,"max_position_embeddings":32,"#
        + #""use_parallel_residual":true,"rotary_pct":0.5,"rotary_emb_base":100,"#
        + #""rope_scaling":{"type":"yarn","factor":4.0,"original_max_position_embeddings":8}}"#,
      #"{"model_type":"smollm3","vocab_size":50,"hidden_size":16,"intermediate_size":32,"#
        + #""num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"#
        + #""max_position_embeddings":32,"no_rope_layers":[1,0],"mlp_bias":true,"rope_scaling":"#
        + #"{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"#
        + #""original_max_position_embeddings":16}}"#,
      #"{"model_type":"granite","vocab_size":50,"hidden_size":16,"intermediate_size":32,"#
        + #""num_hidden_layers":1,"num_attention_heads":4,"max_position_embeddings":32,"#
        + #""logits_scaling":8.0,"embedding_multiplier":12.0,"attention_multiplier":0.1}"#,
    ]
    samples =
      SampleModel.presets.map { SampleModel.description($0).encoded() }
      + others.map { Array($0.utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let description = try ModelDescription(bytes: input, file: "config.json")
    let sizes = description.configuration
    guard sizes.width > 0, sizes.headCount > 0, sizes.layerCount > 0, sizes.contextLength > 0 else {
      throw FuzzFault("a model without a size: \(sizes)")
    }
    _ = try ModelDescription(bytes: description.encoded(), file: "config.json")
  }
}

/// One file of weights.
struct SafetensorsTarget: FuzzTarget {
  static let name = "safetensors"
  static let words = [
    "__metadata__", "dtype", "shape", "data_offsets", "F32", "F16", "BF16", "F64", "I64", "U8",
    "\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
  ]
  static let weight = 40
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    for preset in SampleModel.presets { try SampleModel.write(preset, to: place.path(preset.name)) }
    // Whole, and the header with little behind it, so that changes meet the header.
    let whole = try SampleModel.presets.map { try place.read("\($0.name)/model.safetensors") }
    samples = whole + whole.map { Array($0.prefix(1_500)) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let file = try SafetensorsFile(path: try place.write(input, to: "input.safetensors"))
    for name in file.names {
      switch file.entry(name)?.dtype {
      case .f64: _ = try file.readDoubles(name)
      default: _ = try file.readFloats(name)
      }
    }
  }
}

/// A model folder in which one file is not sound.
struct ModelFolderTarget: FuzzTarget {
  static let name = "model-folder"
  static let words = SampleModel.words + TokenizerTarget.words + SafetensorsTarget.words
  static let weight = 12
  let samples: [[UInt8]]
  private let place: Workplace
  private let files: [String]
  private let whole: [[UInt8]]

  init(_ place: Workplace) throws {
    self.place = place
    let preset = SampleModel.presets[SampleModel.presets.count - 1]
    try SampleModel.write(preset, to: place.path("model"))
    var found: [String] = []
    var contents: [[UInt8]] = []
    for name in ["config.json", "model.safetensors", "tokenizer.json", "generation_config.json"] {
      found.append(name)
      contents.append((try? place.read("model/\(name)")) ?? Array(#"{"eos_token_id":1}"#.utf8))
    }
    (files, whole) = (found, contents)
    // The first byte says which file the rest replaces.
    samples = contents.enumerated().map { [UInt8($0.offset)] + $0.element }
  }

  mutating func take(_ input: [UInt8]) throws {
    let index = Int(input.first ?? 0) % files.count
    for (name, bytes) in zip(files, whole) {
      try place.write(name == files[index] ? Array(input.dropFirst()) : bytes, to: "model/\(name)")
    }
    let folder = try ModelFolder(path: place.path("model"))
    _ = try folder.parameters()
    let tokenizer = try folder.tokenizerIfReadable(isNeeded: true)
    _ = try tokenizer?.encode("a b c")
    try ModelFolder.write(
      folder.description,
      folder.parameters(),
      tokenizer: tokenizer,
      to: place.path("copy")
    )
  }
}

/// The state of a training on disk.
struct CheckpointTarget: FuzzTarget {
  static let name = "checkpoint"
  static let words = SafetensorsTarget.words + ["format", "steps", "--lr", "--seed", "--optimizer"]
  static let weight = 20
  let samples: [[UInt8]]
  private let place: Workplace
  private var trainer: Trainer

  init(_ place: Workplace) throws {
    self.place = place
    trainer = try Self.trainer()
    _ = try trainer.step()
    try place.write("", to: "training/empty")
    try Checkpoint.write(trainer, folder: place.path("training"))
    let whole = try place.read("training/checkpoint.safetensors")
    samples = [whole, Array(whole.prefix(4_000))]
  }

  private static func trainer() throws -> Trainer {
    let tokens = (0..<200).map { Int32($0 * $0 % 11) }
    let batch = BatchShape(rows: 2, length: 6)
    let configuration = SampleModel.description(SampleModel.presets[0]).configuration
    return try Trainer(
      TrainingSettings(
        optimizer: .standardAdamW,
        rate: 0.01,
        precision: .f32,
        data: ["seed": "4"]
      ),
      configuration: configuration,
      parameters: configuration.initialParameters(seed: 2, standardDeviation: 0.1),
      data: TrainingData(
        training: TokenBlocks(tokens, rows: batch.rows, length: batch.length, seed: 4),
        validation: nil,
        batch: batch,
        mask: .causal,
        fingerprint: 1
      )
    )
  }

  mutating func take(_ input: [UInt8]) throws {
    try place.write(input, to: "training/checkpoint.safetensors")
    // Behind the fingerprint of the whole file, which would keep every damage out.
    try Checkpoint(folder: place.path("training"), readsAll: false).restore(&trainer)
  }
}
