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
    case "is_encoder_decoder", "add_cross_attention", "use_bidirectional_attention":
      try readFlag(key, needed: false, &reader)
    // Whatever stands there and is not true lets every place see all others, null too.
    case "is_causal": try readValue(key, needed: .boolean(true), &reader)
    // Blocks that differ from each other, and masks of parts of the text.
    case "per_layer_config", "attention_chunk_size": try readNull(key, &reader)
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

  /// Reads the name of a curve; nil for null, and for one that is not computed.
  mutating func readCurve(
    _ key: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) -> ModelConfiguration.Curve? {
    let found = reader.found ?? ""
    let value = try reader.value()
    if value == .null { return nil }
    if let curve = value.text.flatMap(ModelConfiguration.Curve.init(named:)) { return curve }
    let needed = ModelConfiguration.Curve.allCases.map(\.rawValue).joined(separator: "|")
    faults[key] = .unsupported(key: key, needed: needed, found: found)
    return nil
  }

  /// Reads what must be null: a part that is not computed.
  mutating func readNull(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    try readValue(key, needed: .null, &reader)
  }

  /// Reads what has one value only.
  private mutating func readValue(
    _ key: String,
    needed: JSONValue,
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    let found = reader.found ?? ""
    if try reader.value() == needed { return }
    faults[key] = .unsupported(key: key, needed: needed.beginning, found: found)
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
    let rates: Set = [
      "attn_pdrop", "embd_pdrop", "resid_pdrop", "attention_dropout", "hidden_dropout",
      "resid_dropout", "embed_dropout",
    ]
    guard rates.contains(key) else { return false }
    if try reader.null() { return true }
    let rate = try reader.number()
    if rate != 0 { append(.dropout(key: key, rate: rate)) }
    return true
  }
}
