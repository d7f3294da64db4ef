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
    var normed: FastView
    var moments: BufferID
    /// Packed queries, keys and values; or the values before the activation.
    var inner: FastView
    /// Attention's weighted values, or the activated values.
    var post: FastView
    var logSums: BufferID?
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
    if lowering.capacity == nil { lowering.writeLoss() } else { lowering.writeLogits() }
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
    if model.decoder != nil {
      try prepareDecoder()
      return
    }
    fast.targets = buffer("targets", rows, .given)
    fast.loss = buffer("loss", 16, .given)
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
    for (id, view) in parameters { fast.views["grad.\(program[id].name)"] = gradient(view) }
  }

  private typealias Group = (ids: [ValueID], rows: Int)

  private func decay(of group: Group) -> Double {
    group.ids.compactMap { id in
      program.id(of: "next.\(program[id].name)").flatMap { program[$0].producer }
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
    let last = model.last
    add(last.norm)
    if !last.isTransposed { add([last.projection], inputs: width) }
    return groups
  }
}

// MARK: - Steps

/// A matrix as a factor of a product.
struct Factor {
  let view: FastView
  var isTransposed = false

  var rows: Int { isTransposed ? view.columns : view.rows }
  var columns: Int { isTransposed ? view.rows : view.columns }
  var rowStride: Int { isTransposed ? 1 : view.stride }
  var columnStride: Int { isTransposed ? view.stride : 1 }
}

/// What is done with each number of a product before it is written.
struct Finish {
  var bias: FastView?
  var residual: FastView?
  /// Where the activated values go.
  var gelu: FastView?
  /// The values before the activation, whose slope is multiplied.
  var geluSlope: FastView?
  /// Whether later rounds add to the result.
  var addsRounds = false
  /// Whether it is added to what earlier steps wrote.
  var adds = false
}

