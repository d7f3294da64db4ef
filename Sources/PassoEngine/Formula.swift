// SPDX-License-Identifier: MIT

/// How one number of a step's output comes out of the numbers of its inputs.
package indirect enum Formula: Hashable, Sendable {
  /// A number that stands in the formula itself.
  case number(Double)
  /// A number of an input, by its row-major position.
  case element(input: Int, index: Int)
  case sum([Formula])
  case difference(Formula, Formula)
  case product([Formula])
  case quotient(Formula, Formula)
  case function(Function, Formula)
  /// A number with a name of its own, such as a mean; it has a formula in turn.
  case part(String, Formula)
  /// What comes out where other numbers decide which rule holds.
  case decided(Formula, by: [Formula])

  /// The functions of formulas, by their names in expressions.
  package enum Function: String, Sendable {
    case exp
    case log
    case sqrt
    case tanh
    case erf
    case abs

    fileprivate func of(_ x: Double) -> Double {
      switch self {
      case .exp: Double.exponential(x)
      case .log: Double.logarithm(x)
      case .sqrt: x.squareRoot()
      case .tanh: Double.hyperbolicTangent(x)
      case .erf: Double.errorFunction(x)
      case .abs: Swift.abs(x)
      }
    }
  }
}

extension Formula {
  /// The number that comes out, in f64.
  package func value(_ element: (_ input: Int, _ index: Int) -> Double) -> Double {
    switch self {
    case .number(let number): number
    case .element(let input, let index): element(input, index)
    case .sum(let terms): Self.total(terms, element)
    case .difference(let left, let right): left.value(element) - right.value(element)
    case .product(let factors): factors.reduce(1) { $0 * $1.value(element) }
    case .quotient(let left, let right): left.value(element) / right.value(element)
    case .function(let function, let x): function.of(x.value(element))
    case .part(_, let formula), .decided(let formula, by: _): formula.value(element)
    }
  }

  private static func total(_ terms: [Formula], _ element: (Int, Int) -> Double) -> Double {
    var sum = DoubleSum()
    for term in terms { sum.add(term.value(element)) }
    return sum.rounded
  }

  /// With a number in the place of each part.
  package func replacingParts(_ number: (Formula) -> Double) -> Formula {
    func replaced(_ formula: Formula) -> Formula { formula.replacingParts(number) }
    switch self {
    case .number, .element: return self
    case .part(_, let inner): return .number(number(inner))
    case .sum(let terms): return .sum(terms.map(replaced))
    case .product(let factors): return .product(factors.map(replaced))
    case .difference(let left, let right): return .difference(replaced(left), replaced(right))
    case .quotient(let left, let right): return .quotient(replaced(left), replaced(right))
    case .function(let function, let x): return .function(function, replaced(x))
    case .decided(let inner, by: let reasons): return .decided(replaced(inner), by: reasons)
    }
  }

  package static func + (left: Formula, right: Formula) -> Formula { .sum([left, right]) }
  package static func - (left: Formula, right: Formula) -> Formula { .difference(left, right) }
  package static func * (left: Formula, right: Formula) -> Formula { .product([left, right]) }
  package static func / (left: Formula, right: Formula) -> Formula { .quotient(left, right) }

  static func exp(_ x: Formula) -> Formula { .function(.exp, x) }
  static func log(_ x: Formula) -> Formula { .function(.log, x) }
  static func sqrt(_ x: Formula) -> Formula { .function(.sqrt, x) }
  static func tanh(_ x: Formula) -> Formula { .function(.tanh, x) }
  static func erf(_ x: Formula) -> Formula { .function(.erf, x) }

  /// The mean of some numbers, as a part of its own.
  static func mean(_ name: String, _ terms: [Formula]) -> Formula {
    .part(name, .sum(terms) / .number(Double(terms.count)))
  }
}

extension Formula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
}

/// What the formula of an op is written with: the inputs of one step.
package struct FormulaScope: Sendable {
  let inputs: [Tensor]

  /// The shape of the result.
  package let output: Shape

  /// A number of an input as a term.
  subscript(input: Int, index: Int) -> Formula { .element(input: input, index: index) }

  func value(_ input: Int, _ index: Int) -> Double { inputs[input][index] }
  func shape(_ input: Int) -> Shape { inputs[input].shape }
  func count(_ input: Int) -> Int { inputs[input].count }
  var inputCount: Int { inputs.count }

  /// The row-major position along each axis of the output.
  func places(_ index: Int) -> [Int] {
    var (rest, places): (Int, [Int]) = (index, [])
    for size in output.sizes.reversed() {
      places.insert(rest % size, at: 0)
      rest /= size
    }
    return places
  }

  /// All numbers of a row of an input.
  func row(_ input: Int, _ row: Int, width: Int) -> [Formula] {
    (row * width..<(row + 1) * width).map { self[input, $0] }
  }

  /// e to each number of a row, over the sum of all: what is -inf has no part in it.
  func softmax(_ input: Int, _ range: Range<Int>, at index: Int) -> Formula {
    guard value(input, index) != -.infinity else { return .decided(0, by: [self[input, index]]) }
    let shift = shift(input, range)
    return exponential(input, index, shift) / exponentials(input, range, shift)
  }

  /// The sum of e to each number of a row.
  func exponentials(_ input: Int, _ range: Range<Int>) -> Formula {
    exponentials(input, range, shift(input, range))
  }

  private func exponentials(_ input: Int, _ range: Range<Int>, _ shift: Double) -> Formula {
    let seen = range.filter { value(input, $0) != -.infinity }
    return .sum(seen.map { exponential(input, $0, shift) })
  }

  private func exponential(_ input: Int, _ index: Int, _ shift: Double) -> Formula {
    .exp(shift == 0 ? self[input, index] : self[input, index] - .number(shift))
  }

  /// What has to be taken off every number of a row so that e to it does not overflow.
  func shift(_ input: Int, _ range: Range<Int>) -> Double {
    let peak = range.reduce(-Double.infinity) { max($0, value(input, $1)) }
    return abs(peak) < 80 ? 0 : peak
  }
}

extension Execution {
  /// How one number of a computed value came about; nil for a value that is given or not computed.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for what the step reads.
  package func formula(
    of id: ValueID,
    at index: Int
  ) throws(ExecutionProblem) -> (formula: Formula, step: Step)? {
    guard isComputed(id), let producer = program[id].producer else { return nil }
    let step = program.steps[producer]
    let scope = FormulaScope(
      inputs: try step.inputs.map { (input) throws(ExecutionProblem) in try remembered(input) },
      output: program[id].shape
    )
    return (step.op.formula(at: index, in: scope), step)
  }
}
