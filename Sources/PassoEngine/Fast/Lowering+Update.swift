// SPDX-License-Identifier: MIT

extension Lowering {
  mutating func writeUpdate() throws(NotLowerable) {
    // Rounds are added up where the backward pass writes.
    cover(program.steps.indices.filter { program.steps[$0].op is AccumulateMean })
    phase = .update
    let settings = matrix("settings", 1, 16, .given)
    fast.settings = settings.buffer
    let factor = writeNorm()
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
          gradients: run(layout.gradients),
          moments: memories.map(run),
          settings: settings,
          factor: factor,
          decay: decay
        )
      )
    }
    cover(Array(program.steps(of: .update)))
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
  /// - Returns: What the update multiplies each by, if by anything: it clips them, and turns those
  ///   of several rounds, which are of a sum, into those of a mean.
  private mutating func writeNorm() -> FastView? {
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
        gradients: FastView(layout.gradients, 1, layout.count),
        sums: matrix("\(name).sums", 1, GradientNorm.sumCount(layout.count)),
        norm: norm,
        factor: factor,
        share: share
      )
    )
    return factor ?? share
  }
}
