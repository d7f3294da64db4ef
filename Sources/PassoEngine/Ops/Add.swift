// SPDX-License-Identifier: MIT

import PassoText

/// The sum of two values; the second may lack leading axes and is then used for each of them.
package struct Add: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "add",
    inputs: [OpInput("a", "[..., n]"), OpInput("b", "[n] or as a")],
    output: "[..., n]",
    formula: Bilingual(same: "y = a + b"),
    summary: Bilingual(
      it: "somma due valori elemento per elemento: nel flusso residuo ogni strato aggiunge"
        + " il suo contributo a ciò che c'era",
      en: "adds two values element by element: in the residual stream each layer adds its"
        + " contribution to what was there"
    ),
    gradient: Bilingual(
      it: "una somma lascia passare il gradiente immutato verso entrambi gli addendi",
      en: "a sum passes its gradient on unchanged to both terms"
    ),
    source: "He et al. 2015, arXiv:1512.03385, § 3.1"
  )

  package static let examples = [
    OpExample(Add(), [.items(1, 2), .items(10, 20)], gives: [11, 22]),
    OpExample(
      Add(),
      [Tensor(Shape((.batch, 2), (.item, 2)), [1.0, 2, 3, 4]), .items(10, 20)],
      gives: [11, 22, 13, 24]
    ),
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].ends(with: inputs[1]) else {
      throw Self.needs(
        it: "due valori, il secondo con gli ultimi assi del primo",
        en: "two values, the second with the last axes of the first",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let a = operands.input(0)
    let b = operands.input(1)
    let output = operands.output
    for start in stride(from: 0, to: a.count, by: max(b.count, 1)) {
      for i in 0..<b.count { output[start + i] = a[start + i] + b[i] }
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.pass(toInput: 0)
    let broadcast = scope.rank(ofInput: 0) - scope.rank(ofInput: 1)
    if broadcast == 0 { return try scope.pass(toInput: 1) }
    try scope.add(SumLeading(axes: broadcast), [scope.outputGradient], toInput: 1)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index] + scope[1, index % scope.count(1)]
  }
}

/// Adds up a value over its first axes: the gradient of whatever was used once for each of them.
package struct SumLeading: Op {
  package static let card = OpCard(
    name: "sum_leading",
    inputs: [OpInput("x", "[leading..., n...]")],
    output: "[n...]",
    formula: Bilingual(
      it: "y[n] = somma sui primi assi di x[..., n]",
      en: "y[n] = sum over the first axes of x[..., n]"
    ),
    summary: Bilingual(
      it: "somma lungo i primi assi: un valore usato più volte, in ogni riga o in ogni posizione,"
        + " riceve gradiente da ciascun uso",
      en: "sums over the first axes: a value used several times, in each row or at each position,"
        + " receives gradient from every use"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      SumLeading(axes: 1),
      [Tensor(Shape((.batch, 2), (.item, 2)), [1.0, 2, 3, 4])],
      gives: [4, 6]
    )
  ]

  /// How many axes are summed away.
  let axes: Int

  package var settings: [String] { ["axes \(axes)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank >= axes else {
      throw Self.needs(it: "almeno \(axes) assi", en: "at least \(axes) axes", found: inputs)
    }
    return inputs[0].suffix(from: axes)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    Summation.addRows(operands.input(0), into: operands.output)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .sum(stride(from: index, to: scope.count(0), by: scope.output.count).map { scope[0, $0] })
  }
}

/// The sum of any number of contributions to one gradient.
package struct Sum: PointwiseOp {
  package static let card = OpCard(
    name: "sum",
    inputs: [OpInput("contributions", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = a + b + ..."),
    summary: Bilingual(
      it: "somma i contributi: se un valore agisce sulla loss per più strade, i gradienti"
        + " che ne tornano si sommano",
      en: "adds up contributions: where a value acts on the loss in several ways, the gradients"
        + " that come back add up"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.2"
  )

  package static let examples = [
    OpExample(Sum(), [1.0, 2, 3].map { .items($0) }, gives: [6])
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard let first = inputs.first, inputs.allSatisfy({ $0 == first }) else {
      throw Self.needs(it: "valori della stessa forma", en: "values of one shape", found: inputs)
    }
    return first
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let output = operands.output
    let parts = (0..<operands.inputCount).map { operands.input($0) }
    for i in 0..<output.count {
      var sum = S.Sum()
      for part in parts { sum.add(part[i]) }
      output[i] = sum.rounded
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .sum((0..<scope.inputCount).map { scope[$0, index] })
  }
}

/// The gradient of a term of a sum: that of the sum, unchanged.
package struct PassGradient: Op {
  package static let card = OpCard(
    name: "pass",
    inputs: [OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "y = grad"),
    summary: Bilingual(
      it: "lascia passare il gradiente immutato: aggiungere 1 a un addendo aggiunge 1 alla somma",
      en: "passes the gradient on unchanged: adding 1 to a term adds 1 to the sum"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(PassGradient(), [.items(3, 4)], gives: [3, 4])
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    _ = operands.output.update(fromContentsOf: operands.input(0))
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index]
  }
}

/// The number 1: where every backward pass begins.
package struct One: Op {
  package static let card = OpCard(
    name: "one",
    inputs: [],
    output: "[]",
    formula: Bilingual(same: "y = 1"),
    summary: Bilingual(
      it: "vale 1: se la loss cresce di poco, la loss cresce esattamente di quel poco",
      en: "is 1: if the loss grows by a little, the loss grows by exactly that little"
    ),
    source: "Griewank, Walther 2008, Evaluating Derivatives, § 3.2"
  )

  package static let examples = [OpExample(One(), [], gives: [1])]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { .scalar }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    operands.output[0] = 1
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    1
  }
}
