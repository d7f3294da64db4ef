// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// A step that says what the rounds of an update weigh in their mean, up to the present one.
package protocol RoundCountingOp: Op {
  /// How many rounds an update has.
  var rounds: Int { get }
}

/// How many targets count in the rounds of an update up to this one.
///
/// Shapes: the count so far, which an update begins with 0, and `targets [batch, position]` to the
/// new count.
/// Source: Ott et al. 2018, arXiv:1806.00187, section 3.4: rounds count by their tokens.
package struct CountTargets: RoundCountingOp {
  package static let card = OpCard(
    name: "count_targets",
    inputs: [.fixed("count", "[]"), .fixed("targets", "[batch, position]")],
    output: "[]",
    formula: Bilingual(
      it: "next.count = count + numero di target che contano",
      en: "next.count = count + number of targets that count"
    ),
    summary: Bilingual(
      it: "conta i target che contano, dal primo giro dell'aggiornamento a questo: secondo quanti"
        + " sono, ogni giro pesa nella media",
      en: "counts the targets that count, from the first round of the update to this one: by their"
        + " number each round weighs in the mean"
    ),
    source: "Ott et al. 2018, arXiv:1806.00187, § 3.4"
  )

  package static let examples = [
    OpExample(
      CountTargets(rounds: 2),
      [
        Tensor(scalar: 5),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(4), ignoredTarget, 0]),
      ],
      gives: [7]
    )
  ]

  package let rounds: Int

  package init(rounds: Int) { self.rounds = rounds }

  package var settings: [String] { ["rounds \(rounds)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].rank == 0 else {
      throw Self.needs(it: "un numero e dei target", en: "a number and targets", found: inputs)
    }
    return .scalar
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let counted = MeanLoss.countedTargets(operands.integers(1))
    operands.output[0] = operands.scalar(0) + S(counted)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let counted = (0..<scope.count(1)).filter { Int(scope.value(1, $0)) != ignoredTarget }
    return scope[0, 0] + .number(Double(counted.count))
  }
}

/// What the targets weigh that count in the rounds of an update up to this one.
///
/// Shapes: the weight so far, which an update begins with 0, `targets [batch, position]` and
/// `weights [batch, position]` to the new weight.
/// Source: Ott et al. 2018, arXiv:1806.00187, section 3.4: rounds count by what is asked in them.
package struct SumTargetWeights: RoundCountingOp {
  package static let card = OpCard(
    name: "sum_target_weights",
    inputs: [
      .fixed("count", "[]"), .fixed("targets", "[batch, position]"),
      .fixed("weights", "[batch, position]"),
    ],
    output: "[]",
    formula: Bilingual(
      it: "next.count = count + somma di weights dove un target conta",
      en: "next.count = count + sum of weights where a target counts"
    ),
    summary: Bilingual(
      it: "somma i pesi dei target che contano, dal primo giro dell'aggiornamento a questo: secondo"
        + " il suo peso, ogni giro entra nella media",
      en: "adds up the weights of the targets that count, from the first round of the update to"
        + " this one: by its weight each round enters the mean"
    ),
    source: "Ott et al. 2018, arXiv:1806.00187, § 3.4"
  )

  package static let examples = [
    OpExample(
      SumTargetWeights(rounds: 2),
      [
        Tensor(scalar: 5),
        Tensor(Shape((.batch, 1), (.position, 3)), [Int32(4), ignoredTarget, 0]),
        Tensor(Shape((.batch, 1), (.position, 3)), [1.5, 4, 0.25]),
      ],
      gives: [6.75]
    )
  ]

  package let rounds: Int

  package init(rounds: Int) { self.rounds = rounds }

  package var settings: [String] { ["rounds \(rounds)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[0].rank == 0, inputs[1] == inputs[2] else {
      throw Self.needs(
        it: "un numero, dei target e un peso per ciascuno",
        en: "a number, targets and a weight for each",
        found: inputs
      )
    }
    return .scalar
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let total = WeightedMeanLoss.totalWeight(operands.input(2), of: operands.integers(1))
    operands.output[0] = operands.scalar(0) + total
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let counted = WeightedMeanLoss.counted(1, in: scope)
    return scope[0, 0] + .sum(counted.map { scope[2, $0] })
  }
}

/// The mean over the rounds of an update up to this one, in which every target that counts weighs
/// the same, or as much as it is given.
///
/// Shapes: the mean so far, what this round has found, and how many targets counted, or what they
/// weigh, before it and with it, to the new mean. A round in which nothing counts leaves the mean
/// as it is, whatever it has found; before the first target that counts there is no mean yet, and
/// what is found is taken as it is.
/// Source: Ott et al. 2018, arXiv:1806.00187, section 3.4; the running form is that of Welford
/// 1962, Note on a Method for Calculating Corrected Sums of Squares and Products.
package struct AccumulateMean: Op {
  package static let card = OpCard(
    name: "accumulate",
    inputs: [
      OpInput("mean", "[n...]"), OpInput("x", "[n...]"), .fixed("before", "[]"),
      .fixed("after", "[]"),
    ],
    output: "[n...]",
    formula: Bilingual(same: "next.mean = mean + (after - before) / after * (x - mean)"),
    summary: Bilingual(
      it:
        "unisce alla media dei giri precedenti ciò che ha trovato questo, secondo quanti target vi"
        + " contano: alla fine è la media su tutti, come se il batch fosse uno solo e più grande",
      en: "joins what this round has found to the mean of those before, by how many of its targets"
        + " count: in the end it is the mean over all, as if it were one larger batch"
    ),
    source: "Ott et al. 2018, arXiv:1806.00187, § 3.4"
  )

  package static let examples = [
    OpExample(
      AccumulateMean(),
      [.items(9, 1), .items(5, -3), Tensor(scalar: 6), Tensor(scalar: 8)],
      gives: [8, 0]
    ),
    OpExample(
      AccumulateMean(),
      [.items(0), .items(5), Tensor(scalar: 0), Tensor(scalar: 2)],
      gives: [5]
    ),
    OpExample(
      AccumulateMean(),
      [.items(9), .items(5), Tensor(scalar: 6), Tensor(scalar: 6)],
      gives: [9]
    ),
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 4, inputs[0] == inputs[1], inputs[2...].allSatisfy({ $0.rank == 0 })
    else {
      throw Self.needs(
        it: "due valori della stessa forma e due numeri",
        en: "two values of one shape and two numbers",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (mean, x, output) = (operands.input(0), operands.input(1), operands.output)
    let (before, after) = (operands.scalar(2), operands.scalar(3))
    // Not by a share of 0 or 1, which would let a NaN through.
    if before == 0 || after == before {
      _ = output.update(fromContentsOf: before == 0 ? x : mean)
      return
    }
    let share = (after - before) / after
    for i in 0..<output.count { output[i] = mean[i] + share * (x[i] - mean[i]) }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (mean, x, before, after) = (scope[0, index], scope[1, index], scope[2, 0], scope[3, 0])
    if scope.value(2, 0) == 0 { return .decided(x, by: [before]) }
    if scope.value(3, 0) == scope.value(2, 0) { return .decided(mean, by: [before, after]) }
    return mean + (after - before) / after * (x - mean)
  }
}
