// SPDX-License-Identifier: MIT

import PassoText

/// Gives each vector mean 0 and variance 1, then a learned gain and, if there is one, a bias.
///
/// Shapes: `x [..., model]`, `gain [model]`, `bias [model]` to the shape of `x`.
/// Source: Ba, Kiros, Hinton 2016, arXiv:1607.06450, section 3.
package struct LayerNorm: DifferentiableOp {
  package static let card = OpCard(
    name: "layer_norm",
    inputs: [
      OpInput("x", "[..., model]"), OpInput("gain", "[model]"), OpInput("bias", "[model]"),
    ],
    output: "[..., model]",
    formula: Bilingual(
      it: "y = gain * (x - media(x)) / sqrt(varianza(x) + epsilon) + bias",
      en: "y = gain * (x - mean(x)) / sqrt(variance(x) + epsilon) + bias"
    ),
    summary: Bilingual(
      it: "porta ogni vettore a media 0 e varianza 1, poi applica guadagno e termine noto"
        + " imparati: gli strati che seguono vedono sempre numeri della stessa grandezza",
      en: "brings each vector to mean 0 and variance 1, then applies a learned gain and bias: the"
        + " layers that follow always see numbers of the same size"
    ),
    gradient: Bilingual(
      it: "spostare o allungare tutto il vettore non cambia l'uscita: queste due direzioni vengono"
        + " tolte dal gradiente",
      en: "moving or stretching the whole vector changes nothing: these two directions are taken"
        + " out of the gradient"
    ),
    source: "Ba, Kiros, Hinton 2016, arXiv:1607.06450, § 3"
  )

  package static let examples = [
    OpExample(
      LayerNorm(epsilon: 0),
      [
        Tensor(Shape((.position, 1), (.model, 4)), [1.0, 1, 3, 3]),
        Tensor(Shape((.model, 4)), [1.0, 10, 1, 10]),
        Tensor(Shape((.model, 4)), [0.0, 0.5, 0, 0.5]),
      ],
      gives: [-1, -9.5, 1, 10.5]
    ),
    OpExample(
      LayerNorm(epsilon: 1e-5),
      [
        Tensor(Shape((.position, 2), (.model, 3)), [1.0, 1, 1, 2, 2, 2]),
        Tensor(Shape((.model, 3)), [1.0, 1, 1]),
        Tensor(Shape((.model, 3)), [1.0, 2, 3]),
      ],
      gives: [1, 2, 3, 1, 2, 3]
    ),
    OpExample(
      LayerNorm(epsilon: 0),
      [
        Tensor(Shape((.position, 1), (.model, 4)), [1.0, 1, 3, 3]),
        Tensor(Shape((.model, 4)), [1.0, 10, 1, 10]),
      ],
      gives: [-1, -10, 1, 10]
    ),
  ]

  /// What keeps the division finite where all components are equal.
  let epsilon: Double

  private var rows: NormalizedRows { NormalizedRows(subtractsMean: true, epsilon: epsilon) }

  package init(epsilon: Double) { self.epsilon = epsilon }

  package var settings: [String] { [NumberText.code(epsilon)] }

  /// Without a bias nothing is said of one.
  package func words(for use: StepUse) -> StepWords {
    guard use.inputCount < 3 else { return Self.card.words(for: use) }
    return StepWords(
      formula: Bilingual(
        it: "y = gain * (x - media(x)) / sqrt(varianza(x) + epsilon)",
        en: "y = gain * (x - mean(x)) / sqrt(variance(x) + epsilon)"
      ),
      summary: Bilingual(
        it: "porta ogni vettore a media 0 e varianza 1, poi applica un guadagno imparato: gli"
          + " strati che seguono vedono sempre numeri della stessa grandezza",
        en: "brings each vector to mean 0 and variance 1, then applies a learned gain: the layers"
          + " that follow always see numbers of the same size"
      ),
      gradient: Self.card.gradient
    )
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard (2...3).contains(inputs.count), inputs[1].rank == 1, inputs[0].ends(with: inputs[1]),
      inputs[1] == inputs.last
    else {
      throw Self.needs(
        it: "guadagno e termine noto con l'ultimo asse di x",
        en: "gain and bias with the last axis of x",
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
      LayerNormInputGradient(epsilon: epsilon),
      [x, scope.inputs[1], gradient],
      toInput: 0
    )
    try scope.add(LayerNormGainGradient(epsilon: epsilon), [x, gradient], toInput: 1)
    guard scope.inputs.count > 2 else { return }
    try scope.add(SumLeading(axes: scope.rank(ofInput: 0) - 1), [gradient], toInput: 2)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let row = NormalisedRow(scope, input: 0, row: index / scope.shape(0).lastSize, epsilon)
    let column = index % scope.shape(0).lastSize
    let scaled = scope[1, column] * row[column]
    return scope.inputCount > 2 ? scaled + scope[2, column] : scaled
  }
}

/// The gradient of a normalised vector's input.
package struct LayerNormInputGradient: Op {
  package static let card = OpCard(
    name: "layer_norm_input_gradient",
    inputs: [
      OpInput("x", "[..., model]"), OpInput("gain", "[model]"), OpInput("grad", "[..., model]"),
    ],
    output: "[..., model]",
    formula: Bilingual(
      it: "grad.x = (g - media(g) - n * media(g * n)) / sqrt(varianza(x) + epsilon) con g = grad *"
        + " gain, n = x normalizzato",
      en: "grad.x = (g - mean(g) - n * mean(g * n)) / sqrt(variance(x) + epsilon) with g = grad *"
        + " gain, n = normalised x"
    ),
    summary: Bilingual(
      it: "toglie dal gradiente le due direzioni che la normalizzazione annulla: lo spostamento"
        + " comune e l'allungamento",
      en: "takes out of the gradient the two directions that the norm cancels: the common shift"
        + " and the stretch"
    ),
    source: "Ba, Kiros, Hinton 2016, arXiv:1607.06450, § 3"
  )

  package static let examples = [
    OpExample(
      LayerNormInputGradient(epsilon: 1),
      [
        Tensor(Shape((.position, 1), (.model, 2)), [0.0, 0]),
        Tensor(Shape((.model, 2)), [1.0, 2]),
        Tensor(Shape((.position, 1), (.model, 2)), [1.0, 2]),
      ],
      gives: [-1.5, 1.5]
    )
  ]

  let epsilon: Double

  private var rows: NormalizedRows { NormalizedRows(subtractsMean: true, epsilon: epsilon) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try normInputShape(inputs)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) { rows.runInputGradient(operands) }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    let (row, column) = (index / width, index % width)
    let norm = NormalisedRow(scope, input: 0, row: row, epsilon)
    let gradients = (0..<width).map { scope[2, row * width + $0] * scope[1, $0] }
    let mean = Formula.mean("mean(g)", gradients)
    let meeting = Formula.mean("mean(g * n)", (0..<width).map { gradients[$0] * norm[$0] })
    return (gradients[column] - mean - norm[column] * meeting) / norm.deviation
  }
}

