// SPDX-License-Identifier: MIT

import PassoData
import PassoModel

extension FixedBatch {
  /// Rows of a length from ids one after the other, divided among rounds.
  init(
    inputs: [TokenID],
    targets: [TokenID],
    length: Int,
    prefixes: [Int]? = nil,
    weights: [Double]? = nil,
    rounds: Int = 1
  ) {
    let rows = (0..<inputs.count / length).map { row in
      let places = row * length..<(row + 1) * length
      return Example(
        inputs: Array(inputs[places]),
        targets: Array(targets[places]),
        prefix: prefixes?[row] ?? 0,
        weights: weights.map { Array($0[places]) }
      )
    }
    self.init(Batch(rows: rows), rounds: rounds)
  }
}
