// SPDX-License-Identifier: MIT

/// The `config.json` of a model folder in Hugging Face's layout.
///
/// Keys that Passo does not know are passed over: they describe downloads, generation and other
/// tasks. Those known to change the numbers must have the one value that Passo computes.
package struct ModelConfigFile: Hashable, Sendable {
  /// More than any honest configuration has.
  static let largestFile = 256 << 20

  /// The model.
  package let config: GPT2Config

  /// What is good to know of it.
  package let notes: [ConfigNote]

  /// Reads and checks a file.
  package init(path: String) throws(FileProblem) {
    let bytes = try InputFile.read(path: path, limit: Self.largestFile)
    try self.init(bytes: bytes, file: path)
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package init(bytes: [UInt8], file: String) throws(FileProblem) {
    var settings = Settings()
    var config: GPT2Config
    do throws(JSONFault) {
      try settings.read(bytes)
    } catch {
      throw .notJSON(error, bytes, file: file)
    }
    if let fault = settings.unsupported { throw .config(fault, file: file) }
    do throws(JSONFault) {
      config = try settings.config()
    } catch {
      throw .notJSON(error, bytes, file: file)
    }
    do throws(ConfigFault) {
      try config.validate()
    } catch {
      throw .config(error, file: file)
    }
    var notes = settings.notes
    let special = SpecialTokens(start: config.startToken, ends: config.endTokens)
    let known = special.known(in: config.vocabularySize, &notes)
    (config.startToken, config.endTokens) = (known.start, known.ends)
    self.config = config
    self.notes = notes
  }
}

/// The keys of a configuration as they are written, before anything is believed.
private struct Settings {
  // Keys that would change the numbers, and how the one supported value is written.
  private static let fixed = [
    "model_type": #""gpt2""#,
    "scale_attn_weights": "true",
    "scale_attn_by_inverse_layer_idx": "false",
    "reorder_and_upcast_attn": "false",
    "add_cross_attention": "false",
    "is_encoder_decoder": "false",
    "quantization_config": "null",
  ]

  private(set) var notes: [ConfigNote] = []
  private var faults: [String: ConfigFault] = [:]
  private var hasModelType = false
  private var integers: [String: Int] = [:]
  private var endTokens: [Int] = []
  private var epsilon = 1e-5
  private var tiedHead = true

  /// What Passo does not compute; another family says more than any of its settings.
  var unsupported: ConfigFault? {
    faults["model_type"] ?? faults.min { $0.key < $1.key }?.value
  }

  mutating func read(_ bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    try reader.object { (key, reader) throws(JSONFault) in try read(key, &reader) }
    try reader.end()
  }

  private mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    switch key {
    case "vocab_size", "n_positions", "n_embd", "n_layer", "n_head":
      integers[key] = try reader.integer()
    case "n_inner", "bos_token_id": integers[key] = try reader.null() ? nil : reader.integer()
    case "eos_token_id": endTokens = try reader.oneOrMore()
    case "attn_pdrop", "embd_pdrop", "resid_pdrop":
      let rate = try reader.number()
      if rate != 0 { notes.append(.dropout(key: key, rate: rate)) }
    case "layer_norm_epsilon": epsilon = try reader.number()
    case "tie_word_embeddings": tiedHead = try reader.boolean()
    default:
      let found = reader.found ?? ""
      try reader.skip()
      if key == "model_type" { hasModelType = true }
      // Two names of the tanh form.
      let isActivation = key == "activation_function"
      if isActivation, found == #""gelu_pytorch_tanh""# { return }
      guard let needed = isActivation ? #""gelu_new""# : Self.fixed[key], found != needed
      else { return }
      faults[key] = .unsupported(key: key, needed: needed, found: found)
    }
  }

  func config() throws(JSONFault) -> GPT2Config {
    guard hasModelType else { throw .missing(path: "model_type") }
    return GPT2Config(
      vocabularySize: try needed("vocab_size"),
      contextLength: try needed("n_positions"),
      modelWidth: try needed("n_embd"),
      layerCount: try needed("n_layer"),
      headCount: try needed("n_head"),
      mlpWidth: integers["n_inner"],
      normEpsilon: epsilon,
      tiedHead: tiedHead,
      startToken: integers["bos_token_id"],
      endTokens: endTokens
    )
  }

  private func needed(_ key: String) throws(JSONFault) -> Int {
    guard let value = integers[key] else { throw .missing(path: key) }
    return value
  }
}