/// The gradient of the gain: gradient times normalised input, added up over all rows.
package struct LayerNormGainGradient: Op {
  package static let card = OpCard(
    name: "layer_norm_gain_gradient",
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
    source: "Ba, Kiros, Hinton 2016, arXiv:1607.06450, § 3"
  )

  package static let examples = [
    OpExample(
      LayerNormGainGradient(epsilon: 0),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 3, 7, 5]),
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 2, 3, 4]),
      ],
      gives: [2, -2]
    )
  ]

  let epsilon: Double

  private var rows: NormalizedRows { NormalizedRows(subtractsMean: true, epsilon: epsilon) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    let shape = try oneShape(inputs)
    return shape.suffix(from: shape.rank - 1)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) { rows.runGainGradient(operands) }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let width = scope.shape(0).lastSize
    return .sum(
      (0..<scope.count(0) / width).map { row in
        let norm = NormalisedRow(scope, input: 0, row: row, epsilon)
        return scope[1, row * width + index] * .part("n[\(row)]", norm[index])
      }
    )
  }
}

/// A row without its mean, over its deviation, as formulas.
private struct NormalisedRow {
  let deviation: Formula
  private let numbers: [Formula]
  private let mean: Formula

  init(_ scope: FormulaScope, input: Int, row: Int, _ epsilon: Double) {
    numbers = scope.row(input, row, width: scope.shape(input).lastSize)
    let mean = Formula.mean("mean(x)", numbers)
    self.mean = mean
    let squares = numbers.map { ($0 - mean) * ($0 - mean) }
    let variance = Formula.mean("variance(x)", squares)
    deviation = .part("deviation", .sqrt(variance + .number(epsilon)))
  }

  subscript(column: Int) -> Formula { (numbers[column] - mean) / deviation }
}
