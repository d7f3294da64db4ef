// SPDX-License-Identifier: MIT

import PassoEngine

// A block: attention and MLP around the residual stream.
extension TransformerWriter {
  mutating func writeBlock(
    _ block: Int,
    _ stream: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    if block > 0 { builder.alias(.block(block, .residual(.before)), of: stream) }
    builder.layer = "blocks.\(block).attn"
    let first = try normBefore({ .block(block, .firstNorm($0)) }, stream)
    let attention = try addend(
      writeAttention(block, first, sight),
      { .block(block, .firstPostNorm($0)) },
      scaled: .block(block, .attention(.outScaled)),
      dropped: .block(block, .attention(.outDropped))
    )
    let middle = ValueName.block(block, .residual(.middle))
    let afterAttention = try builder.record(Add(), stream, attention, name: middle)
    let after = ValueName.block(block, .residual(.after))
    guard plan.configuration.hasMLP else {
      builder.alias(after, of: afterAttention)
      return afterAttention
    }
    builder.layer = "blocks.\(block).mlp"
    let second = try normBefore(
      { .block(block, .secondNorm($0)) },
      plan.configuration.isParallel ? stream : afterAttention
    )
    let mlp = try addend(
      writeMLP(block, second),
      { .block(block, .secondPostNorm($0)) },
      scaled: .block(block, .mlp(.outScaled)),
      dropped: .block(block, .mlp(.outDropped))
    )
    return try builder.record(Add(), afterAttention, mlp, name: after)
  }

  /// What attention or MLP reads of the stream.
  private mutating func normBefore(
    _ name: (NormPart) -> ValueName,
    _ stream: ValueID
  ) throws(ShapeProblem) -> ValueID {
    plan.configuration.normPlace == .after ? stream : try norm(name, stream)
  }

  /// What is added to the stream of what attention or MLP has given.
  private mutating func addend(
    _ x: ValueID,
    _ postNorm: (NormPart) -> ValueName,
    scaled scaledName: ValueName,
    dropped: ValueName
  ) throws(ShapeProblem) -> ValueID {
    let configuration = plan.configuration
    let normed = configuration.normPlace == .before ? x : try norm(postNorm, x)
    return try dropout(scaled(normed, by: configuration.residualFactor, scaledName), dropped)
  }

