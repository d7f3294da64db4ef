// SPDX-License-Identifier: MIT

/// The `config.json` of a model of the Llama family, Qwen2 and Mistral included.
///
/// As for GPT-2, keys that would change the numbers must have the one value that Passo computes;
/// the others describe downloads, generation and other tasks.
package struct LlamaConfigFile: Hashable, Sendable {
  /// The model types that share this program.
  package static let modelTypes = ["llama", "qwen2", "mistral"]

  /// The model.
  package let configuration: ModelConfiguration

  /// The tokens that begin and end a text.
  package let special: SpecialTokens

  /// What is good to know of it.
  package let notes: [ConfigNote]

  /// Checks bytes that were read already; `file` is named in problems.
  package init(bytes: [UInt8], file: String) throws(FileProblem) {
    var settings = LlamaSettings()
    do throws(JSONFault) {
      try settings.read(bytes)
    } catch {
      throw .notJSON(error, bytes, file: file)
    }
    if let fault = settings.unsupported { throw .config(fault, file: file) }
    do throws(JSONFault) {
      try settings.requireSizes()
    } catch {
      throw .notJSON(error, bytes, file: file)
    }
    do throws(ConfigFault) {
      configuration = try settings.configuration()
    } catch {
      throw .config(error, file: file)
    }
    var notes = settings.notes
    special = settings.special.known(in: configuration.vocabularySize, &notes)
    self.notes = notes
  }
}

/// The keys of a configuration as they are written, before anything is believed.
private struct LlamaSettings {
  // Keys that would change the numbers, and how the one supported value is written.
  private static let fixed = [
    "hidden_act": #""silu""#,
    "mlp_bias": "false",
    "use_sliding_window": "false",
    "partial_rotary_factor": "1.0",
    "quantization_config": "null",
    "is_encoder_decoder": "false",
    "add_cross_attention": "false",
  ]

  private static let required = [
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "max_position_embeddings",
  ]

  private(set) var notes: [ConfigNote] = []
  private(set) var special = SpecialTokens()
  private var faults: [String: ConfigFault] = [:]
  private var integers: [String: Int] = [:]
  private var modelType = "llama"
  private var epsilon = 1e-6
  private var ropeBase: Double?
  private var isTied = false
  private var hasAttentionBias: Bool?

  /// What Passo does not compute.
  var unsupported: ConfigFault? { faults.min { $0.key < $1.key }?.value }

  mutating func read(_ bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    try reader.object { (key, reader) throws(JSONFault) in try read(key, &reader) }
    try reader.end()
    // Mistral's window is a number of its own; Qwen2's counts only if another key says so.
    if modelType != "mistral" { faults["sliding_window"] = nil }
  }

