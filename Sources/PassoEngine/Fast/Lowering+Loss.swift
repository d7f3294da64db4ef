// SPDX-License-Identifier: MIT

extension Lowering {
  /// Logits, loss, and in training the gradient of the logits in their place.
  mutating func writeLoss(_ loss: RecognizedModel.Loss) {
    phase = .loss
    let head = model.head
    let norm = writeNorm(head.norm)
    let weight = Factor(view: parameter(head.projection.weight), isTransposed: head.isTransposed)
    let output = head.projection.output
    let logits = matrix(program[output].name, rows, weight.columns)
    product(
      program[output].name,
      covers: head.steps,
      Factor(view: norm.out),
      weight,
      into: logits
    )
    let losses = matrix(program[loss.each].name, rows, 1)
    let share = learns ? writeShare(loss) : nil
    if !learns { place(output, at: logits) }
    place(loss.each, at: losses)
    add(
      program[loss.each].name,
      learns ? .crossEntropyInPlace : .crossEntropy,
      covers: loss.steps,
      gradientsOf: [loss.mean, loss.each, output],
      CrossEntropyRows(logits: logits, targets: fast.targets, losses: losses, share: share)
    )
    add(
      program[loss.mean].name,
      .mean,
      covers: [loss.meanStep],
      LossMean(rows: rows, targets: fast.targets, losses: losses, out: fast.loss)
    )
    if learns { backward = BackwardStart(logits: logits, norm: norm) }
  }

  /// What each position weighs.
  private mutating func writeShare(_ loss: RecognizedModel.Loss) -> BufferID {
    let share = buffer("loss.share", 16)
    add(
      gradientName(loss.each),
      .share,
      LossShare(rows: rows, rounds: fast.rounds, targets: fast.targets, out: share)
    )
    return share
  }
}

/// Where the way back begins.
struct BackwardStart {
  let logits: FastView
  let norm: Norm
}
