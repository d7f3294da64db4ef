// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// The beginnings of texts, as much of them as fits into memory: what a tokenizer learns from.
package struct TextSample: Sendable {
  /// The texts, mended as `TextCleaner` says; the last of a file may be cut short.
  package private(set) var texts: [String] = []

  /// Whether this is everything that there is.
  package private(set) var isWhole = true

  /// Reads the beginning of each file.
  ///
  /// - Parameters:
  ///   - source: Which files, and how texts are taken out of them.
  ///   - limit: Some bytes more than these are read, from each file the same part of them.
  /// - Throws: `FileProblem` or `RecordProblem` if a file cannot be read or there is no room for
  ///   it,
  ///   `TextProblem.noText` if they are all empty.
  package init(_ source: TextSource, limit: Int = 16 << 20) throws {
    var tally = TextTally()
    var room = GrowingRoom()
    let share = limit / max(1, source.inputs.count)
    for input in source.inputs {
      var one = source
      one.inputs = [input]
      var reader = TextReader(one)
      var (taken, bytes) = (texts, 0)
      func add(_ piece: TextPiece) throws {
        // What is left of a buffer that a stop came too late for.
        guard bytes < share else { return }
        bytes += piece.bytes.count
        if let bytes = room.refusal(adding: piece.bytes.count) {
          throw FileProblem.system(.noMemory(bytes: bytes), file: input.name)
        }
        let text = String(decoding: piece.bytes, as: UTF8.self)
        if piece.isFirst { taken.append(text) } else { taken[taken.count - 1] += text }
      }
      let isRead = try reader.read(unless: { bytes >= share }, add)
      tally.add(reader.tally)
      (texts, isWhole) = (taken, isWhole && isRead && bytes < share)
    }
    guard !texts.isEmpty else { throw TextProblem.noText(tally, in: source) }
  }
}
