// SPDX-License-Identifier: MIT

import PassoText

/// The learned vectors of the first positions.
///
/// Shapes: `W_pos [position, model]` to its first `length` rows.
/// Source: Radford et al. 2018, Improving Language Understanding, section 3.1.
package struct PositionEmbedding: DifferentiableOp {
  package static let card = OpCard(
    name: "position_embedding",
    inputs: [OpInput("W_pos", "[position, model]")],
    output: "[position, model]",
    formula: Bilingual(same: "pos_embed[t] = W_pos[t]"),
    summary: Bilingual(
      it: "prende il vettore imparato di ogni posizione della frase: senza, un solo strato non"
        + " distinguerebbe l'ordine dei token",
      en: "takes the learned vector of each position of the sentence: without it, one layer could"
        + " not tell the order of the tokens"
    ),
    gradient: Bilingual(
      it: "le posizioni oltre la fine della frase non ricevono gradiente",
      en: "positions after the end of the sentence receive no gradient"
    ),
    source: "Radford et al. 2018, Improving Language Understanding, § 3.1"
  )

  package static let examples = [
    OpExample(
      PositionEmbedding(length: 2),
      [Tensor(Shape((.position, 3), (.model, 2)), [1.0, 2, 3, 4, 5, 6])],
      gives: [1, 2, 3, 4]
    )
  ]

  /// How many positions the sentence has.
  let length: Int

  package init(length: Int) { self.length = length }

  package var settings: [String] { ["length \(length)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == 2, inputs[0].sizes[0] >= length else {
      throw Self.needs(
        it: "una matrice con almeno \(length) posizioni",
        en: "a matrix with at least \(length) positions",
        found: inputs
      )
    }
    return Shape(axes: inputs[0].axes, sizes: [length, inputs[0].sizes[1]])
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let output = operands.output
    _ = output.update(fromContentsOf: operands.input(0)[..<output.count])
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let positions = scope.shape(ofInput: 0).sizes[0]
    try scope.add(
      PositionEmbeddingGradient(positions: positions),
      [scope.outputGradient],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index]
  }
}

/// The gradient of the position table: that of the positions in use, then zeros.
package struct PositionEmbeddingGradient: Op {
  package static let card = OpCard(
    name: "position_embedding_gradient",
    inputs: [OpInput("grad", "[position, model]")],
    output: "[position, model]",
    formula: Bilingual(
      it: "grad.W_pos[t] = grad[t], 0 dopo la fine della frase",
      en: "grad.W_pos[t] = grad[t], 0 after the end of the sentence"
    ),
    summary: Bilingual(
      it: "riporta il gradiente sulle posizioni usate; le altre restano zero",
      en: "takes the gradient back to the positions in use; the others stay zero"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      PositionEmbeddingGradient(positions: 3),
      [Tensor(Shape((.position, 2), (.model, 1)), [1.0, 2])],
      gives: [1, 2, 0]
    )
  ]

  /// The rows of the table.
  let positions: Int

  package var settings: [String] { ["positions \(positions)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == 2, inputs[0].sizes[0] <= positions else {
      throw Self.needs(
        it: "al più \(positions) posizioni",
        en: "at most \(positions) positions",
        found: inputs
      )
    }
    return Shape(axes: inputs[0].axes, sizes: [positions, inputs[0].sizes[1]])
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    operands.output.update(repeating: 0)
    _ = operands.output.update(fromContentsOf: operands.input(0))
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    index < scope.count(0) ? scope[0, index] : 0
  }
}

/// The learned vectors of the positions from a given one on, as generation needs them.
///
/// Shapes: `W_pos [position, model]` and the first position, to `length` rows.
/// Source: Radford et al. 2018, Improving Language Understanding, section 3.1.
package struct PositionEmbeddingFrom: Op {
  package static let card = OpCard(
    name: "position_embedding_from",
    inputs: [.fixed("W_pos", "[position, model]"), .fixed("start", "[]")],
    output: "[position, model]",
    formula: Bilingual(same: "pos_embed[t] = W_pos[start + t]"),
    summary: Bilingual(
      it: "prende i vettori imparati delle posizioni dei token nuovi",
      en: "takes the learned vectors of the positions of the new tokens"
    ),
    source: "Radford et al. 2018, Improving Language Understanding, § 3.1"
  )

  package static let examples = [
    OpExample(
      PositionEmbeddingFrom(length: 1),
      [Tensor(Shape((.position, 3), (.model, 2)), [1.0, 2, 3, 4, 5, 6]), Tensor(scalar: 2)],
      gives: [5, 6]
    )
  ]

  /// How many positions are new.
  let length: Int

  package init(length: Int) { self.length = length }

  package var settings: [String] { ["length \(length)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[1].rank == 0 else {
      throw Self.needs(it: "una matrice e un numero", en: "a matrix and a number", found: inputs)
    }
    return try PositionEmbedding(length: length).outputShape([inputs[0]])
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (table, output) = (operands.input(0), operands.output)
    let start = Int(operands.scalar(1)) * operands.outputShape.lastSize
    precondition(start >= 0 && start + output.count <= table.count, "no position is left")
    for i in 0..<output.count { output[i] = table[start + i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let start = Int(scope.value(1, 0)) * scope.output.lastSize
    return .decided(scope[0, start + index], by: [scope[1, 0]])
  }
}
