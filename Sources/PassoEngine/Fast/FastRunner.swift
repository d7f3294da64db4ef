// SPDX-License-Identifier: MIT

/// Runs the fast form of a program; values are found where it has put them.
package final class FastRunner: Runner, @unchecked Sendable {
  package let program: Program
  package let execution: FastExecution
  private let places: FastPlaces

  /// The learning rate at its peak, in the precision in which a checkpoint keeps it.
  private var peak: Float = 0

  /// The number of the update, from 1.
  private var time = 1

  /// Prepares a program; all its numbers are 0.
  ///
  /// - Parameters:
  ///   - program: The readable program.
  ///   - fast: Its fast form.
  ///   - threads: How many threads share the work; the result does not depend on it.
  ///   - read: The computed values that will be read after a run, beside its results.
  ///   - kernels: Which kernels run.
  /// - Throws: `ExecutionProblem.tooLarge` if the buffers do not fit into memory.
  package convenience init(
    _ program: Program,
    _ fast: FastProgram,
    threads: Int,
    reading read: [ValueID] = [],
    kernels: Kernels = .best
  ) throws(ExecutionProblem) {
    let places = FastPlaces(program, fast, reading: read)
    self.init(
      program,
      places,
      try FastExecution(fast, threads: threads, keeping: places.kept, kernels: kernels)
    )
  }

  private init(_ program: Program, _ places: FastPlaces, _ execution: FastExecution) {
    (self.program, self.places, self.execution) = (program, places, execution)
  }

  package func set(_ id: ValueID, to tensor: Tensor) {
    precondition(program.values[id.index].producer == nil, "a value that is computed, not given")
    switch (places[id], tensor.storage) {
    case (.view(let view), _): execution.set(view, to: tensor.floats)
    case (.buffer(let buffer), .integers(let ids)): execution.set(buffer, to: ids)
    // The fast form adds gradients up in place: their sums are no input.
    case (nil, _): precondition(program[id].role == .optimizer, "no place")
    default: set(id, to: tensor[0])
    }
  }

  /// Gives an input that is not a single number the value that an execution has.
  ///
  /// - Throws: `ExecutionProblem.refused` if it has to be computed again and there is no room.
  package func set(
    _ id: ValueID,
    to source: ValueID,
    of other: Execution
  ) throws(ExecutionProblem) {
    guard case .view(let view)? = places[id], other.precision == .f32 else {
      set(id, to: try other.remembered(source))
      return
    }
    try other.withNumbers(of: source, as: Float.self) { execution.set(view, to: $0) }
  }

  package func set(_ id: ValueID, to number: Double) {
    switch places[id] {
    case .view(let view): execution.set(view, to: [Float(number)])
    case .buffer(let buffer): execution.set(buffer, to: [Int32(exactly: number) ?? 0])
    case .peak: peak = Float(number)
    case .time: time = Int(exactly: number) ?? time
    case .rate, nil: preconditionFailure("a number that is computed, not given")
    }
  }

  /// Computes everything, whatever is asked for.
  package func run(to id: ValueID?) { execution.runRound(0) }

  package func value(_ id: ValueID) -> Tensor? {
    let shape = program[id].shape
    if case .view(let view) = places[id] { return Tensor(shape, execution.numbers(view)) }
    return number(id).map { Tensor(shape, [Float($0)]) }
  }

  package func number(_ id: ValueID) -> Double? {
    switch places[id] {
    case .view(let view): Double(execution.firstNumber(view))
    case .peak: Double(peak)
    case .time: Double(time)
    case .rate: Double(execution.rate(ofUpdate: time, peak: Double(peak)))
    case .buffer, nil: nil
    }
  }

  package func run(round: Int) {
    execution.runRound(round)
    if round == execution.program.rounds - 1 { execution.measureGradients() }
  }

  package func finishUpdate() { execution.runUpdate(time, peak: Double(peak)) }

  package func sharing(with program: Program) throws -> any Runner {
    let fast = try Lowering.lower(program)
    return FastRunner(
      program,
      FastPlaces(program, fast, reading: []),
      try FastExecution(fast, sharing: execution)
    )
  }
}

/// Where the values of a readable program are in its fast form.
private struct FastPlaces {
  enum Place {
    case view(FastView)
    /// Integers: token ids, or how many positions are known.
    case buffer(BufferID)
    /// The learning rate at its peak, which is the rate itself where there is no schedule.
    case peak
    /// The learning rate as a schedule makes it.
    case rate
    /// The number of the update.
    case time
  }

  /// The buffers that have to outlive their last step.
  let kept: Set<BufferID>

  private var places: [Place?]

  subscript(id: ValueID) -> Place? { places[id.index] }

  init(_ program: Program, _ fast: FastProgram, reading read: [ValueID]) {
    kept = Set(read.compactMap { fast.views[$0]?.buffer })
    places = Array(repeating: nil, count: program.values.count)
    // In the places of other values the numbers of others may be by the end of the run.
    for (id, view) in fast.views
    where fast.buffers[view.buffer.index].lifetime != .step || kept.contains(view.buffer) {
      places[id.index] = .view(view)
    }
    for (id, buffer) in fast.inputs { places[id.index] = .buffer(buffer) }
    if fast.settings != nil { placeSettings(of: program) }
  }

  private mutating func placeSettings(of program: Program) {
    for step in program.steps[program.steps(of: .update)] {
      switch step.op {
      case is ScheduledRate:
        places[step.inputs[0].index] = .peak
        places[step.inputs[1].index] = .time
        places[step.output.index] = .rate
      case is BiasCorrection: places[step.inputs[1].index] = .time
      case is SGDUpdate, is AdamWUpdate:
        if let rate = step.inputs.last, program[rate].producer == nil {
          places[rate.index] = .peak
        }
      default: break
      }
    }
  }
}
