// SPDX-License-Identifier: MIT

import PassoText

/// A matrix with its two axes exchanged, as a tied unembedding is of the embedding.
package struct Transpose: DifferentiableOp {
  package static let card = OpCard(
    name: "transpose",
    inputs: [OpInput("x", "[m, n]")],
    output: "[n, m]",
    formula: Bilingual(same: "y[j, i] = x[i, j]"),
    summary: Bilingual(
      it: "scambia righe e colonne: nei modelli con pesi condivisi (tied) la matrice di"
        + " unembedding è quella di embedding, trasposta",
      en: "exchanges rows and columns: in tied models the unembedding matrix is the embedding"
        + " matrix, transposed"
    ),
    gradient: Bilingual(
      it: "il gradiente torna trasposto; con pesi condivisi W_E ne riceve da entrambe le parti",
      en: "the gradient returns transposed; with tied weights W_E receives it from both ends"
    ),
    backward: StepWords(
      formula: Bilingual(same: "grad.x[i, j] = grad.y[j, i]"),
      summary: Bilingual(
        it: "scambia righe e colonne del gradiente, che riprende la forma della matrice di"
          + " partenza",
        en: "exchanges rows and columns of the gradient, which gets back the shape of the matrix"
      )
    ),
    source: "Press, Wolf 2016, arXiv:1608.05859, § 2"
  )

  package static let examples = [
    OpExample(
      Transpose(),
      [Tensor(Shape((.vocab, 2), (.model, 3)), [1.0, 2, 3, 4, 5, 6])],
      gives: [1, 4, 2, 5, 3, 6]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == 2 else {
      throw Self.needs(it: "una matrice", en: "a matrix", found: inputs)
    }
    return Shape(axes: inputs[0].axes.reversed(), sizes: inputs[0].sizes.reversed())
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let x = operands.input(0)
    let output = operands.output
    let (rows, columns) = (operands.shape(0).sizes[0], operands.shape(0).sizes[1])
    // In squares that the nearest memory holds: a vocabulary's rows lie far from each other.
    let side = 16
    func transpose(_ tops: StrideTo<Int>) {
      for top in tops {
        for left in stride(from: 0, to: columns, by: side) {
          for j in left..<min(left + side, columns) {
            for i in top..<min(top + side, rows) { output[j * rows + i] = x[i * columns + j] }
          }
        }
      }
    }
    let squares = max(1, rows / side)
    let parts = x.count < SharedWork.worthSharing ? 1 : min(SharedWork.usualParts, squares)
    SharedWork.run(parts) { part in
      func place(_ part: Int) -> Int {
        part == parts ? rows : rows * part / parts / side * side
      }
      transpose(stride(from: place(part), to: place(part + 1), by: side))
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(Transpose(), [scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (rows, columns) = (scope.output.sizes[0], scope.output.sizes[1])
    return scope[0, index % columns * rows + index / columns]
  }
}
