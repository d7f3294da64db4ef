// SPDX-License-Identifier: MIT

import CKernels
import PassoRuntime
import PassoText

/// The loss of each row; in training the logits become their gradient where they are.
struct CrossEntropyRows: FastOperation {
  let logits: FastView
  let targets: FastView

  /// What each row weighs; nil where all weigh 1.
  let weights: FastView?
  let losses: FastView

  /// What a unit of weight is in the loss; nil where nothing is learned.
  let share: FastView?

  var work: Bilingual {
    share == nil
      ? Bilingual(it: "entropia incrociata", en: "cross entropy")
      : Bilingual(
        it: "entropia incrociata, e probs - onehot al posto dei logit",
        en: "cross entropy, and probs - onehot in the logits' place"
      )
  }

  func bind(_ binder: inout FastBinder) {
    let parts = rowParts(logits.rows, width: logits.columns)
    let arguments = ck_cross_entropy(
      rows: Int32(logits.rows),
      width: Int32(logits.columns),
      parts: Int32(parts),
      // Without a share the kernel only reads them.
      logits: share == nil
        ? UnsafeMutablePointer(mutating: binder.reads(logits)) : binder.changes(logits),
      row: logits.stride,
      targets: binder.integers(targets),
      ignored: ignoredTarget,
      losses: binder.writes(losses),
      scale: share.map { binder.reads($0) },
      weights: share == nil ? nil : weights.map { binder.reads($0) }
    )
    let cost = 3 * passCost(logits.rows * logits.columns)
    binder.call(\.cross_entropy, arguments, parts: parts, cost: cost)
  }
}

/// What a unit of weight is in the loss: known before anything is computed.
struct LossShare: FastOperation {
  let rows: Int
  let targets: FastView
  let weights: FastView?
  let out: FastView

  var work: Bilingual {
    weights == nil
      ? Bilingual(it: "uno diviso il numero dei target", en: "one over the number of targets")
      : Bilingual(it: "uno diviso il peso dei target", en: "one over the weight of the targets")
  }

  func bind(_ binder: inout FastBinder) {
    var arguments = ck_mean_loss()
    arguments.rows = Int32(rows)
    arguments.ignored = ignoredTarget
    arguments.targets = binder.integers(targets)
    arguments.weights = weights.map { binder.reads($0) }
    arguments.weight = binder.writes(out)
    binder.call(\.mean_loss, arguments, parts: 1, cost: 0)
  }
}

/// The mean of the losses that count, of a round and of all rounds so far.
struct LossMean: FastOperation {
  let targets: FastView
  let weights: FastView?
  let losses: FastView
  let out: FastView

  /// Nil for an update of one round.
  var rounds: RoundTotals?

  var work: Bilingual {
    weights == nil
      ? Bilingual(it: "media", en: "mean")
      : Bilingual(it: "media pesata", en: "weighted mean")
  }

  func bind(_ binder: inout FastBinder) {
    var arguments = ck_mean_loss()
    arguments.rows = Int32(losses.rows)
    arguments.ignored = ignoredTarget
    arguments.targets = binder.integers(targets)
    arguments.weights = weights.map { binder.reads($0) }
    arguments.losses = binder.reads(losses)
    arguments.loss = binder.writes(out)
    if let rounds {
      let start = binder.adds(rounds.whole, if: binder.isLaterRound)
      arguments.rounds = UnsafeMutableRawPointer(start).assumingMemoryBound(to: ck_rounds.self)
      arguments.accumulate = binder.accumulate
    }
    binder.call(\.mean_loss, arguments, parts: 1, cost: 0)
  }
}

/// What the rounds of an update come to so far.
///
/// How many targets count, or what they weigh, is known only after the last round: gradients are
/// those of a sum until the update, which takes each by its share.
struct RoundTotals {
  /// A `ck_rounds`.
  let whole: FastView

  init(_ buffer: BufferID) {
    whole = FastView(buffer, 1, Self.place(of: \.share) + 1)
  }

  /// The mean of the losses that count.
  var mean: FastView { view(\.mean) }

  /// How many targets count, or what they weigh.
  var count: FastView { view(\.count) }

  /// What a unit of that is in the mean.
  var share: FastView { view(\.share) }

  private func view(_ field: KeyPath<ck_rounds, Float>) -> FastView {
    FastView(whole.buffer, at: Self.place(of: field), 1, 1)
  }

  /// Floats from the start.
  private static func place(of field: KeyPath<ck_rounds, Float>) -> Int {
    guard let bytes = MemoryLayout<ck_rounds>.offset(of: field) else {
      preconditionFailure("a field that is not stored")
    }
    return bytes / MemoryLayout<Float>.stride
  }
}
