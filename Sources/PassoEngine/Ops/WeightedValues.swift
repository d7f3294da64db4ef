// SPDX-License-Identifier: MIT

import PassoText

/// For each query, the mixture of the values that its row of the pattern asks for.
///
/// Shapes: `pattern [batch, head, query, key]` and `v [batch, position, head, head_dim]`, perhaps
/// with fewer heads, to `[batch, position, head, head_dim]`.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.1.
package struct WeightedValues: DifferentiableOp {
  package static let card = OpCard(
    name: "weighted_values",
    inputs: [
      OpInput("pattern", "[batch, head, query, key]"),
      OpInput("v", "[batch, position, head, head_dim]"),
    ],
    output: "[batch, position, head, head_dim]",
    formula: Bilingual(
      it: "z[b, i, h, d] = somma su j di pattern[b, h, i, j] * v[b, j, h, d]",
      en: "z[b, i, h, d] = sum over j of pattern[b, h, i, j] * v[b, j, h, d]"
    ),
    summary: Bilingual(
      it: "mescola i vettori value: i pesi di attenzione dicono quanto prendere da ogni posizione",
      en: "mixes the value vectors: the attention weights say how much to take from each position"
    ),
    gradient: Bilingual(
      it: "un peso riceve gradiente se il suo value andava nella direzione che la loss chiede; un"
        + " value lo riceve da tutte le query che lo guardano",
      en: "a weight receives gradient where its value points the way the loss asks for; a value"
        + " receives it from every query that looks at it"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.1"
  )

  package static let examples = [
    OpExample(
      WeightedValues(),
      [
        Tensor(Shape((.batch, 1), (.head, 1), (.query, 2), (.key, 2)), [1.0, 0, 0.25, 0.75]),
        Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 1)), [4.0, 8]),
      ],
      gives: [4, 7]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try headsShape(inputs, positionsAre: .key)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    SquareTimesHeads().run(operands)
  }

  // z = P V, hence dP = dZ V^T and dV = P^T dZ.
  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let keyHeads = scope.shape(ofInput: 1).sizes[2]
    let gradient = scope.outputGradient
    try scope.add(AttentionDots(), [gradient, scope.inputs[1]], toInput: 0)
    try scope.add(
      SquareTransposedTimesHeads(keyHeads: keyHeads),
      [scope.inputs[0], gradient],
      toInput: 1
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope.mix(index)
  }
}
