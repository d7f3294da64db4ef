// SPDX-License-Identifier: MIT

import PassoText

/// The computation that the two norms share: each row, less its mean in one of them, is divided
/// by the size of what is left and multiplied by the gain.
struct NormalizedRows {
  /// Whether the mean of a row is taken off first.
  let subtractsMean: Bool

  /// What keeps the division finite where nothing is left.
  let epsilon: Double

  // Two passes: the difference of large squares would lose what matters.
  @inline(__always)
  private func moments<S: Scalar>(_ row: UnsafeBufferPointer<S>) -> (mean: S, inverse: S) {
    var mean: S = 0
    if subtractsMean {
      var sum = S.Sum()
      for x in row { sum.add(x) }
      mean = sum.mean(of: row.count)
    }
    var squares = S.Sum()
    for x in row { squares.add(x - mean, times: x - mean) }
    return (mean, 1 / (squares.mean(of: row.count) + S(epsilon)).squareRoot())
  }

  /// Writes the norm of `x`, with `gain` and, as a third input, `bias`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, gain, output) = (operands.input(0), operands.input(1), operands.output)
    let bias = operands.inputCount > 2 ? operands.input(2) : nil
    let width = gain.count
    for start in stride(from: 0, to: x.count, by: width) {
      let row = UnsafeBufferPointer(rebasing: x[start..<start + width])
      let (mean, inverse) = moments(row)
      for i in 0..<width { output[start + i] = gain[i] * (row[i] - mean) * inverse }
      if let bias { for i in 0..<width { output[start + i] += bias[i] } }
    }
  }

  /// Writes the gradient of `x`.
  ///
  /// With n = (x - mean) r and g = grad * gain:  dx = r (g - mean(g) - n mean(g n)); mean(g) is
  /// what the mean of x sends back, and is not there where no mean is taken off.
  @specialized(where S == Float)
  @specialized(where S == Double)
  func runInputGradient<S: Scalar>(_ operands: Operands<S>) {
    let (x, gain, gradient) = (operands.input(0), operands.input(1), operands.input(2))
    let output = operands.output
    let width = gain.count
    for start in stride(from: 0, to: x.count, by: width) {
      let row = UnsafeBufferPointer(rebasing: x[start..<start + width])
      let (mean, inverse) = moments(row)
      var sumG = S.Sum()
      var sumGN = S.Sum()
      for i in 0..<width {
        if subtractsMean { sumG.add(gradient[start + i], times: gain[i]) }
        sumGN.add(gradient[start + i] * gain[i], times: (row[i] - mean) * inverse)
      }
      let (meanG, meanGN) = (sumG.mean(of: width), sumGN.mean(of: width))
      for i in 0..<width {
        let g = gradient[start + i] * gain[i]
        output[start + i] = inverse * (g - meanG - (row[i] - mean) * inverse * meanGN)
      }
    }
  }

  /// Writes the gradient of the gain, from `x` and the gradient of the norm.
  @specialized(where S == Float)
  @specialized(where S == Double)
  func runGainGradient<S: Scalar>(_ operands: Operands<S>) {
    let (x, gradient, output) = (operands.input(0), operands.input(1), operands.output)
    let width = output.count
    Summation.withSums(width, of: S.self) { sums in
      for start in stride(from: 0, to: x.count, by: width) {
        let row = UnsafeBufferPointer(rebasing: x[start..<start + width])
        let (mean, inverse) = moments(row)
        for i in 0..<width { sums[i].add(gradient[start + i], times: (row[i] - mean) * inverse) }
      }
      for i in 0..<width { output[i] = sums[i].rounded }
    }
  }
}

extension Op {
  /// The shape of the gradient of `x`, from `x`, `gain` and the gradient of the norm.
  func normInputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[0] == inputs[2], 1...2 ~= inputs[1].rank,
      inputs[0].ends(with: inputs[1])
    else {
      throw Self.needs(
        it: "x e gradiente della stessa forma, e il guadagno",
        en: "x and gradient of one shape, and the gain",
        found: inputs
      )
    }
    return inputs[0]
  }
}
