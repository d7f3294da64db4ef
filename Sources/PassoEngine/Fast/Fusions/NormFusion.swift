// SPDX-License-Identifier: MIT

/// Layer norm or RMS norm, which keeps the moments of each row for the way back.
///
/// Backward one pass gives the gradients of the vectors, of gain and of bias, and adds the gradient
/// that goes past the norm.
struct NormFusion: Fusion {
  private let index: Int

  /// The vectors, gain, and bias if there is one.
  private let inputs: [ValueID]
  private let isCentred: Bool
  private let epsilon: Double
  let output: ValueID
  private let width: Int

  /// What it adds to the gradient of the vectors.
  private let contribution: ValueID?

  /// Adds the gradient that goes past the norm.
  private let sum: StepGraph.Found<Sum>?

  /// Written forward, read backward.
  private var norm: Norm?

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    let layer = graph.find(LayerNorm.self, at: index)?.op.epsilon
    guard let epsilon = layer ?? graph.find(RMSNorm.self, at: index)?.op.epsilon else { return nil }
    let (inputs, output) = (graph.program.steps[index].inputs, graph.program.steps[index].output)
    let contribution = graph.contribution(of: index, to: inputs[0])
    guard inputs.dropFirst().allSatisfy(graph.isOwnParameter),
      graph.learns == (contribution != nil)
    else { return nil }
    let sum = graph.program.gradients[inputs[0]].flatMap(graph.sum)
    return NormFusion(
      index: index,
      inputs: inputs,
      isCentred: layer != nil,
      epsilon: epsilon,
      output: output,
      width: graph.program[inputs[1]].shape.count,
      contribution: contribution,
      sum: sum?.inputs.count == 2 ? sum : nil
    )
  }

  var steps: [Int] { [index] }

  var sums: [Int] { sum.map { [$0.index] } ?? [] }

  private var learned: [ValueID] { Array(inputs.dropFirst()) }

  var parameters: [ParameterGroup] { [ParameterGroup(ids: learned, rows: 1)] }

  mutating func writeForward(_ lowering: inout Lowering) {
    let x = lowering.view(inputs[0], columns: width)
    let norm = Norm(
      isCentred: isCentred,
      epsilon: epsilon,
      x: x,
      gain: lowering.parameter(learned[0]),
      bias: learned.count > 1 ? lowering.parameter(learned[1]) : nil,
      moments: lowering.matrix("\(lowering.program[output].name).moments", 1, 2 * x.rows),
      out: lowering.output(output, columns: width)
    )
    lowering.add(output, norm)
    self.norm = norm
  }

  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID) {
    guard let norm, let contribution else { return }
    let result = sum?.output ?? contribution
    let out = lowering.output(result, columns: width)
    let skip = sum?.inputs.first { $0 != contribution }
    let targets = learned.map { lowering.packedGradients([$0]) }
    // In one part, and if nothing is added up, the sums are the gradients.
    let isWhole = norm.parts == 1 && !lowering.fast.accumulates
    let partial =
      isWhole
      ? lowering.packedGradients(learned)
      : lowering.matrix("\(lowering.program[result].name).sums", norm.parts, 2 * width)
        .columns(0..<learned.count * width)
    lowering.add(
      result,
      covers: lowering.producers([contribution]) + sums,
      NormGradient(
        norm: norm,
        gradient: lowering.view(gradient, columns: width),
        skip: skip.map { lowering.view($0, columns: width) },
        out: out,
        partial: partial
      )
    )
    guard !isWhole else { return }
    lowering.add(
      lowering.gradient(learned[0]),
      SumOfParts(parts: norm.parts, width: width, partial: partial, targets: targets)
    )
  }
}
