// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles

/// A trace, as another engine may have written it, beside what an execution has computed.
///
/// Both have the names of the contract; gradients of parameters may stand under the names of
/// `model.safetensors`, as `param_grad.NAME`.
package struct TraceComparison: Sendable {
  /// A value that both have.
  package struct Entry: Sendable {
    package let name: String

    /// The step that computes it here; nil for what is given.
    package let step: Int?

    /// The sizes here and in the file, outermost first.
    package let shapes: (here: [Int], file: [Int])

    /// The greatest distance between two numbers; infinite where only one of them is finite, or the
    /// shapes differ.
    package fileprivate(set) var difference = Double.infinity

    /// The greatest magnitude of its finite numbers here.
    package fileprivate(set) var size = 0.0

    /// How large a part of the size may differ.
    package fileprivate(set) var tolerance = 0.0

    /// Whether the difference is more than rounding.
    package fileprivate(set) var differs = true

    /// Whether the shapes are the same.
    package var hasOneShape: Bool { Self.isSame(shapes.here, shapes.file) }

    /// A scalar is written with shape [1].
    private static func isSame(_ here: [Int], _ file: [Int]) -> Bool {
      here == file || (here.isEmpty || here == [1]) && (file.isEmpty || file == [1])
    }
  }

  /// The first value that differs, number by number.
  package struct First: Sendable {
    package let entry: Entry

    /// The numbers here, with their axes.
    package let here: Tensor

    /// The numbers in the file, row-major.
    package let file: [Double]

    /// Row-major places of numbers that differ, the greatest distance first; none if the shapes
    /// differ.
    package let places: [Int]
  }

  /// Every value that both have, in the order of computation.
  package let entries: [Entry]

  /// The first that differs.
  package let first: First?

  /// Names in the file that are values here, but not computed yet.
  package let uncomputed: [String]

  /// Names in the file that no value has.
  package let unknown: [String]

  /// Values of the contract that are computed here and that the file lacks.
  package let missing: [String]
}

extension TraceComparison {
  /// Compares everything that an execution has computed with a file.
  ///
  /// - Parameters:
  ///   - execution: What was computed here.
  ///   - configuration: The model, for the names of `model.safetensors`.
  ///   - file: The trace.
  ///   - tolerance: The part of a value's size that rounding may change; nil for what suits the
  ///     number formats.
  ///   - shouldStop: Is asked before each value.
  /// - Returns: Nil if it was told to stop.
  /// - Throws: `FileProblem` if the file cannot be read.
  package static func between(
    _ execution: Execution,
    _ configuration: ModelConfiguration,
    _ file: SafetensorsFile,
    tolerance: Double? = nil,
    unless shouldStop: () -> Bool = { false }
  ) throws(FileProblem) -> TraceComparison? {
    let names = NamesInTrace(execution, configuration, file)
    let rounding = try FileProblem.refused(for: file.path) { () throws(ExecutionProblem) in
      try TraceTolerance(execution, names.sources.flatMap(\.parts), asked: tolerance)
    }
    var entries: [Entry] = []
    for source in names.sources {
      if shouldStop() { return nil }
      entries.append(try source.entry(execution, file, rounding))
    }
    let index = entries.firstIndex(where: \.differs)
    return TraceComparison(
      entries: entries,
      first: try index.map { (index) throws(FileProblem) in
        try names.sources[index].first(entries[index], execution, file, rounding)
      },
      uncomputed: names.uncomputed,
      unknown: names.unknown,
      missing: names.missing
    )
  }
}

/// Which names of a trace are which values of an execution.
private struct NamesInTrace {
  private(set) var sources: [TracedValue] = []
  private(set) var uncomputed: [String] = []
  private(set) var unknown: [String] = []
  private(set) var missing: [String] = []

  init(_ execution: Execution, _ configuration: ModelConfiguration, _ file: SafetensorsFile) {
    let program = execution.program
    let packed = Dictionary(
      uniqueKeysWithValues: configuration.packedTensors.map { ("param_grad.\($0.name)", $0) }
    )
    var found: Set<ValueID> = []
    for name in file.names {
      if let id = program.id(of: name) {
        guard execution.isComputed(id) else {
          uncomputed.append(name)
          continue
        }
        // Another name of a value says the same of it.
        if found.insert(id).inserted { sources.append(TracedValue(name: name, parts: [id])) }
      } else if let tensor = packed[name] {
        let parts = tensor.parts.compactMap { program.id(of: $0.gradient) }
        guard parts.count == tensor.parts.count, parts.allSatisfy(execution.isComputed) else {
          uncomputed.append(name)
          continue
        }
        sources.append(TracedValue(name: name, parts: parts, packed: tensor))
      } else {
        unknown.append(name)
      }
    }
    sources.sort { $0.place(in: program) < $1.place(in: program) }
    missing = program.steps.map(\.output).filter { id in
      execution.isComputed(id) && !found.contains(id)
        && program[id].role == .activation && ValueName(program[id].name) != nil
    }.map { program[$0].name }
  }
}

