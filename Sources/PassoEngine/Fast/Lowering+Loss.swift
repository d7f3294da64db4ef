// SPDX-License-Identifier: MIT

import CKernels

extension Lowering {
  /// Logits, loss, and in training the gradient of the logits in their place.
  mutating func writeLoss(_ loss: RecognizedModel.Loss) {
    phase = .loss
    let head = model.head
    let (normed, moments) = writeNorm(head.norm)
    let weight = Factor(view: parameter(head.projection.weight), isTransposed: head.isTransposed)
    let output = head.projection.output
    let logits = matrix(program[output].name, rows, weight.columns)
    product(
      program[output].name,
      covers: head.steps,
      Factor(view: normed),
      weight,
      into: logits
    )
    let losses = matrix(program[loss.each].name, rows, 1)
    let share = buffer("loss.share", 16)
    if learns { writeShare(share, loss) } else { place(output, at: logits) }
    place(loss.each, at: losses)
    let (targets, learns, rows) = (fast.targets, learns, rows)
    let parts = rowParts(rows, width: logits.columns)
    add(
      program[loss.each].name,
      learns ? .crossEntropyInPlace : .crossEntropy,
      covers: loss.steps,
      gradientsOf: [loss.mean, loss.each, output],
      reads: [logits.buffer, targets, share],
      writes: [losses.buffer] + (learns ? [logits.buffer] : [])
    ) { binder in
      let arguments = ck_cross_entropy(
        rows: Int32(rows),
        width: Int32(logits.columns),
        parts: Int32(parts),
        logits: binder[logits],
        row: logits.stride,
        targets: UnsafePointer(binder.integers(targets)),
        ignored: ignoredTarget,
        losses: binder[losses],
        scale: learns ? UnsafePointer(binder[share]) : nil
      )
      let cost = 3 * passCost(rows * logits.columns)
      binder.call(\.cross_entropy, arguments, parts: parts, cost: cost)
    }
    writeMean(losses, loss)
    if learns { backward = BackwardStart(logits: logits, normed: normed, moments: moments) }
  }

  /// What each position weighs: known from the targets alone.
  private mutating func writeShare(_ share: BufferID, _ loss: RecognizedModel.Loss) {
    let (targets, rows, rounds) = (fast.targets, rows, fast.rounds)
    add(
      gradientName(loss.each),
      .share,
      reads: [targets],
      writes: [share]
    ) { binder in
      var arguments = ck_mean_loss()
      arguments.rows = Int32(rows)
      arguments.ignored = ignoredTarget
      arguments.targets = UnsafePointer(binder.integers(targets))
      arguments.rounds = Float(rounds)
      arguments.weight = binder[share]
      binder.call(\.mean_loss, arguments, parts: 1, cost: 0)
    }
  }

  private mutating func writeMean(_ losses: FastView, _ found: RecognizedModel.Loss) {
    let (targets, rows, loss) = (fast.targets, rows, fast.loss)
    add(
      program[found.mean].name,
      .mean,
      covers: [found.meanStep],
      reads: [losses.buffer, targets],
      writes: [loss]
    ) { binder in
      var arguments = ck_mean_loss()
      arguments.rows = Int32(rows)
      arguments.ignored = ignoredTarget
      arguments.targets = UnsafePointer(binder.integers(targets))
      arguments.losses = UnsafePointer(binder[losses])
      arguments.rounds = 1
      arguments.loss = binder[loss]
      binder.call(\.mean_loss, arguments, parts: 1, cost: 0)
    }
  }
}

/// Where the way back begins.
struct BackwardStart {
  let logits: FastView
  let normed: FastView
  let moments: BufferID
}
