// SPDX-License-Identifier: MIT

import PassoText

/// A computation with one output, described well enough to run, check and explain it.
package protocol Op: Sendable {
  /// What a person needs to know of this op.
  static var card: OpCard { get }

  /// Small cases with known answers; tests run them and check gradients on them.
  static var examples: [OpExample] { get }

  /// The shape of the result, or the reason why these inputs do not fit.
  func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape

  /// Fills the output, whose shape is `outputShape` of the inputs.
  ///
  /// Runs in both precisions: every conformer asks for both specialisations, because a kernel that
  /// is called through the protocol would otherwise run unspecialised, two hundred times slower.
  func run<S: Scalar>(_ operands: Operands<S>)

  /// How one number of the output comes about, by its row-major position.
  ///
  /// The plain mathematics over the numbers of the inputs; a test holds the kernel against it.
  func formula(at index: Int, in scope: FormulaScope) -> Formula

  /// What is said of a step that uses the op.
  ///
  /// The card speaks of the forward pass. An op that a gradient rule uses too has other words for
  /// that: `StepWords` on its card.
  func words(for use: StepUse) -> StepWords

  /// Settings that a listing shows after the inputs, such as the factor of a scaling.
  var settings: [String] { get }

  /// The input whose memory the output takes over; nil, as nearly always, if it has its own.
  ///
  /// Only for generation, where nobody goes back: the old value of that input is lost.
  var overwrittenInput: Int? { get }
}

extension Op {
  package func words(for use: StepUse) -> StepWords { Self.card.words(for: use) }

  package var settings: [String] { [] }
  package var overwrittenInput: Int? { nil }

  /// The problem with inputs that the op cannot take.
  ///
  /// What it needs is the end of a sentence that begins with "needs".
  static func needs(it: String, en: String, found: [Shape]) -> ShapeProblem {
    ShapeProblem(op: card.name, need: Bilingual(it: it, en: en), found: found)
  }

  /// The rule of every op that works element by element, or row by row, on values of one shape.
  func oneShape(
    _ inputs: [Shape],
    count: Int = Self.card.inputs.count
  ) throws(ShapeProblem) -> Shape {
    guard inputs.count == count, inputs.allSatisfy({ $0 == inputs[0] }) else {
      if count == 1 { throw Self.needs(it: "un valore", en: "one value", found: inputs) }
      throw Self.needs(
        it: "\(count) valori della stessa forma",
        en: "\(count) values of one shape",
        found: inputs
      )
    }
    return inputs[0]
  }

  /// The rule of ops that keep a part of one matrix, or of each in a stack of them.
  func oneMatrix(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, inputs[0].rank >= 2 else {
      throw Self.needs(it: "una matrice", en: "a matrix", found: inputs)
    }
    return inputs[0]
  }
}

/// An op each of whose numbers comes from those at the same place of its inputs, and from inputs
/// that are one number: parts of it can be computed apart.
///
/// It reads counts only, never axes. An input of another shape has no such places.
package protocol PointwiseOp: Op {
  /// The op for the numbers from a place on; the same for each op that does not care for places.
  func part(from place: Int) -> any Op
}

extension PointwiseOp {
  package func part(from place: Int) -> any Op { self }
}

/// An op that may appear in a forward pass, because it says how gradients flow through it.
///
/// A missing gradient rule is a compile error: `ProgramBuilder.record` takes nothing else.
package protocol DifferentiableOp: Op {
  /// Appends the steps that compute the gradient of each differentiable input.
  func emitGradients(in scope: GradientScope) throws(ShapeProblem)
}

/// What a person needs to know of an op.
package struct OpCard: Sendable {
  /// The name in listings.
  package let name: String

  package let inputs: [OpInput]

  /// The axes of the result, as text.
  package let output: String

  /// What is computed, in the notation of the lessons; its words are those of each language.
  package let formula: Bilingual

  /// What it does, as a sentence that begins with a verb in the third person.
  package let summary: Bilingual

  /// Why the gradient looks as it does; nil for ops that no gradient flows through.
  package private(set) var gradient: Bilingual?

  /// The same for steps of a backward pass; nil for ops whose words suit both, or that stand in
  /// one of them only.
  package private(set) var backward: StepWords?

  /// Where formula or method can be read, in signs that every language shares: `§ 6.2`.
  package let source: String

  /// What is said of a step.
  package func words(for use: StepUse) -> StepWords {
    guard use.phase >= .backward else {
      return StepWords(formula: formula, summary: summary, gradient: gradient)
    }
    return backward ?? StepWords(formula: formula, summary: summary)
  }
}

/// How a step uses its op.
package struct StepUse: Sendable {
  /// The phase that the step belongs to.
  package let phase: Phase

  /// How many inputs it gives; some ops take fewer or more.
  package let inputCount: Int
}

