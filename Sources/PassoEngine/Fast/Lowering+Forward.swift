// SPDX-License-Identifier: MIT

import CKernels

extension Lowering {
  mutating func writeForward() {
    phase = .forward
    writeEmbedding()
    for block in model.blocks { write(block) }
  }

  private mutating func writeEmbedding() {
    let stream = matrix(program[model.embedding.output].name, rows, width)
    place(model.embedding.output, at: stream)
    let positions = model.embedding.positions.map(parameter)
    add(
      program[model.embedding.output].name,
      positions == nil ? .embedding : .embeddingAndPositions,
      covers: model.embedding.steps,
      EmbeddingRows(
        size: embeddingSize,
        tokens: fast.tokens,
        table: parameter(model.embedding.table),
        positions: positions,
        known: fast.known,
        out: stream
      )
    )
  }

  var embeddingSize: EmbeddingSize {
    EmbeddingSize(
      batch: batch,
      length: length,
      width: width,
      vocabulary: program[model.embedding.table].shape.sizes[0]
    )
  }

  func parameter(_ id: ValueID) -> FastView {
    guard let view = parameters[id] else { preconditionFailure("\(program[id].name) has no place") }
    return view
  }

  func view(_ id: ValueID) -> FastView {
    guard let view = views[id] else { preconditionFailure("\(program[id].name) has no place") }
    return view
  }

  /// Several weights side by side as one matrix, the first of them at its left.
  func packed(_ parts: [ValueID]) -> FastView {
    let first = parameter(parts[0])
    return FastView(
      buffer: first.buffer,
      offset: first.offset,
      rows: first.rows,
      columns: parts.map { parameter($0).columns }.reduce(0, +),
      stride: first.stride
    )
  }

  func packedBias(_ parts: [RecognizedModel.Projection]) -> FastView? {
    let biases = parts.compactMap(\.bias)
    return biases.count == parts.count ? packed(biases) : nil
  }

  mutating func writeNorm(
    _ norm: RecognizedModel.Norm,
    rows: Int? = nil
  ) -> Norm {
    let rows = rows ?? self.rows
    let name = program[norm.output].name
    let out = matrix(name, rows, width)
    place(norm.output, at: out)
    let operation = Norm(
      rows: rows,
      width: width,
      epsilon: norm.epsilon,
      x: view(norm.x),
      gain: parameter(norm.gain),
      bias: norm.bias.map(parameter),
      moments: buffer("\(name).moments", 2 * rows),
      out: out
    )
    add(name, .norm(isLayer: norm.bias != nil), covers: [norm.step], operation)
    return operation
  }

  private mutating func write(_ block: RecognizedModel.Block) {
    let norm = writeNorm(block.norm)
    var kept = KeptBlock(norm: norm, inner: norm.out, post: norm.out)
    switch block.branch {
    case .attention(let part): write(part, &kept)
    case .mlp(let part): write(part, &kept)
    }
    let after = matrix(program[block.after].name, rows, width)
    place(block.after, at: after)
    product(
      program[block.after].name,
      .residualProduct(hasBias: block.out.bias != nil),
      covers: [block.out.step, block.add],
      Factor(view: kept.post),
      Factor(view: parameter(block.out.weight)),
      into: after,
      Finish(bias: block.out.bias.map(parameter), residual: view(block.before))
    )
    self.kept.append(kept)
  }

  private mutating func write(_ part: RecognizedModel.MLP, _ kept: inout KeptBlock) {
    let weights = part.inner.map(\.weight)
    let isGated = part.inner.count > 1
    let name = program[part.inner[0].output].name
    // GELU leaves its slope where its input was: that input is not there to be read.
    let inner = matrix(isGated ? name : "\(name).slope", rows, packed(weights).columns)
    let post = matrix(program[part.post].name, rows, parameter(weights[0]).columns)
    (kept.inner, kept.post) = (inner, post)
    place(part.post, at: post)
    if isGated { placeParts(part.inner, in: inner) }
    product(
      isGated ? name : program[part.post].name,
      isGated ? .gateProduct : .geluProduct,
      covers: part.inner.map(\.step) + (isGated ? [] : [part.activation]),
      Factor(view: kept.norm.out),
      Factor(view: packed(weights)),
      into: inner,
      Finish(bias: packedBias(part.inner), gelu: isGated ? nil : post)
    )
    guard isGated else { return }
    let gate = Gate(rows: rows, width: post.columns, inner: inner, post: post)
    kept.gate = gate
    add(program[part.post].name, .gate, covers: [part.activation], gate)
  }

  private mutating func placeParts(_ parts: [RecognizedModel.Projection], in view: FastView) {
    var first = 0
    for part in parts {
      let count = parameter(part.weight).columns
      place(part.output, at: columns(first, count, of: view))
      first += count
    }
  }

