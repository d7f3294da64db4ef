// SPDX-License-Identifier: MIT

import PassoText

/// Where a token and its answer have stood side by side before: the places at which a head finds
/// the answer by looking for what came after the token of now.
package struct EarlierPairs: DifferentiableOp {
  package static let card = OpCard(
    name: "earlier_pairs",
    inputs: [.fixed("tokens", "[..., position]"), .fixed("targets", "[..., position]")],
    output: "[..., query, key]",
    formula: Bilingual(
      it: "y[q, k] = 1 se 0 < k ≤ q, tokens[k - 1] = tokens[q] e tokens[k] = targets[q],"
        + " altrimenti 0",
      en: "y[q, k] = 1 if 0 < k ≤ q, tokens[k - 1] = tokens[q] and tokens[k] = targets[q], else 0"
    ),
    summary: Bilingual(
      it: "segna dove il token e la sua risposta sono già stati uno dopo l'altro",
      en: "marks where the token and its answer have stood one after the other before"
    ),
    gradient: Bilingual(
      it: "un id non cambia di poco: nessun gradiente",
      en: "an id does not change by a little: no gradient"
    ),
    source: "Olsson et al. 2022, arXiv:2209.11895, § 3"
  )

  package static let examples = [
    OpExample(
      EarlierPairs(),
      [
        Tensor(Shape((.position, 4)), [5.0, 7, 5, 7]),
        Tensor(Shape((.position, 4)), [7.0, 5, 7, 5]),
      ],
      gives: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].axes.last == .position else {
      throw Self.needs(
        it: "token e target delle stesse posizioni",
        en: "tokens and targets of the same positions",
        found: inputs
      )
    }
    let length = inputs[0].lastSize
    return inputs[0].prefix(inputs[0].rank - 1)
      .appending(Shape((.query, length), (.key, length)))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (tokens, targets, output) = (operands.input(0), operands.input(1), operands.output)
    let length = operands.shape(0).lastSize
    for index in 0..<output.count {
      let (query, key) = Self.places(index, length)
      let holds =
        key.place > 0 && key.place <= query.place && tokens[key.index - 1] == tokens[query.index]
        && tokens[key.index] == targets[query.index]
      output[index] = holds ? 1 : 0
    }
  }

  private typealias Spot = (place: Int, index: Int)

  /// The place in its row, and the index among all numbers of an input, of a query and of a key.
  private static func places(_ index: Int, _ length: Int) -> (query: Spot, key: Spot) {
    let (row, rest) = index.quotientAndRemainder(dividingBy: length * length)
    let (query, key) = rest.quotientAndRemainder(dividingBy: length)
    return ((query, row * length + query), (key, row * length + key))
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (query, key) = Self.places(index, scope.shape(0).lastSize)
    guard key.place > 0, key.place <= query.place else { return 0 }
    let terms = [
      scope[0, key.index - 1], scope[0, query.index], scope[0, key.index], scope[1, query.index],
    ]
    let numbers = [
      scope.value(0, key.index - 1), scope.value(0, query.index), scope.value(0, key.index),
      scope.value(1, query.index),
    ]
    return .decided(numbers[0] == numbers[1] && numbers[2] == numbers[3] ? 1 : 0, by: terms)
  }
}
