// SPDX-License-Identifier: MIT

import CKernels

/// Queries, keys and values as one product, and attention without a matrix of positions by
/// positions in memory; with dropout of its weights, if there is one.
struct AttentionFusion: Fusion {
  private let heads: AttentionHeads

  /// From the dot products to the weighted values.
  private let inside: [Int]
  private let mask: (kind: MaskKind, step: Int)
  private let scale: Double
  private let dropout: StepGraph.Found<Dropout>?
  let output: ValueID

  /// Written forward, read backward.
  private var attention: Attention?

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    guard let weighted = graph.find(WeightedValues.self, at: index),
      case let dropout = graph.find(Dropout.self, making: weighted.inputs[0]),
      let softmax = graph.find(Softmax.self, making: dropout?.inputs[0] ?? weighted.inputs[0]),
      let masked = graph.find(ApplyMask.self, making: softmax.inputs[0]),
      let scaled = graph.find(Scale.self, making: masked.inputs[0]),
      let dots = graph.find(AttentionDots.self, making: scaled.inputs[0]),
      let mask = mask(masked.inputs[1], graph),
      let heads = AttentionHeads(dots.inputs[0], dots.inputs[1], weighted.inputs[1], graph)
    else { return nil }
    return AttentionFusion(
      heads: heads,
      inside: [dots.index, scaled.index, masked.index, softmax.index]
        + [dropout?.index].compactMap(\.self) + [index],
      mask: mask,
      scale: scaled.op.factor,
      dropout: dropout,
      output: weighted.output
    )
  }

  /// A mask that the kernel knows: one in which every query sees itself.
  private static func mask(_ id: ValueID, _ graph: StepGraph) -> (MaskKind, Int)? {
    if let prefix = graph.find(PrefixMask.self, making: id) { return (.prefix, prefix.index) }
    guard let mask = graph.find(AttentionMask.self, making: id) else { return nil }
    switch mask.op.kind {
    case .custom, .strict: return nil
    case .causal, .none, .window, .prefix: return (mask.op.kind, mask.index)
    }
  }

  var steps: [Int] { heads.steps + inside }

  var projections: Projections? { heads.projections }

  mutating func writeForward(_ lowering: inout Lowering) {
    let inner = heads.writeForward(&lowering)
    let (program, sizes) = (lowering.program, lowering.program[output].shape.sizes)
    let logSums = lowering.matrix("\(program[output].name).log_sums", 1, inner.rows * heads.count)
    let attention = Attention(
      batch: sizes[0],
      length: sizes[1],
      heads: heads.count,
      keyHeads: heads.keyCount,
      width: heads.width,
      mask: mask.kind,
      prefix: program.steps[mask.step].inputs.first.map { lowering.view($0) },
      scale: scale,
      dropout: dropout.map { DroppedWeights(op: $0.op, seed: lowering.view($0.inputs[1])) },
      inner: inner,
      out: lowering.output(output, columns: heads.count * heads.width),
      logSums: logSums
    )
    lowering.fast.scratch =
      max(lowering.fast.scratch, ck_attention_scratch(Int32(sizes[1]), Int32(heads.width)))
    // All blocks share one mask: the first that reads it says so.
    lowering.add(output, covers: inside + [mask.step], attention)
    self.attention = attention
  }

  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID) {
    guard let attention else { return }
    let sources = heads.sources
    let name = "\(lowering.program[lowering.gradient(sources[0])].name)+k+v"
    let inner = lowering.matrix(name, attention.inner.rows, heads.columns)
    lowering.add(
      lowering.gradient(sources[2]),
      covers: lowering.graph.gradientSteps(of: inside),
      AttentionGradient(
        attention: attention,
        gradient: lowering.view(gradient, columns: attention.out.columns),
        out: inner
      )
    )
    heads.writeBackward(&lowering, from: inner)
  }
}
