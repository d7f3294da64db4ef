// SPDX-License-Identifier: MIT

import PassoText

/// A program that has no fast form: it is executed step by step instead.
package struct NotLowerable: Error, Hashable {
  /// What was met, in words for developers.
  package let reason: String
}

/// The parts of a transformer, found again in the steps of its program.
///
/// Found by what steps compute and how they hang together, never by their names.
struct RecognizedModel {
  /// A norm in front of a block, or the last one.
  struct Norm {
    let step: Int
    let x: ValueID
    let gain: ValueID
    let bias: ValueID?
    let epsilon: Double
    let output: ValueID
  }

  /// A matrix product with a weight.
  struct Projection {
    let step: Int
    let weight: ValueID
    let bias: ValueID?
    let output: ValueID
  }

  /// Queries, keys, values, what is done with them, and the way back to the stream.
  struct Attention {
    let norm: Norm
    let query, key, value: Projection
    /// The turned queries and keys, and the base of their angles.
    let rotary: (steps: [Int], base: Double)?
    /// In generation: the caches of keys and values.
    var cache: (key: ValueID, value: ValueID)?
    /// From the dot products to the weighted values.
    let steps: [Int]
    let scale: Double
    let mask: MaskKind
    let z: ValueID
    let out: Projection
  }

  /// A matrix, a curve or a gate, a matrix.
  struct MLP {
    let norm: Norm
    /// One matrix, or gate and upward projection.
    let inner: [Projection]
    let activation: Int
    let post: ValueID
    let out: Projection
  }

  /// What adds to the residual stream.
  enum Branch {
    case attention(Attention)
    case mlp(MLP)
  }

  /// One addition to the residual stream.
  struct Block {
    let branch: Branch
    let before: ValueID
    let after: ValueID
    let add: Int
  }

  /// What follows the last block: a norm, the logits, and in training the loss.
  struct Head {
    let norm: Norm
    let projection: Projection
    let isTransposed: Bool
    /// What makes logits of the normalised stream.
    let steps: [Int]
    /// The stream of all tokens, of which in generation the norm may only see the last.
    let stream: ValueID
    /// Nothing in generation.
    let loss: Loss?
  }

  /// The loss of each position, and their mean.
  struct Loss {
    let each: ValueID
    let mean: ValueID
    /// From the logits to the loss of each position, with what is there for people only.
    let steps: [Int]
    let meanStep: Int
  }

  private(set) var embedding: (steps: [Int], table: ValueID, positions: ValueID?, output: ValueID)
  private(set) var blocks: [Block]
  let tokens: ValueID
  let head: Head

  /// Finds the parts.
  ///
  /// - Throws: `NotLowerable` if a step of the forward pass or of the loss is none of them.
  init(_ program: Program) throws(NotLowerable) {
    let finder = PartFinder(program)
    var blocks: [Block] = []
    head = try finder.head()
    var stream = head.stream
    while let block = try finder.block(endingAt: stream) {
      blocks.insert(block, at: 0)
      stream = block.before
    }
    let start = try finder.embedding(stream)
    self.blocks = blocks
    embedding = (start.steps, start.table, start.positions, stream)
    tokens = start.tokens
    try finder.finish(covered)
  }

  /// All steps that were recognised.
  var covered: Set<Int> {
    var steps = Set(embedding.steps)
    steps.formUnion(head.steps + [head.norm.step])
    if let loss = head.loss { steps.formUnion(loss.steps + [loss.meanStep]) }
    for block in blocks {
      steps.insert(block.add)
      switch block.branch {
      case .attention(let part):
        steps.formUnion(part.steps + (part.rotary?.steps ?? []))
        steps.formUnion([part.norm.step, part.query.step, part.key.step, part.value.step])
        steps.insert(part.out.step)
      case .mlp(let part):
        steps.formUnion(part.inner.map(\.step))
        steps.formUnion([part.norm.step, part.activation, part.out.step])
      }
    }
    return steps
  }
}

extension RecognizedModel.Block {
  /// The norm that the branch begins with.
  var norm: RecognizedModel.Norm {
    switch branch {
    case .attention(let part): part.norm
    case .mlp(let part): part.norm
    }
  }

  /// The product that the branch ends with.
  var out: RecognizedModel.Projection {
    switch branch {
    case .attention(let part): part.out
    case .mlp(let part): part.out
    }
  }
}