/// A value that an execution and a file have.
private struct TracedValue {
  let name: String

  /// One value, or those that are packed in one tensor of the file.
  let parts: [ValueID]
  var packed: PackedTensor?

  /// By which values come in the order of computation.
  func place(in program: Program) -> (Int, Int, Int) {
    let last = parts.map { program[$0].producer ?? -1 }.max() ?? -1
    return (last, packed == nil ? 0 : 1, parts.first?.index ?? 0)
  }

  private func here(
    _ execution: Execution,
    _ file: SafetensorsFile
  ) throws(FileProblem) -> Tensor {
    let tensors = try FileProblem.refused(for: file.path) { () throws(ExecutionProblem) in
      try parts.map { (part) throws(ExecutionProblem) in try execution.remembered(part) }
    }
    guard let packed else { return tensors[0] }
    let shape = Shape(axes: packed.shape.map { _ in .model }, sizes: packed.shape)
    return Tensor(shape, packed.pack(tensors.map(\.doubles)))
  }

  func entry(
    _ execution: Execution,
    _ file: SafetensorsFile,
    _ rounding: TraceTolerance
  ) throws(FileProblem) -> TraceComparison.Entry {
    let program = execution.program
    let stored = file.entry(name)
    let last = parts.compactMap { program[$0].producer }.max()
    let sizes = packed?.shape ?? program[parts[0]].shape.sizes
    var entry = TraceComparison.Entry(
      name: name,
      step: last,
      shapes: (sizes, stored?.shape ?? [])
    )
    entry.tolerance = rounding.share(parts[0], stored: stored?.dtype ?? .f32)
    guard entry.hasOneShape else { return entry }
    let (ours, theirs) = (try here(execution, file).doubles, try file.readNumbers(name))
    let allowed = try distances(ours, file, rounding)
    entry.size = TraceTolerance.size(ours)
    (entry.difference, entry.differs) = (0, false)
    for (index, (one, other)) in zip(ours, theirs).enumerated() {
      let distance = Self.distance(one, other)
      entry.difference = max(entry.difference, distance)
      if distance > allowed[index] { entry.differs = true }
    }
    return entry
  }

  /// By how much each number may differ.
  private func distances(
    _ here: [Double],
    _ file: SafetensorsFile,
    _ rounding: TraceTolerance
  ) throws(FileProblem) -> TraceDistances {
    try FileProblem.refused(for: file.path) { () throws(ExecutionProblem) in
      try rounding.distances(parts, here, stored: file.entry(name)?.dtype ?? .f32)
    }
  }

  /// The value with the numbers that differ.
  func first(
    _ entry: TraceComparison.Entry,
    _ execution: Execution,
    _ file: SafetensorsFile,
    _ rounding: TraceTolerance
  ) throws(FileProblem) -> TraceComparison.First {
    let (here, theirs) = (try here(execution, file), try file.readNumbers(name))
    guard entry.hasOneShape else {
      return TraceComparison.First(entry: entry, here: here, file: theirs, places: [])
    }
    let allowed = try distances(here.doubles, file, rounding)
    let gaps = zip(here.doubles, theirs).map { Self.distance($0, $1) }
    // Those that differ as the value does, not by rounding.
    let places = gaps.indices.filter { gaps[$0] > allowed[$0] }
      .sorted { (gaps[$0], $1) > (gaps[$1], $0) }
    return TraceComparison.First(entry: entry, here: here, file: theirs, places: places)
  }

  private static func distance(_ one: Double, _ other: Double) -> Double {
    if one == other || one.isNaN && other.isNaN { return 0 }
    let hidden = TraceTolerance.hidden
    if one == -.infinity && other <= -hidden || other == -.infinity && one <= -hidden { return 0 }
    let distance = abs(one - other)
    return distance.isNaN ? .infinity : distance
  }
}
