// SPDX-License-Identifier: MIT
import PassoEngine
import PassoFiles

/// What `rope_scaling` or `rope_parameters` says of rotary positions, before anything is believed.
///
/// Source: `transformers`, `modeling_rope_utils.py`, version 5.
struct RotaryScaling: Hashable, Sendable {
  /// The key of the configuration.
  private(set) var key: String

  /// The base of the angles, if it is said here.
  private(set) var base: Double?

  /// The part of each head that is rotated, if it is said here.
  private(set) var partial: Double?

  private(set) var type = "default"

  /// What is said of blocks of one kind, by its name in `layer_types`.
  private(set) var byKind: [String: RotaryScaling] = [:]

  private var numbers: [String: Double] = [:]
  private var isRounded = true
  private var hasLists = false

  /// Reads the object; nil for null, and for one that says nothing.
  init?(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    self.key = key
    if try reader.null() { return nil }
    var isEmpty = true
    var found = self
    try reader.object { (inner, reader) throws(JSONFault) in
      isEmpty = false
      try found.read(inner, &reader)
    }
    self = found
    if isEmpty { return nil }
  }

  private mutating func read(
    _ inner: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    switch (inner, reader.kind) {
    // The older name of the key stands beside the newer one in many files.
    case ("rope_type", .string): type = try reader.string()
    case ("type", .string):
      let older = try reader.string()
      if type == "default" { type = older }
    case ("rope_theta", .number): base = try reader.number()
    case ("partial_rotary_factor", .number): partial = try reader.number()
    case ("truncate", .boolean): isRounded = try reader.boolean()
    case ("full_attention", _), ("sliding_attention", _):
      byKind[inner] = try RotaryScaling("\(key).\(inner)", &reader)
    case (_, .number): numbers[inner] = try reader.number()
    case (_, .array), (_, .object):
      hasLists = true
      try reader.skip()
    default: try reader.skip()
    }
  }
}

extension RotaryScaling {
  /// What slows the pairs down, and by how much vectors become longer.
  ///
  /// - Parameter context: The positions that the model reads.
  /// - Returns: The stretch, and the factor of lengths.
  /// - Throws: `ConfigFault` for a kind that is not computed, and for numbers that make no sense.
  func stretch(
    context: Int
  ) throws(ConfigFault) -> (stretch: RotaryAngles.Stretch, magnitude: Double) {
    switch type {
    case "default": return (.none, 1)
    case "linear": return (.linear(factor: try positive("factor")), 1)
    case "dynamic":
      // The base grows with texts longer than the context, and no others.
      _ = try positive("factor")
      return (.none, 1)
    case "llama3":
      let (low, high) = (try positive("low_freq_factor"), try positive("high_freq_factor"))
      guard high > low else { throw number("high_freq_factor", needed: "> \(low)", high) }
      let original = try positive("original_max_position_embeddings", or: Double(context))
      let factor = try positive("factor")
      return (.llama3(factor: factor, low: low, high: high, original: original), 1)
    case "yarn" where !hasLists: return try yarn(context)
    default:
      let known = "default|linear|dynamic|llama3|yarn"
      throw .unsupported(key: "\(key).rope_type", needed: known, found: type)
    }
  }

  private func yarn(
    _ context: Int
  ) throws(ConfigFault) -> (stretch: RotaryAngles.Stretch, magnitude: Double) {
    let original = try positive("original_max_position_embeddings", or: Double(context))
    let factor = try positive("factor", or: Double(context) / original)
    func given(_ name: String) -> Double? { numbers[name].flatMap { $0 == 0 ? nil : $0 } }
    func length(_ scale: Double) -> Double {
      factor <= 1 ? 1 : 0.1 * scale * Double.logarithm(factor) + 1
    }
    var magnitude = length(1)
    if let over = given("mscale"), let under = given("mscale_all_dim") {
      magnitude = length(over) / length(under)
    }
    magnitude = numbers["attention_factor"] ?? magnitude
    guard magnitude > 0, magnitude.isFinite else {
      throw number("attention_factor", needed: "> 0", magnitude)
    }
    return (
      .yarn(
        factor: factor,
        fast: try positive("beta_fast", or: 32),
        slow: try positive("beta_slow", or: 1),
        original: original,
        isRounded: isRounded
      ), magnitude
    )
  }

  /// A number above 0.
  private func positive(
    _ name: String,
    or standard: Double? = nil
  ) throws(ConfigFault) -> Double {
    guard let value = numbers[name] ?? standard else {
      throw .unsupported(key: "\(key).\(name)", needed: "> 0", found: "null")
    }
    guard value > 0, value.isFinite else { throw number(name, needed: "> 0", value) }
    return value
  }

  private func number(_ name: String, needed: String, _ found: Double) -> ConfigFault {
    .unsupported(key: "\(key).\(name)", needed: needed, found: "\(found)")
  }
}

extension RotaryAngles {
  /// What `rope_parameters` says of them.
  var json: String {
    var members: [ConfigMember] = [("rope_theta", "\(base)")]
    switch stretch {
    case .none: members.insert(("rope_type", #""default""#), at: 0)
    case .linear(let factor):
      members += [("rope_type", #""linear""#), ("factor", "\(factor)")]
    case .llama3(let factor, let low, let high, let original):
      members += [
        ("rope_type", #""llama3""#), ("factor", "\(factor)"), ("low_freq_factor", "\(low)"),
        ("high_freq_factor", "\(high)"),
        ("original_max_position_embeddings", Self.count(original)),
      ]
    case .yarn(let factor, let fast, let slow, let original, let isRounded):
      members += [
        ("rope_type", #""yarn""#), ("factor", "\(factor)"), ("beta_fast", "\(fast)"),
        ("beta_slow", "\(slow)"), ("original_max_position_embeddings", Self.count(original)),
        ("attention_factor", "\(magnitude)"), ("truncate", "\(isRounded)"),
      ]
    }
    return "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }

  /// A number that is whole, without a point.
  private static func count(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}