  private mutating func write(_ part: RecognizedModel.Attention, _ kept: inout KeptBlock) {
    let parts = [part.query, part.key, part.value]
    let weights = packed(parts.map(\.weight))
    let inner = matrix("\(program[part.query.output].name)+k+v", rows, weights.columns)
    kept.inner = inner
    placeParts(parts, in: inner)
    product(
      program[part.query.output].name,
      .qkvProduct(hasBias: packedBias(parts) != nil),
      covers: parts.map(\.step),
      Factor(view: kept.norm.out),
      Factor(view: weights),
      into: inner,
      Finish(bias: packedBias(parts))
    )
    let post = matrix(program[part.z].name, rows, attentionSizes(part).heads * headWidth(part))
    place(part.z, at: post)
    kept.post = post
    if part.rotary != nil {
      let angles = angles(part)
      kept.angles = angles
      writeRotation(part, of: inner, angles: angles, back: false)
      replaceTurned(part)
    }
    if let cache = part.cache { return write(part, cache, kept) }
    let logSums = buffer("\(program[part.z].name).log_sums", batch * length * headCount(part))
    let attention = attention(part, kept, logSums)
    kept.attention = attention
    add(program[part.z].name, .attention(part.mask), covers: part.steps, attention)
  }
}

// MARK: - Attention

extension Lowering {
  /// Queries and keys are turned where they are: from then on their places hold the turned ones.
  private mutating func replaceTurned(_ part: RecognizedModel.Attention) {
    for (projection, step) in zip([part.query, part.key], part.rotary?.steps ?? []) {
      place(program.steps[step].output, at: view(projection.output))
      for name in program[projection.output].names { fast.views[name] = nil }
    }
  }

  /// Query heads and key heads.
  func attentionSizes(_ part: RecognizedModel.Attention) -> (heads: Int, keyHeads: Int) {
    (headCount(part), parameter(part.key.weight).columns / headWidth(part))
  }

  func headWidth(_ part: RecognizedModel.Attention) -> Int {
    program[part.query.output].shape.lastSize
  }

  func headCount(_ part: RecognizedModel.Attention) -> Int {
    parameter(part.query.weight).columns / headWidth(part)
  }

  private mutating func attention(
    _ part: RecognizedModel.Attention,
    _ kept: KeptBlock,
    _ logSums: BufferID
  ) -> Attention {
    let sizes = attentionSizes(part)
    let window: Int =
      switch part.mask {
      case .causal: length
      case .none: 0
      case .window(let size): size
      // Itself and those before; the kernel adds the prefix.
      case .prefix: length
      case .custom: preconditionFailure("a mask that no kernel has was found to be lowerable")
      }
    fast.scratch = max(fast.scratch, ck_attention_scratch(Int32(length), Int32(headWidth(part))))
    return Attention(
      batch: batch,
      length: length,
      heads: sizes.heads,
      keyHeads: sizes.keyHeads,
      width: headWidth(part),
      window: window,
      prefix: part.mask == .prefix ? fast.prefix : nil,
      scale: part.scale,
      inner: kept.inner,
      out: kept.post,
      logSums: logSums
    )
  }

  /// The angles of all positions; one table for all blocks with the same base.
  private mutating func angles(_ part: RecognizedModel.Attention) -> BufferID {
    let (base, width) = (part.rotary?.base ?? 1, headWidth(part))
    let name = "angles \(base) \(width)"
    if let index = fast.buffers.firstIndex(where: { $0.name == name }) {
      return BufferID(index: index)
    }
    let positions = capacity ?? length
    let table = buffer(name, positions * width, .kept)
    fast.constants.append((table, RotaryAngles.table(positions, width: width, base: base)))
    return table
  }

  mutating func writeRotation(
    _ part: RecognizedModel.Attention,
    of inner: FastView,
    angles: BufferID,
    back: Bool
  ) {
    let sizes = attentionSizes(part)
    // Queries and keys lie side by side: their heads are turned alike.
    let heads = sizes.heads + sizes.keyHeads
    let name = program[part.query.output].name
    add(
      back ? Derivation.gradient.name(of: name) : name,
      back ? .rotationBack : .rotation,
      covers: back ? [] : part.rotary?.steps ?? [],
      gradientsOf: back ? [part.query.output, part.key.output] : [],
      Rotation(
        rows: rows,
        length: length,
        heads: heads,
        width: headWidth(part),
        known: fast.known,
        x: inner,
        angles: angles,
        isInverse: back
      )
    )
  }
}

/// Cosines and sines of the angles of rotary positions.
enum RotaryAngles {
  /// A row for each position: the cosines of all pairs, then their sines.
  ///
  /// Computed in double: at position 1000 a float angle has lost three digits.
  static func table(_ length: Int, width: Int, base: Double) -> [Float] {
    var table: [Float] = []
    table.reserveCapacity(length * width)
    let speeds = (0..<width / 2).map { pair in
      Double.exponential(-2 * Double(pair) / Double(width) * Double.logarithm(base))
    }
    for position in 0..<length {
      table += speeds.map { Float(Double.cosine(Double(position) * $0)) }
      table += speeds.map { Float(Double.sine(Double(position) * $0)) }
    }
    return table
  }
}
