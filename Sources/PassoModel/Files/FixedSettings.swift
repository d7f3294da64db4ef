// SPDX-License-Identifier: MIT

import PassoFiles

/// Keys of a configuration that would change the numbers: what they ask for must be what is
/// computed, however it is written.
struct FixedSettings {
  private var faults: [String: ConfigFault] = [:]

  /// The first key, in the order of the alphabet, that asks for something else.
  var fault: ConfigFault? { faults.min { $0.key < $1.key }?.value }

  /// Reads a key that every family may have, or answers false.
  mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) -> Bool {
    switch key {
    case "is_encoder_decoder", "add_cross_attention":
      try readFlag(key, needed: false, &reader)
    case "quantization_config", "compression_config":
      let value = try reader.value()
      if value != .null { faults[key] = .quantized(Self.method(value)) }
    default: return false
    }
    return true
  }

  /// Reads true or false; null asks for nothing.
  mutating func readFlag(
    _ key: String,
    needed: Bool,
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    let found = reader.found ?? ""
    guard let flag = try reader.flag(), flag != needed else { return }
    faults[key] = .unsupported(key: key, needed: "\(needed)", found: found)
  }

  /// Reads a name that must be one of some: those of one and the same function.
  mutating func read(
    _ key: String,
    among names: [String],
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    let found = reader.found ?? ""
    let value = try reader.value()
    if value == .null || value.text.map({ names.contains($0) }) ?? false { return }
    faults[key] = .unsupported(key: key, needed: names[0], found: found)
  }

  /// Reads a number that must be 1.
  mutating func readOne(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    if try reader.null() { return }
    let number = try reader.number()
    if number != 1 { faults[key] = .unsupported(key: key, needed: "1", found: "\(number)") }
  }

  /// How weights are quantized, as the configuration says it.
  private static func method(_ value: JSONValue) -> String? {
    let bits: [(key: String, bits: String)] = [("load_in_4bit", "4"), ("load_in_8bit", "8")]
    let known = bits.first { value[$0.key] == .boolean(true) }?.bits
    let number =
      known
      ?? value["bits"].flatMap { bits in
        if case .integer(let count) = bits { "\(count)" } else { nil }
      }
    let parts = [value["quant_method"]?.text, number.map { "\($0) bit" }]
    let said = parts.compactMap { $0 }
    return said.isEmpty ? nil : said.joined(separator: ", ")
  }
}

/// How far back a token looks, where a configuration limits it.
///
/// Source: `transformers`, `configuration_mistral.py` and `configuration_qwen2.py`, version 5.
struct SlidingWindow {
  private var size: Int??
  private var isUsed = false
  private var fullLayers: Int?
  private var hasWindowedLayer: Bool?

  /// Reads a key of windows, or answers false.
  mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) -> Bool {
    switch key {
    case "sliding_window": size = .some(try reader.null() ? nil : reader.integer())
    case "use_sliding_window": isUsed = try reader.flag() ?? false
    case "max_window_layers": fullLayers = try reader.null() ? nil : reader.integer()
    case "layer_types":
      if try reader.null() { return true }
      var found = false
      try reader.array { (_, reader) throws(JSONFault) in
        if try reader.string() != "full_attention" { found = true }
      }
      hasWindowedLayer = found
    default: return false
    }
    return true
  }

  /// The tokens that a token of some block sees, itself included; nil if all see all before them.
  func reach(of modelType: String, layers: Int) -> Int? {
    let standard = 4_096
    switch modelType {
    // Mistral's window is a number of its own; where none is said it is that of the first model.
    case "mistral": return size ?? standard
    // Qwen2's counts only if another key says so, and from a certain block on.
    case "qwen2":
      guard isUsed, hasWindowedLayer ?? ((fullLayers ?? 28) < layers) else { return nil }
      return size ?? standard
    default: return nil
    }
  }
}

extension JSONReader {
  /// Reads true or false, or null.
  mutating func flag() throws(JSONFault) -> Bool? {
    try null() ? nil : boolean()
  }
}

extension [ConfigNote] {
  /// Reads a rate of dropout, or answers false.
  mutating func readDropout(
    _ key: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) -> Bool {
    guard ["attn_pdrop", "embd_pdrop", "resid_pdrop", "attention_dropout"].contains(key) else {
      return false
    }
    if try reader.null() { return true }
    let rate = try reader.number()
    if rate != 0 { append(.dropout(key: key, rate: rate)) }
    return true
  }
}
