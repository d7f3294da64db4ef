// SPDX-License-Identifier: MIT

import PassoText

/// A switch that lets positive values through squared: negative ones become 0.
///
/// Shapes: any to the same.
/// Source: So et al. 2021, arXiv:2109.08668, section 4.
package struct SquaredReLU: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "relu_squared",
    inputs: [OpInput("x", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = max(x, 0)^2"),
    summary: Bilingual(
      it: "eleva al quadrato i valori positivi e mette 0 al posto di quelli negativi",
      en: "squares positive values and puts 0 in place of negative ones"
    ),
    gradient: Bilingual(
      it: "cresce con il valore: il doppio del valore dove era positivo, altrove zero",
      en: "grows with the value: twice the value where it was positive, elsewhere zero"
    ),
    source: "So et al. 2021, arXiv:2109.08668, § 4"
  )

  package static let examples = [
    OpExample(SquaredReLU(), [.items(2, 0, -3)], gives: [4, 0, 0])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    for i in 0..<output.count { output[i] = x[i] <= 0 ? 0 : x[i] * x[i] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(SquaredReLUGradient(), [scope.inputs[0], scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = scope[0, index]
    return .decided(scope.value(0, index) <= 0 ? 0 : x * x, by: [x])
  }
}

/// The gradient behind the switch: twice the value where it was positive, else 0.
package struct SquaredReLUGradient: PointwiseOp {
  package static let card = OpCard(
    name: "relu_squared_gradient",
    inputs: [OpInput("x", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "grad.x = grad * 2 * max(x, 0)"),
    summary: Bilingual(
      it: "moltiplica il gradiente per il doppio del valore, dove era positivo",
      en: "multiplies the gradient by twice the value, where it was positive"
    ),
    source: "So et al. 2021, arXiv:2109.08668, § 4"
  )

  package static let examples = [
    OpExample(SquaredReLUGradient(), [.items(2, 0, -3), .items(5, 5, 5)], gives: [20, 0, 0])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, gradient, output) = (operands.input(0), operands.input(1), operands.output)
    for i in 0..<output.count { output[i] = x[i] <= 0 ? 0 : gradient[i] * (2 * x[i]) }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = scope[0, index]
    return .decided(scope.value(0, index) <= 0 ? 0 : scope[1, index] * (2 * x), by: [x])
  }
}
