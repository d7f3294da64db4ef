// SPDX-License-Identifier: MIT

import PassoEngine

extension ValueName {
  /// Whether the head alone reads it.
  fileprivate var isOfHead: Bool {
    switch self {
    case .finalNorm, .model(.embedding), .model(.unembedding): true
    default: false
    }
  }
}

/// Writes a transformer step by step.
struct TransformerWriter {
  var builder: ProgramBuilder
  let plan: Transformer
  var parameters: [ValueName: ValueID] = [:]

  /// What decides on the zeros of dropout, where there is any, and the steps that have asked it.
  private var dropoutSeed: ValueID?
  private var dropouts = 0

  init(builder: ProgramBuilder, plan: Transformer) {
    (self.builder, self.plan) = (builder, plan)
  }

  /// What a query may look at.
  enum Sight {
    /// The positions of its own row, as the mask says; in blocks with a window the second.
    case mask(ValueID, near: ValueID?)
    /// Every position known so far: `start` were known before the row.
    case cache(start: ValueID, capacity: Int)
  }

  mutating func write() throws(ShapeProblem) -> ValueID {
    let sizes = [plan.batch.rows, plan.batch.length]
    let tokens = builder.input(.model(.tokens), sizes, .data, element: .integer)
    let targets = builder.input(.model(.targets), sizes, .data, element: .integer)
    let weights =
      plan.weighsTargets ? builder.input(.model(.targetWeights), sizes, .data) : nil
    declareParameters()
    let prefix =
      plan.mask == .prefix
      ? builder.input(.model(.prefix), [plan.batch.rows], .data, element: .integer) : nil
    if plan.dropout > 0 {
      dropoutSeed = builder.input(.model(.dropoutSeed), [], .data, element: .integer)
    }
    let mask = try writeMask(prefix)
    let near = try writeNearMask(mask)
    let stream = try writeBody(tokens, sight: .mask(mask, near: near))
    return try writeLoss(try writeHead(stream), targets, weights)
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

  /// The mask of the blocks that do not look back far, where there are any.
  private mutating func writeNearMask(_ mask: ValueID) throws(ShapeProblem) -> ValueID? {
    guard let window = plan.configuration.window else { return nil }
    let (length, name) = (plan.batch.length, ValueName.model(.nearMask))
    switch plan.mask {
    case .causal:
      return try builder.record(AttentionMask(.window(window.size), length: length), name: name)
    case .window(let size):
      let kind = MaskKind.window(min(size, window.size))
      return try builder.record(AttentionMask(kind, length: length), name: name)
    case .strict, .none, .prefix, .custom:
      return try builder.record(WindowedMask(size: window.size), mask, name: name)
    }
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
    let embed = try scaled(
      builder.record(
        Embedding(),
        parameter(.model(.embedding)),
        tokens,
        name: .model(.embed)
      ),
      by: plan.configuration.embeddingFactor,
      .model(.embedScaled)
    )
    let positions: ValueID
    switch plan.configuration.positions {
    case .learned: positions = try learnedPositions(sight)
    case .sinusoidal(let scale): positions = try waves(scale, sight)
    case .rotary, .none:
      if dropoutSeed != nil { return try dropout(embed, first) }
      builder.alias(first, of: embed)
      return embed
    }
    guard dropoutSeed != nil else {
      return try builder.record(Add(), embed, positions, name: first)
    }
    return try dropout(builder.record(Add(), embed, positions, name: .model(.embedSum)), first)
  }

  /// The same value times a fixed factor, where it is not 1.
  mutating func scaled(
    _ x: ValueID,
    by factor: Double,
    _ name: ValueName
  ) throws(ShapeProblem) -> ValueID {
    factor == 1 ? x : try builder.record(Scale(factor: factor), x, name: name)
  }

  /// The same value with zeros, where the model trains with dropout.
  mutating func dropout(_ x: ValueID, _ name: ValueName) throws(ShapeProblem) -> ValueID {
    guard let dropoutSeed else { return x }
    dropouts += 1
    let op = Dropout(rate: plan.dropout, stream: dropouts)
    return try builder.record(op, x, dropoutSeed, name: name)
  }

  private mutating func learnedPositions(_ sight: Sight) throws(ShapeProblem) -> ValueID {
    let (length, table) = (plan.batch.length, parameter(.model(.positions)))
    let name = ValueName.model(.positionEmbed)
    switch sight {
    case .mask: return try builder.record(PositionEmbedding(length: length), table, name: name)
    case .cache(let start, _):
      return try append(PositionEmbeddingFrom(length: length), [table, start], name)
    }
  }

  private mutating func waves(_ scale: Double, _ sight: Sight) throws(ShapeProblem) -> ValueID {
    let waves = SinusoidalWaves(width: plan.configuration.width, scale: scale)
    let (length, name) = (plan.batch.length, ValueName.model(.positionEmbed))
    switch sight {
    case .mask: return try builder.record(SinusoidalPositions(waves, length: length), name: name)
    case .cache(let start, _):
      return try append(SinusoidalPositionsFrom(waves, length: length), [start], name)
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
    let factor = plan.configuration.logitFactor
    let name = ValueName.model(factor == 1 ? .logits : .rawLogits)
    let logits = try builder.record(Linear(), x, matrix, name: name)
    return try scaled(logits, by: factor, .model(.logits))
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
    _ targets: ValueID,
    _ weights: ValueID?
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
    guard let weights else {
      return try builder.record(MeanLoss(), losses, targets, name: .model(.loss))
    }
    return try builder.record(WeightedMeanLoss(), losses, targets, weights, name: .model(.loss))
  }
}
