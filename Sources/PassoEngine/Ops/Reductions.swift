// SPDX-License-Identifier: MIT

import PassoText

/// What a reduction does away with: one axis, or all of them.
struct ReducedAxes {
  let output: Shape
  private let axis: Int?
  private let input: Shape

  /// - Throws: `ShapeProblem` if the value has no such axis.
  init(_ inputs: [Shape], _ axis: Axis?, op: String) throws(ShapeProblem) {
    let index = axis.flatMap { name in inputs.first?.axes.firstIndex(of: name) }
    guard inputs.count == 1, axis == nil || index != nil else {
      throw ShapeProblem(
        op: op,
        need: axis.map {
          Bilingual(it: "un valore con l'asse \($0)", en: "a value with axis \($0)")
        } ?? Bilingual(it: "un valore", en: "one value"),
        found: inputs
      )
    }
    input = inputs[0]
    self.axis = index
    var (axes, sizes) = (inputs[0].axes, inputs[0].sizes)
    if let index {
      axes.remove(at: index)
      sizes.remove(at: index)
      output = Shape(axes: axes, sizes: sizes)
    } else {
      output = .scalar
    }
  }

  /// Calls the body with each position of the input and the position of the output it goes to.
  func visit(_ body: (_ input: Int, _ output: Int) -> Void) {
    guard let axis else {
      for position in 0..<input.count { body(position, 0) }
      return
    }
    let inner = input.suffix(from: axis + 1).count
    let size = input.sizes[axis]
    for position in 0..<input.count {
      body(position, position / (inner * size) * inner + position % inner)
    }
  }
}

/// An op that does away with one axis, or with all of them.
protocol ReductionOp: DifferentiableOp {
  /// The axis; nil for all.
  var axis: Axis? { get }
}

extension ReductionOp {
  package var settings: [String] { axis.map { [$0.name] } ?? [] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try ReducedAxes(inputs, axis, op: Self.card.name).output
  }
}

/// The sum over one axis, or over all.
package struct SumOver: ReductionOp {
  package static let card = OpCard(
    name: "sum_over",
    inputs: [OpInput("x", "[...]")],
    output: "[... without the axis]",
    formula: Bilingual(
      it: "y = somma di x lungo l'asse",
      en: "y = sum of x over the axis"
    ),
    summary: Bilingual(
      it: "somma lungo un asse, o su tutto",
      en: "sums along an axis, or over everything"
    ),
    gradient: Bilingual(
      it: "ogni addendo riceve il gradiente intero",
      en: "each term receives the whole gradient"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 2.1"
  )

  package static let examples = [
    OpExample(
      SumOver(.query),
      [Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4])],
      gives: [4, 6]
    ),
    OpExample(SumOver(nil), [Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4])], gives: [10]),
  ]

  let axis: Axis?

  package init(_ axis: Axis?) { self.axis = axis }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    let shape = operands.shape(0)
    let place = axis.flatMap { shape.axes.firstIndex(of: $0) }
    // Without an axis all numbers are one column.
    let inner = place.map { shape.suffix(from: $0 + 1).count } ?? 1
    let size = place.map { shape.sizes[$0] } ?? x.count
    for outer in 0..<output.count / max(inner, 1) {
      Summation.addRows(
        UnsafeBufferPointer(rebasing: x[outer * size * inner..<(outer + 1) * size * inner]),
        into: UnsafeMutableBufferPointer(rebasing: output[outer * inner..<(outer + 1) * inner])
      )
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let zeros = try scope.intermediate(Scale(factor: 0), [scope.inputs[0]], toInput: 0)
    try scope.add(Plus(), [zeros, scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .sum(ReducedAxes.places(index, scope, axis).map { scope[0, $0] })
  }
}

/// The largest element along one axis, or of all.
package struct MaximumOver: ReductionOp {
  package static let card = OpCard(
    name: "max_over",
    inputs: [OpInput("x", "[...]")],
    output: "[... without the axis]",
    formula: Bilingual(
      it: "y = il più grande di x lungo l'asse",
      en: "y = largest of x along the axis"
    ),
    summary: Bilingual(
      it: "prende il più grande lungo un asse, o di tutti",
      en: "takes the largest along an axis, or of all"
    ),
    gradient: Bilingual(
      it: "va tutto al più grande; a più d'uno se sono uguali",
      en: "all of it goes to the largest; to several if they are equal"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 9.3"
  )

  package static let examples = [
    OpExample(
      MaximumOver(.key),
      [Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 4, 3])],
      gives: [2, 4]
    )
  ]

  let axis: Axis?

  package init(_ axis: Axis?) { self.axis = axis }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    output.update(repeating: -S.infinity)
    try? ReducedAxes([operands.shape(0)], axis, op: Self.card.name)
      // Written so that a NaN is not lost: nothing is larger than it.
      .visit { if !(x[$0] <= output[$1]), !output[$1].isNaN { output[$1] = x[$0] } }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let here = try scope.intermediate(
      Comparison(.equal),
      [scope.inputs[0], scope.output],
      toInput: 0
    )
    try scope.add(Times(), [here, scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let places = ReducedAxes.places(index, scope, axis)
    let best = places.first { place in
      places.allSatisfy { !(scope.value(0, $0) > scope.value(0, place)) }
    }
    return .decided(best.map { scope[0, $0] } ?? .number(.nan), by: places.map { scope[0, $0] })
  }
}

/// The index of the largest element along the last axis.
package struct ArgumentOfMaximum: DifferentiableOp {
  package static let card = OpCard(
    name: "argmax",
    inputs: [.fixed("x", "[..., n]")],
    output: "[...]",
    formula: Bilingual(
      it: "y = indice dell'x[i] più grande, il primo se più d'uno è uguale",
      en: "y = index of the largest x[i], the first if several are equal"
    ),
    summary: Bilingual(
      it: "dice a quale indice sta il più grande di ogni riga",
      en: "says at which index the largest of each row stands"
    ),
    gradient: Bilingual(
      it: "un indice cambia solo a salti: nessun gradiente",
      en: "an index changes only in jumps: no gradient"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.2.2.3"
  )

  package static let examples = [
    OpExample(
      ArgumentOfMaximum(),
      [Tensor(Shape((.position, 2), (.vocab, 3)), [1.0, 5, 5, 7, 2, 0])],
      gives: [1, 0]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank > 0 else {
      throw Self.needs(it: "almeno un asse", en: "at least one axis", found: inputs)
    }
    return inputs[0].prefix(inputs[0].rank - 1)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    let width = operands.shape(0).lastSize
    for row in 0..<output.count {
      var best = 0
      for i in 1..<max(width, 1) where x[row * width + i] > x[row * width + best] { best = i }
      output[row] = S(best)
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    var best = 0
    for i in 1..<max(width, 1)
    where scope.value(0, index * width + i) > scope.value(0, index * width + best) { best = i }
    return .decided(.number(Double(best)), by: scope.row(0, index, width: width))
  }
}

extension ReducedAxes {
  /// The places of the input that go to one of the output.
  fileprivate static func places(_ index: Int, _ scope: FormulaScope, _ axis: Axis?) -> [Int] {
    var found: [Int] = []
    try? ReducedAxes([scope.shape(0)], axis, op: "").visit { place, output in
      if output == index { found.append(place) }
    }
    return found
  }
}
