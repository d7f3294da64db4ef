// SPDX-License-Identifier: MIT

/// What attention reads: queries, keys and values of the same vectors, the first two perhaps
/// rotated by the angles of their positions.
struct AttentionHeads {
  let projections: Projections

  /// The steps that rotate queries and keys, and the base of their angles.
  let rotary: (steps: [Int], base: Double)?

  /// Heads of queries, and of keys and values.
  let count: Int
  let keyCount: Int
  let width: Int

  init?(_ query: ValueID, _ key: ValueID, _ value: ValueID, _ graph: StepGraph) {
    let rotated = [query, key].map { Self.rotation(making: $0, graph) }
    let found = rotated.compactMap { $0 }
    guard found.isEmpty || found.count == 2 && found[0].base == found[1].base else { return nil }
    let sources = found.isEmpty ? [query, key] : found.map(\.source)
    guard let projections = Projections(making: sources + [value], in: graph) else { return nil }
    self.projections = projections
    rotary = found.first.map { (found.map(\.step), $0.base) }
    let (queries, keys) = (graph.program[query].shape.sizes, graph.program[key].shape.sizes)
    (count, keyCount, width) = (queries[2], keys[2], queries[3])
  }

  private static func rotation(
    making id: ValueID,
    _ graph: StepGraph
  ) -> (step: Int, source: ValueID, base: Double)? {
    if let all = graph.find(RotaryEmbedding.self, making: id) {
      return (all.index, all.inputs[0], all.op.base)
    }
    return graph.find(RotaryEmbeddingFrom.self, making: id).map {
      ($0.index, $0.inputs[0], $0.op.base)
    }
  }

  var steps: [Int] { projections.steps + (rotary?.steps ?? []) }

  var columns: Int { (count + 2 * keyCount) * width }

  /// Writes queries, keys and values, side by side.
  func writeForward(_ lowering: inout Lowering) -> FastView {
    let program = lowering.program
    let query = projections.outputs[0]
    let rows = program[query].shape.count / (count * width)
    let inner = lowering.matrix("\(program[query].name)+k+v", rows, columns)
    lowering.writeForward(projections, query, contents: " (q, k, v)", into: inner)
    // Queries and keys are rotated where they are: their places hold the rotated ones.
    let rotated = rotary.map { $0.steps.map { program.steps[$0].output } }
    let values = rotated.map { $0 + projections.outputs.suffix(1) } ?? projections.outputs
    lowering.place(values, sideBySideIn: inner)
    writeRotation(&lowering, of: inner, isInverse: false)
    return inner
  }

  /// Takes their gradients, side by side as they are, back to weights and vectors.
  func writeBackward(_ lowering: inout Lowering, from inner: FastView) {
    writeRotation(&lowering, of: inner, isInverse: true)
    lowering.writeBackward(projections, from: inner)
  }

  private func writeRotation(_ lowering: inout Lowering, of inner: FastView, isInverse: Bool) {
    guard let rotary else { return }
    let query = projections.outputs[0]
    let length = lowering.program[query].shape.sizes[1]
    lowering.add(
      isInverse ? lowering.gradient(query) : query,
      covers: isInverse ? lowering.graph.gradientSteps(of: rotary.steps) : rotary.steps,
      Rotation(
        length: length,
        // Queries and keys lie side by side: their heads are rotated alike.
        heads: count + keyCount,
        width: width,
        known: lowering.known,
        x: inner,
        angles: lowering.angles(lowering.capacity ?? length, width: width, base: rotary.base),
        isInverse: isInverse
      )
    )
  }
}

extension Lowering {
  /// The angles of so many positions; one table for all blocks with the same base.
  fileprivate mutating func angles(_ positions: Int, width: Int, base: Double) -> FastView {
    let name = "angles \(base) \(width)"
    if let index = fast.buffers.firstIndex(where: { $0.name == name }) {
      return FastView(BufferID(index: index), positions, width)
    }
    let table = matrix(name, positions, width, .kept)
    fast.constants.append((table.buffer, rotaryAngles(positions, width: width, base: base)))
    return table
  }
}

/// Cosines and sines of the angles of rotary positions, a row for each position: the cosines of all
/// pairs, then their sines.
///
/// Computed in double: at position 1000 a float angle has lost three digits.
private func rotaryAngles(_ length: Int, width: Int, base: Double) -> [Float] {
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
