// SPDX-License-Identifier: MIT

import PassoEngine

/// A decoder-only transformer, written as steps of a program.
///
/// Reads like the block diagram: embeddings, blocks of attention and MLP around a residual stream,
/// a last norm, logits, loss. Names are those of the house plan.
package struct Transformer {
  package let configuration: ModelConfiguration
  package let batch: BatchShape
  package let mask: MaskKind

  /// Heads whose output is replaced by zeros.
  package let ablatedHeads: Set<HeadAddress>

  package init(
    _ configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind,
    ablatedHeads: Set<HeadAddress> = []
  ) {
    self.configuration = configuration
    self.batch = batch
    self.mask = mask
    self.ablatedHeads = ablatedHeads
  }

  /// Writes what generation needs: the logits that follow the last of a few new tokens.
  ///
  /// Reads the number of positions known before from `start`, and keeps keys and values in
  /// `blocks.N.attn.cache_k` and `.cache_v`, of so many positions; the mask is causal.
  ///
  /// - Returns: The logits, [batch, 1, vocab].
  package func writeDecoder(
    into builder: inout ProgramBuilder,
    capacity: Int
  ) throws(ShapeProblem) -> ValueID {
    var writer = Writer(builder: builder, plan: self)
    let logits = try writer.writeDecoder(capacity: capacity)
    builder = writer.builder
    return logits
  }

  /// Writes the head alone: `probs` as it makes them of `stream`, vectors that are given.
  package func writeLens(into builder: inout ProgramBuilder) throws(ShapeProblem) {
    var writer = Writer(builder: builder, plan: self)
    try writer.writeLens()
    builder = writer.builder
  }

  /// Writes inputs, parameters, the forward pass and the loss.
  ///
  /// - Returns: The loss.
  package func write(into builder: inout ProgramBuilder) throws(ShapeProblem) -> ValueID {
    var writer = Writer(builder: builder, plan: self)
    let loss = try writer.write()
    builder = writer.builder
    return loss
  }
}

extension ValueName {
  /// Whether the head alone reads it.
  fileprivate var isOfHead: Bool {
    switch self {
    case .finalNorm, .model(.embedding), .model(.unembedding): true
    default: false
    }
  }
}

private struct Writer {
  var builder: ProgramBuilder
  let plan: Transformer
  var parameters: [ValueName: ValueID] = [:]

  /// What a query may look at.
  enum Sight {
    /// The positions of its own row, as the mask says.
    case mask(ValueID)
    /// Every position known so far: `start` were known before the row.
    case cache(start: ValueID, capacity: Int)
  }

  mutating func write() throws(ShapeProblem) -> ValueID {
    let sizes = [plan.batch.rows, plan.batch.length]
    let tokens = builder.input(.model(.tokens), sizes, .data, element: .integer)
    let targets = builder.input(.model(.targets), sizes, .data, element: .integer)
    declareParameters()
    let prefix =
      plan.mask == .prefix
      ? builder.input(.model(.prefix), [plan.batch.rows], .data, element: .integer) : nil
    let stream = try writeBody(tokens, sight: .mask(try writeMask(prefix)))
    return try writeLoss(try writeHead(stream), targets)
  }

  mutating func writeLens() throws(ShapeProblem) {
    let sizes = [plan.batch.rows, plan.batch.length, plan.configuration.width]
    let stream = builder.input(.model(.stream), sizes, .activation)
    declareParameters(where: \.isOfHead)
    // Before the stream is read: for other vectors it need not be computed again.
    let unembedding = try writeUnembedding()
    let logits = try writeHead(stream, unembedding)
    _ = try builder.record(Softmax(), logits, name: .model(.probabilities))
  }

  private mutating func writeMask(_ prefix: ValueID?) throws(ShapeProblem) -> ValueID {
    let length = plan.batch.length
    if let prefix {
      return try builder.record(PrefixMask(length: length), prefix, name: .model(.mask))
    }
    return try builder.record(AttentionMask(plan.mask, length: length), name: .model(.mask))
  }

  mutating func writeDecoder(capacity: Int) throws(ShapeProblem) -> ValueID {
    let batch = plan.batch
    let sizes = [batch.rows, batch.length]
    let tokens = builder.input(.model(.tokens), sizes, .data, element: .integer)
    let start = builder.input(.model(.start), [], .data)
    declareParameters()
    var stream = try writeBody(tokens, sight: .cache(start: start, capacity: capacity))
    if batch.length > 1 {
      let all = [batch.rows, plan.configuration.width].map {
        AxisSlice.range(start: 0, count: $0, step: 1)
      }
      let last = AxisSlice.range(start: batch.length - 1, count: 1, step: 1)
      stream = try builder.record(Slice([all[0], last, all[1]]), stream, name: .model(.last))
    }
    return try writeHead(stream)
  }

  private mutating func declareParameters(where isNeeded: (ValueName) -> Bool = { _ in true }) {
    for spec in plan.configuration.parameterSpecs where isNeeded(spec.name) {
      parameters[spec.name] = builder.input(spec.name, spec.shape, .parameter)
    }
    builder.phase = .forward
    builder.layer = "embed"
  }

  private mutating func writeBody(
    _ tokens: ValueID,
    sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    var stream = try embed(tokens, sight)
    for block in 0..<plan.configuration.layerCount {
      stream = try writeBlock(block, stream, sight)
    }
    return stream
  }

