// SPDX-License-Identifier: MIT

import PassoText

/// Ones where a query may look at a key: itself, those before it, and all of its row's prefix.
///
/// A prefix of 0 makes the causal mask, one as long as the text hides nothing of it: causal,
/// bidirectional and prefix language models differ in this number only. Padding, which stands
/// after the text, is never in the prefix.
/// Shapes: `prefix [batch]` to `[batch, query, key]`.
/// Source: Raffel et al. 2020, arXiv:1910.10683, section 3.2.1, figure 4.
package struct PrefixMask: DifferentiableOp {
  package static let card = OpCard(
    name: "prefix_mask",
    inputs: [.fixed("prefix", "[batch]")],
    output: "[batch, query, key]",
    formula: Bilingual(
      it: "mask[b, i, j] = 1 se j <= i o j < prefix[b], altrimenti 0",
      en: "mask[b, i, j] = 1 if j <= i or j < prefix[b], else 0"
    ),
    summary: Bilingual(
      it: "scrive 1 dove una posizione può guardarne un'altra: sé stessa, quelle prima, e quelle"
        + " dell'inizio dato, che tutte possono vedere",
      en: "writes 1 where a position may look at another: itself, those before, and those of the"
        + " given beginning, which all may see"
    ),
    gradient: Bilingual(
      it: "la maschera è data, non imparata: nessun gradiente",
      en: "the mask is given, not learned: no gradient"
    ),
    source: "Raffel et al. 2020, arXiv:1910.10683, § 3.2.1, fig. 4"
  )

  package static let examples = [
    OpExample(
      PrefixMask(length: 3),
      [Tensor(Shape((.batch, 2)), [Int32(0), 2])],
      gives: [1, 0, 0, 1, 1, 0, 1, 1, 1] + [1, 1, 0, 1, 1, 0, 1, 1, 1]
    )
  ]

  /// How many positions a row has.
  let length: Int

  package init(length: Int) { self.length = length }

  package var settings: [String] { ["length \(length)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == 1 else {
      throw Self.needs(it: "un numero per ogni riga", en: "a number for each row", found: inputs)
    }
    return inputs[0].appending(Shape((.query, length), (.key, length)))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let output = operands.output
    for (row, prefix) in operands.integers(0).enumerated() {
      for cell in 0..<length * length {
        output[row * length * length + cell] = allows(cell, prefix) ? 1 : 0
      }
    }
  }

  private func allows(_ cell: Int, _ prefix: Int32) -> Bool {
    let (query, key) = cell.quotientAndRemainder(dividingBy: length)
    return key <= query || key < prefix
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (row, cell) = index.quotientAndRemainder(dividingBy: length * length)
    return .decided(.number(allows(cell, Int32(scope.value(0, row))) ? 1 : 0), by: [scope[0, row]])
  }
}
