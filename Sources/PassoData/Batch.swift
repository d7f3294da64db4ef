// SPDX-License-Identifier: MIT

/// One sequence as a model is trained on it: at each position, what goes in and what is expected.
package struct Example: Hashable, Sendable {
  /// Token ids, one a position.
  package let inputs: [TokenID]

  /// The id expected at each position, or `Batch.ignoredTarget` where nothing is asked.
  package let targets: [TokenID]

  /// Aligns inputs and targets, which must be equally many.
  package init(inputs: [TokenID], targets: [TokenID]) {
    precondition(
      inputs.count == targets.count,
      "an example needs as many targets as inputs, got \(targets.count) and \(inputs.count)"
    )
    self.inputs = inputs
    self.targets = targets
  }
}

/// Which positions a position may look at.
package enum Attention: Hashable, Sendable {
  /// Itself and those before it.
  case causal

  /// All of them.
  case bidirectional

  /// Itself, those before it, and all of the first `length` ones.
  case prefix(length: Int)

  /// How many of the first positions of a row are visible from one of them, counted from 0.
  package func visibleCount(from position: Int, rowLength: Int) -> Int {
    switch self {
    case .causal: position + 1
    case .bidirectional: rowLength
    case .prefix(let length): min(max(position + 1, length), rowLength)
    }
  }
}

/// Examples of equal length, one a row, for one training step.
package struct Batch: Hashable, Sendable {
  /// The target where no token is expected: it does not count in the loss.
  package static let ignoredTarget: TokenID = -100

  /// Token ids, [row][position].
  package let inputs: [[TokenID]]

  /// Expected ids or `ignoredTarget`, [row][position].
  package let targets: [[TokenID]]

  /// What each position of a row may look at.
  package let attention: Attention

  /// Fills short examples up to the longest: with the padding id, and with ignored targets.
  package init(examples: [Example], attention: Attention, padding: TokenID) {
    let length = examples.map(\.inputs.count).max() ?? 0
    func filled(_ row: [TokenID], with id: TokenID) -> [TokenID] {
      row + Array(repeating: id, count: length - row.count)
    }
    inputs = examples.map { filled($0.inputs, with: padding) }
    targets = examples.map { filled($0.targets, with: Self.ignoredTarget) }
    self.attention = attention
  }

  /// The same batch with other ids in some of its rows.
  package init(_ batch: Batch, inputs: [[TokenID]], targets: [[TokenID]]) {
    precondition(
      inputs.map(\.count) == batch.inputs.map(\.count)
        && targets.map(\.count) == batch.targets.map(\.count),
      "a batch keeps its shape"
    )
    self.inputs = inputs
    self.targets = targets
    attention = batch.attention
  }

  /// The number of rows, B.
  package var rowCount: Int { inputs.count }

  /// The number of positions in every row, T.
  package var length: Int { inputs.first?.count ?? 0 }
}
