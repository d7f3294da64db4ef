// SPDX-License-Identifier: MIT

/// What attention reads: queries, keys and values, the first two perhaps rotated by the angles of
/// their positions.
struct AttentionHeads {
  /// The products of the same vectors that make all three; nil where something else makes one of
  /// them, as a norm of the queries does: then they are put side by side.
  let projections: Projections?

  /// Queries, keys and values, before the first two are rotated.
  let sources: [ValueID]

  /// The steps that rotate queries and keys, and by which angles.
  let rotary: (steps: [Int], angles: RotaryAngles)?

  /// Heads of queries, and of keys and values.
  let count: Int
  let keyCount: Int
  let width: Int

  init?(_ query: ValueID, _ key: ValueID, _ value: ValueID, _ graph: StepGraph) {
    let rotated = [query, key].map { Self.rotation(making: $0, graph) }
    let found = rotated.compactMap { $0 }
    guard found.isEmpty || found.count == 2 && found[0].angles == found[1].angles else {
      return nil
    }
    sources = (found.isEmpty ? [query, key] : found.map(\.source)) + [value]
    projections = Projections(making: sources, in: graph)
    // What is put side by side has its whole gradient from here.
    guard projections != nil || sources.allSatisfy({ graph.contributions(to: $0).count < 2 }),
      Set(sources).count == 3
    else { return nil }
    rotary = found.first.map { (found.map(\.step), $0.angles) }
    let (queries, keys) = (graph.program[query].shape.sizes, graph.program[key].shape.sizes)
    (count, keyCount, width) = (queries[2], keys[2], queries[3])
  }

  private static func rotation(
    making id: ValueID,
    _ graph: StepGraph
  ) -> (step: Int, source: ValueID, angles: RotaryAngles)? {
    if let all = graph.find(RotaryEmbedding.self, making: id) {
      return (all.index, all.inputs[0], all.op.angles)
    }
    return graph.find(RotaryEmbeddingFrom.self, making: id).map {
      ($0.index, $0.inputs[0], $0.op.angles)
    }
  }

  var steps: [Int] { (projections?.steps ?? []) + (rotary?.steps ?? []) }

  var columns: Int { (count + 2 * keyCount) * width }

  /// Where queries, keys and values lie among the columns.
  private var places: [Range<Int>] {
    let ends = [count, count + keyCount, count + 2 * keyCount].map { $0 * width }
    return [0..<ends[0], ends[0]..<ends[1], ends[1]..<ends[2]]
  }

  /// Writes queries, keys and values, side by side.
  func writeForward(_ lowering: inout Lowering) -> FastView {
    let program = lowering.program
    let rows = program[sources[0]].shape.count / (count * width)
    let inner = lowering.matrix("\(program[sources[0]].name)+k+v", rows, columns)
    if let projections {
      lowering.writeForward(projections, sources[0], contents: " (q, k, v)", into: inner)
    } else {
      for (source, place) in zip(sources, places) {
        let from = lowering.view(source, columns: place.count)
        lowering.add(source, covers: [], CopiedRows(from: from, to: inner.columns(place)))
      }
    }
    // Queries and keys are rotated where they are: their places hold the rotated ones.
    let rotated = rotary.map { $0.steps.map { program.steps[$0].output } } ?? []
    if projections != nil {
      let values = rotated.isEmpty ? sources : rotated + sources.suffix(1)
      lowering.place(values, sideBySideIn: inner)
    } else {
      lowering.place(rotated, sideBySideIn: inner)
    }
    writeRotation(&lowering, of: inner, isInverse: false)
    return inner
  }

  /// Takes their gradients, side by side as they are, back to weights and vectors.
  func writeBackward(_ lowering: inout Lowering, from inner: FastView) {
    writeRotation(&lowering, of: inner, isInverse: true)
    if let projections { return lowering.writeBackward(projections, from: inner) }
    for (source, place) in zip(sources, places) {
      let gradient = lowering.gradient(source)
      let to = lowering.output(gradient, columns: place.count)
      lowering.add(gradient, covers: [], CopiedRows(from: inner.columns(place), to: to))
    }
  }

  private func writeRotation(_ lowering: inout Lowering, of inner: FastView, isInverse: Bool) {
    guard let rotary else { return }
    let query = sources[0]
    let length = lowering.program[query].shape.sizes[1]
    let positions = lowering.capacity ?? length
    lowering.add(
      isInverse ? lowering.gradient(query) : query,
      covers: isInverse ? lowering.graph.gradientSteps(of: rotary.steps) : rotary.steps,
      Rotation(
        length: length,
        // Queries and keys lie side by side: their heads are rotated alike.
        heads: count + keyCount,
        width: width,
        rotated: rotary.angles.rotated(of: width),
        known: lowering.known,
        x: inner,
        angles: lowering.table(of: rotary.angles, positions, width: width),
        isInverse: isInverse
      )
    )
  }
}

extension Lowering {
  /// The angles of so many positions; one table for all blocks with the same.
  fileprivate mutating func table(
    of angles: RotaryAngles,
    _ positions: Int,
    width: Int
  ) -> FastView {
    let rotated = angles.rotated(of: width)
    let name = "angles \(angles.base) \(rotated) \(angles.stretch) \(angles.magnitude)"
    if let index = fast.buffers.firstIndex(where: { $0.name == name }) {
      return FastView(BufferID(index: index), positions, rotated)
    }
    let table = matrix(name, positions, rotated, .kept)
    fast.constants.append((table.buffer, angles.table(positions, rotated)))
    return table
  }
}

extension RotaryAngles {
  /// Cosines and sines, a row for each position: the cosines of all pairs, then their sines.
  ///
  /// Computed in double: at position 1000 a float angle has lost three digits.
  fileprivate func table(_ length: Int, _ rotated: Int) -> [Float] {
    var table: [Float] = []
    table.reserveCapacity(length * rotated)
    let speeds = speeds(rotated)
    for position in 0..<length {
      table += speeds.map { Float(magnitude * Double.cosine(Double(position) * $0)) }
      table += speeds.map { Float(magnitude * Double.sine(Double(position) * $0)) }
    }
    return table
  }
}
