// SPDX-License-Identifier: MIT

import PassoText

/// A program that has no fast form: it is executed step by step instead.
package struct NotLowerable: Error {
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

  /// The loss, from the last norm on.
  struct Head {
    let norm: Norm
    let projection: Projection
    let isTransposed: Bool
    let steps: [Int]
    let logits: ValueID
    let losses: ValueID
    let loss: ValueID
  }

  /// The end of a program of generation: the logits that follow the last token.
  struct Decoder {
    let norm: Norm
    let projection: Projection
    let isTransposed: Bool
    let steps: [Int]
    /// The stream of all tokens, of which the norm may only see the last.
    let stream: ValueID
  }

  private(set) var embedding: (steps: [Int], table: ValueID, positions: ValueID?, output: ValueID)
  private(set) var blocks: [Block]
  let tokens: ValueID

  /// What follows the last block, in training and in generation.
  let ending: Ending

  enum Ending {
    case loss(Head)
    case logits(Decoder)
  }

  /// Finds the parts.
  ///
  /// - Throws: `NotLowerable` if a step of the forward pass or of the loss is none of them.
  init(_ program: Program) throws(NotLowerable) {
    let finder = PartFinder(program)
    var blocks: [Block] = []
    var stream: ValueID
    if program.steps.contains(where: { $0.op is MeanLoss }) {
      let head = try finder.head()
      (ending, stream) = (.loss(head), head.norm.x)
    } else {
      let decoder = try finder.decoder()
      (ending, stream) = (.logits(decoder), decoder.stream)
    }
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

  /// The end of a training program.
  var head: Head {
    guard case .loss(let head) = ending else { preconditionFailure("generation has no loss") }
    return head
  }

  /// The end of a program of generation, if it is one.
  var decoder: Decoder? {
    if case .logits(let decoder) = ending { decoder } else { nil }
  }

  /// The last norm and the projection to the vocabulary.
  var last: (norm: Norm, projection: Projection, isTransposed: Bool) {
    switch ending {
    case .loss(let head): (head.norm, head.projection, head.isTransposed)
    case .logits(let decoder): (decoder.norm, decoder.projection, decoder.isTransposed)
    }
  }

  /// All steps that were recognised.
  var covered: Set<Int> {
    var steps = Set(embedding.steps)
    switch ending {
    case .loss(let head): steps.formUnion(head.steps + [head.norm.step])
    case .logits(let decoder): steps.formUnion(decoder.steps + [decoder.norm.step])
    }
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
