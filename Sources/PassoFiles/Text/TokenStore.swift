// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoText
import Synchronization

/// A long row of tokens, in memory or in files; any part of it can be had at any time.
package protocol TokenStore: Sendable {
  /// The number of tokens.
  var count: Int { get }

  /// Appends the tokens of a range, which must lie in the row.
  func append(_ range: Range<Int>, to tokens: inout [Int32])

  /// Why tokens that were read are not those that were written; nil while there is no reason.
  var damage: TextProblem? { get }
}

extension TokenStore {
  package var damage: TextProblem? { nil }

  /// The tokens of a range, which must lie in the row.
  package func tokens(_ range: Range<Int>) -> [Int32] {
    var tokens: [Int32] = []
    tokens.reserveCapacity(range.count)
    append(range, to: &tokens)
    return tokens
  }

  /// Whether a part of this row has the same tokens as a part of another.
  func matches(_ range: Range<Int>, _ other: any TokenStore, _ otherRange: Range<Int>) -> Bool {
    guard range.count == otherRange.count else { return false }
    let step = 4096
    for offset in stride(from: 0, to: range.count, by: step) {
      let length = min(step, range.count - offset)
      let (own, its) = (range.lowerBound + offset, otherRange.lowerBound + offset)
      let theirs = other.tokens(its..<its + length)
      guard tokens(own..<own + length) == theirs else { return false }
    }
    return true
  }
}

extension Array: TokenStore where Element == Int32 {
  package func append(_ range: Range<Int>, to tokens: inout [Int32]) {
    tokens += self[range]
  }
}

/// The tokens of shard files, one after the other.
///
/// Parts are read when they are asked for, so that the process does not grow with the text. What
/// another program has written over the files since they were checked, or cut from them, never
/// reaches a model: an id that no token has becomes 0, and is remembered as damage.
final class StoredTokens: TokenStore {
  let count: Int

  private let files: [RandomAccessFile]

  // The place of the first token of each file, and after the last one the end.
  private let starts: [Int]
  private let width: Int
  private let vocabularySize: UInt32
  private let folder: String
  private let isDamaged = Mutex(false)

  /// Uses files whose headers were checked.
  init(
    _ shards: [(file: RandomAccessFile, tokens: Int)],
    width: Int,
    vocabularySize: Int,
    folder: String
  ) {
    files = shards.map(\.file)
    self.width = width
    self.vocabularySize = UInt32(clamping: vocabularySize)
    self.folder = folder
    starts = shards.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.tokens) }
    count = starts.last ?? 0
  }

  var damage: TextProblem? {
    isDamaged.withLock { $0 } ? .overwritten(folder: folder) : nil
  }

  func append(_ range: Range<Int>, to tokens: inout [Int32]) {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "tokens outside the text")
    var shard = shard(of: range.lowerBound)
    var place = range.lowerBound
    while place < range.upperBound {
      let end = min(range.upperBound, starts[shard + 1])
      copy(place - starts[shard]..<end - starts[shard], of: files[shard], to: &tokens)
      place = end
      shard += 1
    }
  }

  private func shard(of place: Int) -> Int {
    var (low, high) = (0, files.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }

  private func copy(_ range: Range<Int>, of file: RandomAccessFile, to tokens: inout [Int32]) {
    let start = ShardHeader.byteCount
    let bytes = start + range.lowerBound * width..<start + range.upperBound * width
    tokens += [Int32](unsafeUninitializedCapacity: range.count) { ids, filled in
      filled = range.count
      let isGood = withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 8) { room in
        guard (try? file.read(bytes, into: room)) != nil else {
          ids.initialize(repeating: 0)
          return false
        }
        return width == 2
          ? take(UnsafeRawBufferPointer(room).assumingMemoryBound(to: UInt16.self), ids)
          : take(UnsafeRawBufferPointer(room).assumingMemoryBound(to: UInt32.self), ids)
      }
      if !isGood { isDamaged.withLock { $0 = true } }
    }
  }

  /// Whether all of some ids were ids of tokens.
  private func take<Stored: FixedWidthInteger>(
    _ stored: UnsafeBufferPointer<Stored>,
    _ ids: UnsafeMutableBufferPointer<Int32>
  ) -> Bool {
    var wrong: UInt32 = 0
    for place in stored.indices {
      let id = UInt32(truncatingIfNeeded: Stored(littleEndian: stored[place]))
      let isKnown = id < vocabularySize
      ids[place] = isKnown ? Int32(bitPattern: id) : 0
      wrong |= isKnown ? 0 : 1
    }
    return wrong == 0
  }
}
