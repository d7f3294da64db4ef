// SPDX-License-Identifier: MIT

import PassoText

/// Keeps one diagonal of each matrix.
package struct Diagonal: DifferentiableOp {
  package static let card = OpCard(
    name: "diagonal",
    inputs: [OpInput("x", "[..., m, n]")],
    output: "[..., m, n]",
    formula: Bilingual(
      it: "y[i, j] = x[i, j] se j = i + offset, altrimenti 0",
      en: "y[i, j] = x[i, j] if j = i + offset, else 0"
    ),
    summary: Bilingual(
      it: "tiene una diagonale di ogni matrice e azzera il resto",
      en: "keeps one diagonal of each matrix and zeroes the rest"
    ),
    gradient: Bilingual(
      it: "passa dove il valore è stato tenuto",
      en: "passes where the value was kept"
    ),
    source: "Golub, Van Loan 2013, § 1.2"
  )

  package static let examples = [
    OpExample(
      Diagonal(offset: -1),
      [Tensor(Shape((.query, 3), (.key, 3)), [1.0, 2, 3, 4, 5, 6, 7, 8, 9])],
      gives: [0, 0, 0, 4, 0, 0, 0, 8, 0]
    )
  ]

  /// How far right of the main diagonal it lies.
  let offset: Int

  package init(offset: Int) { self.offset = offset }

  package var settings: [String] { [String(offset)] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try oneMatrix(inputs)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    for index in 0..<output.count {
      output[index] = isKept(index, operands.outputShape) ? x[index] : 0
    }
  }

  private func isKept(_ index: Int, _ shape: Shape) -> Bool {
    let (columns, rows) = (shape.lastSize, shape.sizes[shape.rank - 2])
    return index % columns == index / columns % rows + offset
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(self, [scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    isKept(index, scope.output) ? scope[0, index] : .decided(0, by: [scope[0, index]])
  }
}
