// SPDX-License-Identifier: MIT

import PassoText

/// A gradient added to what a buffer of gradients holds already, because nobody has cleared it.
///
/// Shapes: what the buffer holds and a gradient to what it holds then, all alike.
/// Source: the documentation of PyTorch, torch.Tensor.backward, "accumulates gradients in the
/// leaves"; torch.optim.Optimizer.zero_grad.
package struct AddGradient: Op {
  package static let card = OpCard(
    name: "add_gradient",
    inputs: [OpInput("buffer", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "next.buffer = buffer + grad"),
    summary: Bilingual(
      it: "somma il gradiente a ciò che c'era già: nessuno l'ha rimesso a zero",
      en: "adds the gradient to what was there already: nobody has set it back to zero"
    ),
    source: "PyTorch, torch.Tensor.backward"
  )

  package static let examples = [
    OpExample(AddGradient(), [.items(1, -2), .items(3, 0.5)], gives: [4, -1.5])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (buffer, gradient, output) = (operands.input(0), operands.input(1), operands.output)
    for i in 0..<output.count { output[i] = buffer[i] + gradient[i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index] + scope[1, index]
  }
}

/// What is done with the gradients of parameters between one call of backward and the next.
package enum GradientClearing: String, CaseIterable, Hashable, Sendable {
  /// They are cleared before each update, and backward is called once: as it should be.
  case cleared

  /// Backward is called twice before an update: every gradient counts double, and the loss is the
  /// same.
  case twice

  /// They are never cleared: each update is led by the sum of all gradients since the first.
  case kept
}
