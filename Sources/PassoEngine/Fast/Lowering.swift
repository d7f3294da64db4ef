// SPDX-License-Identifier: MIT

import CKernels

/// A program that has no fast form: it is executed step by step instead.
package struct NotLowerable: Error, Hashable {
  /// What was met, in words for developers.
  package let reason: String
}

/// Writes the fast form of a program: the same values in fewer passes over memory.
///
/// Each fusion takes the steps of its pattern; a step that none takes runs as it is.
package struct Lowering {
  /// Every kind of fusion: first those that have the largest patterns.
  private static let fusions: [any Fusion.Type] = [
    LossFusion.self, AttentionFusion.self, CachedAttentionFusion.self, GateFusion.self,
    ProductFusion.self, NormFusion.self, EmbeddingFusion.self,
  ]

  let graph: StepGraph
  var program: Program { graph.program }
  var fast = FastProgram()
  var layout = ParameterLayout()

  /// In generation: how many positions fit into the caches.
  var capacity: Int?

  /// For activated values what takes their gradient back.
  var slopes: [ValueID: Slope] = [:]

  private(set) var fusions: [any Fusion] = []

  /// By readable step the number of the fusion that does its work.
  private var owners: [Int: Int] = [:]

  /// Where each value is that has been computed, or is given.
  var views: [ValueID: FastView] = [:]

  /// What several rounds of an update come to; nil if it has only one.
  var roundTotals: RoundTotals?

  var phase = Phase.forward
  private var covered: Set<Int> = []

  /// Steps without work of their own, which the next fast step covers.
  private var workless: [Int] = []

  /// Lowers a program.
  ///
  /// - Parameter program: A training program, one that ends with the loss, or one of generation.
  /// - Returns: The fast program.
  /// - Throws: `NotLowerable` with the reason.
  package static func lower(_ program: Program) throws(NotLowerable) -> FastProgram {
    var lowering = Lowering(program)
    lowering.findFusions()
    try lowering.placeInputs()
    try lowering.writeSteps()
    #if DEBUG
    FastFinding.stop(at: lowering.fast.orderFindings(program))
    #endif
    return lowering.fast
  }

  private init(_ program: Program) {
    graph = StepGraph(program)
    fast.rounds = program.rounds
  }
}

// MARK: - Fusions

extension Lowering {
  private mutating func findFusions() {
    let indices = program.steps.indices.filter { program.steps[$0].phase < .backward }
    for kind in Self.fusions {
      for index in indices where owners[index] == nil {
        guard let fusion = kind.find(at: index, in: graph), canTake(fusion) else { continue }
        for step in fusion.steps + backwardSteps(of: fusion) { owners[step] = fusions.count }
        fusions.append(fusion)
      }
    }
  }

  private func backwardSteps(of fusion: some Fusion) -> [Int] {
    graph.gradientSteps(of: fusion.steps) + fusion.sums
  }

  /// Whether nobody else needs what a fusion keeps to itself, or needs its results too soon.
  ///
  /// What gradient rules read besides are the values of their own steps.
  private func canTake(_ fusion: some Fusion) -> Bool {
    let backward = program.steps(of: .backward).lowerBound
    func isClosed(_ steps: [Int], hidesUntil hidden: Int) -> Bool {
      let end = steps.max() ?? 0
      return steps.allSatisfy { step in
        let id = program.steps[step].output
        let first = id == fusion.output ? end : max(end, hidden)
        return graph.readers(of: id).allSatisfy { steps.contains($0) || $0 >= first }
      }
    }
    return fusion.steps.allSatisfy { owners[$0] == nil }
      && isClosed(fusion.steps, hidesUntil: backward)
      && isClosed(backwardSteps(of: fusion), hidesUntil: 0)
  }

  private mutating func writeSteps() throws(NotLowerable) {
    // The work of a fusion is done where its last step is, forward and backward.
    var ends: [Int: Int] = [:]
    for (number, fusion) in fusions.enumerated() {
      for steps in [fusion.steps, backwardSteps(of: fusion)] {
        if let end = steps.max() { ends[end] = number }
      }
    }
    for (index, step) in program.steps.enumerated() where step.phase < .update {
      phase = step.phase
      if let number = ends[index] {
        write(number)
      } else if owners[index] == nil {
        try writeAlone(index, step)
      }
    }
    if graph.learns { try writeUpdate() }
    if let last = fast.steps.indices.last { fast.steps[last].covers += workless }
  }

