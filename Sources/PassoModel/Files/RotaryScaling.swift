// SPDX-License-Identifier: MIT
import PassoEngine
import PassoFiles

/// What `rope_scaling` or `rope_parameters` says of rotary positions, before anything is believed.
///
/// Only plain angles are computed. Other kinds are taken where they give the same angles: a factor
/// of 1, or a change that begins beyond what the model reads.
/// Source: `transformers`, `modeling_rope_utils.py`, version 5.
struct RotaryScaling: Hashable, Sendable {
  /// The key of the configuration.
  private(set) var key: String

  /// The base of the angles, if it is said here.
  private(set) var base: Double?

  private(set) var type = "default"
  private var partial = 1.0
  private var numbers: [String: Double] = [:]
  private var hasLists = false

  /// Reads the object; nil for null, and for one that says nothing.
  init?(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    self.key = key
    if try reader.null() { return nil }
    var isEmpty = true
    var found = self
    try reader.object { (inner, reader) throws(JSONFault) in
      isEmpty = false
      switch (inner, reader.kind) {
      // The older name of the key stands beside the newer one in many files.
      case ("rope_type", .string): found.type = try reader.string()
      case ("type", .string):
        let type = try reader.string()
        if found.type == "default" { found.type = type }
      case ("rope_theta", .number): found.base = try reader.number()
      case ("partial_rotary_factor", .number): found.partial = try reader.number()
      case (_, .number): found.numbers[inner] = try reader.number()
      case (_, .array), (_, .object):
        found.hasLists = true
        try reader.skip()
      default: try reader.skip()
      }
    }
    self = found
    if isEmpty { return nil }
  }

  /// Why the angles are others than plain ones; nil if they are the same.
  func fault(headWidth: Int, contextLength: Int, base: Double) -> ConfigFault? {
    guard partial == 1 else {
      return .unsupported(key: "\(key).partial_rotary_factor", needed: "1", found: "\(partial)")
    }
    if isPlain(headWidth: headWidth, contextLength: contextLength, base: base) { return nil }
    return .unsupported(key: "\(key).rope_type", needed: "default", found: type)
  }

  private func isPlain(headWidth: Int, contextLength: Int, base: Double) -> Bool {
    let factor = numbers["factor"]
    switch type {
    case "default": return true
    case "linear": return factor == 1
    // The base grows with texts longer than the context, and no others.
    case "dynamic": return factor != nil
    case "llama3":
      return factor == 1 || isBelowLlama3(headWidth: headWidth, base: base)
    case "yarn":
      let attention = numbers["attention_factor"] ?? 1
      return factor == 1 && attention == 1 && numbers["mscale"] == numbers["mscale_all_dim"]
        && !hasLists
    default: return false
    }
  }

  /// Whether every wave is so short that Llama 3 leaves it as it is.
  private func isBelowLlama3(headWidth: Int, base: Double) -> Bool {
    guard let original = numbers["original_max_position_embeddings"],
      let high = numbers["high_freq_factor"], high > 0
    else { return false }
    let exponent = Double(max(headWidth - 2, 0)) / Double(headWidth)
    let slowest = Double.exponential(exponent * Double.logarithm(base))
    return 2 * Double.pi * slowest < original / high
  }
}
