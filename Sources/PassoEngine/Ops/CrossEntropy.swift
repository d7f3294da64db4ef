// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// The loss of each position: minus the logarithm of the probability of its target.
///
/// Shapes: `logits [batch, position, vocab]`, `targets [batch, position]` to `[batch, position]`.
/// Units: nats. A target of `ignoredTarget` costs 0.
/// Source: Goodfellow, Bengio, Courville 2016, sections 3.13 and 6.2.2.3.
package struct CrossEntropy: DifferentiableOp {
  package static let card = OpCard(
    name: "cross_entropy",
    inputs: [
      OpInput("logits", "[batch, position, vocab]"), .fixed("targets", "[batch, position]"),
    ],
    output: "[batch, position]",
    formula: Bilingual(same: "loss_per_token[b, t] = -log(probs[b, t, targets[b, t]])"),
    summary: Bilingual(
      it: "misura la sorpresa: meno il logaritmo della probabilità data al token giusto; chi non"
        + " sa niente paga ln V",
      en: "measures surprise: minus the logarithm of the probability given to the right token;"
        + " knowing nothing costs ln V"
    ),
    gradient: Bilingual(
      it: "probabilità meno one-hot: il logit del token giusto viene spinto in su, tutti gli altri"
        + " in giù, ciascuno secondo la sua probabilità",
      en: "probabilities minus one-hot: the logit of the right token is pushed up, all others"
        + " down, each by its probability"
    ),
    source: "Goodfellow, Bengio, Courville 2016, §§ 3.13, 6.2.2.3"
  )

  package static let examples = [
    OpExample(
      CrossEntropy(),
      [
        Tensor(
          Shape((.batch, 1), (.position, 3), (.vocab, 2)),
          [0.0, 0, 1.098_612_288_668_109_8, 0, 5, 5]
        ),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(1), 0, ignoredTarget]),
      ],
      gives: [0.693_147_180_559_945_3, 0.287_682_072_451_780_9, 0]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].rank > 0,
      inputs[0].prefix(inputs[0].rank - 1) == inputs[1]
    else {
      throw Self.needs(
        it: "un target per ogni riga di logit",
        en: "one target for each row of logits",
        found: inputs
      )
    }
    return inputs[1]
  }

  // -log softmax(x)[t] = log(sum exp(x - peak)) - (x[t] - peak): no probability is ever rounded to
  // zero on the way.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let logits = operands.input(0)
    let targets = operands.integers(1)
    let output = operands.output
    let width = operands.shape(0).lastSize
    for (row, target) in targets.enumerated() {
      guard target != ignoredTarget else {
        output[row] = 0
        continue
      }
      let scores = UnsafeBufferPointer(rebasing: logits[row * width..<(row + 1) * width])
      var peak = -S.infinity
      for x in scores where !(x <= peak) { peak = x }
      let total = Summation.exponentials(of: scores, minus: peak)
      output[row] = total.logarithm(minus: scores[Int(target)] - peak)
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(
      CrossEntropyGradient(),
      [scope.inputs[0], scope.inputs[1], scope.outputGradient],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    let target = Int(scope.value(1, index))
    guard target != ignoredTarget else { return .decided(0, by: [scope[1, index]]) }
    let range = index * width..<(index + 1) * width
    let shift = scope.shift(0, range)
    let sum = Formula.log(scope.exponentials(0, range))
    let right = scope[0, range.lowerBound + target]
    return .decided((shift == 0 ? sum : .number(shift) + sum) - right, by: [scope[1, index]])
  }
}

/// The gradient of the logits: probabilities minus one-hot, times the gradient of the loss.
package struct CrossEntropyGradient: Op {
  package static let card = OpCard(
    name: "cross_entropy_gradient",
    inputs: [
      OpInput("logits", "[batch, position, vocab]"), .fixed("targets", "[batch, position]"),
      OpInput("grad", "[batch, position]"),
    ],
    output: "[batch, position, vocab]",
    formula: Bilingual(
      same: "grad.logits[b, t] = (softmax(logits[b, t]) - onehot(targets[b, t])) * grad[b, t]"
    ),
    summary: Bilingual(
      it: "probs - onehot: positivo dove il modello ha dato probabilità a un token sbagliato,"
        + " negativo sul token giusto; ogni riga somma a 0",
      en: "probs - onehot: positive where the model gave probability to a wrong token, negative at"
        + " the right one; each row sums to 0"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.2.2.3"
  )

  package static let examples = [
    OpExample(
      CrossEntropyGradient(),
      [
        Tensor(Shape((.batch, 1), (.position, 2), (.vocab, 2)), [0.0, 0, 0, 0]),
        Tensor(Shape((.batch, 1), (.position, 2)), [Int32(1), ignoredTarget]),
        Tensor(Shape((.batch, 1), (.position, 2)), [2.0, 1]),
      ],
      gives: [1, -1, 0, 0]
    )
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[1] == inputs[2] else {
      throw Self.needs(
        it: "un gradiente per ogni target",
        en: "one gradient for each target",
        found: inputs
      )
    }
    _ = try CrossEntropy().outputShape(Array(inputs[..<2]))
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let logits = operands.input(0)
    let targets = operands.integers(1)
    let gradient = operands.input(2)
    let width = operands.outputShape.lastSize
    for (row, target) in targets.enumerated() {
      let range = row * width..<(row + 1) * width
      let output = UnsafeMutableBufferPointer(rebasing: operands.output[range])
      guard target != ignoredTarget else {
        output.update(repeating: 0)
        continue
      }
      Softmax.fill(output, from: UnsafeBufferPointer(rebasing: logits[range]))
      output[Int(target)] -= 1
      for i in 0..<width { output[i] *= gradient[row] }
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    let row = index / width
    let target = Int(scope.value(1, row))
    guard target != ignoredTarget else { return .decided(0, by: [scope[1, row]]) }
    let share = scope.softmax(0, row * width..<(row + 1) * width, at: index)
    let error = index % width == target ? share - 1 : share
    return .decided(error * scope[2, row], by: [scope[1, row]])
  }
}
