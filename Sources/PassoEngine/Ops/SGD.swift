// SPDX-License-Identifier: MIT

import PassoText

/// One step of gradient descent for one parameter.
///
/// Shapes: a parameter, its gradient and the learning rate to the new parameter.
/// Source: Goodfellow, Bengio, Courville 2016, section 8.3.1.
package struct SGDUpdate: PointwiseOp {
  package static let card = OpCard(
    name: "sgd",
    inputs: [OpInput("w", "[n...]"), OpInput("grad", "[n...]"), .fixed("lr", "[]")],
    output: "[n...]",
    formula: Bilingual(same: "next.w = w - lr * grad.w"),
    summary: Bilingual(
      it: "sposta ogni numero di un piccolo passo contro il suo gradiente, che indica la direzione"
        + " in cui la loss sale",
      en: "moves each number a small step against its gradient, which points where the loss rises"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 8.3.1"
  )

  package static let examples = [
    OpExample(SGDUpdate(), [.items(1, 2), .items(10, -10), Tensor(scalar: 0.1)], gives: [0, 3])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[0] == inputs[1], inputs[2].rank == 0 else {
      throw Self.needs(
        it: "un parametro, il suo gradiente e un numero",
        en: "a parameter, its gradient and a number",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let w = operands.input(0)
    let gradient = operands.input(1)
    let rate = operands.scalar(2)
    let output = operands.output
    for i in 0..<output.count { output[i] = w[i] - rate * gradient[i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index] - scope[2, 0] * scope[1, index]
  }
}

/// The velocity of gradient descent with momentum: what is left of the old one, and the gradient.
///
/// Shapes: a velocity and a gradient to the new velocity.
/// Source: Polyak 1964, doi 10.1016/0041-5553(64)90137-5; in PyTorch's form, without damping.
package struct Momentum: PointwiseOp {
  package static let card = OpCard(
    name: "momentum",
    inputs: [OpInput("velocity", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "next.velocity = momentum * velocity + grad"),
    summary: Bilingual(
      it:
        "dà slancio: le direzioni che tornano di aggiornamento in aggiornamento si sommano, quelle"
        + " che cambiano di continuo si cancellano",
      en: "builds up speed: directions that come back from update to update add up, those that keep"
        + " changing cancel out"
    ),
    source: "Polyak 1964, doi 10.1016/0041-5553(64)90137-5"
  )

  package static let examples = [
    OpExample(Momentum(factor: 0.5), [.items(4, -2), .items(1, 1)], gives: [3, 0])
  ]

  /// How much of the old velocity stays.
  let factor: Double

  package init(factor: Double) { self.factor = factor }

  package var settings: [String] { ["momentum \(NumberText.code(factor))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let velocity = operands.input(0)
    let gradient = operands.input(1)
    let output = operands.output
    let kept = S(factor)
    for i in 0..<output.count { output[i] = kept * velocity[i] + gradient[i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .number(factor) * scope[0, index] + scope[1, index]
  }
}
