// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// How far two engines may be apart at each number of a value: what rounding may change.
///
/// A part of the largest number of the value here, never of the file's, which may be wrong. What
/// follows from gradients may also be apart by what rounding of larger gradients leaves: a gradient
/// that ought to be 0 is such a rest, and so is all that is made of it. So the gradients that are
/// compared have a floor, a thousandth of the largest of them, and
///
/// - running averages of gradients have the same floor, those of their squares its square;
/// - a parameter that SGD has changed may be apart by the rate times what its gradient may;
/// - one that AdamW has changed too, number by number: the step is the average divided by its own
///   size, so that a gradient which is all rounding gives a step of about the rate in a direction
///   by chance.
struct TraceTolerance {
  /// The part of its size by which a gradient may differ, beside that of any other value.
  private static let gradientShare = 10.0

  /// How large the floor of the gradients is, beside the largest.
  private static let floorShare = 1e-3

  /// Half of the smallest number of F16: the format writes 0 for what is less.
  private static let leastHalf = 0x1p-25

  private let execution: Execution
  private let asked: Double?

  /// The largest number of each gradient that counts.
  private let sizes: [ValueID: Double]

  /// Below that, gradients are rounding.
  private let floor: Double

  /// Looks at gradients, and at those from which parameters are changed.
  ///
  /// - Parameters:
  ///   - execution: What was computed here.
  ///   - compared: The values that are compared.
  ///   - asked: The part of a value's size that may differ; nil for what suits the formats.
  /// - Throws: `ExecutionProblem` if there is no room for a gradient.
  init(
    _ execution: Execution,
    _ compared: [ValueID],
    asked: Double?
  ) throws(ExecutionProblem) {
    (self.execution, self.asked) = (execution, asked)
    let program = execution.program
    var sizes: [ValueID: Double] = [:]
    for id in compared {
      for id in [id, Self.gradient(behind: id, program)].compactMap(\.self)
      where sizes[id] == nil && Self.kind(of: program[id].name) == .gradient {
        guard program[id].shape.rank > 0, execution.isComputed(id) else { continue }
        sizes[id] = Self.size(try execution.remembered(id).doubles)
      }
    }
    self.sizes = sizes
    floor = Self.floorShare * (sizes.values.max() ?? 0)
  }

  /// The part of its size by which a value may differ.
  func share(_ id: ValueID, stored: StorageType) -> Double {
    let program = execution.program
    if program[id].element == .integer { return 0 }
    let share = asked ?? Self.share(execution.precision, stored)
    return asked == nil && Self.kind(of: program[id].name) != .other
      ? Self.gradientShare * share : share
  }

  /// By how much each number of some values, one behind the other, may differ.
  ///
  /// - Parameters:
  ///   - parts: The values.
  ///   - here: All their numbers.
  ///   - stored: The format of the file.
  /// - Returns: One distance for all, or one for each of `here`.
  /// - Throws: `ExecutionProblem` if there is no room for what a parameter was changed by.
  func distances(
    _ parts: [ValueID],
    _ here: [Double],
    stored: StorageType
  ) throws(ExecutionProblem) -> TraceDistances {
    guard let id = parts.first else { return TraceDistances() }
    let size = Self.size(here)
    let share = share(id, stored: stored)
    var found = TraceDistances(all: share * max(size, floor(of: execution.program[id].name)))
    if parts.count == 1 { found.each = try stepDistances(id, stored) }
    if stored == .f16 { found.all = max(found.all, Self.leastHalf) }
    return found
  }

  // MARK: Sizes

  /// The largest magnitude of numbers that are finite and hide nothing.
  static func size(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $1.isFinite && $1 > -hidden ? max($0, abs($1)) : $0 }
  }

  /// Other engines write a large negative number where nobody may look.
  static let hidden = 1e9

  private enum Kind { case gradient, average, square, other }

  /// What a value is, by the derivations in its name.
  private static func kind(of name: String) -> Kind {
    guard let (derivation, inner) = Derivation.split(name) else { return .other }
    switch derivation {
    case .gradient, .clipped: return .gradient
    case .firstMoment, .firstMomentCorrected: return .average
    case .secondMoment, .secondMomentCorrected: return .square
    case .next, .accumulated, .roundMean: return kind(of: inner)
    }
  }

  private func floor(of name: String) -> Double {
    switch Self.kind(of: name) {
    case .gradient, .average: floor
    case .square: floor * floor
    case .other: 0
    }
  }

  /// What rounding may change.
  private static func share(_ precision: Precision, _ stored: StorageType) -> Double {
    switch (precision, stored) {
    case (_, .i64), (_, .i32), (_, .i16), (_, .i8), (_, .u64), (_, .u32), (_, .u16), (_, .u8),
      (_, .boolean):
      0
    case (_, .f16), (_, .bf16): 1e-2
    case (.f64, .f64): 1e-9
    default: 1e-5
    }
  }

  // MARK: Changed parameters

  /// The gradient of the parameter that a value is the next one of; nil for other values.
  private static func gradient(behind id: ValueID, _ program: Program) -> ValueID? {
    guard let (derivation, name) = Derivation.split(program[id].name), derivation == .next,
      kind(of: name) == .other
    else { return nil }
    return program.id(of: Derivation.gradient.name(of: name))
  }

  /// By how much the steps of a parameter may differ, which come to its own share; nil for values
  /// that are no parameter's next ones.
  private func stepDistances(
    _ id: ValueID,
    _ stored: StorageType
  ) throws(ExecutionProblem) -> [Double]? {
    let program = execution.program
    guard let gradient = Self.gradient(behind: id, program), let step = program[id].producer else {
      return nil
    }
    let inputs = program.steps[step].inputs
    let rate = abs(inputs.last.flatMap { execution.number($0) } ?? 0)
    let error = share(gradient, stored: stored) * max(sizes[gradient] ?? 0, floor)
    guard inputs.count == 4 else {
      return Array(repeating: rate * error, count: program[id].shape.count)
    }
    let directions = try execution.remembered(inputs[1]).doubles
    let squares = try execution.remembered(inputs[2]).doubles
    return zip(directions, squares).map { direction, square in
      let size = square.squareRoot()
      // No longer than two steps that point away from each other; a gradient that is 0 to the last
      // digit is no rounding, as that of a token which is not there.
      guard size > 0 else { return 0 }
      return rate * min(1, error / size) * (1 + abs(direction) / size)
    }
  }
}

/// By how much the numbers of a value may differ.
struct TraceDistances {
  /// What holds for all of them.
  var all = 0.0

  /// What comes to that, number by number; nil for nothing.
  var each: [Double]?

  subscript(index: Int) -> Double { all + (each?[index] ?? 0) }
}