extension Lowering {
  mutating func add(
    _ name: String,
    _ work: FastWork,
    covers: [Int] = [],
    gradientsOf owned: [ValueID] = [],
    reads: [BufferID],
    writes: [BufferID],
    flops: Double = 0,
    _ bind: @escaping @Sendable (inout FastBinder) -> Void
  ) {
    for id in owned { gradientOwners[id] = fast.steps.count }
    let bytes = (reads + writes).map { Double(fast.buffers[$0.index].count) * 4 }.reduce(0, +)
    fast.steps.append(
      FastStep(
        name: name,
        work: work,
        phase: phase,
        covers: covers,
        reads: reads,
        writes: writes,
        flops: flops,
        bytes: bytes,
        bind: bind
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
    var call = ProductCall(a: a, b: b, c: c, finish: finish)
    if call.isOneRow { call.partial = buffer("\(name).sums", call.rowBands * b.columns) }
    let used = [finish.bias, finish.residual, finish.geluSlope].compactMap { $0?.buffer }
    let old = finish.adds || finish.addsRounds ? [c.buffer] : []
    add(
      name,
      work,
      covers: covers,
      gradientsOf: owned,
      reads: [a.view.buffer, b.view.buffer] + used + old,
      writes: [c.buffer] + [finish.gelu?.buffer, call.partial].compactMap { $0 },
      flops: call.flops
    ) { [call] in call.bind(&$0) }
  }
}

/// One matrix product with all that happens to it on the way to memory.
struct ProductCall {
  let a: Factor
  let b: Factor
  let c: FastView
  let finish: Finish

  /// For one row: the sums of bands of weights.
  var partial: BufferID?

  var flops: Double { 2 * Double(a.rows) * Double(b.columns) * Double(a.columns) }

  func bind(_ binder: inout FastBinder) {
    if isOneRow { return bindOneRow(&binder) }
    let other = finish.gelu ?? finish.geluSlope
    let parts = split(threads: binder.threads, tileRows: Int(binder.kernels.tile_rows))
    let arguments = ck_product(
      m: Int32(a.rows),
      n: Int32(b.columns),
      k: Int32(a.columns),
      a: binder[a.view],
      a_row: a.rowStride,
      a_column: a.columnStride,
      b: binder[b.view],
      b_row: b.rowStride,
      b_column: b.columnStride,
      c: binder[c],
      c_row: c.stride,
      accumulate: finish.adds || finish.addsRounds && binder.isLaterRound ? 1 : 0,
      finish: Int32(
        (finish.gelu != nil
          ? CK_FINISH_GELU
          : finish.geluSlope != nil ? CK_FINISH_GELU_GRADIENT : CK_FINISH_NONE).rawValue
      ),
      bias: finish.bias.map { UnsafePointer(binder[$0]) },
      residual: finish.residual.map { UnsafePointer(binder[$0]) },
      residual_row: finish.residual?.stride ?? 0,
      post: finish.gelu.map { binder[$0] },
      aux: finish.geluSlope.map { UnsafePointer(binder[$0]) },
      other_row: other?.stride ?? 0,
      row_parts: Int32(parts.rows),
      column_parts: Int32(parts.columns)
    )
    binder.call(\.product, arguments, parts: parts.rows * parts.columns, cost: flops / 8e10)
  }

  /// One row is multiplied as memory gives the weights.
  var isOneRow: Bool {
    a.rows == 1 && a.columnStride == 1 && !finish.adds && !finish.addsRounds
      && finish.geluSlope == nil
  }

  /// Bands of one row's weights: the same for any number of threads, because sums depend on it.
  var rowBands: Int { max(1, min(16, b.rows * b.columns / 65_536)) }

  private func bindOneRow(_ binder: inout FastBinder) {
    let arguments = ck_matvec(
      inputs: Int32(b.rows),
      outputs: Int32(b.columns),
      parts: Int32(rowBands),
      x: binder[a.view],
      w: binder[b.view],
      row: b.view.stride,
      transposed: b.isTransposed ? 1 : 0,
      partial: partial.map { binder[$0] },
      bias: finish.bias.map { UnsafePointer(binder[$0]) },
      residual: finish.residual.map { UnsafePointer(binder[$0]) },
      y: binder[c],
      post: finish.gelu.map { binder[$0] }
    )
    let cost = passCost(b.rows * b.columns)
    binder.call(\.matvec, arguments, parts: rowBands, cost: cost)
    if !b.isTransposed || finish.bias != nil || finish.residual != nil || finish.gelu != nil {
      binder.call(\.matvec_finish, arguments, parts: 1, cost: 0)
    }
  }

  /// Into how many bands of rows or columns the work is cut, so that no thread waits long.
  ///
  /// A band of rows packs all of `b` once more, a band of columns reads all of `a` once more.
  private func split(threads: Int, tileRows: Int) -> (rows: Int, columns: Int) {
    guard threads > 1, flops > 1e6 else { return (1, 1) }
    let wanted = flops > 2e7 ? 4 * threads : 2 * threads
    let (m, n, k) = (Double(a.rows), Double(b.columns), Double(a.columns))
    let rowCost = 0.4 * n * k
    let columnCost = (a.columnStride == 1 ? 0.1 : 0.4) * m * k
    let rows = min(wanted, max(1, a.rows / (2 * tileRows)))
    let columns = min(wanted, max(1, b.columns / 32))
    let prefersRows = rowCost <= columnCost
    if prefersRows && rows >= threads || columns < threads { return (rows, 1) }
    return (1, columns)
  }
}

/// How row-by-row work is cut: the same for any number of threads, because sums depend on it.
func rowParts(_ rows: Int, width: Int) -> Int {
  min(16, max(1, rows * width / 16_384), max(rows, 1))
}

/// Seconds that a pass over so many floats takes on one thread, about.
func passCost(_ floats: Int) -> Double { Double(floats) * 4 / 2e10 }