  private mutating func embed(
    _ tokens: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    let first: ValueName =
      plan.configuration.layerCount > 0 ? .block(0, .residual(.before)) : .model(.residual)
    let embed = try builder.record(
      Embedding(),
      parameter(.model(.embedding)),
      tokens,
      name: .model(.embed)
    )
    guard plan.configuration.positions == .learned else {
      builder.alias(first, of: embed)
      return embed
    }
    return try builder.record(Add(), embed, try positions(sight), name: first)
  }

  private mutating func positions(_ sight: Sight) throws(ShapeProblem) -> ValueID {
    let (length, table) = (plan.batch.length, parameter(.model(.positions)))
    switch sight {
    case .mask:
      return try builder.record(
        PositionEmbedding(length: length),
        table,
        name: .model(.positionEmbed)
      )
    case .cache(let start, _):
      return try append(
        PositionEmbeddingFrom(length: length),
        [table, start],
        .model(.positionEmbed)
      )
    }
  }

  private mutating func writeBlock(
    _ block: Int,
    _ stream: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    if block > 0 { builder.alias(.block(block, .residual(.before)), of: stream) }
    builder.layer = "blocks.\(block).attn"
    let first = try norm({ .block(block, .firstNorm($0)) }, stream)
    let attention = try writeAttention(block, first, sight)
    let middle = ValueName.block(block, .residual(.middle))
    let afterAttention = try builder.record(Add(), stream, attention, name: middle)
    builder.layer = "blocks.\(block).mlp"
    let second = try norm({ .block(block, .secondNorm($0)) }, afterAttention)
    let mlp = try writeMLP(block, second)
    let after = ValueName.block(block, .residual(.after))
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

  /// One over the root of the head's width.
  private var scale: Double { 1 / Double(plan.configuration.headWidth).squareRoot() }

  private mutating func attend(
    _ block: Int,
    _ q: ValueID,
    _ k: ValueID,
    _ v: ValueID,
    mask: ValueID
  ) throws(ShapeProblem) -> ValueID {
    func name(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    let dots = try builder.record(AttentionDots(), q, k, name: name(.dots))
    let scores = try builder.record(Scale(factor: scale), dots, name: name(.scores))
    let masked = try builder.record(ApplyMask(), scores, mask, name: name(.masked))
    let pattern = try builder.record(Softmax(), masked, name: name(.pattern))
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
    return try append(CachedAttention(scale: scale), [q] + known + [start], name(.z))
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
    case .gelu:
      let pre = try linear(name(.pre), x, name(.weightIn), bias: name(.biasIn))
      let post = try builder.record(GELU(), pre, name: name(.post))
      return try linear(name(.out), post, name(.weightOut), bias: name(.biasOut))
    case .swiGLU:
      let gate = try linear(name(.gate), x, name(.weightGate))
      let up = try linear(name(.up), x, name(.weightUp))
      let post = try builder.record(SwiGLU(), gate, up, name: name(.post))
      return try linear(name(.out), post, name(.weightDown))
    }
  }

  // Without an unembedding `W_U` is written after the norm, where it is read.
  private mutating func writeHead(
    _ stream: ValueID,
    _ unembedding: ValueID? = nil
  ) throws(ShapeProblem) -> ValueID {
    builder.layer = "head"
    let x = try norm(ValueName.finalNorm, stream)
    let matrix = if let unembedding { unembedding } else { try writeUnembedding() }
    return try builder.record(Linear(), x, matrix, name: .model(.logits))
  }

  private mutating func writeUnembedding() throws(ShapeProblem) -> ValueID {
    guard plan.configuration.isTied else { return parameter(.model(.unembedding)) }
    return try builder.record(
      Transpose(),
      parameter(.model(.embedding)),
      name: .model(.unembedding)
    )
  }

  private mutating func writeLoss(
    _ logits: ValueID,
    _ targets: ValueID
  ) throws(ShapeProblem) -> ValueID {
    builder.phase = .loss
    builder.layer = "loss"
    _ = try builder.record(Softmax(), logits, name: .model(.probabilities))
    let losses = try builder.record(
      CrossEntropy(),
      logits,
      targets,
      name: .model(.lossPerToken)
    )
    return try builder.record(MeanLoss(), losses, targets, name: .model(.loss))
  }

  private mutating func norm(
    _ name: (NormPart) -> ValueName,
    _ x: ValueID
  ) throws(ShapeProblem) -> ValueID {
    let epsilon = plan.configuration.normEpsilon
    let gain = parameter(name(.gain))
    switch plan.configuration.norm {
    case .layer:
      return try builder.record(
        LayerNorm(epsilon: epsilon),
        x,
        gain,
        parameter(name(.bias)),
        name: name(.out)
      )
    case .rootMeanSquare:
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
  private mutating func append(
    _ op: any Op,
    _ inputs: [ValueID],
    _ name: ValueName
  ) throws(ShapeProblem) -> ValueID {
    try builder.append(op, inputs, name: name, role: .activation)
  }

  private func parameter(_ name: ValueName) -> ValueID {
    guard let id = parameters[name] else { preconditionFailure("no parameter \(name)") }
    return id
  }
}
