// SPDX-License-Identifier: MIT

import PassoRuntime

/// One sequence as a model is trained on it: at each position, what goes in and what is expected.
package struct Example: Hashable, Sendable {
  /// Token ids, one a position.
  package var inputs: [TokenID]

  /// The id expected at each position, or `ignoredTarget` where nothing is asked.
  package var targets: [TokenID]

  /// How many positions at the start all others may look at, also from before them.
  ///
  /// With 0 a position sees itself and those before it, with all of them it sees everything.
  package let prefix: Int

  /// What the target of each position weighs in the mean loss, 0 or more; nil where all weigh 1.
  package var weights: [Double]?

  /// Aligns inputs, targets and weights, which must be equally many.
  package init(
    inputs: [TokenID],
    targets: [TokenID],
    prefix: Int = 0,
    weights: [Double]? = nil
  ) {
    precondition(
      inputs.count == targets.count && prefix <= inputs.count,
      "an example needs as many targets as inputs, got \(targets.count) and \(inputs.count)"
    )
    precondition(weights.map { $0.count == inputs.count } ?? true, "a weight for each input")
    self.weights = weights
    self.inputs = inputs
    self.targets = targets
    self.prefix = prefix
  }

  /// How many of the first positions are visible from one of them, counted from 0.
  package func visibleCount(from position: Int) -> Int {
    max(position + 1, prefix)
  }

  /// Filled up to a length, with an id about which nothing is asked.
  func filled(to length: Int, with padding: TokenID) -> Example {
    func filled<Number>(_ row: [Number], with number: Number) -> [Number] {
      row + Array(repeating: number, count: max(0, length - row.count))
    }
    return Example(
      inputs: filled(inputs, with: padding),
      targets: filled(targets, with: ignoredTarget),
      prefix: prefix,
      weights: weights.map { filled($0, with: 0) }
    )
  }
}

/// Examples of equal length, one a row, for one training step.
package struct Batch: Hashable, Sendable {
  /// The rows, all of one length.
  package let rows: [Example]

  /// Rows that are equally long already.
  package init(rows: [Example]) {
    precondition(
      rows.allSatisfy { $0.inputs.count == rows[0].inputs.count },
      "rows of different lengths"
    )
    self.rows = rows
  }

  /// Fills short examples up to the longest, or to a length: with the padding id, and with ignored
  /// targets.
  package init(examples: [Example], padding: TokenID, length: Int = 0) {
    let longest = examples.reduce(length) { max($0, $1.inputs.count) }
    rows = examples.map { $0.filled(to: longest, with: padding) }
  }

  /// Token ids, [row][position].
  package var inputs: [[TokenID]] { rows.map(\.inputs) }

  /// Expected ids or `ignoredTarget`, [row][position].
  package var targets: [[TokenID]] { rows.map(\.targets) }

  /// The number of rows, B.
  package var rowCount: Int { rows.count }

  /// The number of positions in every row, T.
  package var length: Int { rows.first?.inputs.count ?? 0 }
}
