// SPDX-License-Identifier: MIT

extension Lowering {
  mutating func writeUpdate() throws(NotLowerable) {
    // Rounds are added up where the backward pass writes.
    cover(program.steps.indices.filter { program.steps[$0].op is AccumulateMean })
    phase = .update
    let settings = matrix("settings", 1, 16, .given)
    fast.settings = settings.buffer
    let sums = try writeSums()
    let gradients = sums?.sums.buffer ?? layout.gradients
    let factor = writeNorm(of: gradients)
    let rule = try rule()
    let schedule = find(ScheduledRate.self)?.schedule ?? .constant
    var betas = (0.0, 0.0)
    if case .adamW(let beta1, let beta2, _) = rule { betas = (beta1, beta2) }
    fast.update = .rule(schedule: schedule, beta1: betas.0, beta2: betas.1)
    let memories = try memories(rule)
    let weight = program.steps.lazy.compactMap { ($0.op as? AdamWUpdate)?.decay }.max() ?? 0
    let shortened = 0..<layout.decayEnd
    let others = layout.decayEnd..<layout.count
    for (range, decay) in [(shortened, weight), (others, 0.0)] where !range.isEmpty {
      func run(_ buffer: BufferID) -> FastView {
        FastView(buffer, at: range.lowerBound, 1, range.count)
      }
      add(
        "next.*",
        covers: [],
        Update(
          rule: rule,
          parameters: run(layout.values),
          gradients: run(gradients),
          moments: memories.map(run),
          settings: settings,
          factor: factor,
          decay: decay
        )
      )
    }
    if let sums, let kept = sums.kept {
      add("accumulated.*", covers: [], KeptGradients(sums: sums.sums, kept: kept))
    }
    cover(Array(program.steps(of: .update)))
  }

  /// What gradients that were not cleared come to, and where that is kept for the next update.
  ///
  /// What is kept changes at the end of the update only: one that fails leaves it as it was.
  private mutating func writeSums() throws(NotLowerable) -> (sums: FastView, kept: FastView?)? {
    let indices = program.steps.indices.filter { program.steps[$0].op is AddGradient }
    let steps = indices.map { program.steps[$0] }
    guard let first = steps.first else { return nil }
    guard roundTotals == nil else {
      throw NotLowerable(reason: "gradients of several rounds that are not cleared")
    }
    let isTwice = first.inputs[0] == first.inputs[1]
    let sums = matrix("accumulated", 1, layout.count, .result)
    let kept = isTwice ? nil : matrix("accumulated.kept", 1, layout.count, .kept)
    for step in steps {
      let found = view(step.inputs[1])
      if let kept { place(step.inputs[0], at: found.moved(to: kept.buffer)) }
      place(step.output, at: found.moved(to: sums.buffer))
    }
    let gradients = FastView(layout.gradients, 1, layout.count)
    fast.gradientSums = sums.buffer
    add(
      "accumulated",
      covers: Array(indices),
      GradientSums(gradients: gradients, before: kept, sums: sums)
    )
    return (sums, kept)
  }

  private func find<O: Op>(_ type: O.Type) -> O? {
    program.steps.lazy.compactMap { $0.op as? O }.first
  }

  /// Read from the steps of the update.
  private func rule() throws(NotLowerable) -> UpdateRule {
    if let update = find(AdamWUpdate.self) {
      let averages = program.steps.compactMap { $0.op as? RunningAverage }
      guard let m = averages.first(where: { $0.power == 1 })?.beta,
        let v = averages.first(where: { $0.power == 2 })?.beta
      else { throw NotLowerable(reason: "adamw without its averages") }
      return .adamW(beta1: m, beta2: v, epsilon: update.epsilon)
    }
    if let momentum = find(Momentum.self) { return .momentum(momentum.factor) }
    if find(SGDUpdate.self) != nil { return .sgd }
    throw NotLowerable(reason: "there is no update")
  }

  /// The optimizer's averages, laid out as the parameters are.
  private mutating func memories(_ rule: UpdateRule) throws(NotLowerable) -> [BufferID] {
    let buffers = rule.moments.map { buffer($0.rawValue, layout.count, .kept) }
    let updates = program.steps.filter { $0.op is AdamWUpdate || $0.op is SGDUpdate }
    guard Set(updates.map { $0.inputs[0] }) == Set(layout.views.keys) else {
      throw NotLowerable(reason: "not every parameter is updated")
    }
    for update in updates {
      for (memory, current) in zip(buffers, update.inputs.dropFirst()) {
        place(source(of: current), at: view(update.inputs[0]).moved(to: memory))
      }
    }
    return buffers
  }

  /// The average before an update, of which it makes what it uses.
  private func source(of id: ValueID) -> ValueID {
    program[id].producer.map { source(of: program.steps[$0].inputs[0]) } ?? id
  }

  /// The norm of all gradients.
  ///
  /// - Parameter gradients: Where they are, laid out as the parameters.
  /// - Returns: What the update multiplies each by, if by anything: it clips them, and turns those
  ///   of several rounds, which are of a sum, into those of a mean.
  private mutating func writeNorm(of gradients: BufferID) -> FastView? {
    let share = roundTotals?.share
    guard let step = program.steps.first(where: { $0.op is GlobalNorm }) else { return share }
    let name = program[step.output].name
    let norm = number(name, .result)
    place(step.output, at: norm)
    fast.gradientNorm = norm.buffer
    let limit = find(ClipFactor.self)?.limit
    let factor = limit.map { _ in number("clip_factor") }
    add(
      step.output,
      covers: program.steps.indices.filter {
        program.steps[$0].op is GlobalNorm || program.steps[$0].op is ClipFactor
      },
      GradientNorm(
        count: layout.count,
        limit: limit,
        gradients: FastView(gradients, 1, layout.count),
        sums: matrix("\(name).sums", 1, GradientNorm.sumCount(layout.count)),
        norm: norm,
        factor: factor,
        share: share
      )
    )
    return factor ?? share
  }
}
