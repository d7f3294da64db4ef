// SPDX-License-Identifier: MIT

import PassoText

/// One step of gradient descent for one parameter.
///
/// Shapes: a parameter, its gradient and the learning rate to the new parameter.
/// Source: Goodfellow, Bengio, Courville 2016, section 8.3.1.
package struct SGDUpdate: Op {
  package static let card = OpCard(
    name: "sgd",
    inputs: [OpInput("w", "[n...]"), OpInput("grad", "[n...]"), .fixed("lr", "[]")],
    output: "[n...]",
    formula: "next.w = w - lr * grad.w",
    summary: Bilingual(
      it: "sposta ogni parametro di un piccolo passo contro il suo gradiente: dove la loss sale,"
        + " torna indietro",
      en: "moves each parameter a small step against its gradient: where the loss rises, it goes"
        + " back"
    ),
    source: "Goodfellow, Bengio, Courville 2016, section 8.3.1"
  )

  package static let examples = [
    OpExample(
      SGDUpdate(),
      [
        Tensor(Shape((.item, 2)), [1.0, 2]), Tensor(Shape((.item, 2)), [10.0, -10]),
        Tensor(scalar: 0.1),
      ],
      gives: [0, 3]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[0] == inputs[1], inputs[2].rank == 0 else {
      throw ShapeProblem(
        Self.card.name,
        needs: Bilingual(
          it: "un parametro, il suo gradiente e un numero",
          en: "a parameter, its gradient and a number"
        ),
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
}
