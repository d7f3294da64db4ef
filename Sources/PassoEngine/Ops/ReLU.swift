// SPDX-License-Identifier: MIT

import PassoText

/// A switch without a passage: positive values pass, negative ones become 0.
///
/// Shapes: any to the same. At 0 the slope is 0, as PyTorch has it.
/// Source: Nair and Hinton 2010, Rectified Linear Units Improve Restricted Boltzmann Machines,
/// section 2.
package struct ReLU: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "relu",
    inputs: [OpInput("x", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = max(x, 0)"),
    summary: Bilingual(
      it: "lascia passare i valori positivi e mette 0 al posto di quelli negativi: senza una piega"
        + " come questa due matrici di fila varrebbero come una sola",
      en: "lets positive values through and puts 0 in place of negative ones: without a bend such"
        + " as this two matrices in a row would be worth one"
    ),
    gradient: Bilingual(
      it: "dove il valore era positivo il gradiente passa intero, altrove si ferma",
      en: "where the value was positive the gradient passes whole, elsewhere it stops"
    ),
    source: "Nair, Hinton 2010, Rectified Linear Units, § 2"
  )

  package static let examples = [
    OpExample(ReLU(), [.items(2, 0, -3)], gives: [2, 0, 0])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    // What is no number stays one that is none.
    for i in 0..<output.count { output[i] = x[i] <= 0 ? 0 : x[i] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(ReLUGradient(), [scope.inputs[0], scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .decided(scope.value(0, index) <= 0 ? 0 : scope[0, index], by: [scope[0, index]])
  }
}

/// The gradient behind the switch: whole where the value was positive, else 0.
package struct ReLUGradient: PointwiseOp {
  package static let card = OpCard(
    name: "relu_gradient",
    inputs: [OpInput("x", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(
      it: "grad.x = grad se x > 0, altrimenti 0",
      en: "grad.x = grad if x > 0, else 0"
    ),
    summary: Bilingual(
      it: "lascia passare il gradiente dove il valore era positivo",
      en: "lets the gradient pass where the value was positive"
    ),
    source: "Nair, Hinton 2010, Rectified Linear Units, § 2"
  )

  package static let examples = [
    OpExample(ReLUGradient(), [.items(2, 0, -3), .items(5, 5, 5)], gives: [5, 0, 0])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, gradient, output) = (operands.input(0), operands.input(1), operands.output)
    for i in 0..<output.count { output[i] = x[i] <= 0 ? 0 : gradient[i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .decided(scope.value(0, index) <= 0 ? 0 : scope[1, index], by: [scope[0, index]])
  }
}
