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
    add(
      program[part.z].name,
      .cachedAttention,
      covers: part.steps,
      CachedAttentionRows(
        rows: rows,
        heads: sizes.heads,
        keyHeads: sizes.keyHeads,
        width: headWidth(part),
        capacity: capacity ?? rows,
        scale: part.scale,
        inner: kept.inner,
        keys: keys,
        values: values,
        known: known,
        out: kept.post
      )
    )
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
    let normed = writeNorm(head.norm, rows: 1).out
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
