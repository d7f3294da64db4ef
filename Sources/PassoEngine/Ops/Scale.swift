// SPDX-License-Identifier: MIT

import PassoText

/// Multiplies a value by a fixed number, as attention does with one over the root of the head size.
package struct Scale: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "scale",
    inputs: [OpInput("x", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = factor * x"),
    summary: Bilingual(
      it: "moltiplica per un numero fisso: nell'attenzione 1/√D, perché i prodotti scalari di"
        + " vettori lunghi crescono come √D e la softmax si saturerebbe",
      en: "multiplies by a fixed number: in attention 1/√D, because dot products of long vectors"
        + " grow as √D and the softmax would saturate"
    ),
    gradient: Bilingual(
      it: "il gradiente viene moltiplicato per lo stesso numero",
      en: "the gradient is multiplied by the same number"
    ),
    backward: StepWords(
      formula: Bilingual(same: "grad.x = factor * grad.y"),
      summary: Bilingual(
        it: "moltiplica il gradiente per lo stesso numero per cui è stato moltiplicato il valore",
        en: "multiplies the gradient by the same number that the value was multiplied by"
      )
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.1"
  )

  package static let examples = [
    OpExample(Scale(factor: 0.5), [.items(3, -4)], gives: [1.5, -2])
  ]

  let factor: Double

  package init(factor: Double) { self.factor = factor }

  package var settings: [String] { [NumberText.code(factor)] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let x = operands.input(0)
    let output = operands.output
    let factor = S(factor)
    for i in 0..<output.count { output[i] = factor * x[i] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(self, [scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .number(factor) * scope[0, index]
  }
}
