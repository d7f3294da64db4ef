// SPDX-License-Identifier: MIT

/// Where the parameters are in the buffer of all; gradients and averages lie alike.
struct ParameterLayout {
  fileprivate(set) var values = BufferID(index: 0)
  fileprivate(set) var gradients = BufferID(index: 0)
  fileprivate(set) var views: [ValueID: FastView] = [:]

  /// Floats in all, and where those end that weight decay shortens.
  fileprivate(set) var count = 0
  fileprivate(set) var decayEnd = 0

  /// What is left free, so that each group begins with a whole vector.
  fileprivate(set) var gaps: [Range<Int>] = []

  fileprivate mutating func append(_ group: ParameterGroup, _ program: Program) {
    let widths = group.ids.map { program[$0].shape.count / group.rows }
    let stride = widths.reduce(0, +)
    var column = count
    for (id, columns) in zip(group.ids, widths) {
      var view = FastView(values, at: column, group.rows, columns)
      view.stride = stride
      views[id] = view
      column += columns
    }
    let end = count + group.rows * stride
    count = (end + 15) / 16 * 16
    if end < count { gaps.append(end..<count) }
  }
}

extension Lowering {
  /// Parameters and their gradients, what a run is given, and the caches of generation.
  ///
  /// - Throws: `NotLowerable` if there are no tokens.
  mutating func placeInputs() throws(NotLowerable) {
    guard fusions.contains(where: { $0 is EmbeddingFusion }) else {
      throw NotLowerable(reason: "it reads no tokens")
    }
    placeParameters()
    for id in program.inputs {
      let (name, shape) = (program[id].name, program[id].shape)
      switch (program[id].role, program[id].element) {
      case (.data, .integer):
        views[id] = matrix(name, 1, shape.count, .given)
        fast.inputs[id] = view(id).buffer
      case (.data, .real) where shape.rank > 0:
        place(id, at: matrix(name, 1, shape.count, .given))
      case (.data, .real):
        // In whole vectors, so that no kernel reads past it.
        fast.known = buffer("known", 16, .kept)
        fast.inputs[id] = fast.known
      case (.activation, _) where isCache(id):
        capacity = shape.sizes[1]
        // Not as the readable program has it: head by head.
        views[id] = matrix(name, 1, shape.count, .kept)
      case (.activation, _): place(id, at: matrix(name, shape.rowCount, shape.lastSize, .given))
      default: break
      }
    }
  }

  private func isCache(_ id: ValueID) -> Bool {
    graph.readers(of: id).contains { program.steps[$0].op is AppendToCache }
  }

  /// Parameters that are used together lie side by side, and those that decay come first: then two
  /// calls update them all.
  private mutating func placeParameters() {
    let decays = Dictionary(
      uniqueKeysWithValues: program.steps.compactMap { step in
        (step.op as? AdamWUpdate).map { (step.inputs[0], $0.decay) }
      }
    )
    let all = fusions.sorted { ($0.steps.max() ?? 0) < ($1.steps.max() ?? 0) }
      .flatMap(\.parameters)
    let grouped = Set(all.flatMap(\.ids))
    let others = program.inputs.filter { graph.isParameter($0) && !grouped.contains($0) }
      .map { ParameterGroup(ids: [$0], rows: program[$0].shape.rowCount) }
    let shortened = { (group: ParameterGroup) in group.ids.contains { decays[$0] ?? 0 > 0 } }
    layout.values = buffer("parameters", 0, .kept)
    for decays in [true, false] {
      // A table of two uses is in the groups of both.
      for group in all + others where shortened(group) == decays {
        if layout.views[group.ids[0]] == nil { layout.append(group, program) }
      }
      if decays { layout.decayEnd = layout.count }
    }
    fast.buffers[layout.values.index] =
      FastBuffer(name: "parameters", count: layout.count, lifetime: .kept)
    for (id, view) in layout.views { place(id, at: view) }
    guard graph.learns else { return }
    layout.gradients = buffer("gradients", layout.count, .result)
    fast.gaps = layout.gaps.map { FastView(layout.gradients, at: $0.lowerBound, 1, $0.count) }
    for (id, view) in layout.views {
      let view = view.moved(to: layout.gradients)
      // The contributions are added up where the whole is.
      for part in graph.contributions(to: id) { views[part] = view }
      if let whole = program.gradients[id] { place(whole, at: view) }
    }
  }

  /// In generation: how many positions are known before the first of a run.
  var known: FastView? { fast.known.map { FastView($0, 1, 1) } }

  func parameter(_ id: ValueID) -> FastView { packed([id]) }

  /// Parameters side by side as one matrix, the first of them at its left.
  func packed(_ ids: [ValueID]) -> FastView {
    let views = ids.map(view)
    return views[0].columns(0..<views.map(\.columns).reduce(0, +))
  }

  /// The first rows of a matrix; nobody writes the others.
  mutating func firstRows(_ count: Int, of view: FastView) -> FastView {
    let rest = view.rows - count
    if rest > 0 {
      let start = view.offset + count * view.stride
      fast.gaps.append(FastView(view.buffer, at: start, rest, view.columns))
    }
    return FastView(view.buffer, at: view.offset, count, view.columns)
  }

  /// The same of their gradients.
  func packedGradients(_ ids: [ValueID]) -> FastView { packed(ids).moved(to: layout.gradients) }
}
