// SPDX-License-Identifier: MIT

/// The loss of each position and their mean; in training the logits become their gradient where
/// they are.
struct LossFusion: Fusion {
  /// The step that takes the mean of the losses, weighted or not.
  private struct Mean {
    let index: Int
    let inputs: [ValueID]
    let output: ValueID

    /// What each position weighs; nil where all weigh the same.
    var weights: ValueID? { inputs.count > 2 ? inputs[2] : nil }

    init<O: Op>(_ found: StepGraph.Found<O>) {
      (index, inputs, output) = (found.index, found.inputs, found.output)
    }

    static func find(at index: Int, in graph: StepGraph) -> Mean? {
      graph.find(MeanLoss.self, at: index).map { Mean($0) }
        ?? graph.find(WeightedMeanLoss.self, at: index).map { Mean($0) }
    }
  }

  private let mean: Mean
  private let losses: StepGraph.Found<CrossEntropy>

  /// Probabilities that are there for people only.
  private let shown: [Int]

  /// The gradient of the mean, with which the way back begins.
  private let seed: Int?

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    guard let mean = Mean.find(at: index, in: graph),
      let losses = graph.find(CrossEntropy.self, making: mean.inputs[0]),
      losses.inputs[1] == mean.inputs[1],
      mean.inputs.dropFirst().allSatisfy({ graph.program[$0].producer == nil })
    else { return nil }
    let others = graph.forwardReaders(of: losses.inputs[0]).filter { $0 != losses.index }
    let shown = others.filter {
      graph.find(Softmax.self, at: $0).map { graph.readers(of: $0.output).isEmpty } ?? false
    }
    // Nobody may look for the logits where their gradient is.
    if graph.learns && shown != others { return nil }
    let seed = graph.program.gradients[mean.output].flatMap { graph.program[$0].producer }
    guard graph.learns == (seed != nil) else { return nil }
    return LossFusion(mean: mean, losses: losses, shown: shown, seed: seed)
  }

  var steps: [Int] { shown + [losses.index, mean.index] }

  var sums: [Int] { seed.map { [$0] } ?? [] }

  var output: ValueID { mean.output }

  func writeForward(_ lowering: inout Lowering) {
    let targets = lowering.view(losses.inputs[1])
    let logits = lowering.view(losses.inputs[0])
    let weights = mean.weights.map(lowering.view)
    let each = lowering.output(losses.output, columns: 1)
    let share = seed.map { _ in weigh(targets, weights, rows: each.rows, &lowering) }
    if share != nil {
      lowering.replace(losses.inputs[0], by: lowering.gradient(losses.inputs[0]))
    }
    lowering.add(
      losses.output,
      covers: shown + [losses.index] + sums + lowering.graph.gradientSteps(of: steps),
      CrossEntropyRows(
        logits: logits,
        targets: targets,
        weights: weights,
        losses: each,
        share: share
      )
    )
    let out = lowering.number(lowering.program[output].name, .result)
    lowering.place(output, at: out)
    let totals = lowering.roundTotals
    lowering.add(
      output,
      covers: [mean.index] + placeMeans(&lowering),
      LossMean(targets: targets, weights: weights, losses: each, out: out, rounds: totals)
    )
  }

  /// What a unit of weight is in the loss whose gradient is taken: the mean over a batch, the sum
  /// where several rounds have their mean in the end.
  private func weigh(
    _ targets: FastView,
    _ weights: FastView?,
    rows: Int,
    _ lowering: inout Lowering
  ) -> FastView {
    let gradient = lowering.gradient(losses.output)
    guard lowering.fast.accumulates else {
      let share = lowering.number("loss.share")
      lowering.add(
        gradient,
        covers: [],
        LossShare(rows: rows, targets: targets, weights: weights, out: share)
      )
      return share
    }
    lowering.roundTotals = RoundTotals(lowering.buffer("rounds", 16, .result))
    let one = lowering.number("one", .kept)
    lowering.fast.constants.append((one.buffer, [1]))
    return one
  }

  /// Says where the mean over the rounds and their targets are.
  ///
  /// - Returns: The steps that compute them.
  private func placeMeans(_ lowering: inout Lowering) -> [Int] {
    guard let totals = lowering.roundTotals else { return [] }
    var steps: [Int] = []
    for (index, step) in lowering.program.steps.enumerated() {
      let isMean = step.op is AccumulateMean && step.inputs[1] == output
      guard isMean || step.op is any RoundCountingOp else { continue }
      lowering.place(step.output, at: isMean ? totals.mean : totals.count)
      steps.append(index)
    }
    return steps
  }
}
