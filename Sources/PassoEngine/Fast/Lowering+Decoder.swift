// SPDX-License-Identifier: MIT

import CKernels

// MARK: - Generation

extension Lowering {
  /// The caches and the place of the position, after the parameters: so they lie alike for any
  /// number of new tokens.
  mutating func prepareDecoder() throws(NotLowerable) {
    guard batch == 1 else { throw NotLowerable(reason: "generation of several rows") }
    fast.known = buffer("known", 16, .kept)
    for block in model.blocks {
      guard case .attention(let part) = block.branch, let cache = part.cache else { continue }
      for id in [cache.key, cache.value] {
        let shape = program[id].shape
        capacity = shape.sizes[1]
        caches[id] = buffer(program[id].name, shape.count, .kept)
      }
    }
    capacity = capacity ?? length
    fast.scratch = ck_product_scratch() + (capacity ?? 0) + 64
  }

  /// The step of attention that reads and extends the caches.
  mutating func write(
    _ part: RecognizedModel.Attention,
    _ cache: (key: ValueID, value: ValueID),
    _ kept: KeptBlock
  ) {
    guard let keys = caches[cache.key], let values = caches[cache.value], let known = fast.known
    else { preconditionFailure("attention without its caches") }
    let sizes = attentionSizes(part)
    let (inner, post, width) = (kept.inner, kept.post, headWidth(part))
    let (rows, capacity, scale) = (rows, capacity ?? rows, part.scale)
    add(
      program[part.z].name,
      .cachedAttention,
      covers: part.steps,
      reads: [inner.buffer, keys, values, known],
      writes: [post.buffer, keys, values]
    ) { binder in
      let q = UnsafePointer(binder[inner])
      let arguments = ck_cached_attention(
        q: q,
        k: q + sizes.heads * width,
        v: q + (sizes.heads + sizes.keyHeads) * width,
        row: inner.stride,
        cache_k: binder[keys],
        cache_v: binder[values],
        rows: Int32(rows),
        heads: Int32(sizes.heads),
        key_heads: Int32(sizes.keyHeads),
        width: Int32(width),
        capacity: Int32(capacity),
        known: UnsafePointer(binder.integers(known)),
        scale: Float(scale),
        out: binder[post],
        out_row: post.stride
      )
      let cost = passCost(rows * sizes.heads * width * capacity / 2)
      binder.call(\.cached_attention, arguments, parts: sizes.keyHeads, cost: cost)
    }
  }

  /// The logits that follow the last token.
  mutating func writeLogits() {
    let head = model.head
    let stream = view(head.stream)
    place(
      head.norm.x,
      at: FastView(
        buffer: stream.buffer,
        offset: stream.offset + (rows - 1) * stream.stride,
        rows: 1,
        columns: width,
        stride: stream.stride
      )
    )
    let (normed, _) = writeNorm(head.norm, rows: 1)
    let weight = Factor(view: parameter(head.projection.weight), isTransposed: head.isTransposed)
    let name = program[head.projection.output].name
    let logits = FastView(
      buffer: buffer(name, weight.columns, .given),
      rows: 1,
      columns: weight.columns,
      stride: weight.columns
    )
    product(name, covers: head.steps, Factor(view: normed), weight, into: logits)
    fast.logits = logits
  }
}
