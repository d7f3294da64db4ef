// SPDX-License-Identifier: MIT

import PassoEngine

/// The size of what one execution works on.
public struct BatchShape: Hashable, Sendable {
  /// Rows of text.
  public var rows: Int

  /// Tokens of each row.
  public var length: Int

  /// Rows of so many tokens.
  public init(rows: Int, length: Int) {
    self.rows = rows
    self.length = length
  }
}

/// A head of attention: its block, and its number there; as text `0.1`.
public struct HeadAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The block, counted from 0.
  public let block: Int

  /// The head within the block, counted from 0.
  public let head: Int

  /// A head of a block.
  public init(block: Int, head: Int) {
    self.block = block
    self.head = head
  }

  /// A head as a person types it: `0.1`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let block = parts[0], let head = parts[1], block >= 0, head >= 0 else {
      return nil
    }
    self.init(block: block, head: head)
  }

  /// Block and head, as they are typed.
  public var description: String { "\(block).\(head)" }

  /// The order in which blocks compute.
  public static func < (left: HeadAddress, right: HeadAddress) -> Bool {
    (left.block, left.head) < (right.block, right.head)
  }
}

/// A decoder-only transformer, written as steps of a program.
///
/// Reads like the block diagram: embeddings, blocks of attention and MLP around a residual stream,
/// a last norm, logits, loss. Names are those of the house plan.
package struct Transformer {
  package let configuration: ModelConfiguration
  package let batch: BatchShape
  package let mask: MaskKind

  /// Heads whose finds are replaced by zeros.
  package let silenced: Set<HeadAddress>

  package init(
    _ configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind,
    silenced: Set<HeadAddress> = []
  ) {
    self.configuration = configuration
    self.batch = batch
    self.mask = mask
    self.silenced = silenced
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

  /// Writes the head alone: what it makes of vectors that are given.
  ///
  /// - Returns: The vectors, [batch, position, model], and the probabilities that follow from them.
  package func writeLens(
    into builder: inout ProgramBuilder
  ) throws(ShapeProblem) -> (stream: ValueID, probabilities: ValueID) {
    var writer = Writer(builder: builder, plan: self)
    let values = try writer.writeLens()
    builder = writer.builder
    return values
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

private struct Writer {
  var builder: ProgramBuilder
  let plan: Transformer
  var parameters: [String: ValueID] = [:]

  /// What a query may look at.
  enum Sight {
    /// The positions of its own row, as the mask says.
    case mask(ValueID)
    /// Every position known so far: `start` were known before the row.
    case cache(start: ValueID, shape: Shape)
  }

  mutating func write() throws(ShapeProblem) -> ValueID {
    let shape = Shape((.batch, plan.batch.rows), (.position, plan.batch.length))
    let tokens = builder.input("tokens", shape, .data, element: .integer)
    let targets = builder.input("targets", shape, .data, element: .integer)
    declareParameters()
    let prefix =
      plan.mask == .prefix
      ? builder.input("prefix", Shape((.batch, plan.batch.rows)), .data, element: .integer) : nil
    let stream = try writeBody(tokens, sight: .mask(try writeMask(prefix)))
    return try writeLoss(try writeHead(stream), targets)
  }

  mutating func writeLens() throws(ShapeProblem) -> (stream: ValueID, probabilities: ValueID) {
    let shape = Shape(
      (.batch, plan.batch.rows),
      (.position, plan.batch.length),
      (.model, plan.configuration.width)
    )
    let stream = builder.input("stream", shape, .activation)
    declareParameters { $0.hasPrefix("ln_final.") || ["W_E", "W_U"].contains($0) }
    // Before the stream is read: for other vectors it need not be computed again.
    let unembedding = try writeUnembedding()
    let logits = try writeHead(stream, unembedding)
    return (stream, try builder.record(Softmax(), logits, name: "probs"))
  }

  private mutating func writeMask(_ prefix: ValueID?) throws(ShapeProblem) -> ValueID {
    let length = plan.batch.length
    if let prefix {
      return try builder.record(PrefixMask(length: length), prefix, name: "mask")
    }
    return try builder.record(AttentionMask(plan.mask, length: length), name: "mask")
  }

  mutating func writeDecoder(capacity: Int) throws(ShapeProblem) -> ValueID {
    let batch = plan.batch
    let shape = Shape((.batch, batch.rows), (.position, batch.length))
    let tokens = builder.input("tokens", shape, .data, element: .integer)
    let start = builder.input("start", .scalar, .data)
    declareParameters()
    let cache = Shape(
      (.batch, batch.rows),
      (.key, capacity),
      (.head, plan.configuration.keyHeadCount),
      (.headDim, plan.configuration.headWidth)
    )
    var stream = try writeBody(tokens, sight: .cache(start: start, shape: cache))
    if batch.length > 1 {
      let all = [batch.rows, plan.configuration.width].map {
        AxisSlice.range(start: 0, count: $0, step: 1)
      }
      let last = AxisSlice.range(start: batch.length - 1, count: 1, step: 1)
      stream = try builder.record(Slice([all[0], last, all[1]]), stream, name: "last")
    }
    return try writeHead(stream)
  }

  private mutating func declareParameters(where isNeeded: (String) -> Bool = { _ in true }) {
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
      stream = try writeBlock("blocks.\(block)", stream, sight)
    }
    return stream
  }

  private mutating func embed(
    _ tokens: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    let first = plan.configuration.layerCount > 0 ? "blocks.0.resid_pre" : "resid"
    let embed = try builder.record(Embedding(), parameter("W_E"), tokens, name: "embed")
    guard plan.configuration.positions == .learned else {
      builder.alias(first, of: embed)
      return embed
    }
    return try builder.record(Add(), embed, try positions(sight), name: first)
  }

  private mutating func positions(_ sight: Sight) throws(ShapeProblem) -> ValueID {
    let (length, table) = (plan.batch.length, parameter("W_pos"))
    switch sight {
    case .mask:
      return try builder.record(PositionEmbedding(length: length), table, name: "pos_embed")
    case .cache(let start, _):
      return try append(PositionEmbeddingFrom(length: length), [table, start], "pos_embed")
    }
  }

  private mutating func writeBlock(
    _ block: String,
    _ stream: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    if block != "blocks.0" { builder.alias("\(block).resid_pre", of: stream) }
    builder.layer = "\(block).attn"
    let attention = try writeAttention("\(block).attn", norm("\(block).ln1", stream), sight)
    let middle = try builder.record(Add(), stream, attention, name: "\(block).resid_mid")
    builder.layer = "\(block).mlp"
    let mlp = try writeMLP("\(block).mlp", norm("\(block).ln2", middle))
    return try builder.record(Add(), middle, mlp, name: "\(block).resid_post")
  }

  private mutating func writeAttention(
    _ name: String,
    _ x: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> ValueID {
    let q = try linear("\(name).q", x, "\(name).W_Q", bias: "\(name).b_Q")
    let k = try linear("\(name).k", x, "\(name).W_K", bias: "\(name).b_K")
    let v = try linear("\(name).v", x, "\(name).W_V", bias: "\(name).b_V")
    let (turnedQ, turnedK) = try rotate(name, q, k, sight)
    let z: ValueID
    switch sight {
    case .mask(let mask): z = try attend(name, turnedQ, turnedK, v, mask: mask)
    case .cache(let start, let shape):
      z = try attend(name, turnedQ, turnedK, v, start: start, cache: shape)
    }
    return try linear("\(name).out", z, "\(name).W_O", bias: "\(name).b_O")
  }

  private mutating func rotate(
    _ name: String,
    _ q: ValueID,
    _ k: ValueID,
    _ sight: Sight
  ) throws(ShapeProblem) -> (q: ValueID, k: ValueID) {
    guard case .rotary(let base) = plan.configuration.positions else { return (q, k) }
    var turned: [ValueID] = []
    for (x, letter) in [(q, "q"), (k, "k")] {
      let result = "\(name).rot_\(letter)"
      switch sight {
      case .mask: turned.append(try builder.record(RotaryEmbedding(base: base), x, name: result))
      case .cache(let start, _):
        turned.append(try append(RotaryEmbeddingFrom(base: base), [x, start], result))
      }
    }
    return (turned[0], turned[1])
  }

  /// One over the root of the head's width.
  private var scale: Double { 1 / Double(plan.configuration.headWidth).squareRoot() }

  private mutating func attend(
    _ name: String,
    _ q: ValueID,
    _ k: ValueID,
    _ v: ValueID,
    mask: ValueID
  ) throws(ShapeProblem) -> ValueID {
    let dots = try builder.record(AttentionDots(), q, k, name: "\(name).dots")
    let scores = try builder.record(Scale(factor: scale), dots, name: "\(name).scores")
    let masked = try builder.record(ApplyMask(), scores, mask, name: "\(name).masked")
    let pattern = try builder.record(Softmax(), masked, name: "\(name).pattern")
    let z = try builder.record(WeightedValues(), pattern, v, name: "\(name).z")
    let heads = plan.silenced.filter { "blocks.\($0.block).attn" == name }.map(\.head).sorted()
    if heads.isEmpty { return z }
    return try builder.record(HeadAblation(heads: heads), z, name: "\(name).z_ablated")
  }

  private mutating func attend(
    _ name: String,
    _ q: ValueID,
    _ k: ValueID,
    _ v: ValueID,
    start: ValueID,
    cache: Shape
  ) throws(ShapeProblem) -> ValueID {
    var known: [ValueID] = []
    for (x, letter) in [(k, "k"), (v, "v")] {
      let old = builder.input("\(name).cache_\(letter)", cache, .activation)
      known.append(try append(AppendToCache(), [old, x, start], "\(name).all_\(letter)"))
    }
    return try append(CachedAttention(scale: scale), [q] + known + [start], "\(name).z")
  }

  private mutating func writeMLP(_ name: String, _ x: ValueID) throws(ShapeProblem) -> ValueID {
    switch plan.configuration.activation {
    case .gelu:
      let pre = try linear("\(name).pre", x, "\(name).W_in", bias: "\(name).b_in")
      let post = try builder.record(GELU(), pre, name: "\(name).post")
      return try linear("\(name).out", post, "\(name).W_out", bias: "\(name).b_out")
    case .swiGLU:
      let gate = try linear("\(name).gate", x, "\(name).W_gate")
      let up = try linear("\(name).up", x, "\(name).W_up")
      let post = try builder.record(SwiGLU(), gate, up, name: "\(name).post")
      return try linear("\(name).out", post, "\(name).W_down")
    }
  }

  // Without an unembedding `W_U` is written after the norm, where it is read.
  private mutating func writeHead(
    _ stream: ValueID,
    _ unembedding: ValueID? = nil
  ) throws(ShapeProblem) -> ValueID {
    builder.layer = "head"
    let x = try norm("ln_final", stream)
    let matrix = if let unembedding { unembedding } else { try writeUnembedding() }
    return try builder.record(Linear(), x, matrix, name: "logits")
  }

  private mutating func writeUnembedding() throws(ShapeProblem) -> ValueID {
    guard plan.configuration.isTied else { return parameter("W_U") }
    return try builder.record(Transpose(), parameter("W_E"), name: "W_U")
  }

  private mutating func writeLoss(
    _ logits: ValueID,
    _ targets: ValueID
  ) throws(ShapeProblem) -> ValueID {
    builder.phase = .loss
    builder.layer = "loss"
    _ = try builder.record(Softmax(), logits, name: "probs")
    let losses = try builder.record(CrossEntropy(), logits, targets, name: "loss_per_token")
    return try builder.record(MeanLoss(), losses, targets, name: "loss")
  }

  private mutating func norm(_ name: String, _ x: ValueID) throws(ShapeProblem) -> ValueID {
    let epsilon = plan.configuration.normEpsilon
    let gain = parameter("\(name).gain")
    switch plan.configuration.norm {
    case .layer:
      return try builder.record(
        LayerNorm(epsilon: epsilon),
        x,
        gain,
        parameter("\(name).bias"),
        name: "\(name).out"
      )
    case .rootMeanSquare:
      return try builder.record(RMSNorm(epsilon: epsilon), x, gain, name: "\(name).out")
    }
  }

  /// A linear layer; with a bias if the configuration has a parameter of that name.
  private mutating func linear(
    _ name: String,
    _ x: ValueID,
    _ weight: String,
    bias: String? = nil
  ) throws(ShapeProblem) -> ValueID {
    let weights = [parameter(weight)] + [bias.flatMap { parameters[$0] }].compactMap { $0 }
    return try builder.record(Linear(), inputs: [x] + weights, name: name)
  }

  /// A step that no gradient flows through.
  private mutating func append(
    _ op: any Op,
    _ inputs: [ValueID],
    _ name: String
  ) throws(ShapeProblem) -> ValueID {
    try builder.append(op, inputs, name: name, role: .activation)
  }

  private func parameter(_ name: String) -> ValueID {
    guard let id = parameters[name] else { preconditionFailure("no parameter \(name)") }
    return id
  }
}
