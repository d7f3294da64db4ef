// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Waves of many lengths that give each position a vector of its own, without anything learned.
///
/// Shapes: nothing to `[position, model]`.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
package struct SinusoidalPositions: DifferentiableOp {
  package static let card = OpCard(
    name: "sinusoidal_positions",
    inputs: [],
    output: "[position, model]",
    formula: Bilingual(
      same: "pos_embed[t, 2i] = scale * sin(t / 10000^(2i / d)), pos_embed[t, 2i + 1] = scale *"
        + " cos(t / 10000^(2i / d))"
    ),
    summary: Bilingual(
      it: "dà a ogni posizione un vettore fatto di onde, dalle corte alle lunghe: nessuna"
        + " posizione ha lo stesso di un'altra, e non c'è niente da imparare",
      en: "gives each position a vector made of waves, from short to long ones: no position has"
        + " that of another, and nothing is to be learned"
    ),
    gradient: Bilingual(
      it: "le onde sono date, non imparate: nessun gradiente",
      en: "the waves are given, not learned: no gradient"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.5"
  )

  package static let examples = [
    OpExample(
      SinusoidalPositions(SinusoidalWaves(width: 2, scale: 2), length: 2),
      [],
      gives: [0, 2, 1.682_941_969_615_793, 1.080_604_611_736_279_5]
    )
  ]

  let waves: SinusoidalWaves

  /// How many positions the sentence has.
  let length: Int

  package init(_ waves: SinusoidalWaves, length: Int) {
    (self.waves, self.length) = (waves, length)
  }

  package var settings: [String] { waves.settings + ["length \(length)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    Shape((.position, length), (.model, waves.width))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    waves.fill(operands.output, from: 0)
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .number(waves.component(index % waves.width, at: index / waves.width))
  }
}

/// The same for positions from a given one on, as generation needs it.
///
/// Shapes: the first position to `[position, model]`.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
package struct SinusoidalPositionsFrom: Op {
  package static let card = OpCard(
    name: "sinusoidal_positions_from",
    inputs: [.fixed("start", "[]")],
    output: "[position, model]",
    formula: Bilingual(
      it: "come sinusoidal_positions, alla posizione start + t",
      en: "as sinusoidal_positions, at position start + t"
    ),
    summary: Bilingual(
      it: "dà ai token nuovi le onde delle loro posizioni",
      en: "gives the new tokens the waves of their positions"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.5"
  )

  package static let examples = [
    OpExample(
      SinusoidalPositionsFrom(SinusoidalWaves(width: 2, scale: 2), length: 1),
      [Tensor(scalar: 1)],
      gives: [1.682_941_969_615_793, 1.080_604_611_736_279_5]
    )
  ]

  let waves: SinusoidalWaves

  /// How many positions are new.
  let length: Int

  package init(_ waves: SinusoidalWaves, length: Int) {
    (self.waves, self.length) = (waves, length)
  }

  package var settings: [String] { waves.settings + ["length \(length)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank == 0 else {
      throw Self.needs(it: "un numero", en: "a number", found: inputs)
    }
    return Shape((.position, length), (.model, waves.width))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    waves.fill(operands.output, from: Int(operands.scalar(0)))
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let place = Int(scope.value(0, 0)) + index / waves.width
    return .decided(.number(waves.component(index % waves.width, at: place)), by: [scope[0, 0]])
  }
}

/// The waves of a model: how many components, and how high.
package struct SinusoidalWaves: Sendable {
  /// Components of a vector.
  let width: Int

  /// The height of each wave; 1 in the paper.
  let scale: Double

  package init(width: Int, scale: Double) {
    (self.width, self.scale) = (width, scale)
  }

  fileprivate var settings: [String] { ["width \(width)", "scale \(NumberText.code(scale))"] }

  /// One component of the vector of a position.
  fileprivate func component(_ i: Int, at position: Int) -> Double {
    let exponent = Double(i - i % 2) / Double(width)
    let angle = Double(position) * Double.exponential(-exponent * Double.logarithm(10_000))
    return scale * (i.isMultiple(of: 2) ? Double.sine(angle) : Double.cosine(angle))
  }

  @inline(__always)
  fileprivate func fill<S: Scalar>(_ output: UnsafeMutableBufferPointer<S>, from first: Int) {
    for i in 0..<output.count { output[i] = S(component(i % width, at: first + i / width)) }
  }
}
