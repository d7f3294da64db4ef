// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// The mean of the losses of the positions that count.
///
/// Shapes: `loss_per_token [batch, position]`, `targets [batch, position]` to a scalar. Units: nats
/// per token. Without any position that counts the mean is 0/0, which is NaN, as in PyTorch.
/// Source: Bengio et al. 2003, A Neural Probabilistic Language Model, section 2.
package struct MeanLoss: DifferentiableOp {
  package static let card = OpCard(
    name: "mean_loss",
    inputs: [
      OpInput("loss_per_token", "[batch, position]"), .fixed("targets", "[batch, position]"),
    ],
    output: "[]",
    formula: Bilingual(
      it: "loss = somma di loss_per_token / numero di target che contano",
      en: "loss = sum of loss_per_token / number of targets that count"
    ),
    summary: Bilingual(
      it: "fa la media delle perdite delle posizioni che contano: un solo numero da abbassare",
      en: "takes the mean of the losses of the positions that count: one number to bring down"
    ),
    gradient: Bilingual(
      it: "ogni posizione che conta pesa uno su quante sono, le altre zero",
      en: "each position that counts weighs one over their number, the others zero"
    ),
    source: "Bengio et al. 2003, A Neural Probabilistic Language Model, § 2"
  )

  package static let examples = [
    OpExample(
      MeanLoss(),
      [
        Tensor(Shape((.batch, 1), (.position, 3)), [1.0, 3, 0]),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(4), 0, ignoredTarget]),
      ],
      gives: [2]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    _ = try oneShape(inputs)
    return .scalar
  }

  static func countedTargets(_ targets: UnsafeBufferPointer<Int32>) -> Int {
    targets.reduce(0) { $1 == ignoredTarget ? $0 : $0 + 1 }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let targets = operands.integers(1)
    var total = S.Sum()
    for (loss, target) in zip(operands.input(0), targets) where target != ignoredTarget {
      total.add(loss)
    }
    operands.output[0] = total.mean(of: Self.countedTargets(targets))
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(MeanLossGradient(), [scope.outputGradient, scope.inputs[1]], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let counted = (0..<scope.count(1)).filter { Int(scope.value(1, $0)) != ignoredTarget }
    return .sum(counted.map { scope[0, $0] }) / .number(Double(counted.count))
  }
}

/// The gradient of each position's loss: one over how many count.
package struct MeanLossGradient: Op {
  package static let card = OpCard(
    name: "mean_loss_gradient",
    inputs: [OpInput("grad", "[]"), .fixed("targets", "[batch, position]")],
    output: "[batch, position]",
    formula: Bilingual(
      it: "grad.loss_per_token[b, t] = grad / numero di target che contano, altrimenti 0",
      en: "grad.loss_per_token[b, t] = grad / number of targets that count, else 0"
    ),
    summary: Bilingual(
      it: "divide il gradiente in parti uguali fra le posizioni che contano",
      en: "divides the gradient in equal parts among the positions that count"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      MeanLossGradient(),
      [
        Tensor(scalar: 1),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(4), ignoredTarget, 0]),
      ],
      gives: [0.5, 0, 0.5]
    )
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].rank == 0 else {
      throw Self.needs(it: "un numero e dei target", en: "a number and targets", found: inputs)
    }
    return inputs[1]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let targets = operands.integers(1)
    let share = operands.scalar(0) / S(MeanLoss.countedTargets(targets))
    let output = operands.output
    for i in 0..<output.count { output[i] = targets[i] == ignoredTarget ? 0 : share }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let counted = (0..<scope.count(1)).filter { Int(scope.value(1, $0)) != ignoredTarget }
    let isIgnored = Int(scope.value(1, index)) == ignoredTarget
    return .decided(
      isIgnored ? 0 : scope[0, 0] / .number(Double(counted.count)),
      by: [scope[1, index]]
    )
  }
}
