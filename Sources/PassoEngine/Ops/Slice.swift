// SPDX-License-Identifier: MIT

import PassoText

/// What a slice takes along one axis, already counted from the start.
package enum AxisSlice: Sendable, Hashable {
  /// One entry; the axis goes away.
  case index(Int)
  /// Entries from `start`, so many, `step` apart.
  case range(start: Int, count: Int, step: Int)

  /// The entry of the whole that an entry of the slice is.
  package func position(_ i: Int) -> Int {
    switch self {
    case .index(let index): index
    case .range(let start, _, let step): start + i * step
    }
  }

  /// How many entries it takes.
  package var count: Int {
    switch self {
    case .index: 1
    case .range(_, let count, _): count
    }
  }
}

/// A part of a value: one entry or a range along each axis, as in Python.
package struct Slice: DifferentiableOp {
  package static let card = OpCard(
    name: "slice",
    inputs: [OpInput("x", "[...]")],
    output: "[...]",
    formula: Bilingual(
      it: "y = x[fetta]",
      en: "y = x[slice]"
    ),
    summary: Bilingual(
      it: "prende una parte: un indice toglie l'asse, un intervallo lo accorcia",
      en: "takes a part: an index drops the axis, a range shortens it"
    ),
    gradient: Bilingual(
      it: "torna al posto da cui il numero era stato preso; il resto riceve 0",
      en: "returns to the place from which the number was taken; the rest receives 0"
    ),
    source: "Harris et al. 2020, Array programming with NumPy, doi 10.1038/s41586-020-2649-2"
  )

  package static let examples = [
    OpExample(
      Slice([.index(1), .range(start: 2, count: 2, step: -2)]),
      [Tensor(Shape((.query, 2), (.key, 3)), [1.0, 2, 3, 4, 5, 6])],
      gives: [6, 4]
    )
  ]

  /// One for each axis.
  let items: [AxisSlice]

  package init(_ items: [AxisSlice]) { self.items = items }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == items.count else {
      throw Self.needs(
        it: "un valore con \(items.count) assi",
        en: "a value of rank \(items.count)",
        found: inputs
      )
    }
    var axes: [Axis] = []
    var sizes: [Int] = []
    for (index, item) in items.enumerated() {
      guard case .range(_, let count, _) = item else { continue }
      axes.append(inputs[0].axes[index])
      sizes.append(count)
    }
    return Shape(axes: axes, sizes: sizes)
  }

  /// Calls the body with each position of the part and where it stands in the whole.
  static func visit(
    _ items: [AxisSlice],
    of whole: Shape,
    _ body: (_ part: Int, _ whole: Int) -> Void
  ) {
    let strides = whole.strides
    let counts = items.map(\.count)
    for part in 0..<counts.reduce(1, *) {
      var rest = part
      var position = 0
      for axis in stride(from: items.count - 1, through: 0, by: -1) {
        position += items[axis].position(rest % counts[axis]) * strides[axis]
        rest /= counts[axis]
      }
      body(part, position)
    }
  }

  /// Where the part begins, if its numbers follow each other in the whole.
  func start(in whole: Shape) -> Int? {
    var positions: [Int] = []
    Self.visit(items, of: whole) { positions.append($1) }
    return positions.first.flatMap { positions == Array($0..<$0 + positions.count) ? $0 : nil }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    Self.visit(items, of: operands.shape(0)) { output[$0] = x[$1] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(
      SliceGradient(items: items, whole: scope.shape(ofInput: 0)),
      [scope.outputGradient],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    var found = 0
    Self.visit(items, of: scope.shape(0)) { part, whole in if part == index { found = whole } }
    return scope[0, found]
  }
}

/// The gradient of a whole of which only a part was used.
package struct SliceGradient: Op {
  package static let card = OpCard(
    name: "slice_gradient",
    inputs: [OpInput("grad", "[...]")],
    output: "[...]",
    formula: Bilingual(
      it: "grad.x[fetta] = grad, 0 altrove",
      en: "grad.x[slice] = grad, 0 elsewhere"
    ),
    summary: Bilingual(
      it: "rimette ogni gradiente al posto da cui il numero era stato preso",
      en: "puts each gradient back where the number was taken from"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      SliceGradient(items: [.range(start: 1, count: 1, step: 1)], whole: Shape((.item, 3))),
      [.items(7)],
      gives: [0, 7, 0]
    )
  ]

  let items: [AxisSlice]
  let whole: Shape

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0] == (try Slice(items).outputShape([whole])) else {
      throw Self.needs(it: "la fetta di \(whole)", en: "the slice of \(whole)", found: inputs)
    }
    return whole
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (gradient, output) = (operands.input(0), operands.output)
    output.update(repeating: 0)
    Slice.visit(items, of: whole) { output[$1] += gradient[$0] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    var found: [Int] = []
    Slice.visit(items, of: whole) { part, whole in if whole == index { found.append(part) } }
    return .sum(found.map { scope[0, $0] })
  }
}