  private mutating func write(_ number: Int) {
    let isBackward = phase == .backward
    var fusion = fusions[number]
    if isBackward {
      fusion.writeBackward(&self, from: gradient(fusion.output))
    } else {
      fusion.writeForward(&self)
    }
    fusions[number] = fusion
    cover(isBackward ? backwardSteps(of: fusion) : fusion.steps)
  }

  /// A step that no fusion takes.
  private mutating func writeAlone(_ index: Int, _ step: Step) throws(NotLowerable) {
    if let view = place(of: step), views[step.output] == nil {
      place(step.output, at: view)
      workless.append(index)
    } else if !isMaskOfFusions(index) {
      try writeAsItIs(index, step)
    }
  }

  /// Where what a step gives is already, if it only passes a gradient on, or takes rows that follow
  /// each other.
  private func place(of step: Step) -> FastView? {
    guard let whole = step.inputs.first.flatMap({ views[$0] }) else { return nil }
    if step.op is PassGradient { return whole }
    let shape = program[step.output].shape
    return (step.op as? Slice)?.start(in: program[step.inputs[0]].shape).map {
      FastView(whole.buffer, at: whole.offset + $0, shape.rowCount, shape.lastSize)
    }
  }

  /// Whether attention that is fused knows what a step computes, or nobody reads it.
  private mutating func isMaskOfFusions(_ index: Int) -> Bool {
    let step = program.steps[index]
    let readers = graph.readers(of: step.output)
    guard step.op is AttentionMask || step.op is PrefixMask,
      readers.allSatisfy({ owners[$0] != nil })
    else { return false }
    if readers.isEmpty { workless.append(index) }
    return true
  }

  private mutating func writeAsItIs(_ index: Int, _ step: Step) throws(NotLowerable) {
    let inputs = step.inputs.compactMap { views[$0] }
    let (name, shape) = (program[step.output].name, program[step.output].shape)
    // The place of a parameter's gradient: rounds are added up there.
    let target = views[step.output]
    guard inputs.count == step.inputs.count, step.op.overwrittenInput == nil,
      !(step.op is One), target.map({ $0.stride == $0.columns || $0.rows == 1 }) ?? true
    else { throw NotLowerable(reason: "\(name) has no fast form") }
    let out =
      target == nil
      ? output(step.output, columns: shape.lastSize)
      : matrix("\(name).round", shape.count / shape.lastSize, shape.lastSize)
    let operation = AsItIs(
      op: step.op,
      inputs: inputs,
      out: out,
      inputShapes: step.inputs.map { program[$0].shape },
      outputShape: shape
    )
    add(step.output, operation)
    guard let target else { return }
    func row(_ view: FastView) -> FastView {
      FastView(view.buffer, at: view.offset, 1, shape.count)
    }
    let sum = SumOfParts(parts: 1, width: shape.count, partial: row(out), targets: [row(target)])
    add(step.output, covers: [], sum)
  }
}

// MARK: - Places

extension Lowering {
  mutating func buffer(
    _ name: String,
    _ count: Int,
    _ lifetime: FastBuffer.Lifetime = .step
  ) -> BufferID {
    fast.buffers.append(FastBuffer(name: name, count: count, lifetime: lifetime))
    return BufferID(index: fast.buffers.count - 1)
  }

  mutating func matrix(
    _ name: String,
    _ rows: Int,
    _ columns: Int,
    _ lifetime: FastBuffer.Lifetime = .step
  ) -> FastView {
    FastView(buffer(name, rows * columns, lifetime), rows, columns)
  }

  /// A single number in a whole vector, so that no kernel reads or writes past it.
  mutating func number(_ name: String, _ lifetime: FastBuffer.Lifetime = .step) -> FastView {
    FastView(buffer(name, 16, lifetime), 1, 1)
  }

