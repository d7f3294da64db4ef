// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// How parameters are changed by their gradients.
package struct Optimizer: Hashable, Sendable {
  /// From a gradient to a step.
  package enum Rule: Hashable, Sendable {
    /// Plain gradient descent.
    case sgd
    /// Gradient descent along a velocity that gradients push.
    case momentum(Double)
    /// Adam with decoupled weight decay, which shortens matrices only.
    case adamW(beta1: Double, beta2: Double, epsilon: Double, decay: Double)
  }

  /// From a gradient to a step.
  package var rule: Rule

  /// The greatest length of all gradients together; longer ones are shortened to it.
  package var clip: Double?

  /// Whether `grad_norm` is computed; with a clip it always is.
  package var measuresNorm = false

  /// How the learning rate changes from update to update.
  package var schedule = RateSchedule.constant

  /// Rounds of forward and backward that one update takes, each over a batch of its own.
  package var rounds = 1

  /// An optimizer without clipping, schedule or accumulation.
  package init(_ rule: Rule) {
    self.rule = rule
  }

  /// The names in commands, each with its usual settings.
  package static let named: [(name: String, optimizer: Optimizer)] = [
    ("sgd", .sgd), ("momentum", .standardMomentum), ("adamw", .standardAdamW),
  ]

  /// The optimizer with a name, and its usual settings.
  package static func named(_ name: String) -> Optimizer? {
    named.first { $0.name == name }?.optimizer
  }

  /// The name in commands.
  package var name: String {
    switch rule {
    case .sgd: "sgd"
    case .momentum: "momentum"
    case .adamW: "adamw"
    }
  }

  /// What the optimizer remembers of each parameter from one update to the next.
  package var memories: [Derivation] {
    switch rule {
    case .sgd: []
    case .momentum: [.firstMoment]
    case .adamW: [.firstMoment, .secondMoment]
    }
  }

  fileprivate var needsTime: Bool {
    if case .adamW = rule { return true }
    return schedule.isScheduled
  }
}

extension Optimizer.Rule {
  /// Its numbers, each under the name of its option.
  package var numbers: [String: Double] {
    switch self {
    case .sgd: [:]
    case .momentum(let factor): ["beta1": factor]
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      ["beta1": beta1, "beta2": beta2, "eps": epsilon, "weight-decay": decay]
    }
  }

  /// The same rule with one of its numbers changed; a number that it has not changes nothing.
  package func with(_ name: String, _ number: Double) -> Optimizer.Rule {
    func value(_ other: String, _ now: Double) -> Double { other == name ? number : now }
    switch self {
    case .sgd: return .sgd
    case .momentum(let factor): return .momentum(value("beta1", factor))
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      return .adamW(
        beta1: value("beta1", beta1),
        beta2: value("beta2", beta2),
        epsilon: value("eps", epsilon),
        decay: value("weight-decay", decay)
      )
    }
  }
}

extension RateSchedule {
  /// Whether any update has another rate than the peak.
  var isScheduled: Bool { decay != .constant || warmup > 0 }
}

extension ProgramBuilder {
  /// Appends the update of every parameter as steps: `next.` and its name is its new value.
  ///
  /// Reads the settings `lr` (`lr.peak` with a schedule) and, where time counts, `t`, the number of
  /// the update from 1; what the optimizer remembers is read from `m.NAME`, `v.NAME` and written to
  /// `next.m.NAME`, `next.v.NAME`.
  package mutating func appendUpdate(
    _ optimizer: Optimizer,
    of specs: [ParameterSpec]
  ) throws(ShapeProblem) {
    var writer = UpdateWriter(builder: self, optimizer: optimizer, specs: specs)
    try writer.write()
    self = writer.builder
  }
}

private struct UpdateWriter {
  var builder: ProgramBuilder
  let optimizer: Optimizer
  let specs: [ParameterSpec]

  /// The gradient that the rule takes, by parameter.
  var gradients: [ValueName: ValueID] = [:]

  mutating func write() throws(ShapeProblem) {
    let isScheduled = optimizer.schedule.isScheduled
    var rate = builder.input(
      .optimizer(isScheduled ? .peakRate : .rate),
      .scalar,
      .setting
    )
    let time =
      optimizer.needsTime ? builder.input(.optimizer(.time), .scalar, .setting) : rate
    for spec in specs {
      for memory in optimizer.memories {
        _ = builder.input(.derived(memory, of: spec.name), spec.shape, .optimizer)
      }
      gradients[spec.name] = value(spec.name.gradient)
    }
    if optimizer.rounds > 1 { try accumulate() }
    builder.phase = .update
    builder.layer = "lr"
    if isScheduled {
      let op = ScheduledRate(optimizer.schedule)
      rate = try append(op, [rate, time], .optimizer(.rate), .setting)
    }
    if optimizer.clip != nil || optimizer.measuresNorm { try clip() }
    for spec in specs {
      builder.layer = spec.name.description
      try update(spec, rate: rate, time: time)
    }
  }

