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
    let first = try norm({ .block(block, .firstNorm($0)) }, stream)
    let attention = try dropout(
      writeAttention(block, first, sight),
      .block(block, .attention(.outDropped))
    )
    let middle = ValueName.block(block, .residual(.middle))
    let afterAttention = try builder.record(Add(), stream, attention, name: middle)
    let after = ValueName.block(block, .residual(.after))
    guard plan.configuration.hasMLP else {
      builder.alias(after, of: afterAttention)
      return afterAttention
    }
    builder.layer = "blocks.\(block).mlp"
    let second = try norm({ .block(block, .secondNorm($0)) }, afterAttention)
    let mlp = try dropout(writeMLP(block, second), .block(block, .mlp(.outDropped)))
    return try builder.record(Add(), afterAttention, mlp, name: after)
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
    let rotated = try (
      rotate(q, name(.rotatedQ), sight), rotate(k, name(.rotatedK), sight)
    )
    let values =
      switch sight {
      case .mask(let mask): try attend(block, rotated.0, rotated.1, v, mask: mask)
      case .cache(let start, let capacity):
        try attend(block, rotated.0, rotated.1, v, start: start, capacity: capacity)
      }
    let z = try ablate(block, values)
    return try linear(name(.out), z, name(.weightO), bias: name(.biasO))
  }

  /// Queries or keys, rotated by their positions where the model knows positions in this way.
  private mutating func rotate(
    _ x: ValueID,
    _ name: ValueName,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    guard case .rotary(let base) = plan.configuration.positions else { return x }
    switch sight {
    case .mask: return try builder.record(RotaryEmbedding(base: base), x, name: name)
    case .cache(let start, _):
      return try append(RotaryEmbeddingFrom(base: base), [x, start], name)
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
    let attention = CachedAttention(scale: plan.configuration.attentionFactor)
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
    case .gelu, .relu:
      let pre = try linear(name(.pre), x, name(.weightIn), bias: name(.biasIn))
      let curve: any DifferentiableOp =
        plan.configuration.activation == .gelu ? GELU() : ReLU()
      let post = try builder.record(curve, pre, name: name(.post))
      return try linear(name(.out), post, name(.weightOut), bias: name(.biasOut))
    case .swiGLU:
      let gate = try linear(name(.gate), x, name(.weightGate))
      let up = try linear(name(.up), x, name(.weightUp))
      let post = try builder.record(SwiGLU(), gate, up, name: name(.post))
      return try linear(name(.out), post, name(.weightDown))
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
