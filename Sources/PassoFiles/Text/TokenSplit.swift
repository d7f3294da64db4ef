// SPDX-License-Identifier: MIT

import PassoRuntime

/// Which part of a text is kept for tests; the seed of the request decides what falls into it.
package enum TokenSplit: Hashable, Sendable {
  /// Everything is learned from.
  case none

  /// Each text falls into one of the two parts, with this chance into the one that is kept.
  case documents(Double)

  /// The row of all tokens is cut into blocks, each of which falls into one of the two parts.
  case blocks(Double, length: Int)

  /// The part that is kept, as a chance.
  package var fraction: Double {
    switch self {
    case .none: 0
    case .documents(let fraction), .blocks(let fraction, _): fraction
    }
  }

  /// The tokens of a block; 0 if texts stay whole.
  var blockLength: Int {
    if case .blocks(_, let length) = self { length } else { 0 }
  }

  /// Its name in files.
  var name: String {
    switch self {
    case .none: "none"
    case .documents: "documents"
    case .blocks: "blocks"
    }
  }

  /// A split from its name and numbers in a file.
  init?(name: String, fraction: Double, length: Int) {
    switch name {
    case "none": self = .none
    case "documents": self = .documents(fraction)
    case "blocks": self = .blocks(fraction, length: length)
    default: return nil
    }
  }
}

/// Decides for units of a text, by their numbers, whether they are kept for tests.
///
/// Each number has a random key; the units whose key lies below a threshold are kept.
struct SplitRule: Hashable {
  private let seed: UInt64
  private let threshold: UInt64

  init(_ split: TokenSplit, seed: UInt64) {
    precondition(0 <= split.fraction && split.fraction < 1, "a fraction of \(split.fraction)")
    var random = RandomSource(seed: seed)
    self.seed = random.next()
    threshold = UInt64(split.fraction * 0x1p64)
  }

  private init(seed: UInt64, threshold: UInt64) {
    self.seed = seed
    self.threshold = threshold
  }

  func key(_ unit: Int) -> UInt64 {
    var random = RandomSource(seed: seed ^ UInt64(unit))
    return random.next()
  }

  /// Whether the unit with this key is kept.
  func keeps(_ key: UInt64) -> Bool { key < threshold }

  /// The same rule with another threshold, which leaves neither part of these keys empty.
  func filling(least: UInt64, greatest: UInt64) -> SplitRule {
    SplitRule(seed: seed, threshold: keeps(greatest) ? greatest : max(threshold, least + 1))
  }
}
