// SPDX-License-Identifier: MIT

import PassoText

/// The exponential of each element.
package struct Exponential: ElementFunctionOp {
  package static let card = OpCard(
    name: "exp",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = e^x"),
    summary: Bilingual(
      it: "eleva e a ciascun numero: sempre positivo, e exp(-inf) è 0",
      en: "raises e to each number: always positive, and exp(-inf) is 0"
    ),
    gradient: Bilingual(
      it: "cresce in proporzione a quanto già vale",
      en: "grows in proportion to what it is"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 4.1"
  )

  package static let examples = [
    OpExample(Exponential(), [.items(0, -.infinity)], gives: [1, 0])
  ]

  package init() {}

  static func apply<S: Scalar>(_ x: S) -> S { S.exponential(x) }
  static func apply(_ x: Formula) -> Formula { .exp(x) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(Times(), [scope.outputGradient, scope.output], toInput: 0)
  }
}

/// The natural logarithm of each element.
package struct Logarithm: ElementFunctionOp {
  package static let card = OpCard(
    name: "log",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = ln x"),
    summary: Bilingual(
      it: "prende il logaritmo naturale di ciascun numero",
      en: "takes the natural logarithm of each number"
    ),
    gradient: Bilingual(
      it: "il gradiente viene diviso per x: contano i rapporti, non le differenze",
      en: "the gradient is divided by x: ratios count, not differences"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 3.13"
  )

  package static let examples = [
    OpExample(Logarithm(), [.items(1, 2.718_281_828_459_045)], gives: [0, 1])
  ]

  package init() {}

  static func apply<S: Scalar>(_ x: S) -> S { S.logarithm(x) }
  static func apply(_ x: Formula) -> Formula { .log(x) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(Over(), [scope.outputGradient, scope.inputs[0]], toInput: 0)
  }
}

/// The hyperbolic tangent of each element.
package struct HyperbolicTangent: ElementFunctionOp {
  package static let card = OpCard(
    name: "tanh",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = tanh(x)"),
    summary: Bilingual(
      it: "schiaccia ciascun numero fra -1 e 1",
      en: "squeezes each number between -1 and 1"
    ),
    gradient: Bilingual(
      it: "vale 1 - y^2: vicino a -1 e a 1 quasi nulla passa",
      en: "is 1 - y^2: near -1 and 1 hardly anything passes"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.3.2"
  )

  package static let examples = [
    OpExample(HyperbolicTangent(), [.items(0, 1)], gives: [0, 0.761_594_155_955_765])
  ]

  package init() {}

  static func apply<S: Scalar>(_ x: S) -> S { S.hyperbolicTangent(x) }
  static func apply(_ x: Formula) -> Formula { .tanh(x) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let square = try scope.intermediate(Times(), [scope.output, scope.output], toInput: 0)
    let one = try scope.intermediate(Constant(1), [], toInput: 0)
    let slope = try scope.intermediate(Minus(), [one, square], toInput: 0)
    try scope.add(Times(), [slope, scope.outputGradient], toInput: 0)
  }
}

/// The error function of each element.
package struct ErrorFunction: ElementFunctionOp {
  package static let card = OpCard(
    name: "erf",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = erf(x)"),
    summary: Bilingual(
      it: "è l'area sotto la campana e^(-t^2) da 0 a x, per 2/√π: fra -1 e 1",
      en: "is the area under the bell e^(-t^2) from 0 to x, times 2/√π: between -1 and 1"
    ),
    gradient: Bilingual(
      it: "è la campana stessa, 2/√π · e^(-x^2): lontano da 0 quasi nulla passa",
      en: "is the bell itself, 2/√π · e^(-x^2): far from 0 hardly anything passes"
    ),
    source: "Abramowitz, Stegun 1964, § 7.1"
  )

  package static let examples = [
    OpExample(ErrorFunction(), [.items(0, 1)], gives: [0, 0.842_700_792_949_715])
  ]

  package init() {}

  static func apply<S: Scalar>(_ x: S) -> S { S.errorFunction(x) }
  static func apply(_ x: Formula) -> Formula { .erf(x) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let x = scope.inputs[0]
    let square = try scope.intermediate(Times(), [x, x], toInput: 0)
    let zero = try scope.intermediate(Constant(0), [], toInput: 0)
    let negative = try scope.intermediate(Minus(), [zero, square], toInput: 0)
    let bell = try scope.intermediate(Exponential(), [negative], toInput: 0)
    let factor = try scope.intermediate(Constant(2 / Double.pi.squareRoot()), [], toInput: 0)
    let slope = try scope.intermediate(Times(), [bell, factor], toInput: 0)
    try scope.add(Times(), [slope, scope.outputGradient], toInput: 0)
  }
}

/// The square root of each element.
package struct SquareRoot: ElementFunctionOp {
  package static let card = OpCard(
    name: "sqrt",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = sqrt(x)"),
    summary: Bilingual(
      it: "prende la radice quadrata di ciascun numero",
      en: "takes the square root of each number"
    ),
    gradient: Bilingual(
      it: "il gradiente viene diviso per due volte la radice",
      en: "the gradient is divided by twice the root"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.5"
  )

  package static let examples = [
    OpExample(SquareRoot(), [.items(4, 9)], gives: [2, 3])
  ]

  package init() {}

  static func apply<S: Scalar>(_ x: S) -> S { x.squareRoot() }
  static func apply(_ x: Formula) -> Formula { .sqrt(x) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let half = try scope.intermediate(Scale(factor: 0.5), [scope.outputGradient], toInput: 0)
    try scope.add(Over(), [half, scope.output], toInput: 0)
  }
}

/// The size of each element, without its sign.
package struct AbsoluteValue: ElementFunctionOp {
  package static let card = OpCard(
    name: "abs",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(same: "y = |x|"),
    summary: Bilingual(
      it: "toglie il segno a ciascun numero",
      en: "takes the sign off each number"
    ),
    gradient: Bilingual(
      it: "passa con il segno di x; in zero, dove la curva ha uno spigolo, è 0",
      en: "passes with the sign of x; at zero, where the curve has a corner, it is 0"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.5"
  )

  package static let examples = [
    OpExample(AbsoluteValue(), [.items(-2, 0, 3)], gives: [2, 0, 3])
  ]

  package init() {}

  static func apply<S: Scalar>(_ x: S) -> S { x.magnitude }
  static func apply(_ x: Formula) -> Formula { .function(.abs, x) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let zero = try scope.intermediate(Constant(0), [], toInput: 0)
    let above = try scope.intermediate(Comparison(.greater), [scope.inputs[0], zero], toInput: 0)
    let below = try scope.intermediate(Comparison(.less), [scope.inputs[0], zero], toInput: 0)
    let sign = try scope.intermediate(Minus(), [above, below], toInput: 0)
    try scope.add(Times(), [scope.outputGradient, sign], toInput: 0)
  }
}

/// Numbers that somebody wrote.
package struct Constant: DifferentiableOp {
  package static let card = OpCard(
    name: "constant",
    inputs: [],
    output: "[...]",
    formula: Bilingual(
      it: "y = i numeri scritti",
      en: "y = the numbers that were written"
    ),
    summary: Bilingual(it: "numeri scritti da qualcuno", en: "numbers that somebody wrote"),
    gradient: Bilingual(
      it: "è dato: nessun gradiente",
      en: "it is given: no gradient"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.1"
  )

  package static let examples = [
    OpExample(Constant(Shape((.item, 2)), [3, 4]), [], gives: [3, 4])
  ]

  let shape: Shape
  let numbers: [Double]

  package init(_ shape: Shape, _ numbers: [Double]) {
    precondition(shape.count == numbers.count, "\(numbers.count) numbers for \(shape)")
    self.shape = shape
    self.numbers = numbers
  }

  package init(_ number: Double) { self.init(.scalar, [number]) }

  package var settings: [String] {
    numbers.prefix(4).map { NumberText.code($0) } + (numbers.count > 4 ? ["..."] : [])
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { shape }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let output = operands.output
    for i in 0..<output.count { output[i] = S(numbers[i]) }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .number(numbers[index])
  }
}
