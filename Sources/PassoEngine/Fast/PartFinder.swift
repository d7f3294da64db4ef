// SPDX-License-Identifier: MIT

/// Looks backwards from a value to the steps that it comes from.
struct PartFinder {
  let program: Program

  init(_ program: Program) { self.program = program }

  typealias Found<O> = (index: Int, op: O, inputs: [ValueID])

  func find<O: Op>(_ type: O.Type, _ id: ValueID) -> Found<O>? {
    guard let index = program[id].producer, let op = program.steps[index].op as? O
    else { return nil }
    return (index, op, program.steps[index].inputs)
  }

  func need<O: Op>(_ type: O.Type, _ id: ValueID) throws(NotLowerable) -> Found<O> {
    if let found = find(type, id) { return found }
    throw NotLowerable(reason: "\(program[id].name) is not computed by \(O.card.name)")
  }

  /// The end of a program: with the loss, or with the logits of generation.
  func head() throws(NotLowerable) -> RecognizedModel.Head {
    let (id, loss) = try end()
    let logits = try unbiased(id)
    let transposed = find(Transpose.self, logits.inputs[1])
    let norm = try norm(logits.inputs[0])
    // A decoder that reads several tokens goes on with the last.
    let slice = loss == nil ? find(Slice.self, norm.x) : nil
    return RecognizedModel.Head(
      norm: norm,
      projection: RecognizedModel.Projection(
        step: logits.index,
        weight: transposed?.inputs[0] ?? logits.inputs[1],
        bias: nil,
        output: id
      ),
      isTransposed: transposed != nil,
      steps: [logits.index] + [transposed?.index, slice?.index].compactMap { $0 },
      stream: slice?.inputs[0] ?? norm.x,
      loss: loss
    )
  }

  /// The logits, and the loss if there is one.
  private func end() throws(NotLowerable) -> (logits: ValueID, loss: RecognizedModel.Loss?) {
    guard let index = program.steps.firstIndex(where: { $0.op is MeanLoss }) else {
      if let last = program.steps.last?.output { return (last, nil) }
      throw NotLowerable(reason: "there are no steps")
    }
    let step = program.steps[index]
    let losses = try need(CrossEntropy.self, step.inputs[0])
    // The probabilities are there for people only.
    let shown = program.steps.indices.filter {
      program.steps[$0].op is Softmax && program.steps[$0].inputs == [losses.inputs[0]]
    }
    let loss = RecognizedModel.Loss(
      each: step.inputs[0],
      mean: step.output,
      steps: [losses.index] + shown,
      meanStep: index
    )
    return (losses.inputs[0], loss)
  }

  /// The logits: no model of ours has a bias there, and the fast form would lose one.
  private func unbiased(_ id: ValueID) throws(NotLowerable) -> Found<Linear> {
    let linear = try need(Linear.self, id)
    if linear.inputs.count > 2 { throw NotLowerable(reason: "the logits have a bias") }
    return linear
  }

  func norm(_ id: ValueID) throws(NotLowerable) -> RecognizedModel.Norm {
    if let layer = find(LayerNorm.self, id) {
      return RecognizedModel.Norm(
        step: layer.index,
        x: layer.inputs[0],
        gain: layer.inputs[1],
        bias: layer.inputs[2],
        epsilon: layer.op.epsilon,
        output: id
      )
    }
    let root = try need(RMSNorm.self, id)
    return RecognizedModel.Norm(
      step: root.index,
      x: root.inputs[0],
      gain: root.inputs[1],
      bias: nil,
      epsilon: root.op.epsilon,
      output: id
    )
  }

  func projection(_ id: ValueID) throws(NotLowerable) -> (RecognizedModel.Projection, x: ValueID) {
    let linear = try need(Linear.self, id)
    let part = RecognizedModel.Projection(
      step: linear.index,
      weight: linear.inputs[1],
      bias: linear.inputs.count > 2 ? linear.inputs[2] : nil,
      output: id
    )
    return (part, linear.inputs[0])
  }

  func block(endingAt stream: ValueID) throws(NotLowerable) -> RecognizedModel.Block? {
    guard let add = find(Add.self, stream), find(Linear.self, add.inputs[1]) != nil
    else { return nil }
    let (out, x) = try projection(add.inputs[1])
    let branch: RecognizedModel.Branch =
      if find(WeightedValues.self, x) != nil {
        .attention(try attention(x, out))
      } else if find(CachedAttention.self, x) != nil {
        .attention(try cachedAttention(x, out))
      } else {
        .mlp(try mlp(x, out))
      }
    let block = RecognizedModel.Block(
      branch: branch,
      before: add.inputs[0],
      after: stream,
      add: add.index
    )
    guard block.norm.x == block.before else {
      throw NotLowerable(reason: "\(program[stream].name) adds to another stream than it reads")
    }
    return block
  }

  private func attention(
    _ z: ValueID,
    _ out: RecognizedModel.Projection
  ) throws(NotLowerable) -> RecognizedModel.Attention {
    let weighted = try need(WeightedValues.self, z)
    let softmax = try need(Softmax.self, weighted.inputs[0])
    let masked = try need(ApplyMask.self, softmax.inputs[0])
    let scaled = try need(Scale.self, masked.inputs[0])
    let dots = try need(AttentionDots.self, scaled.inputs[0])
    let mask = try mask(masked.inputs[1])
    let found = try inputs(dots.inputs[0], dots.inputs[1], weighted.inputs[1])
    return RecognizedModel.Attention(
      norm: found.norm,
      query: found.parts[0],
      key: found.parts[1],
      value: found.parts[2],
      rotary: found.rotary,
      steps: [
        mask.step, dots.index, scaled.index, masked.index, softmax.index, weighted.index,
      ],
      scale: scaled.op.factor,
      mask: mask.kind,
      z: z,
      out: out
    )
  }

