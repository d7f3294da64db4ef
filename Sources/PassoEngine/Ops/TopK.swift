// SPDX-License-Identifier: MIT

import PassoText

/// What the ops that choose the largest of each row share.
struct LargestOfRows {
  let count: Int

  /// The choice has an axis of its own: its places are ranks, not tokens or components.
  static let axis = Axis("top")

  func outputShape(_ inputs: [Shape], op: String) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank > 0, (1...inputs[0].lastSize).contains(count),
      !inputs[0].axes.dropLast().contains(Self.axis)
    else {
      let last = inputs.first?.axes.last.map { " \($0)" } ?? ""
      throw ShapeProblem(
        op: op,
        need: Bilingual(
          it: "almeno \(count) numeri sull'ultimo asse\(last)",
          en: "at least \(count) numbers along the last axis\(last)"
        ),
        found: inputs
      )
    }
    return inputs[0].prefix(inputs[0].rank - 1).appending(Shape((Self.axis, count)))
  }

  /// Calls the body for each place of the result, with the position of the number that goes there.
  ///
  /// Of equal numbers the first comes first; NaN comes last, because nothing is known of it.
  func visit<S: Scalar>(
    _ x: UnsafeBufferPointer<S>,
    width: Int,
    _ body: (_ place: Int, _ position: Int) -> Void
  ) {
    for row in 0..<x.count / width {
      let start = row * width
      let order = (start..<start + width).sorted { left, right in
        if x[left].isNaN != x[right].isNaN { return x[right].isNaN }
        return x[left] > x[right] || !(x[left] < x[right]) && left < right
      }
      for rank in 0..<count { body(row * count + rank, order[rank]) }
    }
  }
}

/// An op whose output is the choice itself: the numbers, or where they stand.
protocol TopKOp: DifferentiableOp {
  var largest: LargestOfRows { get }
}

extension TopKOp {
  package var settings: [String] { [String(largest.count)] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try largest.outputShape(inputs, op: Self.card.name)
  }
}

/// The largest numbers of each row, in falling order.
package struct TopK: TopKOp {
  package static let card = OpCard(
    name: "topk",
    inputs: [OpInput("x", "[..., n]")],
    output: "[..., top]",
    formula: Bilingual(
      it: "y[i] = il numero di posto i fra x[0], ..., x[n - 1], dal più grande",
      en: "y[i] = the number of rank i among x[0], ..., x[n - 1], from the largest"
    ),
    summary: Bilingual(
      it: "prende i numeri più grandi di ogni riga, dal più grande in giù",
      en: "takes the largest numbers of each row, from the largest down"
    ),
    gradient: Bilingual(
      it: "torna al numero scelto; chi non è stato scelto riceve 0",
      en: "returns to the number that was chosen; those left out receive 0"
    ),
    source: "Fan et al. 2018, arXiv:1805.04833, § 5.4"
  )

  package static let examples = [
    OpExample(
      TopK(2),
      [Tensor(Shape((.position, 2), (.vocab, 3)), [1.0, 5, 3, 7, 7, 9])],
      gives: [5, 3, 9, 7]
    )
  ]

  let largest: LargestOfRows

  package init(_ count: Int) { largest = LargestOfRows(count: count) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    largest.visit(x, width: operands.shape(0).lastSize) { output[$0] = x[$1] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(
      TopKGradient(largest.count),
      [scope.outputGradient, scope.inputs[0]],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (found, row) = largest.place(index, scope, input: 0)
    return .decided(scope[0, found], by: row)
  }
}

/// The gradient of rows of which only the largest numbers were used.
package struct TopKGradient: Op {
  package static let card = OpCard(
    name: "topk_gradient",
    inputs: [OpInput("grad", "[..., top]"), OpInput("x", "[..., n]")],
    output: "[..., n]",
    formula: Bilingual(
      it: "grad.x[dove stava il numero di posto i] = grad[i], 0 altrove",
      en: "grad.x[place of rank i] = grad[i], 0 elsewhere"
    ),
    summary: Bilingual(
      it: "rimette ogni gradiente al posto del numero che era stato scelto",
      en: "puts each gradient back where the chosen number stood"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      TopKGradient(1),
      [
        Tensor(Shape((.position, 1), (LargestOfRows.axis, 1)), [10.0]),
        Tensor(Shape((.position, 1), (.vocab, 3)), [1.0, 5, 3]),
      ],
      gives: [0, 10, 0]
    )
  ]

  private let largest: LargestOfRows

  init(_ count: Int) { largest = LargestOfRows(count: count) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2,
      inputs[0] == (try largest.outputShape([inputs[1]], op: Self.card.name))
    else {
      throw Self.needs(it: "la scelta e le righe", en: "the choice and the rows", found: inputs)
    }
    return inputs[1]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (gradient, output) = (operands.input(0), operands.output)
    output.update(repeating: 0)
    largest.visit(operands.input(1), width: operands.shape(1).lastSize) {
      output[$1] += gradient[$0]
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(1).lastSize
    let first = index / width * largest.count
    let rank = (first..<first + largest.count).first {
      largest.place($0, scope, input: 1).place == index
    }
    return rank.map { scope[0, $0] } ?? .decided(0, by: [scope[1, index]])
  }
}

/// Where the largest numbers of each row stand, in the order of `TopK`.
package struct ArgumentsOfTopK: TopKOp {
  package static let card = OpCard(
    name: "argtopk",
    inputs: [.fixed("x", "[..., n]")],
    output: "[..., top]",
    formula: Bilingual(
      it: "y[i] = indice del numero di posto i",
      en: "y[i] = index of the number of rank i"
    ),
    summary: Bilingual(
      it: "dice a quali indici stanno i più grandi di ogni riga: sull'asse vocab sono gli id",
      en: "says at which indices the largest of each row stand: along axis vocab these are ids"
    ),
    gradient: Bilingual(
      it: "un indice cambia solo a salti: nessun gradiente",
      en: "an index changes only in jumps: no gradient"
    ),
    source: "Fan et al. 2018, arXiv:1805.04833, § 5.4"
  )

  package static let examples = [
    OpExample(
      ArgumentsOfTopK(2),
      [Tensor(Shape((.position, 2), (.vocab, 3)), [1.0, 5, 3, 7, 7, 9])],
      gives: [1, 2, 2, 0]
    )
  ]

  let largest: LargestOfRows

  package init(_ count: Int) { largest = LargestOfRows(count: count) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let output = operands.output
    let width = operands.shape(0).lastSize
    largest.visit(operands.input(0), width: width) { output[$0] = S($1 % width) }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (found, row) = largest.place(index, scope, input: 0)
    return .decided(.number(Double(found % scope.shape(0).lastSize)), by: row)
  }
}

extension LargestOfRows {
  /// Where the number stands that goes to a place of the output, and all of its row.
  fileprivate func place(
    _ index: Int,
    _ scope: FormulaScope,
    input: Int
  ) -> (place: Int, row: [Formula]) {
    let width = scope.shape(input).lastSize
    let row = index / count
    var found = 0
    let numbers = (row * width..<(row + 1) * width).map { scope.value(input, $0) }
    numbers.withUnsafeBufferPointer { numbers in
      visit(numbers, width: width) { place, position in
        if place == index % count { found = position }
      }
    }
    return (row * width + found, scope.row(input, row, width: width))
  }
}