  private mutating func writeAttention(
    _ block: Int,
    _ x: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    func name(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    let q = try linear(name(.q), x, name(.weightQ), bias: name(.biasQ))
    let k = try linear(name(.k), x, name(.weightK), bias: name(.biasK))
    let v = try linear(name(.v), x, name(.weightV), bias: name(.biasV))
    let normed = try (
      headNorm(q, name(.gainQ), name(.normedQ)), headNorm(k, name(.gainK), name(.normedK))
    )
    let rotated = try (
      rotate(block, normed.0, name(.rotatedQ), sight),
      rotate(block, normed.1, name(.rotatedK), sight)
    )
    let isNear = plan.configuration.window(ofBlock: block) != nil
    let values =
      switch sight {
      case .mask(let mask, let near):
        try attend(block, rotated.0, rotated.1, v, mask: isNear ? near ?? mask : mask)
      case .cache(let start, let capacity):
        try attend(block, rotated.0, rotated.1, v, start: start, capacity: capacity)
      }
    let z = try ablate(block, values)
    return try linear(name(.out), z, name(.weightO), bias: name(.biasO))
  }

  /// Queries or keys, each as long as its gain says, where the model wants it.
  private mutating func headNorm(
    _ x: ValueID,
    _ gain: ValueName,
    _ name: ValueName
  ) throws(ShapeProblem) -> ValueID {
    guard plan.configuration.headNorm != .none else { return x }
    let norm = RMSNorm(epsilon: plan.configuration.normEpsilon)
    return try builder.record(norm, x, parameter(gain), name: name)
  }

  /// Queries or keys, rotated by their positions where the block knows positions in this way.
  private mutating func rotate(
    _ block: Int,
    _ x: ValueID,
    _ name: ValueName,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    guard let angles = plan.configuration.angles(ofBlock: block) else { return x }
    switch sight {
    case .mask: return try builder.record(RotaryEmbedding(angles), x, name: name)
    case .cache(let start, _):
      return try append(RotaryEmbeddingFrom(angles), [x, start], name)
    }
  }

  private mutating func attend(
    _ block: Int,
    _ q: ValueID,
    _ k: ValueID,
    _ v: ValueID,
    mask: ValueID
  ) throws(ShapeProblem) -> ValueID {
    func name(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    let dots = try builder.record(AttentionDots(), q, k, name: name(.dots))
    let scores = try builder.record(
      Scale(factor: plan.configuration.attentionFactor),
      dots,
      name: name(.scores)
    )
    let masked = try builder.record(ApplyMask(), scores, mask, name: name(.masked))
    let pattern = try dropout(
      builder.record(Softmax(), masked, name: name(.pattern)),
      name(.patternDropped)
    )
    return try builder.record(WeightedValues(), pattern, v, name: name(.z))
  }

  private mutating func attend(
    _ block: Int,
    _ q: ValueID,
    _ k: ValueID,
    _ v: ValueID,
    start: ValueID,
    capacity: Int
  ) throws(ShapeProblem) -> ValueID {
    func name(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    let sizes = [
      plan.batch.rows, capacity, plan.configuration.keyHeadCount, plan.configuration.headWidth,
    ]
    var known: [ValueID] = []
    for (x, old, all) in [(k, AttentionPart.cacheK, AttentionPart.allK), (v, .cacheV, .allV)] {
      let before = builder.input(name(old), sizes, .activation)
      known.append(try append(AppendToCache(), [before, x, start], name(all)))
    }
    let attention = CachedAttention(
      scale: plan.configuration.attentionFactor,
      window: plan.configuration.window(ofBlock: block)
    )
    return try append(attention, [q] + known + [start], name(.z))
  }

  /// Zeros in place of what ablated heads found.
  private mutating func ablate(_ block: Int, _ z: ValueID) throws(ShapeProblem) -> ValueID {
    let heads = plan.ablatedHeads.filter { $0.block == block }.map(\.head).sorted()
    if heads.isEmpty { return z }
    let name = ValueName.block(block, .attention(.zAblated))
    return try builder.record(HeadAblation(heads: heads), z, name: name)
  }

  private mutating func writeMLP(_ block: Int, _ x: ValueID) throws(ShapeProblem) -> ValueID {
    func name(_ part: MLPPart) -> ValueName { .block(block, .mlp(part)) }
    switch plan.configuration.activation {
    case .plain(let curve):
      let pre = try linear(name(.pre), x, name(.weightIn), bias: name(.biasIn))
      let post = try builder.record(curve.op, pre, name: name(.post))
      return try linear(name(.out), post, name(.weightOut), bias: name(.biasOut))
    case .gated(let curve):
      let gate = try linear(name(.gate), x, name(.weightGate), bias: name(.biasGate))
      let up = try linear(name(.up), x, name(.weightUp), bias: name(.biasUp))
      let post: ValueID
      if curve == .silu {
        post = try builder.record(SwiGLU(), gate, up, name: name(.post))
      } else {
        let open = try builder.record(curve.op, gate, name: name(.open))
        post = try builder.record(GatedProduct(), open, up, name: name(.post))
      }
      return try linear(name(.out), post, name(.weightDown), bias: name(.biasDown))
    }
  }

  mutating func norm(
    _ name: (NormPart) -> ValueName,
    _ x: ValueID
  ) throws(ShapeProblem) -> ValueID {
    let epsilon = plan.configuration.normEpsilon
    switch plan.configuration.norm {
    case .none: return x
    case .layer:
      let learned = [parameter(name(.gain))] + [parameters[name(.bias)]].compactMap(\.self)
      return try builder.record(
        LayerNorm(epsilon: epsilon),
        inputs: [x] + learned,
        name: name(.out)
      )
    case .rootMeanSquare:
      let gain = parameter(name(.gain))
      return try builder.record(RMSNorm(epsilon: epsilon), x, gain, name: name(.out))
    }
  }

  /// A linear layer; with a bias if the configuration has a parameter of that name.
  private mutating func linear(
    _ name: ValueName,
    _ x: ValueID,
    _ weight: ValueName,
    bias: ValueName? = nil
  ) throws(ShapeProblem) -> ValueID {
    let weights = [parameter(weight)] + [bias.flatMap { parameters[$0] }].compactMap { $0 }
    return try builder.record(Linear(), inputs: [x] + weights, name: name)
  }

  /// A step that no gradient flows through.
  mutating func append(
    _ op: any Op,
    _ inputs: [ValueID],
    _ name: ValueName
  ) throws(ShapeProblem) -> ValueID {
    try builder.append(op, inputs, name: name, role: .activation)
  }

  func parameter(_ name: ValueName) -> ValueID {
    guard let id = parameters[name] else { preconditionFailure("no parameter \(name)") }
    return id
  }
}