  private func mask(_ id: ValueID) throws(NotLowerable) -> (step: Int, kind: MaskKind) {
    if let prefix = find(PrefixMask.self, id) { return (prefix.index, .prefix) }
    let mask = try need(AttentionMask.self, id)
    if case .custom = mask.op.kind { throw NotLowerable(reason: "a mask written by hand") }
    return (mask.index, mask.op.kind)
  }

  private func cachedAttention(
    _ z: ValueID,
    _ out: RecognizedModel.Projection
  ) throws(NotLowerable) -> RecognizedModel.Attention {
    let attention = try need(CachedAttention.self, z)
    let keys = try need(AppendToCache.self, attention.inputs[1])
    let values = try need(AppendToCache.self, attention.inputs[2])
    let found = try inputs(attention.inputs[0], keys.inputs[1], values.inputs[1])
    return RecognizedModel.Attention(
      norm: found.norm,
      query: found.parts[0],
      key: found.parts[1],
      value: found.parts[2],
      rotary: found.rotary,
      cache: (keys.inputs[0], values.inputs[0]),
      steps: [keys.index, values.index, attention.index],
      scale: attention.op.scale,
      mask: .causal,
      z: z,
      out: out
    )
  }

  private typealias AttentionInputs = (
    norm: RecognizedModel.Norm, parts: [RecognizedModel.Projection],
    rotary: (steps: [Int], base: Double)?
  )

  /// What attention reads: three projections of one normalised vector, two of them perhaps turned.
  private func inputs(
    _ query: ValueID,
    _ key: ValueID,
    _ value: ValueID
  ) throws(NotLowerable) -> AttentionInputs {
    let turned = [try unturned(query), try unturned(key)]
    let rotations = turned.compactMap(\.rotary)
    guard rotations.isEmpty || rotations.count == 2 else {
      throw NotLowerable(reason: "of queries and keys only one is turned")
    }
    let (x, parts) = try together([turned[0].id, turned[1].id, value])
    return (try norm(x), parts, rotations.first.map { (rotations.map(\.index), $0.base) })
  }

  /// Projections of one vector that can be one product: all with a bias or none.
  private func together(
    _ ids: [ValueID]
  ) throws(NotLowerable) -> (x: ValueID, parts: [RecognizedModel.Projection]) {
    let found = try ids.map { (id) throws(NotLowerable) in try projection(id) }
    guard let first = found.first,
      found.allSatisfy({ $0.x == first.x && ($0.0.bias == nil) == (first.0.bias == nil) })
    else { throw NotLowerable(reason: "\(program[ids[0]].name) has no product with its like") }
    return (first.x, found.map(\.0))
  }

  private func unturned(
    _ id: ValueID
  ) throws(NotLowerable) -> (id: ValueID, rotary: (index: Int, base: Double)?) {
    if let rotary = find(RotaryEmbeddingFrom.self, id) {
      return (rotary.inputs[0], (rotary.index, rotary.op.base))
    }
    guard let rotary = find(RotaryEmbedding.self, id) else { return (id, nil) }
    return (rotary.inputs[0], (rotary.index, rotary.op.base))
  }

  private func mlp(
    _ post: ValueID,
    _ out: RecognizedModel.Projection
  ) throws(NotLowerable) -> RecognizedModel.MLP {
    let (activation, inputs): (Int, [ValueID])
    if let gelu = find(GELU.self, post) {
      (activation, inputs) = (gelu.index, gelu.inputs)
    } else {
      let gate = try need(SwiGLU.self, post)
      (activation, inputs) = (gate.index, gate.inputs)
    }
    let (x, inner) = try together(inputs)
    return RecognizedModel.MLP(
      norm: try norm(x),
      inner: inner,
      activation: activation,
      post: post,
      out: out
    )
  }

  func embedding(
    _ id: ValueID
  ) throws(NotLowerable) -> (steps: [Int], table: ValueID, positions: ValueID?, tokens: ValueID) {
    guard let add = find(Add.self, id) else {
      let embedding = try need(Embedding.self, id)
      return ([embedding.index], embedding.inputs[0], nil, embedding.inputs[1])
    }
    let embedding = try need(Embedding.self, add.inputs[0])
    let positions: (index: Int, table: ValueID)
    if let known = find(PositionEmbeddingFrom.self, add.inputs[1]) {
      positions = (known.index, known.inputs[0])
    } else {
      let all = try need(PositionEmbedding.self, add.inputs[1])
      positions = (all.index, all.inputs[0])
    }
    return (
      [embedding.index, positions.index, add.index], embedding.inputs[0], positions.table,
      embedding.inputs[1]
    )
  }

  /// Checks that nothing of the forward pass was left out.
  func finish(_ covered: Set<Int>) throws(NotLowerable) {
    for (index, step) in program.steps.enumerated()
    where step.phase <= .loss && !covered.contains(index)
      && !(step.op is AttentionMask || step.op is PrefixMask)
    {
      throw NotLowerable(reason: "\(program[step.output].name) has no fast form")
    }
  }
}
