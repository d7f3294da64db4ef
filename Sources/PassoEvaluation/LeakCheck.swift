// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// Whether a model can see its answers: each input token is replaced by others, and the outputs
/// that change by a single bit are noted.
///
/// Works on values, not on settings: tokens, targets and mask are those that the model really uses.
package struct LeakCheck: Sendable {
  /// Ids, [batch, position].
  package let tokens: Tensor

  /// Ids expected, or `ignoredTarget`, [batch, position].
  package let targets: Tensor

  /// Not 0 where a query may look at a key, [query, key], or one such matrix for each row.
  package let mask: Tensor

  package let layerCount: Int

  /// Ids go from 0 up to this.
  package let vocabularySize: Int

  /// Whether the objective takes the answers out of the inputs: then a position holds one only
  /// where it was left in place.
  package var hidesAnswers = false

  /// How far behind a position its answer stands, as the objective says.
  package var distance = 1

  /// Forward passes beyond which fewer ids are tried.
  private static let mostRuns = 600

  package init(
    tokens: Tensor,
    targets: Tensor,
    mask: Tensor,
    layerCount: Int,
    vocabularySize: Int
  ) {
    self.tokens = tokens
    self.targets = targets
    self.mask = mask
    self.layerCount = layerCount
    self.vocabularySize = vocabularySize
  }

  private var rowCount: Int { tokens.shape.sizes[0] }
  private var length: Int { tokens.shape.sizes[1] }

  /// Replaces every token in turn.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked before each forward pass.
  ///   - forward: The logits, [batch, position, vocab], of tokens in the shape of `tokens`.
  /// - Returns: What was found; nil if it was stopped.
  /// - Throws: What `forward` throws.
  package func report(
    unless shouldStop: () -> Bool = { false },
    forward: (Tensor) throws -> Tensor
  ) rethrows -> LeakReport? {
    let ids = tokens.doubles.map { Int32($0) }
    let before = try forward(tokens)
    var rows = Array(repeating: SightMatrix(length: length), count: rowCount)
    var crossings: [LeakReport.Crossing] = []
    var runCount = 1
    for place in ids.indices {
      for id in substitutes(for: ids[place]) {
        guard !shouldStop() else { return nil }
        var changed = ids
        changed[place] = id
        let after = try forward(Tensor(tokens.shape, changed))
        runCount += 1
        let (row, position) = (place / length, place % length)
        for moved in Self.movedRows(before, after) {
          if moved / length == row {
            rows[row][moved % length, position] = true
          } else {
            crossings.append(
              .init(row: row, position: position, otherRow: moved / length, output: moved % length)
            )
          }
        }
      }
    }
    return LeakReport(
      check: self,
      rows: rows,
      crossings: crossings,
      notNumbers: Self.rowsWithNaN(before).map { ($0 / length, $0 % length) },
      runCount: runCount
    )
  }

  /// All other ids of a small vocabulary; of a large one a few, far from each other.
  private func substitutes(for id: Int32) -> [Int32] {
    let all = vocabularySize - 1
    guard all > 0 else { return [] }
    let affordable = max(1, Self.mostRuns / max(1, tokens.count))
    let count = min(all, affordable, all <= 32 ? all : 4)
    return (0..<count).map { number in
      Int32((Int(id) + 1 + number * all / count) % vocabularySize)
    }
  }
}

// MARK: - Bits

extension LeakCheck {
  /// The rows of two tensors that are not the same numbers.
  ///
  /// Two zeros are one number, and NaN has not moved where it was NaN before.
  private static func movedRows(_ before: Tensor, _ after: Tensor) -> [Int] {
    switch (before.storage, after.storage) {
    case (.f32(let old), .f32(let new)): movedRows(old, new, width: before.shape.lastSize)
    default: movedRows(before.doubles, after.doubles, width: before.shape.lastSize)
    }
  }

  private static func movedRows<S: FloatingPoint>(_ old: [S], _ new: [S], width: Int) -> [Int] {
    (0..<old.count / width).filter { row in
      (row * width..<(row + 1) * width).contains {
        old[$0] != new[$0] && !(old[$0].isNaN && new[$0].isNaN)
      }
    }
  }

  private static func rowsWithNaN(_ tensor: Tensor) -> [Int] {
    let width = tensor.shape.lastSize
    let numbers = tensor.doubles
    return (0..<numbers.count / width).filter { row in
      numbers[row * width..<(row + 1) * width].contains { $0.isNaN }
    }
  }
}