  private mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    switch key {
    case "model_type": modelType = try reader.string()
    case "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
      "num_attention_heads", "max_position_embeddings":
      integers[key] = try reader.integer()
    case "num_key_value_heads", "head_dim":
      integers[key] = try reader.null() ? nil : reader.integer()
    case "bos_token_id": special.start = try reader.null() ? nil : reader.integer()
    case "eos_token_id": special.ends = try reader.oneOrMore()
    case "rms_norm_eps": epsilon = try reader.number()
    case "rope_theta": ropeBase = try reader.number()
    case "rope_parameters", "rope_scaling": try readRope(key, &reader)
    case "tie_word_embeddings": isTied = try reader.boolean()
    case "attention_bias": hasAttentionBias = try reader.boolean()
    case "attention_dropout":
      let rate = try reader.number()
      if rate != 0 { notes.append(.dropout(key: key, rate: rate)) }
    case "layer_types": try readLayerTypes(&reader)
    case "sliding_window": try readFixed(key, needed: "null", &reader)
    default:
      guard let needed = Self.fixed[key] else { return try reader.skip() }
      try readFixed(key, needed: needed, &reader)
    }
  }

  private mutating func readFixed(
    _ key: String,
    needed: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    let found = reader.found ?? ""
    try reader.skip()
    if found != needed, !(needed == "1.0" && found == "1") {
      faults[key] = .unsupported(key: key, needed: needed, found: found)
    }
  }

  /// Scaled rotary positions have other angles; only the plain ones are computed.
  private mutating func readRope(
    _ key: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    if try reader.null() { return }
    var base: Double?
    var fault: ConfigFault?
    try reader.object { (inner, reader) throws(JSONFault) in
      switch inner {
      case "rope_theta": base = try reader.number()
      case "rope_type", "type":
        let found = try reader.string()
        if found != "default" {
          fault = .unsupported(key: "\(key).\(inner)", needed: "default", found: found)
        }
      case "partial_rotary_factor":
        let factor = try reader.number()
        if factor != 1 {
          fault = .unsupported(key: "\(key).\(inner)", needed: "1", found: "\(factor)")
        }
      default: try reader.skip()
      }
    }
    ropeBase = base ?? ropeBase
    faults[key] = fault
  }

  private mutating func readLayerTypes(_ reader: inout JSONReader) throws(JSONFault) {
    if try reader.null() { return }
    var fault: ConfigFault?
    try reader.array { (_, reader) throws(JSONFault) in
      let found = try reader.string()
      guard found != "full_attention" else { return }
      fault = .unsupported(key: "layer_types", needed: "full_attention", found: found)
    }
    faults["layer_types"] = fault
  }

  func requireSizes() throws(JSONFault) {
    for key in Self.required where integers[key] == nil { throw .missing(path: key) }
  }

  /// The model, once its sizes can be believed.
  func configuration() throws(ConfigFault) -> ModelConfiguration {
    func size(_ key: String, or standard: Int? = nil) throws(ConfigFault) -> Int {
      let value = integers[key] ?? standard ?? 0
      guard (1...GPT2Config.largestSize).contains(value) else {
        throw .size(key: key, found: value, limit: GPT2Config.largestSize)
      }
      return value
    }
    let (width, heads) = (try size("hidden_size"), try size("num_attention_heads"))
    let keyHeads = try size("num_key_value_heads", or: heads)
    if integers["head_dim"] == nil, !width.isMultiple(of: heads) {
      throw .multiple(key: "hidden_size", of: "num_attention_heads", found: [width, heads])
    }
    guard heads.isMultiple(of: keyHeads) else {
      throw .multiple(
        key: "num_attention_heads",
        of: "num_key_value_heads",
        found: [heads, keyHeads]
      )
    }
    let headWidth = try size("head_dim", or: width / heads)
    guard headWidth.isMultiple(of: 2) else {
      throw .multiple(key: "head_dim", of: "2", found: [headWidth, 2])
    }
    guard epsilon > 0, epsilon < 1 else { throw .epsilon(epsilon) }
    let base = ropeBase ?? 10_000
    guard base > 0, base.isFinite else { throw .ropeBase(base) }
    var model = ModelConfiguration(
      vocabularySize: try size("vocab_size"),
      contextLength: try size("max_position_embeddings"),
      width: width,
      layerCount: try size("num_hidden_layers"),
      headCount: heads,
      mlpWidth: try size("intermediate_size"),
      normEpsilon: epsilon,
      isTied: isTied
    )
    model.keyHeadCount = keyHeads
    model.headWidth = headWidth
    model.positions = .rotary(base: base)
    model.norm = .rootMeanSquare
    model.activation = .swiGLU
    model.attentionBias = modelType == "qwen2" ? .input : hasAttentionBias == true ? .all : .none
    guard model.llamaParameterCount <= Double(GPT2Config.largestModel) else {
      throw .tooManyParameters(limit: GPT2Config.largestModel)
    }
    return model
  }
}

extension ModelConfiguration {
  // In floating point: sizes that were only just checked could overflow a product of integers.
  fileprivate var llamaParameterCount: Double {
    let d = Double(width)
    let heads = Double(headCount + keyHeadCount) * Double(headWidth)
    let block = 2 * d * heads + 3 * d * Double(mlpWidth)
    return block * Double(layerCount) + 2 * Double(vocabularySize) * d
  }
}
