// SPDX-License-Identifier: MIT

import PassoEngine

/// Which positions see which: [seeing, seen].
package struct SightMatrix: Hashable, Sendable {
  package let length: Int

  /// Row-major.
  package private(set) var cells: [Bool]

  /// A matrix by who sees whom; nobody sees anything unless it is said.
  package init(length: Int, sees: (_ seeing: Int, _ seen: Int) -> Bool = { _, _ in false }) {
    self.length = length
    cells = (0..<length).flatMap { seeing in (0..<length).map { sees(seeing, $0) } }
  }

  /// A mask by its numbers: whatever is not 0 may be seen.
  ///
  /// - Parameters:
  ///   - mask: [query, key], or one such matrix for each row.
  ///   - row: Which row's matrix is wanted.
  package init(mask: Tensor, row: Int = 0) {
    let length = mask.shape.lastSize
    let start = mask.shape.rank > 2 ? row * length * length : 0
    self.init(length: length) { mask[start + $0 * length + $1] != 0 }
  }

  package subscript(seeing: Int, seen: Int) -> Bool {
    get { cells[seeing * length + seen] }
    set { cells[seeing * length + seen] = newValue }
  }

  /// What reaches a position through so many layers, each of which also hands on what it has.
  ///
  /// Source: the residual path, Elhage et al. 2021, A Mathematical Framework for Transformer
  /// Circuits; the boolean matrix power of the mask and the diagonal.
  package func throughLayers(_ count: Int) -> SightMatrix {
    var reach = SightMatrix(length: length, sees: ==)
    for _ in 0..<count {
      let before = reach
      for query in 0..<length {
        for key in 0..<length where self[query, key] {
          for seen in 0..<length where before[key, seen] { reach[query, seen] = true }
        }
      }
      if reach == before { break }
    }
    return reach
  }

  mutating func formUnion(_ other: SightMatrix) {
    for index in cells.indices where other.cells[index] { cells[index] = true }
  }
}
