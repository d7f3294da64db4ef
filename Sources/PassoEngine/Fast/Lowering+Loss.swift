// SPDX-License-Identifier: MIT

import CKernels

extension Lowering {
  /// Logits, loss, and in training the gradient of the logits in their place.
  mutating func writeLoss() {
    phase = .loss
    let head = model.head
    let (normed, moments) = writeNorm(head.norm)
    let weight = Factor(view: parameter(head.projection.weight), isTransposed: head.isTransposed)
    let logits = matrix(program[head.logits].name, rows, weight.columns)
    product(
      program[head.logits].name,
      covers: [head.projection.step] + head.steps.filter { program.steps[$0].op is Transpose },
      Factor(view: normed),
      weight,
      into: logits
    )
    let losses = matrix(program[head.losses].name, rows, 1)
    let share = buffer("loss.share", 16)
    if learns { writeShare(share) } else { place(head.logits, at: logits) }
    place(head.losses, at: losses)
    let (targets, learns, rows) = (fast.targets, learns, rows)
    let parts = rowParts(rows, width: logits.columns)
    add(
      program[head.losses].name,
      learns ? .crossEntropyInPlace : .crossEntropy,
      covers: head.steps.filter { isLossStep($0) },
      gradientsOf: [head.loss, head.losses, head.logits],
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
    writeMean(losses)
    if learns { backward = BackwardStart(logits: logits, normed: normed, moments: moments) }
  }

  private func isLossStep(_ index: Int) -> Bool {
    program.steps[index].op is CrossEntropy || program.steps[index].op is Softmax
  }

  /// What each position weighs: known from the targets alone.
  private mutating func writeShare(_ share: BufferID) {
    let (targets, rows, rounds) = (fast.targets, rows, fast.rounds)
    add(
      "grad.\(program[model.head.losses].name)",
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

  private mutating func writeMean(_ losses: FastView) {
    let (targets, rows, loss) = (fast.targets, rows, fast.loss)
    add(
      program[model.head.loss].name,
      .mean,
      covers: model.head.steps.filter { program.steps[$0].op is MeanLoss },
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
