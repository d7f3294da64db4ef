// SPDX-License-Identifier: MIT

import PassoText

/// Looks up one row of a table for each token.
///
/// Shapes: `W_E [vocab, model]` and `tokens [batch, position]` to `[batch, position, model]`.
/// Source: Bengio et al. 2003, A Neural Probabilistic Language Model, section 2.
package struct Embedding: DifferentiableOp {
  package static let card = OpCard(
    name: "embedding",
    inputs: [OpInput("W_E", "[vocab, model]"), .fixed("tokens", "[batch, position]")],
    output: "[batch, position, model]",
    formula: Bilingual(same: "embed[b, t] = W_E[tokens[b, t]]"),
    summary: Bilingual(
      it: "prende, per ogni token, la sua riga della matrice di embedding: lo stesso risultato"
        + " di un vettore one-hot moltiplicato per la matrice",
      en: "takes, for each token, its row of the embedding matrix: the same result as a one-hot"
        + " vector times the matrix"
    ),
    gradient: Bilingual(
      it: "solo le righe dei token presenti negli input ricevono gradiente; un token che"
        + " compare due volte lo somma",
      en: "only the rows of tokens that are among the inputs receive gradient; a token that"
        + " occurs twice adds up both"
    ),
    source: "Bengio et al. 2003, A Neural Probabilistic Language Model, § 2"
  )

  package static let examples = [
    OpExample(
      Embedding(),
      [
        Tensor(Shape((.vocab, 3), (.model, 2)), [1.0, 2, 3, 4, 5, 6]),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(2), 0, 2]),
      ],
      gives: [5, 6, 1, 2, 5, 6]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].rank == 2 else {
      throw Self.needs(
        it: "una matrice [vocab, model] e degli id di token",
        en: "a matrix [vocab, model] and token ids",
        found: inputs
      )
    }
    return inputs[1].appending(inputs[0].suffix(from: 1))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let table = operands.input(0)
    let tokens = operands.integers(1)
    let output = operands.output
    let width = operands.outputShape.lastSize
    for (row, token) in tokens.enumerated() {
      let from = Int(token) * width
      for i in 0..<width { output[row * width + i] = table[from + i] }
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let rows = scope.shape(ofInput: 0).sizes[0]
    try scope.add(
      EmbeddingGradient(vocabularySize: rows),
      [scope.outputGradient, scope.inputs[1]],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    let row = Int(scope.value(1, index / width))
    return .decided(scope[0, row * width + index % width], by: [scope[1, index / width]])
  }
}

/// Adds the gradient of each position to the row of its token.
package struct EmbeddingGradient: Op {
  package static let card = OpCard(
    name: "embedding_gradient",
    inputs: [OpInput("grad", "[batch, position, model]"), .fixed("tokens", "[batch, position]")],
    output: "[vocab, model]",
    formula: Bilingual(
      it: "grad.W_E[v] = somma dei grad[b, t] in cui tokens[b, t] = v",
      en: "grad.W_E[v] = sum of grad[b, t] where tokens[b, t] = v"
    ),
    summary: Bilingual(
      it: "riporta il gradiente di ogni posizione sulla riga del suo token; le altre righe"
        + " restano zero",
      en: "takes the gradient of each position back to the row of its token; the other rows"
        + " stay zero"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      EmbeddingGradient(vocabularySize: 3),
      [
        Tensor(Shape((.batch, 1), (.position, 3), (.model, 1)), [1.0, 2, 4]),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(2), 0, 2]),
      ],
      gives: [2, 0, 5]
    )
  ]

  /// The rows of the table.
  let vocabularySize: Int

  package var settings: [String] { ["vocab \(vocabularySize)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].rank == inputs[1].rank + 1 else {
      throw Self.needs(
        it: "un vettore per ogni token",
        en: "one vector for each token",
        found: inputs
      )
    }
    return Shape((.vocab, vocabularySize)).appending(inputs[0].suffix(from: inputs[1].rank))
  }

  /// The rows of each token that occurs, in order.
  private static func rowsByToken(_ tokens: UnsafeBufferPointer<Int32>) -> some Sequence<[Int]> {
    Dictionary(grouping: tokens.indices) { tokens[$0] }.values
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let gradient = operands.input(0)
    let tokens = operands.integers(1)
    let output = operands.output
    let width = operands.outputShape.lastSize
    output.update(repeating: 0)
    Summation.withSums(width, of: S.self) { sums in
      for rows in Self.rowsByToken(tokens) {
        sums.update(repeating: S.Sum())
        for row in rows { for i in 0..<width { sums[i].add(gradient[row * width + i]) } }
        let to = Int(tokens[rows[0]]) * width
        for i in 0..<width { output[to + i] = sums[i].rounded }
      }
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.output.lastSize
    let places = (0..<scope.count(1)).filter { Int(scope.value(1, $0)) == index / width }
    return .sum(places.map { scope[0, $0 * width + index % width] })
  }
}
