// SPDX-License-Identifier: MIT
import PassoRuntime

/// How long a text may become on its way through the stages of a stranger's tokenizer: each stage
/// of a few letters can make a thousand of one, and there can be many.
struct GrowthRoom {
  /// Of a character of three bytes Unicode makes 33, which may be written as twice as many.
  private static let most = 64

  /// What stands around a text may be longer than a short one.
  private static let extra = 1 << 16

  private let byteCount: Int
  private let limit: Int
  private var left: Int

  // The longest that the part has been which is on its way.
  private var longest = 0

  /// Room for a text of so many bytes, in all of its parts.
  init(_ byteCount: Int) {
    self.byteCount = byteCount
    limit = min(byteCount, (.max - Self.extra) / Self.most) * Self.most + Self.extra
    left = limit
  }

  /// Asks whether the part that is on its way may have so many scalars, or bytes.
  ///
  /// - Throws: `DataProblem` if that is more than honest stages make, or than there is memory for.
  mutating func ask(_ count: Int) throws(DataProblem) {
    guard count > longest else { return }
    guard count <= left else { throw .growingText(bytes: byteCount, limit: limit) }
    longest = count
    // The old text and the new one, by scalars.
    let memory = count * 2 * MemoryLayout<Unicode.Scalar>.stride
    if count > byteCount, !MemoryRoom.has(memory) { throw .noMemory(bytes: memory) }
  }

  /// The part is through: what the others may need is so much less.
  mutating func endPart() {
    left -= longest
    longest = 0
  }
}
