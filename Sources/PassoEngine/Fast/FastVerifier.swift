// SPDX-License-Identifier: MIT

/// Holds a fast program, and the plan of its memory, against what must be true of them, whatever
/// they compute.
///
/// It does an update without numbers: of each place in memory it knows whose numbers are there.
/// What a step reads and writes it is told by the operation itself, as the kernels are.
package struct FastVerifier {
  /// What is wrong, in the order of the steps; empty for a sound program.
  package private(set) var findings: [FastFinding] = []

  private let program: FastProgram
  private let plan: FastPlan
  private var contents = MemoryContents()

  /// Gradients: what rounds leave for the update.
  private var sums: Set<BufferID> = []

  /// Verifies a program.
  ///
  /// - Parameters:
  ///   - program: What will run.
  ///   - plan: Where its buffers are.
  ///   - kept: Buffers that will be read after a run, beside those that outlive one anyway.
  package init(_ program: FastProgram, _ plan: FastPlan, keeping kept: Set<BufferID> = []) {
    (self.program, self.plan) = (program, plan)
    checkPhases()
    for index in program.buffers.indices { checkRoom(BufferID(index: index)) }
    let roundLength = program.roundLength
    sums = written(by: 0..<roundLength)
      .intersection(program.steps[roundLength...].flatMap(\.reads))
    placeGiven()
    run(0..<roundLength, inLaterRound: false)
    if program.accumulates {
      contents.forget { [program] in program.buffers[$0.index].lifetime == .step }
      run(0..<roundLength, inLaterRound: true)
    }
    run(roundLength..<program.steps.count, inLaterRound: false)
    checkResults(keeping: kept)
  }

  private mutating func report(_ fault: FastFinding.Fault, _ index: Int?, of id: BufferID) {
    report(fault, index, program.buffers[id.index].name)
  }

  private mutating func report(_ fault: FastFinding.Fault, _ index: Int?, _ value: String) {
    let finding = FastFinding(step: index.map(place), value: value, fault: fault)
    // A later round has most of the faults of the first once more.
    if !findings.contains(finding) { findings.append(finding) }
  }

  private func place(_ index: Int) -> FastFinding.Place { program.place(of: index) }

  private func written(by steps: Range<Int>) -> Set<BufferID> {
    Set(program.steps[steps].flatMap(\.writes))
  }
}

// MARK: - The program as a whole

extension FastVerifier {
  /// The phases follow each other, and the update begins with the norm of the gradients, if there
  /// is one.
  private mutating func checkPhases() {
    for (index, step) in program.steps.enumerated() {
      if index > 0, step.phase < program.steps[index - 1].phase {
        report(.misplaced(step.phase), index, step.name)
      }
      guard let norm = program.gradientNorm, step.writes.contains(norm) else { continue }
      let place = program.roundLength + program.measuringLength - 1
      if index != place { report(.misplaced(step.phase), index, step.name) }
    }
  }

  /// A buffer lies in the memory as a whole.
  private mutating func checkRoom(_ id: BufferID) {
    let isKept = program.buffers[id.index].lifetime == .kept
    let room = (isKept ? plan.keptByteCount : plan.ownByteCount) / 4
    let (start, count) = (plan.offsets[id.index] / 4, program.buffers[id.index].count)
    if start < 0 || start + count > room {
      report(.outside(0..<count, count: room - start), nil, of: id)
    }
  }

  /// What is there before the first step.
  private mutating func placeGiven() {
    for (index, buffer) in program.buffers.enumerated()
    where buffer.lifetime == .kept || buffer.lifetime == .given {
      let id = BufferID(index: index)
      contents.write(range(0..<buffer.count, of: id), id, by: nil)
    }
    for gap in program.gaps { write(gap, by: nil) }
  }

  /// What a run leaves: what it was given, what it makes, and what somebody will read.
  private mutating func checkResults(keeping kept: Set<BufferID>) {
    for (index, buffer) in program.buffers.enumerated()
    where buffer.lifetime == .kept || buffer.lifetime == .given {
      expect(FastView(BufferID(index: index), 1, buffer.count), by: nil)
    }
    let results = program.views.values.filter {
      program.buffers[$0.buffer.index].lifetime == .result || kept.contains($0.buffer)
    }
    let places = Set(results).sorted {
      ($0.buffer.index, $0.offset) < ($1.buffer.index, $1.offset)
    }
    for view in places where isInside(view, nil) { expect(view, by: nil) }
  }
}

// MARK: - Steps

extension FastVerifier {
  private mutating func run(_ steps: Range<Int>, inLaterRound isLater: Bool) {
    for index in steps {
      let accesses = program.steps[index].accesses(inLaterRound: isLater)
        .filter { isInside($0.view, index) }
      let writes = accesses.filter(\.writes)
      if writes.isEmpty { report(.idle, index, program.steps[index].name) }
      for access in accesses where access.reads {
        expect(access.view, by: index, adds: access.writes)
      }
      checkOverlaps(accesses, index)
      for access in writes {
        let id = access.view.buffer
        if !mayWrite(id, in: program.steps[index].phase) { report(.isGiven, index, of: id) }
        if isLater, sums.contains(id), !access.reads { report(.losesRound, index, of: id) }
        write(access.view, by: index)
      }
    }
  }

