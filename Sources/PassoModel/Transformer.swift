// SPDX-License-Identifier: MIT

import PassoEngine

/// A decoder-only transformer, written as steps of a program.
///
/// Reads like the block diagram: embeddings, blocks of attention and MLP around a residual stream,
/// a last norm, logits, loss. Names are those of the house plan.
package struct Transformer {
  package let configuration: ModelConfiguration
  package let batch: BatchShape
  package let mask: MaskKind

  /// Whether targets weigh differently: then a batch gives their weights.
  package let weighsTargets: Bool

  /// Heads whose output is replaced by zeros.
  package let ablatedHeads: Set<HeadAddress>

  /// The part of the numbers that is turned off; 0 where nothing is learned.
  package let dropout: Double

  package init(
    _ configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind,
    weighsTargets: Bool = false,
    ablatedHeads: Set<HeadAddress> = [],
    dropout: Double = 0
  ) {
    self.configuration = configuration
    self.batch = batch
    self.mask = mask
    self.weighsTargets = weighsTargets
    self.ablatedHeads = ablatedHeads
    self.dropout = dropout
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
    var writer = TransformerWriter(builder: builder, plan: self)
    let logits = try writer.writeDecoder(capacity: capacity)
    builder = writer.builder
    return logits
  }

  /// Writes the head alone: `probs` as it makes them of `stream`, vectors that are given.
  package func writeLens(into builder: inout ProgramBuilder) throws(ShapeProblem) {
    var writer = TransformerWriter(builder: builder, plan: self)
    try writer.writeLens()
    builder = writer.builder
  }

  /// Writes inputs, parameters, the forward pass and the loss.
  ///
  /// - Returns: The loss.
  package func write(into builder: inout ProgramBuilder) throws(ShapeProblem) -> ValueID {
    var writer = TransformerWriter(builder: builder, plan: self)
    let loss = try writer.write()
    builder = writer.builder
    return loss
  }
}
