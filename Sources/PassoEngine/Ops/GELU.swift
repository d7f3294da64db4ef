// SPDX-License-Identifier: MIT

import PassoText

/// A smooth switch: lets large values through and turns small ones off, in the tanh form of GPT-2.
///
/// Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.
package struct GELU: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "gelu",
    inputs: [OpInput("x", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))"),
    summary: Bilingual(
      it: "lascia passare i valori grandi e spegne quelli negativi, con un passaggio graduale:"
        + " senza una curva come questa due matrici di fila varrebbero come una sola",
      en: "lets large values through and turns negative ones off, with a smooth passage: without a"
        + " curve such as this two matrices in a row would be worth one"
    ),
    gradient: Bilingual(
      it: "dove la curva è ripida il gradiente passa quasi intero, dove è piatta si ferma",
      en: "where the curve is steep the gradient passes almost whole, where it is flat it stops"
    ),
    source: "Hendrycks, Gimpel 2016, arXiv:1606.08415, § 2"
  )

  package static let examples = [
    OpExample(
      GELU(),
      [.items(0, 1, -2)],
      gives: [0, 0.841_191_990_608_276_8, -0.045_402_305_912_224_94]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  /// sqrt(2 / pi).
  static let slope = 0.797_884_560_802_865_4
  static let cubic = 0.044_715

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let input = operands.input(0)
    let output = operands.output
    Self.fillTangents(output, of: input)
    for i in 0..<output.count { output[i] = 0.5 * input[i] * (1 + output[i]) }
  }

  /// tanh(u) of each value, with u = sqrt(2 / pi) * (x + 0.044715 * x^3).
  static func fillTangents<S: Scalar>(
    _ output: UnsafeMutableBufferPointer<S>,
    of input: UnsafeBufferPointer<S>
  ) {
    let (slope, cubic) = (S(Self.slope), S(Self.cubic))
    for i in 0..<output.count {
      let x = input[i]
      output[i] = slope * (x + cubic * x * x * x)
    }
    S.hyperbolicTangents(output)
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(GELUGradient(), [scope.inputs[0], scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = scope[0, index]
    let inner = Formula.number(Self.slope) * (x + .number(Self.cubic) * x * x * x)
    return 0.5 * x * (1 + .tanh(inner))
  }
}

/// The gradient behind the switch: the slope of the curve at each value.
package struct GELUGradient: PointwiseOp {
  package static let card = OpCard(
    name: "gelu_gradient",
    inputs: [OpInput("x", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(
      it: "grad.x = grad * (0.5 * (1 + t) + 0.5 * x * (1 - t^2) * u') con t = tanh(u), u = sqrt(2"
        + " / pi) * (x + 0.044715 * x^3)",
      en: "grad.x = grad * (0.5 * (1 + t) + 0.5 * x * (1 - t^2) * u') with t = tanh(u), u = sqrt(2"
        + " / pi) * (x + 0.044715 * x^3)"
    ),
    summary: Bilingual(
      it: "moltiplica il gradiente per la pendenza della curva in quel punto",
      en: "multiplies the gradient by the slope of the curve at that point"
    ),
    source: "Hendrycks, Gimpel 2016, arXiv:1606.08415, § 2"
  )

  package static let examples = [
    OpExample(GELUGradient(), [.items(0), .items(4)], gives: [2])
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let input = operands.input(0)
    let gradient = operands.input(1)
    let output = operands.output
    let (slope, cubic) = (S(GELU.slope), S(GELU.cubic))
    GELU.fillTangents(output, of: input)
    for i in 0..<output.count {
      let (x, t) = (input[i], output[i])
      let inner = slope * (1 + 3 * cubic * x * x)
      output[i] = gradient[i] * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner)
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let x = scope[0, index]
    let (slope, cubic) = (Formula.number(GELU.slope), Formula.number(GELU.cubic))
    let t = Formula.part("tanh(u)", .tanh(slope * (x + cubic * x * x * x)))
    let inner = slope * (1 + 3 * cubic * x * x)
    return scope[1, index] * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner)
  }
}
