// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// The mean of the losses of the positions that count, each as much as it weighs.
///
/// Shapes: `loss_per_token [batch, position]`, `targets [batch, position]`, `weights
/// [batch, position]` to a scalar. Units: nats per unit of weight, which is nats per token where
/// the weights are 1 on average. Where nothing weighs anything the mean is 0/0, which is NaN.
/// Source: Sahoo et al. 2024, arXiv:2406.07524, equation 10: a token that was covered with
/// probability t weighs 1/t.
package struct WeightedMeanLoss: DifferentiableOp {
  package static let card = OpCard(
    name: "weighted_mean_loss",
    inputs: [
      OpInput("loss_per_token", "[batch, position]"), .fixed("targets", "[batch, position]"),
      .fixed("weights", "[batch, position]"),
    ],
    output: "[]",
    formula: Bilingual(
      it: "loss = somma di weights * loss_per_token / somma di weights, dove un target conta",
      en: "loss = sum of weights * loss_per_token / sum of weights, where a target counts"
    ),
    summary: Bilingual(
      it: "fa la media pesata delle perdite delle posizioni che contano: chi pesa il doppio conta"
        + " come due",
      en: "takes the weighted mean of the losses of the positions that count: one of twice the"
        + " weight counts as two"
    ),
    gradient: Bilingual(
      it: "ogni posizione che conta riceve la sua parte del peso totale, le altre zero",
      en: "each position that counts gets its share of the whole weight, the others zero"
    ),
    source: "Sahoo et al. 2024, arXiv:2406.07524, eq. 10"
  )

  package static let examples = [
    OpExample(
      WeightedMeanLoss(),
      [
        Tensor(Shape((.batch, 1), (.position, 4)), [1.0, 5, 0, 7]),
        Tensor(Shape((.batch, 1), (.position, 4)), [Int32(4), 0, ignoredTarget, 2]),
        Tensor(Shape((.batch, 1), (.position, 4)), [3.0, 1, 8, 0]),
      ],
      gives: [2]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    _ = try oneShape(inputs)
    return .scalar
  }

  /// What all positions that count weigh together.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func totalWeight<S: Scalar>(
    _ weights: UnsafeBufferPointer<S>,
    of targets: UnsafeBufferPointer<Int32>
  ) -> S {
    var total = S.Sum()
    for (weight, target) in zip(weights, targets) where target != ignoredTarget {
      total.add(weight)
    }
    return total.rounded
  }

  /// The positions that count, in what a formula is made for.
  static func counted(_ input: Int, in scope: FormulaScope) -> [Int] {
    (0..<scope.count(input)).filter { Int(scope.value(input, $0)) != ignoredTarget }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (losses, targets, weights) = (operands.input(0), operands.integers(1), operands.input(2))
    var total = S.Sum()
    for row in targets.indices where targets[row] != ignoredTarget {
      total.add(weights[row], times: losses[row])
    }
    operands.output[0] = total.rounded / Self.totalWeight(weights, of: targets)
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(
      WeightedMeanLossGradient(),
      [scope.outputGradient, scope.inputs[1], scope.inputs[2]],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let counted = Self.counted(1, in: scope)
    return .sum(counted.map { scope[2, $0] * scope[0, $0] }) / .sum(counted.map { scope[2, $0] })
  }
}

/// The gradient of each position's loss: its share of the whole weight.
package struct WeightedMeanLossGradient: Op {
  package static let card = OpCard(
    name: "weighted_mean_loss_gradient",
    inputs: [
      OpInput("grad", "[]"), .fixed("targets", "[batch, position]"),
      .fixed("weights", "[batch, position]"),
    ],
    output: "[batch, position]",
    formula: Bilingual(
      it: "grad.loss_per_token[b, t] = grad * weights[b, t] / somma di weights dove un target"
        + " conta, altrimenti 0",
      en: "grad.loss_per_token[b, t] = grad * weights[b, t] / sum of weights where a target counts,"
        + " else 0"
    ),
    summary: Bilingual(
      it: "divide il gradiente fra le posizioni che contano, secondo il peso di ciascuna",
      en: "divides the gradient among the positions that count, by the weight of each"
    ),
    source: "Sahoo et al. 2024, arXiv:2406.07524, eq. 10"
  )

  package static let examples = [
    OpExample(
      WeightedMeanLossGradient(),
      [
        Tensor(scalar: 2),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(4), ignoredTarget, 0]),
        Tensor(Shape((.batch, 1), (.position, 3)), [3.0, 9, 1]),
      ],
      gives: [1.5, 0, 0.5]
    )
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[0].rank == 0, inputs[1] == inputs[2] else {
      throw Self.needs(
        it: "un numero, dei target e un peso per ciascuno",
        en: "a number, targets and a weight for each",
        found: inputs
      )
    }
    return inputs[1]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (targets, weights) = (operands.integers(1), operands.input(2))
    let share = operands.scalar(0) / WeightedMeanLoss.totalWeight(weights, of: targets)
    let output = operands.output
    for i in 0..<output.count {
      output[i] = targets[i] == ignoredTarget ? 0 : share * weights[i]
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let counted = WeightedMeanLoss.counted(1, in: scope)
    let isIgnored = Int(scope.value(1, index)) == ignoredTarget
    let total = Formula.sum(counted.map { scope[2, $0] })
    return .decided(
      isIgnored ? 0 : scope[0, 0] / total * scope[2, index],
      by: [scope[1, index]]
    )
  }
}
