// SPDX-License-Identifier: MIT

import PassoText

/// Divides each vector by its root mean square, then applies a learned gain.
///
/// Shapes: `x [..., model]`, `gain [model]` to the shape of `x`; the vectors may also be those of
/// each head, or of all heads together, `[head, head_dim]`.
/// Source: Zhang and Sennrich 2019, arXiv:1910.07467, section 3.
package struct RMSNorm: DifferentiableOp {
  package static let card = OpCard(
    name: "rms_norm",
    inputs: [OpInput("x", "[..., model]"), OpInput("gain", "[model]")],
    output: "[..., model]",
    formula: Bilingual(
      it: "y = gain * x / sqrt(media(x^2) + epsilon)",
      en: "y = gain * x / sqrt(mean(x^2) + epsilon)"
    ),
    summary: Bilingual(
      it: "divide ogni vettore per la sua grandezza media (senza togliere la media) e applica un"
        + " guadagno imparato",
      en: "divides each vector by its mean size (without taking the mean off) and applies a learned"
        + " gain"
    ),
    gradient: Bilingual(
      it: "allungare tutto il vettore non cambia l'uscita: quella direzione viene tolta dal"
        + " gradiente",
      en: "stretching the whole vector changes nothing: that direction is taken out of the gradient"
    ),
    source: "Zhang, Sennrich 2019, arXiv:1910.07467, § 3"
  )

  package static let examples = [
    OpExample(
      RMSNorm(epsilon: 0),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [3.0, -3, 1, 7]),
        Tensor(Shape((.model, 2)), [1.0, 10]),
      ],
      gives: [1, -10, 0.2, 14]
    ),
    OpExample(
      RMSNorm(epsilon: 1e-6),
      [
        Tensor(Shape((.position, 1), (.model, 2)), [0.0, 0]), Tensor(Shape((.model, 2)), [1.0, 1]),
      ],
      gives: [0, 0]
    ),
    OpExample(
      RMSNorm(epsilon: 0),
      [
        Tensor(
          Shape((.batch, 1), (.position, 2), (.head, 2), (.headDim, 2)),
          [1.0, -1, 1, 1, 2, 2, -2, 2]
        ),
        Tensor(Shape((.head, 2), (.headDim, 2)), [1.0, 2, 3, 4]),
      ],
      gives: [1, -2, 3, 4, 1, 2, -3, 4]
    ),
  ]

  /// What keeps the division finite where all components are zero.
  let epsilon: Double

  private var rows: NormalizedRows { NormalizedRows(subtractsMean: false, epsilon: epsilon) }

  package init(epsilon: Double) { self.epsilon = epsilon }

  package var settings: [String] { [NumberText.code(epsilon)] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, 1...2 ~= inputs[1].rank, inputs[0].ends(with: inputs[1]) else {
      throw Self.needs(
        it: "un guadagno con l'ultimo asse di x, o con gli ultimi due",
        en: "a gain with the last axis of x, or the last two",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) { rows.run(operands) }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let (x, gradient) = (scope.inputs[0], scope.outputGradient)
    try scope.add(
      RMSNormInputGradient(epsilon: epsilon),
      [x, scope.inputs[1], gradient],
      toInput: 0
    )
    let axes = scope.shape(ofInput: 1).rank
    let gain = RMSNormGainGradient(epsilon: epsilon, axes: axes)
    try scope.add(gain, [x, gradient], toInput: 1)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.count(1)
    let size = Self.deviation(scope, row: index / width, width, epsilon)
    return scope[1, index % width] * scope[0, index] / size
  }

  fileprivate static func deviation(
    _ scope: FormulaScope,
    row: Int,
    _ width: Int,
    _ epsilon: Double
  ) -> Formula {
    let numbers = scope.row(0, row, width: width)
    let mean = Formula.mean("mean(x * x)", numbers.map { $0 * $0 })
    return .part("size", .sqrt(mean + .number(epsilon)))
  }
}

/// The gradient of the vector that was divided.
package struct RMSNormInputGradient: Op {
  package static let card = OpCard(
    name: "rms_norm_input_gradient",
    inputs: [
      OpInput("x", "[..., model]"), OpInput("gain", "[model]"), OpInput("grad", "[..., model]"),
    ],
    output: "[..., model]",
    formula: Bilingual(
      it: "grad.x = (g - n * media(g * n)) / sqrt(media(x^2) + epsilon) con g = grad * gain, n = x"
        + " normalizzato",
      en: "grad.x = (g - n * mean(g * n)) / sqrt(mean(x^2) + epsilon) with g = grad * gain, n ="
        + " normalised x"
    ),
    summary: Bilingual(
      it: "toglie dal gradiente la direzione che la normalizzazione annulla: l'allungamento",
      en: "takes out of the gradient the direction that the norm cancels: the stretch"
    ),
    source: "Zhang, Sennrich 2019, arXiv:1910.07467, § 4"
  )

  package static let examples = [
    OpExample(
      RMSNormInputGradient(epsilon: 0),
      [
        Tensor(Shape((.position, 1), (.model, 2)), [1.0, 1]),
        Tensor(Shape((.model, 2)), [1.0, 1]),
        Tensor(Shape((.position, 1), (.model, 2)), [3.0, 1]),
      ],
      gives: [1, -1]
    )
  ]

  let epsilon: Double

  private var rows: NormalizedRows { NormalizedRows(subtractsMean: false, epsilon: epsilon) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try normInputShape(inputs)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) { rows.runInputGradient(operands) }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.count(1)
    let (row, column) = (index / width, index % width)
    let size = RMSNorm.deviation(scope, row: row, width, epsilon)
    let gradients = (0..<width).map { scope[2, row * width + $0] * scope[1, $0] }
    let meeting = Formula.mean(
      "mean(g * n)",
      (0..<width).map { gradients[$0] * scope[0, row * width + $0] / size }
    )
    return (gradients[column] - scope[0, index] / size * meeting) / size
  }
}

/// The gradient of the gain: gradient times normalised input, added up over all rows.
package struct RMSNormGainGradient: Op {
  package static let card = OpCard(
    name: "rms_norm_gain_gradient",
    inputs: [OpInput("x", "[..., model]"), OpInput("grad", "[..., model]")],
    output: "[model]",
    formula: Bilingual(
      it: "grad.gain = somma sulle righe di grad * x normalizzato",
      en: "grad.gain = sum over rows of grad * normalised x"
    ),
    summary: Bilingual(
      it: "dà al guadagno il prodotto di gradiente e vettore normalizzato, sommato su tutte le"
        + " posizioni",
      en: "gives the gain the product of gradient and normalised vector, added up over all"
        + " positions"
    ),
    source: "Zhang, Sennrich 2019, arXiv:1910.07467, § 4"
  )

  package static let examples = [
    OpExample(
      RMSNormGainGradient(epsilon: 0),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [3.0, -3, 1, 7]),
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 2, 5, 10]),
      ],
      gives: [2, 12]
    )
  ]

  let epsilon: Double

  /// The axes of a vector.
  var axes = 1

  private var rows: NormalizedRows { NormalizedRows(subtractsMean: false, epsilon: epsilon) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    let shape = try oneShape(inputs)
    return shape.suffix(from: max(0, shape.rank - axes))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) { rows.runGainGradient(operands) }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.output.count
    return .sum(
      (0..<scope.count(0) / width).map { row in
        let place = row * width + index
        let size = RMSNorm.deviation(scope, row: row, width, epsilon)
        return scope[1, place] * scope[0, place] / size
      }
    )
  }
}
