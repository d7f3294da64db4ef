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

  /// The kind of angles that scales nothing.
  static let plain = "default"

  /// The kind; the newer key counts where both are there.
  var type: String { newerType ?? olderType ?? Self.plain }

  /// What is said of blocks of one kind, by its name in `layer_types`.
  private(set) var byKind: [String: RotaryScaling] = [:]

  /// Whether YaRN's bounds are rounded to whole pairs.
  var isRounded = true

  private var newerType: String?
  private var olderType: String?
  private var numbers: [String: Double] = [:]
  private var hasLists = false

  /// A scaling that says its kind only.
  init(_ key: String, type: String) { (self.key, newerType) = (key, type) }

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

  /// Numbers that some kind of angles takes; null is as good as nothing.
  private static let numberKeys: Set = [
    "factor", "low_freq_factor", "high_freq_factor", original, "beta_fast", "beta_slow", "mscale",
    "mscale_all_dim", "attention_factor",
  ]

  private static let original = "original_max_position_embeddings"

  /// What no kind of angles takes is passed over, as `transformers` does.
  private mutating func read(
    _ inner: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) {
    switch inner {
    case "rope_type": newerType = try reader.string()
    // The older name of the key stands beside the newer one in many files.
    case "type": olderType = try reader.null() ? nil : reader.string()
    case "rope_theta": base = try reader.number()
    case "partial_rotary_factor": partial = try reader.null() ? nil : reader.number()
    case "truncate": isRounded = try reader.boolean()
    case "full_attention", "sliding_attention":
      byKind[inner] = try RotaryScaling("\(key).\(inner)", &reader)
    case _ where Self.numberKeys.contains(inner):
      numbers[inner] = try reader.null() ? nil : reader.number()
    default:
      // As the factors of longrope are.
      if [.array, .object].contains(reader.kind) { hasLists = true }
      try reader.skip()
    }
  }

  /// Takes another length of the texts that the model first learned from.
  mutating func setOriginal(_ length: Double) { numbers[Self.original] = length }

  /// This, and of another one what this does not say.
  func over(_ other: RotaryScaling) -> RotaryScaling {
    var both = self
    (both.base, both.partial) = (base ?? other.base, partial ?? other.partial)
    both.newerType = newerType ?? other.newerType
    both.olderType = olderType ?? other.olderType
    both.numbers.merge(other.numbers) { ours, _ in ours }
    both.hasLists = hasLists || other.hasLists
    return both
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
    case Self.plain: return (.none, 1)
    case "linear": return (.linear(factor: try positive("factor")), 1)
    case "dynamic":
      // The base grows with texts longer than the context, and no others.
      _ = try positive("factor")
      return (.none, 1)
    case "llama3":
      let (low, high) = (try positive("low_freq_factor"), try positive("high_freq_factor"))
      guard high > low else { throw number("high_freq_factor", needed: "> \(low)", high) }
      let original = try positive(Self.original, or: Double(context))
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
    let original = try positive(Self.original, or: Double(context))
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
