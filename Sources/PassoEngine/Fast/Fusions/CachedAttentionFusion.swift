// SPDX-License-Identifier: MIT

/// Generation: queries, keys and values as one product, and attention that extends the caches of
/// keys and values and reads them.
struct CachedAttentionFusion: Fusion {
  private let heads: AttentionHeads
  private let attention: StepGraph.Found<CachedAttention>
  private let appends: [StepGraph.Found<AppendToCache>]

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    guard let attention = graph.find(CachedAttention.self, at: index),
      graph.program[attention.output].shape.sizes[0] == 1
    else { return nil }
    let appends = attention.inputs[1...2].compactMap { graph.find(AppendToCache.self, making: $0) }
    guard appends.count == 2, appends.allSatisfy({ graph.program[$0.inputs[0]].producer == nil }),
      let heads = AttentionHeads(
        attention.inputs[0],
        appends[0].inputs[1],
        appends[1].inputs[1],
        graph
      )
    else { return nil }
    return CachedAttentionFusion(heads: heads, attention: attention, appends: appends)
  }

  var steps: [Int] { heads.steps + appends.map(\.index) + [attention.index] }

  var output: ValueID { attention.output }

  var projections: Projections? { heads.projections }

  func writeForward(_ lowering: inout Lowering) {
    guard let known = lowering.known, let capacity = lowering.capacity else { return }
    let inner = heads.writeForward(&lowering)
    let caches = appends.map { lowering.view($0.inputs[0]) }
    lowering.fast.scratch = max(lowering.fast.scratch, capacity + 64)
    lowering.add(
      output,
      CachedAttentionRows(
        heads: heads.count,
        keyHeads: heads.keyCount,
        width: heads.width,
        capacity: capacity,
        window: attention.op.window,
        scale: attention.op.scale,
        inner: inner,
        keys: caches[0],
        values: caches[1],
        known: known,
        out: lowering.output(output, columns: heads.count * heads.width)
      )
    )
  }
}
