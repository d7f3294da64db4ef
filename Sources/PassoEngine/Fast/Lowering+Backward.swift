// SPDX-License-Identifier: MIT

import CKernels

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
      of: start.normed,
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
    var stream = normGradient(head.norm, start.moments, of: normed, skip: nil)
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
    weightGradients(parts, of: kept.normed, from: inner)
    let normed = matrix(gradientName(block.norm.output), rows, width)
    product(
      gradientName(block.norm.output),
      gradientsOf: [block.norm.output],
      Factor(view: inner),
      Factor(view: packed(parts.map(\.weight)), isTransposed: true),
      into: normed
    )
    return normGradient(block.norm, kept.moments, of: normed, skip: after)
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
    let target = gradient(packed(biases))
    add(
      gradientName(biases[0]),
      .columnSums,
      gradientsOf: biases,
      reads: [d.buffer],
      writes: [gradientBuffer]
    ) { binder in
      let arguments = ck_column_sums(
        rows: Int32(d.rows),
        width: Int32(d.columns),
        accumulate: binder.accumulate,
        x: binder[d],
        row: d.stride,
        out: binder[target]
      )
      let parts = (d.columns + 63) / 64
      binder.call(\.column_sums, arguments, parts: parts, cost: passCost(d.rows * d.columns))
    }
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
    guard part.inner.count > 1 else {
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
    let call = GateCall(rows: rows, width: post.columns, inner: kept.inner, post: kept.post)
    add(
      name,
      .gateGradient,
      gradientsOf: outputs,
      reads: [kept.inner.buffer, post.buffer],
      writes: [inner.buffer]
    ) { binder in
      var arguments = call.arguments(binder)
      arguments.d_post = UnsafePointer(binder[post])
      arguments.d_gate = binder[inner]
      arguments.d_up = binder[inner] + call.width
      binder.call(\.swiglu_gradient, arguments, parts: Int(arguments.parts), cost: 2 * call.cost)
    }
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
    guard let logSums = kept.logSums else { preconditionFailure("attention without its sums") }
    let call = attentionCall(part, kept, logSums)
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
      reads: [kept.inner.buffer, kept.post.buffer, logSums, z.buffer],
      writes: [inner.buffer],
      flops: 10 * call.pairs
    ) { binder in
      var arguments = call.arguments(binder)
      arguments.d_out = UnsafePointer(binder[z])
      let start = binder[inner]
      arguments.dq = start
      arguments.dk = start + call.heads * call.width
      arguments.dv = start + (call.heads + call.keyHeads) * call.width
      binder.call(
        \.attention_gradient,
        arguments,
        parts: call.parts,
        cost: 10 * call.pairs / 4e10
      )
    }
    if let angles = kept.angles { writeRotation(part, of: inner, angles: angles, back: true) }
    return inner
  }

  private mutating func normGradient(
    _ norm: RecognizedModel.Norm,
    _ moments: BufferID,
    of d: FastView,
    skip: FastView?
  ) -> FastView {
    let name = gradientName(norm.x)
    let out = matrix(name, rows, width)
    let call = NormCall(
      rows: rows,
      width: width,
      epsilon: norm.epsilon,
      x: view(norm.x),
      gain: parameter(norm.gain),
      bias: norm.bias.map(parameter),
      moments: moments
    )
    // In one part, and if nothing is added up, the sums are the gradients.
    let isWhole = rowParts(rows, width: width) == 1 && !fast.accumulates
    let count = rowParts(rows, width: width) * 2 * width
    let partial =
      isWhole
      ? gradient(parameter(norm.gain))
      : FastView(buffer: buffer("\(name).sums", count), rows: 1, columns: count, stride: count)
    let learned = [norm.gain] + [norm.bias].compactMap { $0 }
    add(
      name,
      .normGradient(isLayer: norm.bias != nil, hasResidual: skip != nil),
      gradientsOf: [norm.x] + (isWhole ? learned : []),
      reads: [view(norm.x).buffer, parameterBuffer, moments, d.buffer]
        + [skip?.buffer].compactMap { $0 },
      writes: [out.buffer, partial.buffer]
    ) { binder in
      var arguments = call.arguments(binder)
      arguments.d_out = UnsafePointer(binder[d])
      arguments.d_skip = skip.map { UnsafePointer(binder[$0]) }
      arguments.dx = binder[out]
      arguments.partial = binder[partial]
      binder.call(\.norm_gradient, arguments, parts: Int(arguments.parts), cost: 2 * call.cost)
    }
    if !isWhole { sumParts(learned, partial.buffer) }
    return out
  }

  private mutating func sumParts(_ ids: [ValueID], _ partial: BufferID) {
    let targets = ids.map { gradient(parameter($0)) }
    let (parts, width) = (rowParts(rows, width: width), width)
    add(
      gradientName(ids[0]),
      .sumOfParts,
      gradientsOf: ids,
      reads: [partial],
      writes: [gradientBuffer]
    ) { binder in
      for (index, target) in targets.enumerated() {
        let arguments = ck_sum_parts(
          parts: Int32(parts),
          width: Int32(width),
          accumulate: binder.accumulate,
          stride: 2 * width,
          partial: binder[partial] + index * width,
          out: binder[target]
        )
        binder.call(\.sum_parts, arguments, parts: 1, cost: 0)
      }
    }
  }

  private mutating func embeddingGradients(_ stream: FastView) {
    let (batch, length, width, tokens) = (batch, length, width, fast.tokens)
    let table = model.embedding.table
    let isShared = table == model.head.projection.weight
    let vocabulary = program[table].shape.sizes[0]
    let inner = model.embedding.steps.map { program.steps[$0].output }
      .filter { $0 != model.embedding.output }
    @Sendable func arguments(_ binder: FastBinder) -> ck_embedding {
      var arguments = ck_embedding()
      arguments.batch = Int32(batch)
      arguments.length = Int32(length)
      arguments.width = Int32(width)
      arguments.vocabulary = Int32(vocabulary)
      arguments.tokens = UnsafePointer(binder.integers(tokens))
      arguments.d_out = UnsafePointer(binder[stream])
      return arguments
    }
    let tokenVectors = gradient(parameter(table))
    add(
      gradientName(table),
      .addRows,
      gradientsOf: [table] + inner,
      reads: [stream.buffer, tokens] + (isShared ? [gradientBuffer] : []),
      writes: [gradientBuffer]
    ) { binder in
      let parts = max(1, min(8, width / 16))
      var call = arguments(binder)
      call.parts = Int32(parts)
      call.accumulate = isShared ? 1 : binder.accumulate
      call.d_table = binder[tokenVectors]
      binder.call(
        \.embedding_gradient,
        call,
        parts: parts,
        cost: passCost(2 * batch * length * width)
      )
    }
    guard let positions = model.embedding.positions else { return }
    let places = gradient(parameter(positions))
    add(
      gradientName(positions),
      .sumOverRows,
      gradientsOf: [positions],
      reads: [stream.buffer],
      writes: [gradientBuffer]
    ) { binder in
      let parts = rowParts(length, width: width * batch)
      var call = arguments(binder)
      call.parts = Int32(parts)
      call.accumulate = binder.accumulate
      call.d_positions = binder[places]
      binder.call(\.position_gradient, call, parts: parts, cost: passCost(batch * length * width))
    }
  }
}
