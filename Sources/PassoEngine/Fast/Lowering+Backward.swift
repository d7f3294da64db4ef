// SPDX-License-Identifier: MIT

extension Lowering {
  mutating func writeBackward() {
    phase = .backward
    guard let start = backward else { return }
    let head = model.head
    let weight = parameter(head.projection.weight)
    let normed = matrix(gradientName(head.norm.output), rows, width)
    for index in head.steps where program.steps[index].op is Transpose {
      gradientOwners[program.steps[index].output] = fast.steps.count
    }
    weightGradient(
      head.projection,
      of: start.norm.out,
      from: start.logits,
      swapped: head.isTransposed
    )
    product(
      gradientName(head.norm.output),
      gradientsOf: [head.norm.output],
      Factor(view: start.logits),
      Factor(view: weight, isTransposed: !head.isTransposed),
      into: normed
    )
    var stream = normGradient(head.norm, start.norm, of: normed, skip: nil)
    for (block, kept) in zip(model.blocks, kept).reversed() {
      stream = backward(block, kept, stream)
    }
    embeddingGradients(stream)
  }

  /// The gradient of the stream before a block, from that after it.
  private mutating func backward(
    _ block: RecognizedModel.Block,
    _ kept: KeptBlock,
    _ after: FastView
  ) -> FastView {
    gradientOwners[block.out.output] = fast.steps.count
    weightGradient(block.out, of: kept.post, from: after)
    let (inner, parts): (FastView, [RecognizedModel.Projection])
    switch block.branch {
    case .attention(let part):
      inner = attentionGradient(part, block, kept, after)
      parts = [part.query, part.key, part.value]
    case .mlp(let part):
      inner = mlpGradient(part, kept, after)
      parts = part.inner
    }
    weightGradients(parts, of: kept.norm.out, from: inner)
    let normed = matrix(gradientName(block.norm.output), rows, width)
    product(
      gradientName(block.norm.output),
      gradientsOf: [block.norm.output],
      Factor(view: inner),
      Factor(view: packed(parts.map(\.weight)), isTransposed: true),
      into: normed
    )
    return normGradient(block.norm, kept.norm, of: normed, skip: after)
  }

  /// `W += x' * d`, and the sums of `d` for the bias.
  private mutating func weightGradient(
    _ part: RecognizedModel.Projection,
    of x: FastView,
    from d: FastView,
    swapped: Bool = false
  ) {
    let target = gradient(parameter(part.weight))
    let (left, right) = swapped ? (d, x) : (x, d)
    product(
      gradientName(part.weight),
      gradientsOf: [part.weight],
      Factor(view: left, isTransposed: true),
      Factor(view: right),
      into: target,
      Finish(addsRounds: fast.accumulates)
    )
    if let bias = part.bias { columnSums([bias], of: d) }
  }

  /// The same for several weights that lie side by side.
  private mutating func weightGradients(
    _ parts: [RecognizedModel.Projection],
    of x: FastView,
    from d: FastView
  ) {
    let weights = parts.map(\.weight)
    product(
      gradientName(weights[0]),
      gradientsOf: weights,
      Factor(view: x, isTransposed: true),
      Factor(view: d),
      into: gradient(packed(weights)),
      Finish(addsRounds: fast.accumulates)
    )
    let biases = parts.compactMap(\.bias)
    if !biases.isEmpty { columnSums(biases, of: d) }
  }

  private mutating func columnSums(_ biases: [ValueID], of d: FastView) {
    add(
      gradientName(biases[0]),
      .columnSums,
      gradientsOf: biases,
      ColumnSums(x: d, out: gradient(packed(biases)))
    )
  }

