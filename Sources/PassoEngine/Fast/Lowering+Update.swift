// SPDX-License-Identifier: MIT

extension Lowering {
  mutating func writeUpdate() throws(NotLowerable) {
    phase = .update
    let settings = buffer("settings", 16, .kept)
    fast.settings = settings
    let factor = writeNorm()
    let rule = try rule()
    let schedule = find(ScheduledRate.self)?.schedule ?? .constant
    var betas = (0.0, 0.0)
    if case .adamW(let beta1, let beta2, _) = rule { betas = (beta1, beta2) }
    fast.update = .rule(schedule: schedule, beta1: betas.0, beta2: betas.1)
    let count = fast.buffers[parameterBuffer.index].count
    let memories = memories(rule, count)
    let weight = program.steps.lazy.compactMap { ($0.op as? AdamWUpdate)?.decay }.max() ?? 0
    for (range, decay) in [(0..<decayEnd, weight), (decayEnd..<count, 0.0)] where !range.isEmpty {
      func run(_ buffer: BufferID) -> FastView {
        FastView(
          buffer: buffer,
          offset: range.lowerBound,
          rows: 1,
          columns: range.count,
          stride: range.count
        )
      }
      add(
        "next.*",
        .update(rule.name, decays: decay > 0),
        Update(
          rule: rule,
          parameters: run(parameterBuffer),
          gradients: run(gradientBuffer),
          moments: memories.map(run),
          settings: settings,
          factor: factor,
          decay: decay
        )
      )
    }
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
  private mutating func memories(_ rule: UpdateRule, _ count: Int) -> [BufferID] {
    rule.moments.map { moment in
      let memory = buffer(moment.rawValue, count, .kept)
      for (id, view) in parameters {
        fast.views[moment.name(of: program[id].name)] = FastView(
          buffer: memory,
          offset: view.offset,
          rows: view.rows,
          columns: view.columns,
          stride: view.stride
        )
      }
      return memory
    }
  }

  /// The norm of all gradients, and the factor that clips them.
  private mutating func writeNorm() -> BufferID? {
    guard find(GlobalNorm.self) != nil else { return nil }
    let count = fast.buffers[gradientBuffer.index].count
    let sums = buffer("grad_norm.sums", GradientNorm.sumCount(count))
    let norm = buffer("grad_norm", 16, .kept)
    fast.gradientNorm = norm
    let limit = find(ClipFactor.self)?.limit
    let factor = limit.map { _ in buffer("clip_factor", 16) }
    add(
      "grad_norm",
      .gradientNorm(clips: limit != nil),
      covers: program.steps.indices.filter {
        program.steps[$0].op is GlobalNorm || program.steps[$0].op is ClipFactor
      },
      GradientNorm(
        count: count,
        limit: limit,
        gradients: gradientBuffer,
        sums: sums,
        norm: norm,
        factor: factor
      )
    )
    return factor
  }
}

// MARK: - Coverage

extension Lowering {
  /// Says for every readable step in which fast step its work is done.
  ///
  /// - Throws: `NotLowerable` if a step is left over.
  mutating func assignCoverage() throws(NotLowerable) {
    var covered: Set<Int> = []
    // All blocks share one mask: the first that reads it says so.
    for index in fast.steps.indices {
      fast.steps[index].covers.removeAll { !covered.insert($0).inserted }
    }
    for (index, step) in program.steps.enumerated() where !covered.contains(index) {
      guard let owner = owner(of: index, step) else {
        throw NotLowerable(reason: "\(program[step.output].name) has no fast form")
      }
      fast.steps[owner].covers.append(index)
      covered.insert(index)
    }
  }

  private func owner(of index: Int, _ step: Step) -> Int? {
    switch step.phase {
    // The mask of a model without blocks, which nobody reads.
    case .forward, .loss: return step.op is AttentionMask || step.op is PrefixMask ? 0 : nil
    case .update: return fast.steps.lastIndex { $0.phase == .update }
    case .backward:
      // `grad.X.from.Y` is a part of `grad.X`.
      guard let (_, name) = Derivation.split(program[step.output].name) else { return nil }
      let base = name.firstRange(of: ".from.").map { name[..<$0.lowerBound] } ?? name[...]
      return program.id(of: String(base)).flatMap { gradientOwners[$0] }
    }
  }
}
