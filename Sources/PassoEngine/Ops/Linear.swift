// SPDX-License-Identifier: MIT

import PassoText

/// A matrix product along the axes that value and weight share, and an optional bias.
///
/// Shapes: `x [..., in...]`, `W [in..., out...]`, `b [out...]` to `[..., out...]`. The axes decide
/// what is contracted: `z [batch, position, head, head_dim]` meets `W_O [head, head_dim, model]`
/// along two of them.
/// Source: Goodfellow, Bengio, Courville 2016, section 6.1.
package struct Linear: DifferentiableOp {
  package static let card = OpCard(
    name: "linear",
    inputs: [
      OpInput("x", "[..., in...]"), OpInput("W", "[in..., out...]"), OpInput("b", "[out...]"),
    ],
    output: "[..., out...]",
    formula: Bilingual(same: "y = x @ W + b"),
    summary: Bilingual(
      it: "moltiplica ogni vettore per una matrice di pesi e aggiunge un termine noto: ogni"
        + " uscita è una somma pesata degli ingressi, con pesi imparati",
      en: "multiplies each vector by a matrix of weights and adds a bias: each output is a"
        + " weighted sum of the inputs, with learned weights"
    ),
    gradient: Bilingual(
      it: "verso x il gradiente torna attraverso la stessa matrice, trasposta; il peso riceve"
        + " ingresso per gradiente, sommato su tutte le posizioni",
      en: "towards x the gradient returns through the same matrix, transposed; the weight gets"
        + " input times gradient, added up over all positions"
    ),
    source: "Goodfellow, Bengio, Courville 2016, §§ 6.1, 6.5.6"
  )

  package static let examples = [
    OpExample(
      Linear(),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.model, 2), (.mlp, 1)), [10.0, 1]),
        Tensor(Shape((.mlp, 1)), [0.5]),
      ],
      gives: [12.5, 34.5]
    ),
    OpExample(
      Linear(),
      [
        Tensor(Shape((.position, 1), (.head, 2), (.headDim, 1)), [1.0, 2]),
        Tensor(Shape((.head, 2), (.headDim, 1), (.model, 2)), [1.0, 2, 3, 4]),
      ],
      gives: [7, 10]
    ),
  ]

  package init() {}

  /// Without a bias nothing is said of one.
  package func words(for use: StepUse) -> StepWords {
    guard use.inputCount < 3 else { return Self.card.words(for: use) }
    return StepWords(
      formula: Bilingual(same: "y = x @ W"),
      summary: Bilingual(
        it: "moltiplica ogni vettore per una matrice di pesi: ogni uscita è una somma pesata degli"
          + " ingressi, con pesi imparati",
        en: "multiplies each vector by a matrix of weights: each output is a weighted sum of the"
          + " inputs, with learned weights"
      ),
      gradient: Self.card.gradient
    )
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard (2...3).contains(inputs.count),
      let contracted = Self.contractedAxes(inputs[0], inputs[1])
    else {
      throw Self.needs(
        it: "che x finisca con gli assi con cui comincia W",
        en: "x to end in the axes with which W begins",
        found: inputs
      )
    }
    let columns = inputs[1].suffix(from: contracted)
    if inputs.count == 3, inputs[2] != columns {
      throw Self.needs(
        it: "un termine noto \(columns)",
        en: "a bias \(columns)",
        found: [inputs[2]]
      )
    }
    return inputs[0].prefix(inputs[0].rank - contracted).appending(columns)
  }

  /// How many of the last axes of `x` are the first axes of `w`; nil if there is no such run.
  static func contractedAxes(_ x: Shape, _ w: Shape) -> Int? {
    (1...max(1, min(x.rank, w.rank))).first { count in
      count <= w.rank && x.ends(with: w.prefix(count))
    }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let x = operands.input(0)
    let w = operands.input(1)
    let output = operands.output
    guard let contracted = Self.contractedAxes(operands.shape(0), operands.shape(1)) else { return }
    let inner = operands.shape(1).prefix(contracted).count
    let columns = w.count / inner
    let rows = x.count / inner
    if operands.inputCount == 3 {
      let b = operands.input(2)
      for row in 0..<rows { for i in 0..<columns { output[row * columns + i] = b[i] } }
    }
    S.multiply(
      MatrixProduct(
        rows: rows,
        columns: columns,
        inner: inner,
        a: x.baseAddress,
        b: w.baseAddress,
        c: output.baseAddress,
        adds: operands.inputCount == 3
      )
    )
  }

  // y = x W + b, hence dx = dy W^T, dW = x^T dy, db = sum over rows of dy.
  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let x = scope.shape(ofInput: 0)
    guard let contracted = Self.contractedAxes(x, scope.shape(ofInput: 1)) else { return }
    let leading = x.rank - contracted
    let gradient = scope.outputGradient
    try scope.add(
      LinearInputGradient(contracted: contracted),
      [gradient, scope.inputs[1]],
      toInput: 0
    )
    try scope.add(
      LinearWeightGradient(leading: leading),
      [scope.inputs[0], gradient],
      toInput: 1
    )
    guard scope.inputs.count == 3 else { return }
    try scope.add(SumLeading(axes: leading), [gradient], toInput: 2)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let contracted = Self.contractedAxes(scope.shape(0), scope.shape(1)) ?? 1
    let inner = scope.shape(1).prefix(contracted).count
    let width = scope.count(1) / inner
    let (row, column) = (index / width, index % width)
    let terms = (0..<inner).map { scope[0, row * inner + $0] * scope[1, $0 * width + column] }
    return .sum(terms + (scope.inputCount == 3 ? [scope[2, column]] : []))
  }
}

