// SPDX-License-Identifier: MIT

import PassoText

/// Adds one round's share to the gradient of an update that takes several rounds.
///
/// Shapes: the sum so far, which an update begins with zeros, and a gradient to the new sum.
/// Source: Ott et al. 2018, arXiv:1806.00187, section 3.4.
package struct AccumulateGradient: Op {
  package static let card = OpCard(
    name: "accumulate",
    inputs: [OpInput("sum", "[n...]"), OpInput("grad", "[n...]")],
    output: "[n...]",
    formula: Bilingual(same: "next.sum = sum + grad / rounds"),
    summary: Bilingual(
      it:
        "mette da parte il gradiente di questo giro: l'aggiornamento userà la media dei giri, come"
        + " se il batch fosse più grande",
      en: "puts this round's gradient aside: the update will use the mean of the rounds, as if the"
        + " batch were larger"
    ),
    source: "Ott et al. 2018, arXiv:1806.00187, § 3.4"
  )

  package static let examples = [
    OpExample(AccumulateGradient(rounds: 2), [.items(9), .items(4)], gives: [11])
  ]

  /// How many rounds an update has.
  let rounds: Int

  package init(rounds: Int) { self.rounds = rounds }

  package var settings: [String] { ["rounds \(rounds)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let sum = operands.input(0)
    let gradient = operands.input(1)
    let output = operands.output
    let share = 1 / S(rounds)
    for i in 0..<output.count { output[i] = sum[i] + share * gradient[i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[0, index] + scope[1, index] / .number(Double(rounds))
  }
}
