// SPDX-License-Identifier: MIT

import CKernels

/// Writes the fast form of a program: the same values in fewer passes over memory.
///
/// Queries, keys and values are one product; bias, activation and residual are added while a tile
/// of the product is in the first cache; attention never holds positions by positions; logits
/// become their gradient in place; the optimizer goes over all parameters once.
package struct Lowering {
  let program: Program
  let model: RecognizedModel
  var fast = FastProgram()
  var phase = Phase.forward

  let batch: Int
  let length: Int
  let width: Int

  /// Rows of the residual stream.
  var rows: Int { batch * length }

  /// Where each parameter is in the buffer of all parameters; gradients and averages lie alike.
  var parameters: [ValueID: FastView] = [:]
  var parameterBuffer = BufferID(index: 0)
  var gradientBuffer = BufferID(index: 0)

  /// Where the parameters end that weight decay shortens.
  var decayEnd = 0

  /// For each value of the forward pass its view.
  var views: [ValueID: FastView] = [:]

  /// What the forward pass keeps of each block for the way back.
  var kept: [KeptBlock] = []

  /// Where the way back begins, once the loss is written.
  var backward: BackwardStart?

  /// Which values' gradients a step computes; a readable step finds its fast one by that.
  var gradientOwners: [ValueID: Int] = [:]

  /// Whether gradients are asked for.
  let learns: Bool

  /// In generation: how many positions fit into the caches.
  var capacity: Int?

  /// In generation: where the keys and values of earlier positions are.
  var caches: [ValueID: BufferID] = [:]

  /// Buffers that the way back needs again.
  struct KeptBlock {
    var norm: Norm
    /// Packed queries, keys and values; or the values before the activation.
    var inner: FastView
    /// Attention's weighted values, or the activated values.
    var post: FastView
    var attention: Attention?
    var gate: Gate?
    var angles: BufferID?
  }

  /// Lowers a program.
  ///
  /// - Parameter program: A training program, one that ends with the loss, or one of generation.
  /// - Returns: The fast program.
  /// - Throws: `NotLowerable` with the reason.
  package static func lower(_ program: Program) throws(NotLowerable) -> FastProgram {
    var lowering = try Lowering(program)
    lowering.writeForward()
    if let loss = lowering.model.head.loss {
      lowering.writeLoss(loss)
    } else {
      lowering.writeLogits()
    }
    if lowering.learns {
      lowering.writeBackward()
      try lowering.writeUpdate()
    }
    try lowering.assignCoverage()
    return lowering.fast
  }

  private init(_ program: Program) throws(NotLowerable) {
    self.program = program
    model = try RecognizedModel(program)
    let sizes = program[model.tokens].shape.sizes
    (batch, length) = (sizes[0], sizes[1])
    width = program[model.embedding.table].shape.lastSize
    learns = program.steps.contains { $0.phase == .backward }
    fast.rounds =
      program.steps.lazy.compactMap { ($0.op as? AccumulateGradient)?.rounds }.first ?? 1
    try placeParameters()
    fast.tokens = buffer("tokens", rows, .given)
    fast.scratch = ck_product_scratch()
    if model.head.loss == nil {
      try prepareDecoder()
      return
    }
    fast.targets = buffer("targets", rows, .given)
    fast.loss = buffer("loss", 16, .given)
    if program.steps.contains(where: { $0.op is PrefixMask }) {
      fast.prefix = buffer("prefix", batch, .given)
    }
  }
}

// MARK: - Buffers

extension Lowering {
  mutating func buffer(
    _ name: String,
    _ count: Int,
    _ lifetime: FastBuffer.Lifetime = .step
  ) -> BufferID {
    fast.buffers.append(FastBuffer(name: name, count: count, lifetime: lifetime))
    return BufferID(index: fast.buffers.count - 1)
  }

  mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) -> FastView {
    FastView(
      buffer: buffer(name, rows * columns),
      rows: rows,
      columns: columns,
      stride: columns
    )
  }

  /// Says where a value of the readable program is.
  mutating func place(_ id: ValueID, at view: FastView) {
    views[id] = view
    for name in program[id].names { fast.views[name] = view }
  }

  /// A few columns of a matrix.
  func columns(_ first: Int, _ count: Int, of view: FastView) -> FastView {
    FastView(
      buffer: view.buffer,
      offset: view.offset + first,
      rows: view.rows,
      columns: count,
      stride: view.stride
    )
  }

  func gradient(_ view: FastView) -> FastView {
    FastView(
      buffer: gradientBuffer,
      offset: view.offset,
      rows: view.rows,
      columns: view.columns,
      stride: view.stride
    )
  }

  /// Parameters that are used together lie side by side, and those that decay come first: then two
  /// calls update them all.
  private mutating func placeParameters() throws(NotLowerable) {
    let groups = parameterGroups
    let grouped = Set(groups.flatMap(\.ids))
    for id in program.inputs where program[id].role == .parameter && !grouped.contains(id) {
      throw NotLowerable(reason: "\(program[id].name) is not used")
    }
    let sorted = groups.filter { decay(of: $0) > 0 } + groups.filter { decay(of: $0) == 0 }
    var end = 0
    parameterBuffer = buffer("parameters", 0, .kept)
    for group in sorted {
      let widths = group.ids.map { program[$0].shape.count / group.rows }
      let stride = widths.reduce(0, +)
      var column = 0
      for (id, columns) in zip(group.ids, widths) {
        parameters[id] = FastView(
          buffer: parameterBuffer,
          offset: end + column,
          rows: group.rows,
          columns: columns,
          stride: stride
        )
        fast.views[program[id].name] = parameters[id]
        column += columns
      }
      end += (group.rows * stride + 15) / 16 * 16
      if decay(of: group) > 0 { decayEnd = end }
    }
    fast.buffers[parameterBuffer.index] =
      FastBuffer(name: "parameters", count: end, lifetime: .kept)
    guard learns else { return }
    gradientBuffer = buffer("gradients", end, .kept)
    for (id, view) in parameters { fast.views[gradientName(id)] = gradient(view) }
  }

  /// The name of the gradient of a value.
  func gradientName(_ id: ValueID) -> String { Derivation.gradient.name(of: program[id].name) }

  private typealias Group = (ids: [ValueID], rows: Int)

  private func decay(of group: Group) -> Double {
    group.ids.compactMap { id in
      program.id(of: Derivation.next.name(of: program[id].name)).flatMap { program[$0].producer }
        .flatMap { (program.steps[$0].op as? AdamWUpdate)?.decay }
    }.max() ?? 0
  }

  private var parameterGroups: [Group] {
    var groups: [Group] = []
    func add(_ parts: [RecognizedModel.Projection], inputs: Int) {
      groups.append((parts.map(\.weight), inputs))
      let biases = parts.compactMap(\.bias)
      if !biases.isEmpty { groups.append((biases, 1)) }
    }
    func add(_ norm: RecognizedModel.Norm) {
      groups.append(([norm.gain] + [norm.bias].compactMap { $0 }, 1))
    }
    groups.append(([model.embedding.table], program[model.embedding.table].shape.sizes[0]))
    if let positions = model.embedding.positions {
      groups.append(([positions], program[positions].shape.sizes[0]))
    }
    for block in model.blocks {
      add(block.norm)
      switch block.branch {
      case .attention(let part): add([part.query, part.key, part.value], inputs: width)
      case .mlp(let part): add(part.inner, inputs: width)
      }
      add([block.out], inputs: program[block.out.weight].shape.count / width)
    }
    add(model.head.norm)
    if !model.head.isTransposed { add([model.head.projection], inputs: width) }
    return groups
  }
}

// MARK: - Steps

extension Lowering {
  mutating func add(
    _ name: String,
    _ work: FastWork,
    covers: [Int] = [],
    gradientsOf owned: [ValueID] = [],
    _ operation: some FastOperation
  ) {
    for id in owned { gradientOwners[id] = fast.steps.count }
    let accesses = FastBinder.accesses(of: operation, accumulates: fast.accumulates)
    let counts = accesses.map {
      ($0.count ?? fast.buffers[$0.buffer.index].count) * (($0.reads ? 1 : 0) + ($0.writes ? 1 : 0))
    }
    fast.steps.append(
      FastStep(
        name: name,
        work: work,
        phase: phase,
        covers: covers,
        operation: operation,
        reads: accesses.filter(\.reads).map(\.buffer),
        writes: accesses.filter(\.writes).map(\.buffer),
        bytes: Double(counts.reduce(0, +)) * 4
      )
    )
  }

  mutating func product(
    _ name: String,
    _ work: FastWork = .product,
    covers: [Int] = [],
    gradientsOf owned: [ValueID] = [],
    _ a: Factor,
    _ b: Factor,
    into c: FastView,
    _ finish: Finish = Finish()
  ) {
    var product = Product(a: a, b: b, c: c, finish: finish)
    if product.isOneRow {
      product.partial = buffer("\(name).sums", product.rowBands * b.columns)
    }
    add(name, work, covers: covers, gradientsOf: owned, product)
  }
}

/// How row-by-row work is cut: the same for any number of threads, because sums depend on it.
func rowParts(_ rows: Int, width: Int) -> Int {
  min(16, max(1, rows * width / 16_384), max(rows, 1))
}

/// Seconds that a pass over so many floats takes on one thread, about.
func passCost(_ floats: Int) -> Double { Double(floats) * 4 / 2e10 }
