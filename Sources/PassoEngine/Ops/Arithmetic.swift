// SPDX-License-Identifier: MIT

import PassoText

/// The sum of two values, lined up by the names of their axes.
package struct Plus: ElementwiseOp {
  package static let card = OpCard(
    name: "plus",
    inputs: [OpInput("a", "[...]"), OpInput("b", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = a + b"),
    summary: Bilingual(
      it: "somma due valori; un asse che manca a uno dei due viene ripetuto",
      en: "adds two values; an axis that one of them lacks is repeated"
    ),
    gradient: Bilingual(
      it: "passa immutato a entrambi gli addendi, sommato sugli assi ripetuti",
      en: "passes unchanged to both terms, summed over repeated axes"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.1"
  )

  package static let examples = [
    OpExample(
      Plus(),
      [Tensor(Shape((.head, 2)), [1.0, 2]), Tensor(Shape((.model, 2)), [10.0, 20])],
      gives: [11, 21, 12, 22]
    )
  ]

  package init() {}

  static func combine<S: Scalar>(_ left: S, _ right: S) -> S { left + right }
  static func combine(_ left: Formula, _ right: Formula) -> Formula { left + right }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    for input in 0...1 { try scope.addReduced(scope.outputGradient, toInput: input) }
  }
}

/// The difference of two values, lined up by the names of their axes.
package struct Minus: ElementwiseOp {
  package static let card = OpCard(
    name: "minus",
    inputs: [OpInput("a", "[...]"), OpInput("b", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = a - b"),
    summary: Bilingual(
      it: "sottrae il secondo valore dal primo",
      en: "subtracts the second value from the first"
    ),
    gradient: Bilingual(
      it: "passa immutato al primo e cambiato di segno al secondo",
      en: "passes unchanged to the first and with its sign changed to the second"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.1"
  )

  package static let examples = [
    OpExample(
      Minus(),
      [
        Tensor(Shape((.position, 2), (.vocab, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.vocab, 2)), [1.0, 1]),
      ],
      gives: [0, 1, 2, 3]
    )
  ]

  package init() {}

  static func combine<S: Scalar>(_ left: S, _ right: S) -> S { left - right }
  static func combine(_ left: Formula, _ right: Formula) -> Formula { left - right }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.addReduced(scope.outputGradient, toInput: 0)
    let negative = try scope.intermediate(Scale(factor: -1), [scope.outputGradient], toInput: 1)
    try scope.addReduced(negative, toInput: 1)
  }
}

/// The product of two values, element by element.
package struct Times: ElementwiseOp {
  package static let card = OpCard(
    name: "times",
    inputs: [OpInput("a", "[...]"), OpInput("b", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = a * b"),
    summary: Bilingual(
      it: "moltiplica due valori elemento per elemento",
      en: "multiplies two values element by element"
    ),
    gradient: Bilingual(
      it: "ogni fattore riceve il gradiente moltiplicato per l'altro",
      en: "each factor receives the gradient times the other"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.2"
  )

  package static let examples = [
    OpExample(
      Times(),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.position, 2)), [10.0, 100]),
      ],
      gives: [10, 20, 300, 400]
    )
  ]

  package init() {}

  static func combine<S: Scalar>(_ left: S, _ right: S) -> S { left * right }
  static func combine(_ left: Formula, _ right: Formula) -> Formula { left * right }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    for input in 0...1 {
      let part = try scope.intermediate(
        Times(),
        [scope.outputGradient, scope.inputs[1 - input]],
        toInput: input
      )
      try scope.addReduced(part, toInput: input)
    }
  }
}

/// The quotient of two values, element by element; division by zero gives infinities and NaN.
package struct Over: ElementwiseOp {
  package static let card = OpCard(
    name: "over",
    inputs: [OpInput("a", "[...]"), OpInput("b", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = a / b"),
    summary: Bilingual(
      it: "divide il primo valore per il secondo, elemento per elemento",
      en: "divides the first value by the second, element by element"
    ),
    gradient: Bilingual(
      it: "il dividendo riceve il gradiente diviso per b, il divisore -y volte tanto",
      en: "the dividend receives the gradient over b, the divisor -y times as much"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.2"
  )

  package static let examples = [
    OpExample(Over(), [.items(1, -6), .items(4, 3)], gives: [0.25, -2])
  ]

  package init() {}

  static func combine<S: Scalar>(_ left: S, _ right: S) -> S { left / right }
  static func combine(_ left: Formula, _ right: Formula) -> Formula { left / right }

  // y = a / b, hence da = g / b and db = -g y / b.
  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let share = try scope.intermediate(
      Over(),
      [scope.outputGradient, scope.inputs[1]],
      toInput: 0
    )
    try scope.addReduced(share, toInput: 0)
    let product = try scope.intermediate(Times(), [share, scope.output], toInput: 1)
    let negative = try scope.intermediate(Scale(factor: -1), [product], toInput: 1)
    try scope.addReduced(negative, toInput: 1)
  }
}

/// Sums a value down to the axes that are left: the gradient of whatever was repeated.
package struct SumTo: Op {
  package static let card = OpCard(
    name: "sum_to",
    inputs: [OpInput("x", "[...]")],
    output: "[axes that stay]",
    formula: Bilingual(
      it: "y = somma di x sugli assi che spariscono",
      en: "y = sum of x over the axes that go"
    ),
    summary: Bilingual(
      it: "somma sugli assi lungo i quali un valore era stato ripetuto",
      en: "sums over the axes along which a value had been repeated"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      SumTo(axes: [.key]),
      [Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4])],
      gives: [4, 6]
    )
  ]

  /// The axes that stay, in order.
  let axes: [Axis]

  package var settings: [String] { axes.map(\.name) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    // The axis of a list stood along the last one of the other value: see `Broadcast`.
    if inputs.count == 1, axes == [.item], !inputs[0].axes.contains(.item), inputs[0].rank > 0 {
      return Shape((.item, inputs[0].lastSize))
    }
    guard inputs.count == 1, axes.allSatisfy({ inputs[0].axes.contains($0) }) else {
      let names = axes.map(\.name).joined(separator: ", ")
      throw Self.needs(it: "gli assi \(names)", en: "the axes \(names)", found: inputs)
    }
    let sizes = axes.map { axis in
      zip(inputs[0].axes, inputs[0].sizes).first { $0.0 == axis }?.1 ?? 1
    }
    return Shape(axes: axes, sizes: sizes)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    output.update(repeating: 0)
    guard
      let lined = try? Broadcast(operands.shape(0), operands.outputShape, op: Self.card.name)
    else { return }
    var sum = S.Sum()
    lined.visitByRight { from, to, isLast in
      sum.add(x[from])
      guard isLast else { return }
      output[to] = sum.rounded
      sum = S.Sum()
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let strides = Broadcast.strides(of: scope.output, in: scope.shape(0))
    let sizes = scope.shape(0).sizes
    let places = (0..<scope.count(0)).filter { place in
      var (rest, target) = (place, 0)
      for axis in sizes.indices.reversed() {
        target += rest % sizes[axis] * strides[axis]
        rest /= sizes[axis]
      }
      return target == index
    }
    return .sum(places.map { scope[0, $0] })
  }
}
