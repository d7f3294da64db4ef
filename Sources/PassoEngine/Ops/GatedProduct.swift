// SPDX-License-Identifier: MIT

import PassoText

/// What a gate lets through: each number times how far its gate is open.
///
/// Shapes: `open` and `up` `[..., mlp]` to the same. `SwiGLU` is this behind a SiLU, as one step.
/// Source: Shazeer 2020, arXiv:2002.05202, section 2.
package struct GatedProduct: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "gated",
    inputs: [OpInput("open", "[..., mlp]"), OpInput("up", "[..., mlp]")],
    output: "[..., mlp]",
    formula: Bilingual(same: "y = open * up"),
    summary: Bilingual(
      it: "moltiplica, numero per numero, ciò che sale per quanto il suo cancello è aperto",
      en: "multiplies, number by number, what goes up by how far its gate is open"
    ),
    gradient: Bilingual(
      it: "verso up passa quanto il cancello è aperto; verso il cancello, ciò che gli sta dietro",
      en: "towards up passes as much as the gate is open; towards the gate, what waits behind it"
    ),
    backward: StepWords(
      formula: Bilingual(same: "grad.x = y * grad"),
      summary: Bilingual(
        it: "moltiplica il gradiente, numero per numero, per l'altro fattore",
        en: "multiplies the gradient, number by number, by the other factor"
      )
    ),
    source: "Shazeer 2020, arXiv:2002.05202, § 2"
  )

  package static let examples = [
    OpExample(GatedProduct(), [.items(0, 1, -1), .items(5, 2, 3)], gives: [0, 2, -3])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (open, up, output) = (operands.input(0), operands.input(1), operands.output)
    for i in 0..<output.count { output[i] = open[i] * up[i] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(GatedProduct(), [scope.inputs[1], scope.outputGradient], toInput: 0)
    try scope.add(GatedProduct(), [scope.inputs[0], scope.outputGradient], toInput: 1)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index] * scope[1, index]
  }
}
