// SPDX-License-Identifier: MIT

/// Inputs that several executions read from one place: weights, and the caches of generation.
///
/// Not for several threads at once: their maker runs them one after the other.
package final class SharedValues: @unchecked Sendable {
  package let precision: Precision

  let memory: Memory
  private let regions: [String: Region]
  private let shapes: [String: Shape]

  /// Makes room for values, all 0.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if they do not fit into the machine's memory.
  package init(
    _ values: [(name: String, shape: Shape)],
    precision: Precision
  ) throws(ExecutionProblem) {
    var builder = ProgramBuilder()
    for value in values { _ = builder.input(value.name, value.shape, .parameter) }
    let plan = try MemoryPlan(builder.program, precision: precision, limits: nil)
    var regions: [String: Region] = [:]
    for (value, region) in zip(values, plan.regions) {
      regions[value.name] = Region(
        offset: region.offset,
        count: region.count,
        home: .shared
      )
    }
    self.regions = regions
    self.precision = precision
    shapes = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.shape) })
    memory = try Memory(byteCount: plan.byteCount)
  }

  /// Where a value is, if it is one of these.
  func region(_ value: Value) -> Region? {
    guard value.producer == nil, let region = regions[value.name] else { return nil }
    precondition(shapes[value.name] == value.shape, "\(value.name) is shared in another shape")
    return region
  }

  /// Gives a value its numbers, which are converted to the precision.
  package func set(_ name: String, to tensor: Tensor) {
    guard let region = regions[name] else { preconditionFailure("\(name) is not shared") }
    precondition(region.count == tensor.count, "\(tensor.count) numbers for \(region.count)")
    memory.write(tensor.converted(to: precision), at: region.offset)
  }
}
