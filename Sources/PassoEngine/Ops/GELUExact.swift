// SPDX-License-Identifier: MIT

import PassoText

/// The smooth switch as it was first meant: each value times the part of a bell curve that lies
/// below it.
///
/// Shapes: any to the same. `GELU` is its tanh form, which differs by a few ten-thousandths.
/// Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.
package struct GELUExact: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "gelu_exact",
    inputs: [OpInput("x", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = 0.5 * x * (1 + erf(x / sqrt(2)))"),
    summary: Bilingual(
      it: "moltiplica ogni valore per la probabilità che un numero preso a caso dalla campana di"
        + " Gauss sia più piccolo: i valori grandi passano, quelli negativi si spengono",
      en: "multiplies each value by the probability that a number drawn from the normal bell is"
        + " smaller: large values pass, negative ones are turned off"
    ),
    gradient: Bilingual(
      it: "dove la curva è ripida il gradiente passa quasi intero, dove è piatta si ferma",
      en: "where the curve is steep the gradient passes almost whole, where it is flat it stops"
    ),
    source: "Hendrycks, Gimpel 2016, arXiv:1606.08415, § 2"
  )

  package static let examples = [
    OpExample(
      GELUExact(),
      [.items(0, 1, -2)],
      gives: [0, 0.841_344_746_068_542_9, -0.045_500_263_896_358_42]
    )
  ]

  package init() {}

  /// 1 / sqrt(2), and 1 / sqrt(2 pi).
  static let shrink = 0.707_106_781_186_547_5
  static let peak = 0.398_942_280_401_432_7

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    for i in 0..<output.count { output[i] = x[i] * Self.below(x[i]) }
  }

  /// The part of the bell below a value.
  @inline(__always)
  static func below<S: Scalar>(_ x: S) -> S {
    0.5 * (1 + S.errorFunction(x * S(shrink)))
  }

  static func below(_ x: Formula) -> Formula { 0.5 * (1 + .erf(x * .number(shrink))) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(GELUExactGradient(), [scope.inputs[0], scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index] * Self.below(scope[0, index])
  }
}

/// The gradient behind the switch: the slope of the curve at each value.
package struct GELUExactGradient: PointwiseOp {
  package static let card = OpCard(
    name: "gelu_exact_gradient",
    inputs: [OpInput("x", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(
      it: "grad.x = grad * (0.5 * (1 + erf(x / sqrt(2))) + x * campana(x)) con campana(x) ="
        + " e^(-x^2 / 2) / sqrt(2 pi)",
      en: "grad.x = grad * (0.5 * (1 + erf(x / sqrt(2))) + x * bell(x)) with bell(x) ="
        + " e^(-x^2 / 2) / sqrt(2 pi)"
    ),
    summary: Bilingual(
      it: "moltiplica il gradiente per la pendenza della curva in quel punto",
      en: "multiplies the gradient by the slope of the curve at that point"
    ),
    source: "Hendrycks, Gimpel 2016, arXiv:1606.08415, § 2"
  )

  package static let examples = [
    OpExample(
      GELUExactGradient(),
      [.items(0, 1), .items(4, 2)],
      gives: [2, 2 * (0.841_344_746_068_542_9 + 0.241_970_724_519_143_37)]
    )
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (input, gradient, output) = (operands.input(0), operands.input(1), operands.output)
    for i in 0..<output.count {
      let x = input[i]
      let bell = S(GELUExact.peak) * S.exponential(-0.5 * x * x)
      output[i] = gradient[i] * (GELUExact.below(x) + x * bell)
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = scope[0, index]
    let bell = Formula.part("bell(x)", .number(GELUExact.peak) * .exp(-0.5 * x * x))
    return scope[1, index] * (GELUExact.below(x) + x * bell)
  }
}
