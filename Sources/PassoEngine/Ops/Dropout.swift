// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Puts 0 in place of numbers chosen at random, and makes the others larger by so much that the sum
/// stays what it is on average.
///
/// Which ones are chosen is decided by the place of the number and by a seed that each round of a
/// training gives: the same round gives the same zeros, forward and backward, however one comes
/// there.
/// Shapes: `x` and a seed (one whole number) to the shape of `x`.
/// Source: Srivastava et al. 2014, Dropout, section 4; scaled as section 10 says.
package struct Dropout: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "dropout",
    inputs: [OpInput("x", "[n...]"), .fixed("seed", "[]")],
    output: "[n...]",
    formula: Bilingual(
      it: "y = 0 con probabilità rate, altrimenti x / (1 - rate)",
      en: "y = 0 with probability rate, else x / (1 - rate)"
    ),
    summary: Bilingual(
      it: "durante l'addestramento spegne a caso una parte dei numeri: il modello non può affidarsi"
        + " a uno solo, e impara meno a memoria",
      en: "while training it turns off some of the numbers at random: the model cannot rely on a"
        + " single one, and learns less by heart"
    ),
    gradient: Bilingual(
      it: "passa dove il numero è rimasto acceso, ingrandito allo stesso modo, e si ferma altrove",
      en: "passes where the number was left on, made larger in the same way, and stops elsewhere"
    ),
    backward: StepWords(
      formula: Bilingual(
        it: "come dropout, con lo stesso seme: gli stessi posti",
        en: "as dropout, with the same seed: the same places"
      ),
      summary: Bilingual(
        it: "ferma il gradiente dove il numero era stato spento",
        en: "stops the gradient where the number was turned off"
      )
    ),
    source: "Srivastava et al. 2014, Dropout, §§ 4, 10"
  )

  package static let examples = [
    OpExample(
      Dropout(rate: 0, stream: 0),
      [.items(1, -2), Tensor(.scalar, [Int32(1)])],
      gives: [1, -2]
    ),
    OpExample(
      Dropout(rate: 0.5, stream: 0),
      [.items(1, 1, 1, 1, 1, 1, 1, 1), Tensor(.scalar, [Int32(1)])],
      gives: [2, 2, 0, 2, 0, 2, 2, 0]
    ),
  ]

  /// The probability of a zero, below 1.
  let rate: Double

  /// Tells the steps of one program apart: each has zeros of its own.
  let stream: Int

  /// The place of the first number in what the random numbers of the step are for.
  private var first = 0

  package init(rate: Double, stream: Int) {
    precondition((0..<1).contains(rate), "a rate of \(rate)")
    (self.rate, self.stream) = (rate, stream)
  }

  package func part(from place: Int) -> any Op {
    var part = self
    part.first += place
    return part
  }

  package var settings: [String] { ["rate \(NumberText.code(rate))", "stream \(stream)"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[1].rank == 0 else {
      throw Self.needs(it: "dei numeri e un seme", en: "numbers and a seed", found: inputs)
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    var random = random(seed: operands.integers(1)[0])
    let factor = S(1 / (1 - rate))
    for i in 0..<output.count { output[i] = random.uniform() < rate ? 0 : factor * x[i] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(self, [scope.outputGradient, scope.inputs[1]], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    var random = random(seed: Int32(scope.value(1, 0)))
    random.skip(index)
    let isOff = random.uniform() < rate
    let kept = scope[0, index] / .number(1 - rate)
    return .decided(isOff ? 0 : kept, by: [scope[1, 0]])
  }

  /// The random numbers of this step in one round.
  private func random(seed: Int32) -> RandomSource {
    // Streams of neighbouring seeds would overlap if they differed by little.
    var ofSeed = RandomSource(seed: UInt64(bitPattern: Int64(seed)))
    var second = RandomSource(seed: ofSeed.next() ^ UInt64(bitPattern: Int64(stream)))
    var random = RandomSource(seed: second.next())
    random.skip(first)
    return random
  }
}