  private mutating func mlpGradient(
    _ part: RecognizedModel.MLP,
    _ kept: KeptBlock,
    _ after: FastView
  ) -> FastView {
    let outputs = part.inner.map(\.output)
    let name = gradientName(outputs[0])
    let inner = matrix(name, kept.inner.rows, kept.inner.columns)
    let weight = Factor(view: parameter(part.out.weight), isTransposed: true)
    guard let gate = kept.gate else {
      product(
        name,
        .geluSlopeProduct,
        gradientsOf: outputs + [part.post],
        Factor(view: after),
        weight,
        into: inner,
        Finish(factor: kept.inner)
      )
      return inner
    }
    let post = matrix(gradientName(part.post), rows, kept.post.columns)
    product(
      gradientName(part.post),
      gradientsOf: [part.post],
      Factor(view: after),
      weight,
      into: post
    )
    add(
      name,
      .gateGradient,
      gradientsOf: outputs,
      GateGradient(gate: gate, gradient: post, out: inner)
    )
    return inner
  }

  private mutating func attentionGradient(
    _ part: RecognizedModel.Attention,
    _ block: RecognizedModel.Block,
    _ kept: KeptBlock,
    _ after: FastView
  ) -> FastView {
    let name = gradientName(part.z)
    let z = matrix(name, rows, kept.post.columns)
    product(
      name,
      gradientsOf: [part.z],
      Factor(view: after),
      Factor(view: parameter(part.out.weight), isTransposed: true),
      into: z
    )
    let inner = matrix("\(gradientName(part.query.output))+k+v", rows, kept.inner.columns)
    guard let attention = kept.attention else { preconditionFailure("attention without its sums") }
    let inside =
      part.steps.map { program.steps[$0].output }
      + (part.rotary?.steps ?? []).map {
        program.steps[$0].output
      }
    add(
      gradientName(part.value.output),
      .attentionGradient(part.mask),
      gradientsOf: [part.value.output, part.query.output, part.key.output]
        + inside.filter { $0 != part.z },
      AttentionGradient(attention: attention, gradient: z, out: inner)
    )
    if let angles = kept.angles { writeRotation(part, of: inner, angles: angles, back: true) }
    return inner
  }

  private mutating func normGradient(
    _ norm: RecognizedModel.Norm,
    _ operation: Norm,
    of d: FastView,
    skip: FastView?
  ) -> FastView {
    let name = gradientName(norm.x)
    let out = matrix(name, rows, width)
    // In one part, and if nothing is added up, the sums are the gradients.
    let isWhole = operation.parts == 1 && !fast.accumulates
    let count = operation.parts * 2 * width
    let partial =
      isWhole
      ? gradient(parameter(norm.gain))
      : FastView(buffer: buffer("\(name).sums", count), rows: 1, columns: count, stride: count)
    let learned = [norm.gain] + [norm.bias].compactMap { $0 }
    add(
      name,
      .normGradient(isLayer: norm.bias != nil, hasResidual: skip != nil),
      gradientsOf: [norm.x] + (isWhole ? learned : []),
      NormGradient(norm: operation, gradient: d, skip: skip, out: out, partial: partial)
    )
    if !isWhole { sumParts(learned, partial.buffer) }
    return out
  }

  private mutating func sumParts(_ ids: [ValueID], _ partial: BufferID) {
    add(
      gradientName(ids[0]),
      .sumOfParts,
      gradientsOf: ids,
      SumOfParts(
        parts: rowParts(rows, width: width),
        width: width,
        partial: partial,
        targets: ids.map { gradient(parameter($0)) }
      )
    )
  }

  private mutating func embeddingGradients(_ stream: FastView) {
    let table = model.embedding.table
    let inner = model.embedding.steps.map { program.steps[$0].output }
      .filter { $0 != model.embedding.output }
    add(
      gradientName(table),
      .addRows,
      gradientsOf: [table] + inner,
      AddedRows(
        size: embeddingSize,
        tokens: fast.tokens,
        gradient: stream,
        table: gradient(parameter(table)),
        isShared: table == model.head.projection.weight
      )
    )
    guard let positions = model.embedding.positions else { return }
    add(
      gradientName(positions),
      .sumOverRows,
      gradientsOf: [positions],
      SumOverTexts(
        size: embeddingSize,
        gradient: stream,
        positions: gradient(parameter(positions))
      )
    )
  }
}
