// SPDX-License-Identifier: MIT

import PassoText

/// The length of all gradients together, as if they were one long vector.
///
/// Shapes: any number of gradients to a scalar. Added up in double, in the order of the inputs.
/// Source: Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, section 3.2.
package struct GlobalNorm: Op {
  package static let card = OpCard(
    name: "global_norm",
    inputs: [OpInput("grad", "[n...]")],
    output: "[]",
    formula: Bilingual(
      it: "norm = sqrt(somma su tutti i gradienti di grad^2)",
      en: "norm = sqrt(sum over all gradients of grad^2)"
    ),
    summary: Bilingual(
      it: "misura quanto sono lunghi tutti i gradienti insieme, come se fossero un vettore solo",
      en: "measures how long all gradients are together, as if they were one vector"
    ),
    source: "Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, § 3.2"
  )

  package static let examples = [
    OpExample(GlobalNorm(), [.items(2, 4), Tensor(Shape((.model, 1)), [4.0])], gives: [6])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard !inputs.isEmpty else {
      throw Self.needs(it: "almeno un gradiente", en: "at least one gradient", found: inputs)
    }
    return .scalar
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    var squares = S.Sum()
    for input in 0..<operands.inputCount {
      for number in operands.input(input) { squares.add(number, times: number) }
    }
    operands.output[0] = squares.squareRoot
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let parts = (0..<scope.inputCount).map { input in
      Formula.part(
        "squares \(input + 1)",
        .sum((0..<scope.count(input)).map { scope[input, $0] * scope[input, $0] })
      )
    }
    return .sqrt(.sum(parts))
  }
}

/// The factor that brings a norm down to a limit; 1 if it is not above.
///
/// Source: Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, algorithm 1; the small number under the
/// fraction is PyTorch's.
package struct ClipFactor: Op {
  package static let card = OpCard(
    name: "clip_factor",
    inputs: [.fixed("norm", "[]")],
    output: "[]",
    formula: Bilingual(same: "factor = min(1, limit / (norm + 0.000001))"),
    summary: Bilingual(
      it: "decide di quanto accorciare i gradienti: 1 li lascia come sono, meno di 1 li riporta"
        + " alla lunghezza massima",
      en: "decides how much to shorten the gradients: 1 leaves them as they are, less than 1 takes"
        + " them back to the greatest length"
    ),
    source: "Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, alg. 1"
  )

  package static let examples = [
    OpExample(ClipFactor(limit: 1), [Tensor(scalar: 3.999999)], gives: [0.25]),
    OpExample(ClipFactor(limit: 1), [Tensor(scalar: 0.5)], gives: [1]),
  ]

  /// The greatest norm that is left as it is.
  let limit: Double

  package init(limit: Double) { self.limit = limit }

  package var settings: [String] { ["limit \(NumberText.code(limit))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == 0 else {
      throw Self.needs(it: "un numero", en: "a number", found: inputs)
    }
    return .scalar
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let factor = limit / (Double(operands.scalar(0)) + 1e-6)
    // Not `min`, which would hide a norm that is not a number.
    operands.output[0] = factor > 1 ? 1 : S(factor)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let norm = scope[0, 0]
    guard limit <= scope.value(0, 0) + 1e-6 else { return .decided(1, by: [norm]) }
    return .number(limit) / (norm + 1e-6)
  }
}

/// A gradient times the clip factor: all gradients keep their directions.
///
/// Source: Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, algorithm 1.
package struct ClippedGradient: PointwiseOp {
  package static let card = OpCard(
    name: "clip",
    inputs: [OpInput("grad", "[n...]"), .fixed("factor", "[]")],
    output: "[n...]",
    formula: Bilingual(same: "clipped = factor * grad"),
    summary: Bilingual(
      it: "accorcia il gradiente senza cambiarne la direzione, perché un solo esempio strano non"
        + " porti lontano i pesi",
      en: "shortens the gradient without turning it, so that one odd example cannot take the"
        + " weights far away"
    ),
    source: "Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, alg. 1"
  )

  package static let examples = [
    OpExample(ClippedGradient(), [.items(2, -4), Tensor(scalar: 0.5)], gives: [1, -2])
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[1].rank == 0 else {
      throw Self.needs(it: "un gradiente e un numero", en: "a gradient and a number", found: inputs)
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let gradient = operands.input(0)
    let factor = operands.scalar(1)
    let output = operands.output
    for i in 0..<output.count { output[i] = factor * gradient[i] }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope[1, 0] * scope[0, index]
  }
}