/// What is said of a step: in its phase, and of its inputs.
package struct StepWords: Sendable {
  /// What is computed, in the notation of the lessons; its words are those of each language.
  package let formula: Bilingual

  /// What it does, as a sentence that begins with a verb in the third person.
  package let summary: Bilingual

  /// Why the gradient looks as it does; nil where no gradient flows any more.
  package private(set) var gradient: Bilingual?
}

extension Step {
  /// What is said of it.
  package var words: StepWords {
    op.words(for: StepUse(phase: phase, inputCount: inputs.count))
  }
}

/// One input on an op's card.
package struct OpInput: Sendable {
  package let name: String

  /// The axes, as text.
  package let axes: String

  /// Whether the op sends a gradient to it.
  package let isDifferentiable: Bool

  package init(_ name: String, _ axes: String, differentiable: Bool = true) {
    self.name = name
    self.axes = axes
    self.isDifferentiable = differentiable
  }

  /// An input that no gradient flows to: token ids, masks, settings.
  package static func fixed(_ name: String, _ axes: String) -> OpInput {
    OpInput(name, axes, differentiable: false)
  }
}

/// A case with a known answer.
package struct OpExample: Sendable {
  package let op: any Op
  package let inputs: [Tensor]
  package let output: [Double]

  package init(_ op: any Op, _ inputs: [Tensor], gives output: [Double]) {
    self.op = op
    self.inputs = inputs
    self.output = output
  }
}

/// The memory that one step reads and writes.
///
/// Pointers stay valid during one `run`; the output never overlaps an input.
package struct Operands<S: Scalar> {
  let base: UnsafeMutableRawPointer

  /// The memory that several executions share; the own one if there is none.
  let sharedBase: UnsafeMutableRawPointer

  let binding: StepBinding

  /// The real numbers of an input, row-major.
  package func input(_ index: Int) -> UnsafeBufferPointer<S> {
    let region = binding.inputs[index]
    let start = address(region).assumingMemoryBound(to: S.self)
    return UnsafeBufferPointer(start: start, count: region.count)
  }

  /// The token ids of an input, row-major.
  package func integers(_ index: Int) -> UnsafeBufferPointer<Int32> {
    let region = binding.inputs[index]
    let start = address(region).assumingMemoryBound(to: Int32.self)
    return UnsafeBufferPointer(start: start, count: region.count)
  }

  /// The number that a scalar input holds.
  package func scalar(_ index: Int) -> S { input(index)[0] }

  /// The numbers to fill, row-major.
  package var output: UnsafeMutableBufferPointer<S> {
    let start = address(binding.output).assumingMemoryBound(to: S.self)
    return UnsafeMutableBufferPointer(start: start, count: binding.output.count)
  }

  private func address(_ region: Region) -> UnsafeMutableRawPointer {
    (region.isShared ? sharedBase : base) + region.offset
  }

  package var inputCount: Int { binding.inputs.count }
  package func shape(_ index: Int) -> Shape { binding.inputShapes[index] }
  package var outputShape: Shape { binding.outputShape }
}

/// Where a step's values are in memory, and what shapes they have.
package struct StepBinding: Sendable {
  let inputs: [Region]
  let output: Region
  let inputShapes: [Shape]
  let outputShape: Shape

  /// Whether a person may have to wait for it.
  ///
  /// With fewer numbers even a product of matrices takes a few hundredths of a second.
  var takesLong: Bool {
    inputs.reduce(output.count) { $0 + $1.count } >= 1 << 19
  }
}

/// A run of elements in an execution's memory.
package struct Region: Sendable, Hashable {
  /// Where it lies.
  package enum Home: Sendable, Hashable {
    /// In the memory of its execution.
    case own
    /// In the memory that several executions share.
    case shared
    /// In a block of memory for it alone, by number.
    case block(Int)
  }

  /// Bytes from the start of the memory; a multiple of 64.
  package let offset: Int

  /// The number of elements.
  package let count: Int

  package var home = Home.own

  var isShared: Bool { home == .shared }

  /// The number of its block; nil where it lies among others.
  var block: Int? {
    if case .block(let number) = home { number } else { nil }
  }
}

/// One step with the memory that it works on.
///
/// Unchecked, because the memory is only pointed to: its runner keeps it alive, and lets nobody
/// write to the inputs, or look at the output, before the end.
struct StepWork: @unchecked Sendable {
  let op: any Op
  let precision: Precision
  let base: UnsafeMutableRawPointer
  let sharedBase: UnsafeMutableRawPointer
  let binding: StepBinding

  /// Does it on this thread alone.
  func run() {
    switch precision {
    case .f32: op.run(Operands<Float>(base: base, sharedBase: sharedBase, binding: binding))
    case .f64: op.run(Operands<Double>(base: base, sharedBase: sharedBase, binding: binding))
    }
  }
}
