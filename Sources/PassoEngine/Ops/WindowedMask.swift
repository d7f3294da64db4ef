// SPDX-License-Identifier: MIT

import PassoText

/// A mask of which each query keeps the keys that are near before it, so many with itself.
///
/// Shapes: `mask [query, key]`, or one for each row of the batch, to the same.
/// Source: Child et al. 2019, arXiv:1904.10509, section 4; Beltagy et al. 2020, arXiv:2004.05150,
/// section 3.1.
package struct WindowedMask: DifferentiableOp {
  package static let card = OpCard(
    name: "windowed_mask",
    inputs: [.fixed("mask", "[..., query, key]")],
    output: "[..., query, key]",
    formula: Bilingual(
      it: "y[i, j] = mask[i, j] se i - j < size, altrimenti 0",
      en: "y[i, j] = mask[i, j] if i - j < size, else 0"
    ),
    summary: Bilingual(
      it: "toglie alla maschera le posizioni lontane: ogni query guarda indietro solo per la"
        + " lunghezza della finestra",
      en: "takes the far positions out of the mask: each query looks back no further than its"
        + " window"
    ),
    gradient: Bilingual(
      it: "la maschera è data, non imparata: nessun gradiente",
      en: "the mask is given, not learned: no gradient"
    ),
    source: "Beltagy et al. 2020, arXiv:2004.05150, § 3.1"
  )

  package static let examples = [
    OpExample(
      WindowedMask(size: 2),
      [Tensor(Shape((.query, 3), (.key, 3)), [1.0, 0, 1, 1, 1, 0, 1, 1, 1])],
      gives: [1, 0, 1, 1, 1, 0, 0, 1, 1]
    )
  ]

  let size: Int

  package init(size: Int) { self.size = size }

  package var settings: [String] { ["size \(size)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].axes.suffix(2) == [.query, .key] else {
      throw Self.needs(
        it: "una maschera [..., query, key]",
        en: "a mask [..., query, key]",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (mask, output) = (operands.input(0), operands.output)
    let shape = operands.outputShape
    for i in 0..<output.count { output[i] = isNear(i, shape) ? mask[i] : 0 }
  }

  private func isNear(_ index: Int, _ shape: Shape) -> Bool {
    let keys = shape.lastSize
    let query = index / keys % shape.sizes[shape.rank - 2]
    return query - index % keys < size
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    isNear(index, scope.output) ? scope[0, index] : 0
  }
}
