// SPDX-License-Identifier: MIT

import PassoText

/// A running average of gradients, or of their squares.
///
/// Source: Kingma and Ba 2014, arXiv:1412.6980, algorithm 1.
package struct RunningAverage: PointwiseOp {
  package static let card = OpCard(
    name: "running_average",
    inputs: [OpInput("average", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "next = beta * average + (1 - beta) * grad^power"),
    summary: Bilingual(
      it: "tiene una media mobile: dei gradienti (m, la direzione) o dei loro quadrati (v, la"
        + " grandezza)",
      en: "keeps a running average: of the gradients (m, the direction) or of their squares (v,"
        + " the size)"
    ),
    source: "Kingma, Ba 2014, arXiv:1412.6980, alg. 1"
  )

  package static let examples = [
    OpExample(RunningAverage(beta: 0.75, power: 1), [.items(4), .items(8)], gives: [5]),
    OpExample(RunningAverage(beta: 0.75, power: 2), [.items(4), .items(2)], gives: [4]),
  ]

  /// How much of the old average stays.
  let beta: Double

  /// 1 averages gradients, 2 their squares.
  let power: Int

  package init(beta: Double, power: Int) {
    self.beta = beta
    self.power = power
  }

  package var settings: [String] { ["beta \(NumberText.code(beta))", "power \(power)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let average = operands.input(0)
    let gradient = operands.input(1)
    let output = operands.output
    let (old, new) = (S(beta), S(1 - beta))
    for i in 0..<output.count {
      let sample = power == 1 ? gradient[i] : gradient[i] * gradient[i]
      output[i] = old * average[i] + new * sample
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let gradient = scope[1, index]
    return .number(beta) * scope[0, index]
      + .number(1 - beta) * (power == 2 ? gradient * gradient : gradient)
  }
}

/// A running average made honest: it began at zero, and the first ones are too small.
///
/// Source: Kingma and Ba 2014, arXiv:1412.6980, section 3.
package struct BiasCorrection: PointwiseOp {
  package static let card = OpCard(
    name: "bias_correction",
    inputs: [OpInput("average", "[n...]"), .fixed("t", "[]")],
    output: "[n...]",
    formula: Bilingual(same: "hat = average / (1 - beta^t)"),
    summary: Bilingual(
      it: "corregge la media mobile, che era partita da zero: al primo passo torna il gradiente"
        + " stesso",
      en: "corrects the running average, which began at zero: at the first step the gradient itself"
        + " comes out"
    ),
    source: "Kingma, Ba 2014, arXiv:1412.6980, § 3"
  )

  package static let examples = [
    OpExample(BiasCorrection(beta: 0.5), [.items(3), Tensor(scalar: 2)], gives: [4])
  ]

  let beta: Double

  package init(beta: Double) { self.beta = beta }

  package var settings: [String] { ["beta \(NumberText.code(beta))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[1].rank == 0 else {
      throw Self.needs(it: "una media e un numero", en: "an average and a number", found: inputs)
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let average = operands.input(0)
    let output = operands.output
    // In double: beta^t close to 1 would lose its digits in the subtraction.
    let power = Double.exponential(Double(operands.scalar(1)) * Double.logarithm(beta))
    let correction = S(1 - power)
    for i in 0..<output.count { output[i] = average[i] / correction }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    // beta^t, in the functions that formulas have.
    scope[0, index] / (1 - .exp(scope[1, 0] * .log(.number(beta))))
  }
}

/// One step of AdamW for one parameter, from the corrected averages.
///
/// Source: Loshchilov and Hutter 2017, arXiv:1711.05101, algorithm 2, with decay scaled by the
/// learning rate as in PyTorch.
package struct AdamWUpdate: PointwiseOp {
  package static let card = OpCard(
    name: "adamw",
    inputs: [
      OpInput("w", "[n...]"), OpInput("m_hat", "[n...]"), OpInput("v_hat", "[n...]"),
      .fixed("lr", "[]"),
    ],
    output: "[n...]",
    formula: Bilingual(same: "next.w = w - lr * decay * w - lr * m_hat / (sqrt(v_hat) + epsilon)"),
    summary: Bilingual(
      it: "fa un passo lungo circa lr in ogni direzione, qualunque sia la grandezza del gradiente,"
        + " e accorcia un poco i pesi (weight decay)",
      en: "takes a step of about lr in each direction, whatever the size of the gradient, and"
        + " shortens the weights a little (weight decay)"
    ),
    source: "Loshchilov, Hutter 2017, arXiv:1711.05101, alg. 2"
  )

  package static let examples = [
    OpExample(
      AdamWUpdate(epsilon: 0, decay: 0.5),
      [.items(2), .items(3), .items(9), Tensor(scalar: 0.1)],
      gives: [1.8]
    )
  ]

  let epsilon: Double
  let decay: Double

  package init(epsilon: Double, decay: Double) {
    self.epsilon = epsilon
    self.decay = decay
  }

  package var settings: [String] { ["decay \(NumberText.code(decay))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 4, inputs[3].rank == 0 else {
      throw Self.needs(
        it: "un parametro, le due medie e un numero",
        en: "a parameter, the two averages and a number",
        found: inputs
      )
    }
    return try oneShape(Array(inputs[..<3]), count: 3)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let w = operands.input(0)
    let direction = operands.input(1)
    let size = operands.input(2)
    let rate = operands.scalar(3)
    let output = operands.output
    let (epsilon, kept) = (S(epsilon), 1 - rate * S(decay))
    for i in 0..<output.count {
      output[i] = kept * w[i] - rate * direction[i] / (size[i].squareRoot() + epsilon)
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (w, rate) = (scope[0, index], scope[3, 0])
    let step = rate * scope[1, index] / (.sqrt(scope[2, index]) + .number(epsilon))
    return decay == 0 ? w - step : w - rate * .number(decay) * w - step
  }
}
