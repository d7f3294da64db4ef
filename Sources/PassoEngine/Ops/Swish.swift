// SPDX-License-Identifier: MIT

import PassoText

/// A smooth switch that is opened by the value itself: x times the sigmoid of x, perhaps a steeper
/// one.
///
/// Shapes: any to the same. With steepness 1 it is SiLU, with 1.702 the quick form of GELU.
/// Source: Ramachandran, Zoph and Le 2017, arXiv:1710.05941, section 4; Hendrycks and Gimpel 2016,
/// arXiv:1606.08415, section 2.
package struct Swish: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "swish",
    inputs: [OpInput("x", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = x * sigmoid(beta * x)"),
    summary: Bilingual(
      it: "moltiplica ogni valore per quanto lui stesso apre il passaggio: i valori grandi passano,"
        + " quelli molto negativi si spengono",
      en: "multiplies each value by how far it opens the passage itself: large values pass, very"
        + " negative ones are turned off"
    ),
    gradient: Bilingual(
      it: "dove la curva è ripida il gradiente passa quasi intero, dove è piatta si ferma",
      en: "where the curve is steep the gradient passes almost whole, where it is flat it stops"
    ),
    source: "Ramachandran, Zoph, Le 2017, arXiv:1710.05941, § 4"
  )

  package static let examples = [
    OpExample(
      Swish(),
      [.items(0, 1, -1)],
      gives: [0, 0.731_058_578_630_004_9, -0.268_941_421_369_995_1]
    ),
    OpExample(Swish(steepness: 1.702), [.items(1)], gives: [0.845_795_765_932_821_2]),
  ]

  /// What a value is multiplied by before the sigmoid: beta.
  let steepness: Double

  package init(steepness: Double = 1) { self.steepness = steepness }

  package var settings: [String] { ["beta \(NumberText.code(steepness))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output, steepness) = (operands.input(0), operands.output, S(steepness))
    for i in 0..<output.count { output[i] = x[i] * SwiGLU.sigmoid(steepness * x[i]) }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let rule = SwishGradient(steepness: steepness)
    try scope.add(rule, [scope.inputs[0], scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = scope[0, index]
    return x / (1 + .exp(0 - .number(steepness) * x))
  }
}

/// The gradient behind the switch: the slope of the curve at each value.
package struct SwishGradient: PointwiseOp {
  package static let card = OpCard(
    name: "swish_gradient",
    inputs: [OpInput("x", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(
      it: "grad.x = grad * s * (1 + beta * x * (1 - s)) con s = sigmoid(beta * x)",
      en: "grad.x = grad * s * (1 + beta * x * (1 - s)) with s = sigmoid(beta * x)"
    ),
    summary: Bilingual(
      it: "moltiplica il gradiente per la pendenza della curva in quel punto",
      en: "multiplies the gradient by the slope of the curve at that point"
    ),
    source: "Ramachandran, Zoph, Le 2017, arXiv:1710.05941, § 4"
  )

  package static let examples = [
    OpExample(SwishGradient(steepness: 1), [.items(0), .items(4)], gives: [2])
  ]

  let steepness: Double

  package var settings: [String] { ["beta \(NumberText.code(steepness))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  // d/dx (x s(bx)) = s + b x s (1 - s) = s (1 + b x (1 - s)).
  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (input, gradient, output) = (operands.input(0), operands.input(1), operands.output)
    let steepness = S(steepness)
    for i in 0..<output.count {
      let x = steepness * input[i]
      let open = SwiGLU.sigmoid(x)
      output[i] = gradient[i] * open * (1 + x * (1 - open))
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = Formula.number(steepness) * scope[0, index]
    let open = Formula.part("sigmoid(beta * x)", 1 / (1 + .exp(0 - x)))
    return scope[1, index] * open * (1 + x * (1 - open))
  }
}
