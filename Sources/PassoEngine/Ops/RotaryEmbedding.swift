// SPDX-License-Identifier: MIT

import PassoText

/// Turns each pair of components of a query or key by an angle that grows with its position.
///
/// The pairs are those of Llama: component `i` with component `i + head_dim / 2`.
/// Shapes: `[batch, position, head, head_dim]` to the same. Units: the angle is in radians.
/// Source: Su et al. 2021, arXiv:2104.09864, section 3.2.
package struct RotaryEmbedding: DifferentiableOp {
  package static let card = OpCard(
    name: "rotary",
    inputs: [OpInput("x", "[batch, position, head, head_dim]")],
    output: "[batch, position, head, head_dim]",
    formula: Bilingual(
      it: "(y[i], y[i + D/2]) = (x[i], x[i + D/2]) ruotato di t * base^(-2 i / D) alla posizione t",
      en: "(y[i], y[i + D/2]) = (x[i], x[i + D/2]) rotated by t * base^(-2 i / D) at position t"
    ),
    summary: Bilingual(
      it: "ruota ogni coppia di componenti di un angolo che cresce con la posizione: il prodotto"
        + " scalare fra query e key dipende allora dalla loro distanza",
      en: "turns each pair of components by an angle that grows with the position: the dot product"
        + " of query and key then depends on their distance"
    ),
    gradient: Bilingual(
      it: "una rotazione si disfa con quella contraria: il gradiente viene ruotato all'indietro",
      en: "a rotation is undone by the opposite one: the gradient is turned back"
    ),
    backward: StepWords(
      formula: Bilingual(
        it: "come rotary, dell'angolo opposto",
        en: "as rotary, by the opposite angle"
      ),
      summary: Bilingual(
        it: "ruota il gradiente all'indietro, dello stesso angolo di cui era stato ruotato il"
          + " vettore",
        en: "turns the gradient back by the angle by which the vector was rotated"
      )
    ),
    source: "Su et al. 2021, arXiv:2104.09864, § 3.2"
  )

  package static let examples = [
    OpExample(
      RotaryEmbedding(base: 10_000),
      [Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 2)), [1.0, 2, 1, 0])],
      gives: [1, 2, 0.540_302_305_868_139_8, 0.841_470_984_807_896_5]
    ),
    OpExample(
      RotaryEmbedding(stretchedExample),
      [
        Tensor(
          Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 3)),
          [1.0, 2, 3, 1, 0, 5]
        )
      ],
      gives: [2, 4, 3, 1.755_165_123_780_745_6, 0.958_851_077_208_406, 5]
    ),
  ]

  /// Two components of three turn, half as fast, and become twice as long.
  private static let stretchedExample = {
    var angles = RotaryAngles(base: 10_000)
    (angles.width, angles.stretch, angles.magnitude) = (2, .linear(factor: 2), 2)
    return angles
  }()

  /// The angles.
  let angles: RotaryAngles

  /// Whether it turns back.
  let isInverse: Bool

  package init(_ angles: RotaryAngles, isInverse: Bool = false) {
    self.angles = angles
    self.isInverse = isInverse
  }

  package init(base: Double) { self.init(RotaryAngles(base: base)) }

  package var settings: [String] { angles.settings + (isInverse ? ["back"] : []) }

  package func words(for use: StepUse) -> StepWords {
    let words = Self.card.words(for: use)
    guard use.phase < .backward, let own = angles.words else { return words }
    return StepWords(
      formula: own.formula,
      summary: words.summary + own.more,
      gradient: words.gradient
    )
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].isHeads,
      angles.rotated(of: inputs[0].lastSize).isMultiple(of: 2)
    else {
      throw Self.needs(
        it: "[batch, position, head, head_dim] con head_dim pari",
        en: "[batch, position, head, head_dim] with an even head_dim",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    rotate(operands, from: 0)
  }

  // The angles are computed in double: at position 1000 a float angle has lost three digits.
  @specialized(where S == Float)
  @specialized(where S == Double)
  fileprivate func rotate<S: Scalar>(_ operands: Operands<S>, from first: Int) {
    let (x, output) = (operands.input(0), operands.output)
    let sizes = operands.outputShape.sizes
    let (length, heads, width) = (sizes[1], sizes[2], sizes[3])
    let rotated = angles.rotated(of: width)
    let (half, speeds) = (rotated / 2, angles.speeds(rotated))
    for position in 0..<length {
      for i in 0..<half {
        let (cosine, sine) = turn(Double(first + position) * speeds[i], of: S.self)
        for row in 0..<sizes[0] {
          for head in 0..<heads {
            let start = ((row * length + position) * heads + head) * width
            let (a, b) = (x[start + i], x[start + i + half])
            output[start + i] = a * cosine - b * sine
            output[start + i + half] = a * sine + b * cosine
          }
        }
      }
    }
    guard rotated < width else { return }
    for start in stride(from: 0, to: x.count, by: width) {
      for i in start + rotated..<start + width { output[i] = x[i] }
    }
  }

  /// What the components of a pair are multiplied by.
  @inline(__always)
  private func turn<S: Scalar>(_ angle: Double, of type: S.Type) -> (cosine: S, sine: S) {
    let angle = isInverse ? -angle : angle
    return (
      S(angles.magnitude * Double.cosine(angle)), S(angles.magnitude * Double.sine(angle))
    )
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(
      RotaryEmbedding(angles, isInverse: !isInverse),
      [scope.outputGradient],
      toInput: 0
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    rotated(index, scope, from: 0)
  }

  fileprivate func rotated(_ index: Int, _ scope: FormulaScope, from first: Int) -> Formula {
    let place = scope.places(index)
    let rotated = angles.rotated(of: scope.output.sizes[3])
    let half = rotated / 2
    guard place[3] < rotated else { return scope[0, index] }
    let i = place[3] % half
    let turn = turn(Double(first + place[1]) * angles.speeds(rotated)[i], of: Double.self)
    let (cosine, sine) = (Formula.number(turn.cosine), Formula.number(turn.sine))
    let start = index - place[3]
    let (a, b) = (scope[0, start + i], scope[0, start + i + half])
    return place[3] < half ? a * cosine - b * sine : a * sine + b * cosine
  }
}

/// The same for positions from a given one on, as generation needs it.
///
/// Shapes: `[batch, position, head, head_dim]` and the first position, to the shape of the former.
/// Source: Su et al. 2021, arXiv:2104.09864, section 3.2.
package struct RotaryEmbeddingFrom: Op {
  package static let card = OpCard(
    name: "rotary_from",
    inputs: [.fixed("x", "[batch, position, head, head_dim]"), .fixed("start", "[]")],
    output: "[batch, position, head, head_dim]",
    formula: Bilingual(
      it: "come rotary, alla posizione start + t",
      en: "as rotary, at position start + t"
    ),
    summary: Bilingual(
      it: "ruota i vettori dei token nuovi dell'angolo che spetta alle loro posizioni",
      en: "turns the vectors of the new tokens by the angle that belongs to their positions"
    ),
    source: "Su et al. 2021, arXiv:2104.09864, § 3.2"
  )

  package static let examples = [
    OpExample(
      RotaryEmbeddingFrom(base: 10_000),
      [
        Tensor(Shape((.batch, 1), (.position, 1), (.head, 1), (.headDim, 2)), [1.0, 0]),
        Tensor(scalar: 1),
      ],
      gives: [0.540_302_305_868_139_8, 0.841_470_984_807_896_5]
    )
  ]

  /// The angles.
  let angles: RotaryAngles

  package init(_ angles: RotaryAngles) { self.angles = angles }

  package init(base: Double) { self.init(RotaryAngles(base: base)) }

  package var settings: [String] { angles.settings }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[1].rank == 0 else {
      throw Self.needs(it: "vettori e un numero", en: "vectors and a number", found: inputs)
    }
    return try RotaryEmbedding(angles).outputShape([inputs[0]])
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    RotaryEmbedding(angles).rotate(operands, from: Int(operands.scalar(1)))
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let rotated = RotaryEmbedding(angles).rotated(index, scope, from: Int(scope.value(1, 0)))
    return .decided(rotated, by: [scope[1, 0]])
  }
}
