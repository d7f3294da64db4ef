// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoEngine
import PassoModel

/// How a model learns.
struct LearningOptions: ParsableArguments {
  @Option(help: "adamw, sgd or momentum.")
  var optimizer = "adamw"

  @Option(help: "The learning rate, at its peak; 0.001 if not given, 0.003 with --corpus.")
  var lr: Double?

  @Option(help: "AdamW's memory of gradients; momentum's too.")
  var beta1 = 0.9

  @Option(help: "AdamW's memory of squared gradients.")
  var beta2 = 0.95

  @Option(help: "What keeps AdamW's division finite.")
  var eps = 1e-8

  @Option(help: "How much AdamW shortens tensors of two or more dimensions.")
  var weightDecay = 0.1

  @Option(help: "The greatest length of all gradients together; 0 for none.")
  var clip = 1.0

  @Option(
    help: "Steps in which the learning rate rises to its peak; 0 if not given, 20 with --corpus."
  )
  var warmup: Int?

  @Option(
    help: """
      The learning rate after that: constant, cosine, linear, or trapezoid, which falls in the last \
      two fifths; constant if not given, trapezoid with --corpus.
      """
  )
  var schedule: RateSchedule.Decay?

  @Option(help: "The learning rate at the last step of a schedule.")
  var minLr = 0.0

  @Option(help: "Batches whose gradients are added up for one step.")
  var accumulate = 1

  @Option(help: "f32 or f64; without it f64 for models of lesson size, else f32.")
  var precision: Precision?

  @Option(help: "How many threads share the work; the result does not depend on it.")
  var threads = ProcessorCount.physical

  func validate() throws {
    guard Optimizer.named.contains(where: { $0.name == optimizer }) else {
      let names = Optimizer.named.map(\.name).joined(separator: ", ")
      throw ValidationError("--optimizer needs one of \(names), got '\(optimizer)'")
    }
    for (name, value) in [("lr", lr ?? 1), ("eps", eps)] where !(value > 0 && value.isFinite) {
      throw ValidationError("--\(name) needs a positive number, got \(value)")
    }
    for (name, value) in [("beta1", beta1), ("beta2", beta2)] where !(value >= 0 && value < 1) {
      throw ValidationError("--\(name) needs a number from 0 up and below 1, got \(value)")
    }
    for (name, value) in [("weight-decay", weightDecay), ("clip", clip), ("min-lr", minLr)]
    where !(value >= 0 && value.isFinite) {
      throw ValidationError("--\(name) needs a number from 0 up, got \(value)")
    }
    if let warmup, warmup < 0 {
      throw ValidationError("--warmup needs a number from 0 up, got \(warmup)")
    }
    for (name, value) in [("accumulate", accumulate), ("threads", threads)] where value < 1 {
      throw ValidationError("--\(name) needs a number from 1 up, got \(value)")
    }
    if let lr, minLr > lr {
      throw ValidationError("--min-lr needs a number up to --lr, \(lr), got \(minLr)")
    }
  }

  /// The learning rate at its peak.
  func rate(_ habit: Habit) -> Double { lr ?? habit.rate }

  /// The rule by which parameters change.
  func optimizer(_ habit: Habit, steps: Int) -> Optimizer {
    var chosen: Optimizer
    switch optimizer {
    case "sgd": chosen = .sgd
    case "momentum": chosen = Optimizer(.momentum(beta1))
    default:
      chosen = Optimizer(.adamW(beta1: beta1, beta2: beta2, epsilon: eps, decay: weightDecay))
    }
    chosen.clip = clip > 0 ? clip : nil
    chosen.rounds = accumulate
    chosen.schedule = RateSchedule(
      decay: schedule ?? habit.schedule.decay,
      warmup: warmup ?? habit.schedule.warmup,
      updates: steps,
      floor: min(1, minLr / rate(habit))
    )
    return chosen
  }

  /// What holds where a person says nothing.
  struct Habit {
    let rate: Double
    let schedule: RateSchedule

    static let texts = Habit(rate: Optimizer.rateForTexts, schedule: .constant)

    static let sentences = Habit(
      rate: Optimizer.rateForSentences,
      schedule: Optimizer.forSentences(updates: 1).schedule
    )
  }
}

extension RateSchedule.Decay: ExpressibleByArgument {}