/// The gradient of a linear layer's input: the gradient times the transposed weight.
package struct LinearInputGradient: Op {
  package static let card = OpCard(
    name: "linear_input_gradient",
    inputs: [OpInput("grad", "[..., out...]"), OpInput("W", "[in..., out...]")],
    output: "[..., in...]",
    formula: Bilingual(same: "grad.x = grad @ W^T"),
    summary: Bilingual(
      it: "riporta il gradiente all'ingresso: un ingresso che pesava molto su un'uscita ne"
        + " riprende molto gradiente",
      en: "takes the gradient back to the input: an input that weighed much on an output takes"
        + " much of its gradient"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      LinearInputGradient(contracted: 1),
      [
        Tensor(Shape((.position, 1), (.mlp, 1)), [2.0]),
        Tensor(Shape((.model, 2), (.mlp, 1)), [10.0, 1]),
      ],
      gives: [20, 2]
    )
  ]

  /// How many first axes of `W` belong to the input.
  let contracted: Int

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[1].rank >= contracted,
      inputs[0].ends(with: inputs[1].suffix(from: contracted))
    else {
      throw Self.needs(
        it: "che il gradiente finisca con gli ultimi assi di W",
        en: "the gradient to end in the last axes of W",
        found: inputs
      )
    }
    let leading = inputs[0].rank - (inputs[1].rank - contracted)
    return inputs[0].prefix(leading).appending(inputs[1].prefix(contracted))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let gradient = operands.input(0)
    let w = operands.input(1)
    let columns = operands.shape(1).prefix(contracted).count
    let inner = w.count / columns
    S.multiply(
      MatrixProduct(
        rows: gradient.count / inner,
        columns: columns,
        inner: inner,
        a: gradient.baseAddress,
        b: w.baseAddress,
        bTransposed: true,
        c: operands.output.baseAddress
      )
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let columns = scope.shape(1).prefix(contracted).count
    let inner = scope.count(1) / columns
    let (row, column) = (index / columns, index % columns)
    return .sum((0..<inner).map { scope[0, row * inner + $0] * scope[1, column * inner + $0] })
  }
}

/// The gradient of a weight: input times gradient, added up over all rows.
package struct LinearWeightGradient: Op {
  package static let card = OpCard(
    name: "linear_weight_gradient",
    inputs: [OpInput("x", "[..., in...]"), OpInput("grad", "[..., out...]")],
    output: "[in..., out...]",
    formula: Bilingual(same: "grad.W = x^T @ grad"),
    summary: Bilingual(
      it: "dà a ogni peso il prodotto fra ciò che lo attraversava e il gradiente in uscita,"
        + " sommato su tutte le posizioni",
      en: "gives each weight the product of what went through it and the gradient behind it,"
        + " added up over all positions"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.5.6"
  )

  package static let examples = [
    OpExample(
      LinearWeightGradient(leading: 1),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.position, 2), (.mlp, 1)), [10.0, 1]),
      ],
      gives: [13, 24]
    )
  ]

  /// How many first axes are summed over.
  let leading: Int

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs.allSatisfy({ $0.rank >= leading }),
      inputs[0].prefix(leading) == inputs[1].prefix(leading)
    else {
      throw Self.needs(
        it: "due valori con gli stessi primi \(leading) assi",
        en: "two values with the same first \(leading) axes",
        found: inputs
      )
    }
    return inputs[0].suffix(from: leading).appending(inputs[1].suffix(from: leading))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, gradient) = (operands.input(0), operands.input(1))
    let inner = operands.shape(0).prefix(leading).count
    S.multiply(
      MatrixProduct(
        rows: x.count / inner,
        columns: gradient.count / inner,
        inner: inner,
        a: x.baseAddress,
        aTransposed: true,
        b: gradient.baseAddress,
        c: operands.output.baseAddress
      )
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let inner = scope.shape(0).prefix(leading).count
    let (rows, columns) = (scope.count(0) / inner, scope.count(1) / inner)
    let (row, column) = (index / columns, index % columns)
    return .sum((0..<inner).map { scope[0, $0 * rows + row] * scope[1, $0 * columns + column] })
  }
}
