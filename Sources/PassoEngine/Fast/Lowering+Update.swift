// SPDX-License-Identifier: MIT

import CKernels

extension Lowering {
  /// Floats that a thread updates at a time.
  private static let chunk = 1 << 14

  /// What the update does with each parameter, read from the steps of the update.
  private enum Rule: Equatable {
    case sgd
    case momentum(Double)
    case adamW(beta1: Double, beta2: Double, epsilon: Double)
  }

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
    let memories = try memories(rule, count)
    let weight = program.steps.lazy.compactMap { ($0.op as? AdamWUpdate)?.decay }.max() ?? 0
    for (range, decay) in [(0..<decayEnd, weight), (decayEnd..<count, 0.0)] where !range.isEmpty {
      write(rule, range, decay: decay, memories: memories, settings: settings, factor: factor)
    }
  }

  private func find<O: Op>(_ type: O.Type) -> O? {
    program.steps.lazy.compactMap { $0.op as? O }.first
  }

  private func rule() throws(NotLowerable) -> Rule {
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
  private mutating func memories(
    _ rule: Rule,
    _ count: Int
  ) throws(NotLowerable) -> [Derivation: BufferID] {
    let moments: [Derivation] =
      switch rule {
      case .sgd: []
      case .momentum: [.firstMoment]
      case .adamW: [.firstMoment, .secondMoment]
      }
    var memories: [Derivation: BufferID] = [:]
    for moment in moments {
      let memory = buffer(moment.rawValue, count, .kept)
      memories[moment] = memory
      for (id, view) in parameters {
        fast.views[moment.name(of: program[id].name)] = FastView(
          buffer: memory,
          offset: view.offset,
          rows: view.rows,
          columns: view.columns,
          stride: view.stride
        )
      }
    }
    return memories
  }

  /// The norm of all gradients, and the factor that clips them.
  private mutating func writeNorm() -> BufferID? {
    guard find(GlobalNorm.self) != nil else { return nil }
    let count = fast.buffers[gradientBuffer.index].count
    let parts = (count + Self.chunk - 1) / Self.chunk
    // Doubles, each in the place of two floats.
    let sums = buffer("grad_norm.sums", 2 * parts)
    let norm = buffer("grad_norm", 16, .kept)
    fast.gradientNorm = norm
    let limit = find(ClipFactor.self)?.limit
    let factor = limit.map { _ in buffer("clip_factor", 16) }
    let gradients = gradientBuffer
    add(
      "grad_norm",
      .gradientNorm(clips: limit != nil),
      covers: program.steps.indices.filter {
        program.steps[$0].op is GlobalNorm || program.steps[$0].op is ClipFactor
      },
      reads: [gradients],
      writes: [sums, norm] + [factor].compactMap { $0 },
      flops: 2 * Double(count)
    ) { binder in
      let doubles = UnsafeMutableRawPointer(binder[sums]).assumingMemoryBound(to: Double.self)
      let squares = ck_squares(
        count: Int64(count),
        chunk: Int64(Self.chunk),
        x: binder[gradients],
        sums: doubles
      )
      binder.call(\.squares, squares, parts: parts, cost: passCost(count))
      let clip = ck_clip(
        count: Int32(parts),
        limit: limit ?? 0,
        sums: doubles,
        norm: binder[norm],
        factor: factor.map { binder[$0] }
      )
      binder.call(\.clip, clip, parts: 1, cost: 0)
    }
    return factor
  }

  private mutating func write(
    _ rule: Rule,
    _ range: Range<Int>,
    decay: Double,
    memories: [Derivation: BufferID],
    settings: BufferID,
    factor: BufferID?
  ) {
    let (parameters, gradients) = (parameterBuffer, gradientBuffer)
    let (m, v) = (memories[.firstMoment], memories[.secondMoment])
    let others = [m, v].compactMap { $0 }
    add(
      "next.*",
      .update(name(of: rule), decays: decay > 0),
      reads: [parameters, gradients, settings] + others + [factor].compactMap { $0 },
      writes: [parameters] + others,
      flops: 12 * Double(range.count)
    ) { binder in
      let start = range.lowerBound
      var arguments = ck_update()
      arguments.count = Int64(range.count)
      arguments.chunk = Int64(Self.chunk)
      arguments.w = binder[parameters] + start
      arguments.g = binder[gradients] + start
      arguments.m = m.map { binder[$0] + start }
      arguments.v = v.map { binder[$0] + start }
      arguments.scale = factor.map { UnsafePointer(binder[$0]) }
      arguments.settings = UnsafePointer(binder[settings])
      arguments.decay = Float(decay)
      let parts = (range.count + Self.chunk - 1) / Self.chunk
      let cost = passCost(5 * range.count)
      switch rule {
      case .sgd: binder.call(\.sgd, arguments, parts: parts, cost: cost)
      case .momentum(let factor):
        arguments.beta1 = Float(factor)
        binder.call(\.momentum, arguments, parts: parts, cost: cost)
      case .adamW(let beta1, let beta2, let epsilon):
        arguments.beta1 = Float(beta1)
        arguments.beta2 = Float(beta2)
        arguments.epsilon = Float(epsilon)
        binder.call(\.adamw, arguments, parts: parts, cost: cost)
      }
    }
  }

  private func name(of rule: Rule) -> String {
    switch rule {
    case .sgd: "sgd"
    case .momentum: "momentum"
    case .adamW: "adamw"
    }
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
