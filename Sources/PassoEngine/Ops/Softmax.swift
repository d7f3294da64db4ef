// SPDX-License-Identifier: MIT

import PassoText

/// Turns each row of scores into positive weights that sum to one.
///
/// Shapes: `[..., n]` to the same. Units: nats to probabilities.
/// Source: Goodfellow, Bengio, Courville 2016, sections 4.1 and 6.2.2.3.
package struct Softmax: DifferentiableOp {
  package static let card = OpCard(
    name: "softmax",
    inputs: [OpInput("x", "[..., n]")],
    output: "[..., n]",
    formula: Bilingual(
      it: "y[i] = exp(x[i] - max(x)) / somma su j di exp(x[j] - max(x))",
      en: "y[i] = exp(x[i] - max(x)) / sum over j of exp(x[j] - max(x))"
    ),
    summary: Bilingual(
      it: "trasforma ogni riga di punteggi in pesi positivi che sommano a 1; un punteggio -inf"
        + " diventa esattamente 0",
      en: "turns each row of scores into positive weights that sum to 1; a score of -inf becomes"
        + " exactly 0"
    ),
    gradient: Bilingual(
      it: "un punteggio riceve gradiente secondo quanto il suo peso avrebbe fatto meglio della"
        + " media della riga; la riga dei gradienti somma a 0",
      en: "a score receives gradient by how much its weight would have done better than the row's"
        + " average; the row of gradients sums to 0"
    ),
    source: "Goodfellow, Bengio, Courville 2016, §§ 4.1, 6.2.2.3"
  )

  package static let examples = [
    OpExample(Softmax(), [.items(0, 1.098_612_288_668_109_8)], gives: [0.25, 0.75]),
    OpExample(Softmax(), [.items(1000, -.infinity)], gives: [1, 0]),
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  // Subtracting the row's maximum changes nothing on paper and keeps exp() finite. A row that is
  // masked whole has no weights to give: it stays zero instead of 0/0.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let x = operands.input(0)
    let output = operands.output
    let width = operands.outputShape.lastSize
    for start in stride(from: 0, to: x.count, by: width) {
      let row = UnsafeBufferPointer(rebasing: x[start..<start + width])
      Self.fill(UnsafeMutableBufferPointer(rebasing: output[start..<start + width]), from: row)
    }
  }

  /// One row; also what cross-entropy's gradient needs.
  static func fill<S: Scalar>(
    _ output: UnsafeMutableBufferPointer<S>,
    from row: UnsafeBufferPointer<S>
  ) {
    var peak = -S.infinity
    // A NaN stays the peak: the -inf after it must not hide it.
    for x in row where !(x <= peak) && !peak.isNaN { peak = x }
    if peak == -S.infinity { return output.update(repeating: 0) }
    for i in 0..<row.count { output[i] = row[i] - peak }
    S.exponentials(output)
    var sum = S.Sum()
    for i in 0..<row.count { sum.add(output[i]) }
    let total = sum.rounded
    for i in 0..<row.count { output[i] /= total }
  }

  // dy[i]/dx[j] = y[i] (kronecker(i, j) - y[j]), hence dx[j] = y[j] (dy[j] - sum_i dy[i] y[i]).
  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(SoftmaxGradient(), [scope.output, scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    let row = index / width
    return scope.softmax(0, row * width..<(row + 1) * width, at: index)
  }
}

/// The gradient of the scores, from the weights and their gradient.
package struct SoftmaxGradient: Op {
  package static let card = OpCard(
    name: "softmax_gradient",
    inputs: [OpInput("y", "[..., n]"), OpInput("grad", "[..., n]")],
    output: "[..., n]",
    formula: Bilingual(
      it: "grad.x[j] = y[j] * (grad[j] - somma su i di grad[i] * y[i])",
      en: "grad.x[j] = y[j] * (grad[j] - sum over i of grad[i] * y[i])"
    ),
    summary: Bilingual(
      it: "confronta il gradiente di ogni peso con la media della riga: i pesi si contendono una"
        + " somma fissa, uno può crescere solo a spese degli altri",
      en: "compares the gradient of each weight with the row's average: the weights share a fixed"
        + " sum, one can grow only at the others' expense"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.2.2.3"
  )

  package static let examples = [
    OpExample(SoftmaxGradient(), [.items(0.25, 0.75), .items(4, 0)], gives: [0.75, -0.75])
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let y = operands.input(0)
    let gradient = operands.input(1)
    let output = operands.output
    let width = operands.outputShape.lastSize
    for start in stride(from: 0, to: y.count, by: width) {
      var sum = S.Sum()
      for i in start..<start + width { sum.add(gradient[i], times: y[i]) }
      let average = sum.rounded
      for i in start..<start + width { output[i] = y[i] * (gradient[i] - average) }
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    let row = index / width * width
    let meeting = Formula.part(
      "sum(grad * y)",
      .sum((row..<row + width).map { scope[1, $0] * scope[0, $0] })
    )
    return scope[0, index] * (scope[1, index] - meeting)
  }
}
