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

/// A decoder-only transformer, written as steps of a program.
///
/// Reads like the block diagram: embeddings, blocks of attention and MLP around a residual stream,
/// a last norm, logits, loss. Names are those of the house plan.
package struct Transformer {
  package let configuration: ModelConfiguration
  package let batch: BatchShape
  package let mask: MaskKind

  package init(_ configuration: ModelConfiguration, batch: BatchShape, mask: MaskKind) {
    self.configuration = configuration
    self.batch = batch
    self.mask = mask
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

  mutating func write() throws(ShapeProblem) -> ValueID {
    let shape = Shape((.batch, plan.batch.rows), (.position, plan.batch.length))
    let tokens = builder.input("tokens", shape, .data, element: .integer)
    let targets = builder.input("targets", shape, .data, element: .integer)
    for spec in plan.configuration.parameterSpecs {
      parameters[spec.name] = builder.input(spec.name, spec.shape, .parameter)
    }
    builder.phase = .forward
    builder.layer = "embed"
    let mask = try builder.record(
      AttentionMask(plan.mask, length: plan.batch.length),
      name: "mask"
    )
    var stream = try embed(tokens)
    for block in 0..<plan.configuration.layerCount {
      stream = try writeBlock("blocks.\(block)", stream, mask: mask)
    }
    return try writeHead(stream, targets)
  }

  private mutating func embed(_ tokens: ValueID) throws(ShapeProblem) -> ValueID {
    let first = plan.configuration.layerCount > 0 ? "blocks.0.resid_pre" : "resid"
    let embed = try builder.record(Embedding(), parameter("W_E"), tokens, name: "embed")
    guard plan.configuration.positions == .learned else {
      builder.alias(first, of: embed)
      return embed
    }
    let positions = try builder.record(
      PositionEmbedding(length: plan.batch.length),
      parameter("W_pos"),
      name: "pos_embed"
    )
    return try builder.record(Add(), embed, positions, name: first)
  }

  private mutating func writeBlock(
    _ block: String,
    _ stream: ValueID,
    mask: ValueID
  ) throws(ShapeProblem) -> ValueID {
    if block != "blocks.0" { builder.alias("\(block).resid_pre", of: stream) }
    builder.layer = "\(block).attn"
    let attention = try writeAttention("\(block).attn", norm("\(block).ln1", stream), mask: mask)
    let middle = try builder.record(Add(), stream, attention, name: "\(block).resid_mid")
    builder.layer = "\(block).mlp"
    let mlp = try writeMLP("\(block).mlp", norm("\(block).ln2", middle))
    return try builder.record(Add(), middle, mlp, name: "\(block).resid_post")
  }

  private mutating func writeAttention(
    _ name: String,
    _ x: ValueID,
    mask: ValueID
  ) throws(ShapeProblem) -> ValueID {
    var q = try linear("\(name).q", x, "\(name).W_Q", bias: "\(name).b_Q")
    var k = try linear("\(name).k", x, "\(name).W_K", bias: "\(name).b_K")
    let v = try linear("\(name).v", x, "\(name).W_V", bias: "\(name).b_V")
    if case .rotary(let base) = plan.configuration.positions {
      q = try builder.record(RotaryEmbedding(base: base), q, name: "\(name).rot_q")
      k = try builder.record(RotaryEmbedding(base: base), k, name: "\(name).rot_k")
    }
    let root = Double(plan.configuration.headWidth).squareRoot()
    let dots = try builder.record(AttentionDots(), q, k, name: "\(name).dots")
    let scores = try builder.record(Scale(factor: 1 / root), dots, name: "\(name).scores")
    let masked = try builder.record(ApplyMask(), scores, mask, name: "\(name).masked")
    let pattern = try builder.record(Softmax(), masked, name: "\(name).pattern")
    let z = try builder.record(WeightedValues(), pattern, v, name: "\(name).z")
    return try linear("\(name).out", z, "\(name).W_O", bias: "\(name).b_O")
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

  private mutating func writeHead(
    _ stream: ValueID,
    _ targets: ValueID
  ) throws(ShapeProblem) -> ValueID {
    builder.layer = "head"
    let x = try norm("ln_final", stream)
    let unembedding =
      plan.configuration.isTied
      ? try builder.record(Transpose(), parameter("W_E"), name: "W_U")
      : parameter("W_U")
    let logits = try builder.record(Linear(), x, unembedding, name: "logits")
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

  private func parameter(_ name: String) -> ValueID {
    guard let id = parameters[name] else { preconditionFailure("no parameter \(name)") }
    return id
  }
}