  /// The means over the rounds, of the loss and of all gradients.
  ///
  /// Every step of a round that is not the last one of its update stands before `next.` of the
  /// last mean.
  private mutating func accumulate() throws(ShapeProblem) {
    let count = ValueName.optimizer(.targetCount)
    let before = builder.input(count, .scalar, .optimizer)
    let names = ([.model(.loss)] + specs.map(\.name.gradient)).map {
      (found: $0, mean: ValueName.derived(.roundMean, of: $0))
    }
    let means = names.map {
      builder.input($0.mean, builder.program[value($0.found)].shape, .optimizer)
    }
    builder.phase = .update
    builder.layer = "rounds"
    let targets = value(.model(.targets))
    let weights = builder.program.id(of: .model(.targetWeights))
    let op: any Op =
      weights == nil
      ? CountTargets(rounds: optimizer.rounds) : SumTargetWeights(rounds: optimizer.rounds)
    let counted = [before, targets] + (weights.map { [$0] } ?? [])
    let after = try append(op, counted, count.next, .optimizer)
    var results: [ValueID] = []
    for (name, mean) in zip(names, means) {
      let inputs = [mean, value(name.found), before, after]
      results.append(try append(AccumulateMean(), inputs, name.mean.next, .optimizer))
    }
    for (spec, mean) in zip(specs, results.dropFirst()) { gradients[spec.name] = mean }
  }

  private mutating func clip() throws(ShapeProblem) {
    builder.layer = "clip"
    let norm = try append(GlobalNorm(), specs.map(gradient), .optimizer(.gradientNorm), .gradient)
    guard let limit = optimizer.clip else { return }
    let factor = try append(
      ClipFactor(limit: limit),
      [norm],
      .optimizer(.clipFactor),
      .setting
    )
    for spec in specs {
      gradients[spec.name] = try append(
        ClippedGradient(),
        [gradient(spec), factor],
        .derived(.clipped, of: spec.name),
        .gradient
      )
    }
  }

  private mutating func update(
    _ spec: ParameterSpec,
    rate: ValueID,
    time: ValueID
  ) throws(ShapeProblem) {
    let (old, next) = (value(spec.name), spec.name.next)
    switch optimizer.rule {
    case .sgd:
      _ = try append(SGDUpdate(), [old, gradient(spec), rate], next, .parameter)
    case .momentum(let factor):
      let moment = ValueName.derived(.firstMoment, of: spec.name)
      let memory = [value(moment), gradient(spec)]
      let velocity = try append(Momentum(factor: factor), memory, moment.next, .optimizer)
      _ = try append(SGDUpdate(), [old, velocity, rate], next, .parameter)
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      let m = try average(.firstMoment, beta1, power: 1, spec, time)
      let v = try average(.secondMoment, beta2, power: 2, spec, time)
      let op = AdamWUpdate(epsilon: epsilon, decay: spec.decays ? decay : 0)
      _ = try append(op, [old, m, v, rate], next, .parameter)
    }
  }

  /// One of AdamW's running averages, corrected for its start.
  private mutating func average(
    _ moment: Derivation,
    _ beta: Double,
    power: Int,
    _ spec: ParameterSpec,
    _ time: ValueID
  ) throws(ShapeProblem) -> ValueID {
    let old = ValueName.derived(moment, of: spec.name)
    let average = try append(
      RunningAverage(beta: beta, power: power),
      [value(old), gradient(spec)],
      old.next,
      .optimizer
    )
    return try append(
      BiasCorrection(beta: beta),
      [average, time],
      .derived(
        power == 1 ? .firstMomentCorrected : .secondMomentCorrected,
        of: spec.name
      ),
      .optimizer
    )
  }

  private mutating func append(
    _ op: any Op,
    _ inputs: [ValueID],
    _ name: ValueName,
    _ role: Role
  ) throws(ShapeProblem) -> ValueID {
    try builder.append(op, inputs, name: name, role: role)
  }

  private func gradient(_ spec: ParameterSpec) -> ValueID {
    guard let id = gradients[spec.name] else { preconditionFailure("no gradient of \(spec.name)") }
    return id
  }

  private func value(_ name: ValueName) -> ValueID {
    guard let id = builder.program.id(of: name) else { preconditionFailure("no value \(name)") }
    return id
  }
}
