// SPDX-License-Identifier: MIT

import Dispatch
import PassoRuntime
import PassoText
import Synchronization

/// The different pieces of texts, and how often each comes.
struct PieceCounts: Sendable {
  private(set) var pieces = ByteTable()
  private(set) var counts: [Int] = []

  /// Cuts texts as GPT-2 does; threads take parts of long ones.
  init(_ texts: [String], threads: Int) {
    // One for all: many texts are lines, shorter than what a scanner has to prepare.
    let scanner = TextScanner(.gpt2)
    for text in texts {
      var text = text
      text.withUTF8 { add($0, threads: threads, scanner) }
    }
  }

  private init() {}

  private mutating func add(
    _ text: UnsafeBufferPointer<UInt8>,
    threads: Int,
    _ scanner: TextScanner
  ) {
    let cuts =
      threads > 1
      ? TextCuts.beforeSpace.places(in: text, every: max(1 << 16, text.count / threads)) : []
    guard !cuts.isEmpty else { return add(text, scanner) }
    let bounds = [0] + cuts + [text.count]
    let parts = Mutex(Array(repeating: PieceCounts(), count: bounds.count - 1))
    nonisolated(unsafe) let text = text
    DispatchQueue.concurrentPerform(iterations: bounds.count - 1) { number in
      var counts = PieceCounts()
      let part = UnsafeBufferPointer(rebasing: text[bounds[number]..<bounds[number + 1]])
      counts.add(part, TextScanner(.gpt2))
      parts.withLock { [counts] in $0[number] = counts }
    }
    for part in parts.withLock({ $0 }) { add(part) }
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ scanner: TextScanner) {
    var start = 0
    while start < text.count {
      let end = scanner.end(of: text, from: start)
      count(UnsafeBufferPointer(rebasing: text[start..<end]), 1)
      start = end
    }
  }

  private mutating func add(_ other: PieceCounts) {
    guard !counts.isEmpty else {
      self = other
      return
    }
    for number in other.counts.indices {
      other.pieces[number].withUnsafeBufferPointer { count($0, other.counts[number]) }
    }
  }

  @inline(__always)
  private mutating func count(_ piece: UnsafeBufferPointer<UInt8>, _ times: Int) {
    let number = pieces.insert(piece)
    if number == counts.count { counts.append(times) } else { counts[number] += times }
  }
}