  /// What is learned changes in the update alone, what a run is given never; caches grow where
  /// nothing is learned.
  private func mayWrite(_ id: BufferID, in phase: Phase) -> Bool {
    switch program.buffers[id.index].lifetime {
    case .given: false
    case .kept:
      (phase == .update || program.update == .none)
        && !program.constants.contains { $0.buffer == id }
    case .result, .step: true
    }
  }

  /// A step writes nothing where it works with something else.
  private mutating func checkOverlaps(_ accesses: [FastBinder.Access], _ index: Int) {
    for (number, first) in accesses.enumerated() {
      for second in accesses[(number + 1)...] where first.writes || second.writes {
        let (written, other) = first.writes ? (first.view, second.view) : (second.view, first.view)
        let others = ranges(other)
        guard ranges(written).contains(where: { others.contains(where: $0.overlaps) }) else {
          continue
        }
        report(.overlaps(program.buffers[other.buffer.index].name), index, of: written.buffer)
      }
    }
  }

  /// The numbers of a view are there, and are its own.
  private mutating func expect(_ view: FastView, by index: Int?, adds: Bool = false) {
    let start = range(0..<0, of: view.buffer).lowerBound
    for range in ranges(view) {
      var end = range.lowerBound
      for run in contents.runs(in: range) {
        if run.range.lowerBound > end { break }
        end = run.range.upperBound
        guard run.owner != view.buffer else { continue }
        let name = program.buffers[run.owner.index].name
        return report(.overwritten(by: run.writer.map(place), with: name), index, of: view.buffer)
      }
      guard end < range.upperBound else { continue }
      let missing = end - start..<range.upperBound - start
      return report(adds ? .addsToNothing(missing) : .unwritten(missing), index, of: view.buffer)
    }
  }

  private mutating func write(_ view: FastView, by index: Int?) {
    for range in ranges(view) { contents.write(range, view.buffer, by: index) }
  }
}

// MARK: - Places in memory

extension FastVerifier {
  private mutating func isInside(_ view: FastView, _ index: Int?) -> Bool {
    let count = program.buffers[view.buffer.index].count
    let end = view.offset + (view.rows - 1) * view.stride + view.columns
    if view.offset >= 0, end <= count { return true }
    report(.outside(view.offset..<max(view.offset, end), count: count), index, of: view.buffer)
    return false
  }

  /// Where numbers of a buffer are: what is kept comes first, then everything else.
  private func range(_ numbers: Range<Int>, of id: BufferID) -> Range<Int> {
    let isKept = program.buffers[id.index].lifetime == .kept
    let start = (plan.offsets[id.index] + (isKept ? 0 : plan.keptByteCount)) / 4
    return start + numbers.lowerBound..<start + numbers.upperBound
  }

  private func ranges(_ view: FastView) -> [Range<Int>] {
    if view.stride == view.columns || view.rows == 1 {
      return [range(view.offset..<view.offset + view.rows * view.columns, of: view.buffer)]
    }
    return (0..<view.rows).map { row in
      let start = view.offset + row * view.stride
      return range(start..<start + view.columns, of: view.buffer)
    }
  }
}

extension FastProgram {
  func place(of index: Int) -> FastFinding.Place {
    FastFinding.Place(index: index, name: steps[index].name)
  }
}

/// Whose numbers are where.
private struct MemoryContents {
  struct Run {
    var range: Range<Int>
    let owner: BufferID

    /// The number of the step that wrote them; nil for what was there before.
    let writer: Int?
  }

  /// In the order of their places, none over another.
  private var runs: [Run] = []

  /// The runs that a range touches.
  func runs(in range: Range<Int>) -> ArraySlice<Run> { runs[indices(in: range)] }

  mutating func write(_ range: Range<Int>, _ owner: BufferID, by writer: Int?) {
    let touched = indices(in: range)
    var new = [Run(range: range, owner: owner, writer: writer)]
    if let first = runs[touched].first, first.range.lowerBound < range.lowerBound {
      var rest = first
      rest.range = first.range.lowerBound..<range.lowerBound
      new.insert(rest, at: 0)
    }
    if let last = runs[touched].last, last.range.upperBound > range.upperBound {
      var rest = last
      rest.range = range.upperBound..<last.range.upperBound
      new.append(rest)
    }
    runs.replaceSubrange(touched, with: new)
  }

  mutating func forget(_ isForgotten: (BufferID) -> Bool) {
    runs.removeAll { isForgotten($0.owner) }
  }

  private func indices(in range: Range<Int>) -> Range<Int> {
    let start = firstIndex { $0.range.upperBound > range.lowerBound }
    return start..<max(start, firstIndex { $0.range.lowerBound >= range.upperBound })
  }

  /// The first run of which something is true that is true of all behind it.
  private func firstIndex(_ isBehind: (Run) -> Bool) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      (low, high) = isBehind(runs[middle]) ? (low, middle) : (middle + 1, high)
    }
    return low
  }
}
