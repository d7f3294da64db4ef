// SPDX-License-Identifier: MIT

import PassoFiles

/// The `config.json` of a model folder in Hugging Face's layout.
///
/// Keys that Passo does not know are passed over: they describe downloads, generation and other
/// tasks. Those known to change the numbers must have the one value that Passo computes.
package struct GPT2ConfigFile: Hashable, Sendable {
  /// More than any honest configuration has.
  static let largestFile = 256 << 20

  /// The model.
  package let config: GPT2Config

  /// The tokens that begin, end and fill up a text.
  package let special: SpecialTokens

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
    let standard = SpecialTokens(start: 50_256, ends: [50_256])
    special = settings.special.known(in: config.vocabularySize, &notes)
      .completed(by: standard, unless: settings.keys, in: config.vocabularySize)
    (config.startToken, config.endTokens) = (special.start, special.ends)
    self.config = config
    self.notes = notes
  }
}

/// The keys of a configuration as they are written, before anything is believed.
private struct Settings {
  /// The tanh form of GELU, by all the names that `transformers` has for it.
  private static let activations = [
    "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate", "gelu_python_tanh",
  ]

  /// Names of other families that `transformers` takes too.
  private static let names = [
    "hidden_size": "n_embd", "max_position_embeddings": "n_positions",
    "num_attention_heads": "n_head", "num_hidden_layers": "n_layer",
  ]

  private(set) var notes: [ConfigNote] = []
  private(set) var special = SpecialTokens()
  private(set) var keys: Set<String> = []
  private var fixed = FixedSettings()
  private var modelType: String?
  private var integers: [String: Int] = [:]
  private var epsilon = 1e-5
  private var tiedHead = true
  private var scalesByBlock = false

  /// What Passo does not compute; another family says more than any of its settings.
  var unsupported: ConfigFault? {
    if let modelType, modelType != ModelFamily.gpt2.rawValue { return .family(modelType) }
    // The first block is divided by one.
    if scalesByBlock, integers["n_layer"] != 1 {
      return .unsupported(key: "scale_attn_by_inverse_layer_idx", needed: "false", found: "true")
    }
    return fixed.fault
  }

  mutating func read(_ bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    try reader.object { (key, reader) throws(JSONFault) in try read(key, &reader) }
    try reader.end()
  }

  private mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    let key = Self.names[key] ?? key
    keys.insert(key)
    switch key {
    case "model_type": modelType = try reader.string()
    case "vocab_size", "n_positions", "n_embd", "n_layer", "n_head":
      integers[key] = try reader.integer()
    case "n_inner": integers[key] = try reader.null() ? nil : reader.integer()
    case "layer_norm_epsilon": epsilon = try reader.number()
    case "tie_word_embeddings": tiedHead = try reader.flag() ?? true
    case "activation_function": try fixed.read(key, among: Self.activations, &reader)
    case "scale_attn_weights": try fixed.readFlag(key, needed: true, &reader)
    case "scale_attn_by_inverse_layer_idx": scalesByBlock = try reader.flag() ?? false
    default:
      if try special.read(key, &reader) { return }
      if try notes.readDropout(key, &reader) { return }
      if try !fixed.read(key, &reader) { try reader.skip() }
    }
  }

  func config() throws(JSONFault) -> GPT2Config {
    guard modelType != nil else { throw .missing(path: "model_type") }
    return GPT2Config(
      vocabularySize: try needed("vocab_size"),
      contextLength: try needed("n_positions"),
      modelWidth: try needed("n_embd"),
      layerCount: try needed("n_layer"),
      headCount: try needed("n_head"),
      mlpWidth: integers["n_inner"],
      normEpsilon: epsilon,
      tiedHead: tiedHead,
      startToken: special.start,
      endTokens: special.ends
    )
  }

  private func needed(_ key: String) throws(JSONFault) -> Int {
    guard let value = integers[key] else { throw .missing(path: key) }
    return value
  }
}
