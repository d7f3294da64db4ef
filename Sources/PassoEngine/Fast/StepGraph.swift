// SPDX-License-Identifier: MIT

/// The steps of a program, who reads what they compute, and what each adds to which gradient.
struct StepGraph {
  /// A step with an op of a known kind.
  struct Found<O: Op> {
    let index: Int
    let op: O
    let inputs: [ValueID]
    let output: ValueID
  }

  let program: Program

  /// Whether gradients are asked for.
  let learns: Bool

  /// By value number the steps that read it.
  private let readers: [[Int]]

  /// By forward step the steps that its gradient rule appended.
  private let gradientSteps: [Int: [Int]]

  init(_ program: Program) {
    self.program = program
    learns = program.steps.contains { $0.phase == .backward }
    var readers = Array(repeating: [Int](), count: program.values.count)
    var gradientSteps: [Int: [Int]] = [:]
    for (index, step) in program.steps.enumerated() {
      for input in Set(step.inputs) { readers[input.index].append(index) }
      if let rule = step.gradientOf { gradientSteps[rule, default: []].append(index) }
    }
    (self.readers, self.gradientSteps) = (readers, gradientSteps)
  }

  /// A step of the forward pass or the loss, if it has an op of a kind.
  func find<O: Op>(_ type: O.Type, at index: Int?) -> Found<O>? {
    guard let index, program.steps[index].phase < .backward else { return nil }
    return found(type, at: index)
  }

  /// The step that computes a value, if it has an op of a kind.
  func find<O: Op>(_ type: O.Type, making id: ValueID) -> Found<O>? {
    program[id].producer.flatMap { found(type, at: $0) }
  }

  /// The one step of the forward pass that reads a value, if it has an op of a kind.
  func onlyReader<O: Op>(_ type: O.Type, of id: ValueID) -> Found<O>? {
    let readers = forwardReaders(of: id)
    return readers.count == 1 ? find(type, at: readers[0]) : nil
  }

  private func found<O: Op>(_ type: O.Type, at index: Int) -> Found<O>? {
    let step = program.steps[index]
    return (step.op as? O).map {
      Found(index: index, op: $0, inputs: step.inputs, output: step.output)
    }
  }

  func readers(of id: ValueID) -> [Int] { readers[id.index] }

  func forwardReaders(of id: ValueID) -> [Int] {
    readers(of: id).filter { program.steps[$0].phase < .backward }
  }

  /// Whether a value is learned, and read by one step alone on the way to the loss.
  func isOwnParameter(_ id: ValueID) -> Bool {
    isParameter(id) && forwardReaders(of: id).count == 1
  }

  func isParameter(_ id: ValueID) -> Bool {
    program[id].role == .parameter && program[id].producer == nil
  }

  /// The steps that the gradient rules of steps appended; those that only pass a gradient on do
  /// no work.
  func gradientSteps(of steps: [Int]) -> [Int] {
    steps.flatMap { gradientSteps[$0] ?? [] }.filter { !(program.steps[$0].op is PassGradient) }
  }

  /// What is added up to the gradient of a value: that gradient itself if it comes by one way.
  func contributions(to id: ValueID) -> [ValueID] {
    guard let whole = program.gradients[id] else { return [] }
    return sum(making: whole)?.inputs ?? [whole]
  }

  /// What a step adds to the gradient of what it reads; nil if that has none.
  func contribution(of step: Int, to id: ValueID) -> ValueID? {
    contributions(to: id).first { id in
      program[id].producer.map { program.steps[$0].gradientOf == step } ?? false
    }
  }

  /// The step that adds up the contributions to a gradient.
  func sum(making gradient: ValueID) -> Found<Sum>? {
    find(Sum.self, making: gradient).flatMap {
      program.steps[$0.index].gradientOf == nil ? $0 : nil
    }
  }
}