  /// Says where a value of the readable program is.
  mutating func place(_ id: ValueID, at view: FastView) {
    (views[id], fast.views[id]) = (view, view)
  }

  /// Says that another value has taken the place of one.
  mutating func replace(_ id: ValueID, by other: ValueID) {
    place(other, at: view(id))
    (views[id], fast.views[id]) = (nil, nil)
  }

  /// Says that values lie side by side, where only their fusion reads them.
  mutating func place(_ ids: [ValueID], sideBySideIn view: FastView) {
    var end = 0
    for id in ids {
      let start = end
      end += program[id].shape.count / view.rows
      fast.views[id] = view.columns(start..<end)
    }
  }

  /// Where a value is.
  func view(_ id: ValueID) -> FastView {
    guard let view = views[id] else { preconditionFailure("\(program[id].name) has no place") }
    return view
  }

  /// The same as rows of so many numbers; what is not beside another has no gaps.
  func view(_ id: ValueID, columns: Int) -> FastView {
    let view = view(id)
    return FastView(view.buffer, at: view.offset, program[id].shape.count / columns, columns)
  }

  /// Where a value goes; one that no step reads is a result.
  mutating func output(_ id: ValueID, columns: Int) -> FastView {
    let (name, count) = (program[id].name, program[id].shape.count)
    let lifetime = graph.readers(of: id).isEmpty ? FastBuffer.Lifetime.result : .step
    let view =
      count == 1 ? number(name, lifetime) : matrix(name, count / columns, columns, lifetime)
    place(id, at: view)
    return view
  }

  /// The gradient of a value that has one.
  func gradient(_ id: ValueID) -> ValueID {
    guard let gradient = program.gradients[id] else {
      preconditionFailure("\(program[id].name) has no gradient")
    }
    return gradient
  }

  /// The steps that compute values.
  func producers(_ ids: [ValueID]) -> [Int] { ids.compactMap { program[$0].producer } }
}

// MARK: - Steps

extension Lowering {
  /// Appends a fast step; without a list it covers the steps that compute the value.
  mutating func add(_ id: ValueID, covers: [Int]? = nil, _ operation: some FastOperation) {
    add(program[id].name, covers: covers ?? producers([id]), operation)
  }

  mutating func add(_ name: String, covers: [Int], _ operation: some FastOperation) {
    let accesses = FastBinder.accesses(of: operation, inLaterRound: fast.accumulates)
    let (reads, writes) = (accesses.filter(\.reads), accesses.filter(\.writes))
    fast.steps.append(
      FastStep(
        name: name,
        phase: phase,
        covers: [],
        operation: operation,
        reads: reads.map(\.view.buffer),
        writes: writes.map(\.view.buffer),
        bytes: Double((reads + writes).reduce(0) { $0 + $1.view.rows * $1.view.columns }) * 4
      )
    )
    cover(workless + covers)
    workless = []
  }

  /// Says that the last fast step does the work of readable ones, unless an earlier one does.
  mutating func cover(_ steps: [Int]) {
    guard let last = fast.steps.indices.last else { return }
    fast.steps[last].covers += steps.filter { covered.insert($0).inserted }
  }

  mutating func product(
    _ id: ValueID,
    covers: [Int],
    _ a: Factor,
    _ b: Factor,
    into c: FastView,
    _ finish: Finish,
    _ contents: String = ""
  ) {
    var product = Product(a: a, b: b, c: c, finish: finish, contents: contents)
    if product.isOneRow, !b.isTransposed {
      let count = product.rowBands * b.columns
      product.partial = matrix("\(program[id].name).sums", 1, count)
    }
    let need = ck_product_scratch(Int32(a.rows), Int32(b.columns), Int32(a.columns))
    fast.scratch = max(fast.scratch, need)
    add(id, covers: covers, product)
  }
}

/// How row-by-row work is cut: the same for any number of threads, because sums depend on it.
func rowParts(_ rows: Int, width: Int) -> Int {
  min(16, max(1, rows * width / 16_384), max(rows, 1))
}

/// Seconds that a pass over so many floats takes on one thread, about.
func passCost(_ floats: Int) -> Double { Double(floats) * 4 / 2e10 }
