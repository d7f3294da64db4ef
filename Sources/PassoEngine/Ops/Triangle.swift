// SPDX-License-Identifier: MIT

import PassoText

/// Keeps the part of each matrix above the diagonal, or the rest of it.
package struct Triangle: DifferentiableOp {
  package static let card = OpCard(
    name: "triangle",
    inputs: [OpInput("x", "[..., m, n]")],
    output: "[..., m, n]",
    formula: Bilingual(
      it: "upper: y[i, j] = x[i, j] se j > i, altrimenti 0; lower: il contrario",
      en: "upper: y[i, j] = x[i, j] if j > i, else 0; lower: the contrary"
    ),
    summary: Bilingual(
      it: "tiene la parte sopra la diagonale (upper), oppure la diagonale e ciò che sta sotto"
        + " (lower), e azzera il resto",
      en: "keeps the part above the diagonal (upper), or the diagonal and what is below (lower),"
        + " and zeroes the rest"
    ),
    gradient: Bilingual(
      it: "passa dove il valore è stato tenuto",
      en: "passes where the value was kept"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.6"
  )

  package static let examples = [
    OpExample(
      Triangle(isUpper: true),
      [Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4])],
      gives: [0, 2, 0, 0]
    ),
    OpExample(
      Triangle(isUpper: false),
      [Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4])],
      gives: [1, 0, 3, 4]
    ),
  ]

  let isUpper: Bool

  package init(isUpper: Bool) { self.isUpper = isUpper }

  package var settings: [String] { [isUpper ? "upper" : "lower"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try oneMatrix(inputs)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    let sizes = operands.outputShape.sizes.suffix(2)
    let columns = sizes[sizes.endIndex - 1]
    let rows = sizes[sizes.startIndex]
    for i in 0..<output.count {
      let isAbove = i % columns > i / columns % rows
      output[i] = isAbove == isUpper ? x[i] : 0
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(self, [scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let sizes = scope.output.sizes.suffix(2)
    guard let rows = sizes.first, let columns = sizes.last else { return 0 }
    let (row, column) = (index / columns % rows, index % columns)
    return (column > row) == isUpper ? scope[0, index] : .decided(0, by: [scope[0, index]])
  }
}
