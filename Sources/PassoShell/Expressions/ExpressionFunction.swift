// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// A function of the expression language; adding one is adding an entry to `all`.
struct ExpressionFunction: Sendable {
  let name: String
  let arity: Int
  var keywords: [String] = []

  /// Records the ops that compute it.
  let record: @Sendable (inout ExpressionRecorder, Call) throws -> ValueID

  /// What a function is given: values, an axis by name, whole numbers as they were written.
  struct Call {
    let values: [ValueID]
    let axis: Axis?
    let numbers: [Int?]
  }

  static var names: [String] { all.map(\.name) }

  static func named(_ name: String) -> ExpressionFunction? { all.first { $0.name == name } }

  static let all: [ExpressionFunction] = [
    unary("softmax", Softmax()), unary("exp", Exponential()), unary("log", Logarithm()),
    unary("sqrt", SquareRoot()), unary("abs", AbsoluteValue()),
    unary("argmax", ArgumentOfMaximum()),
    unary("upper", Triangle(isUpper: true)), unary("lower", Triangle(isUpper: false)),
    unary("tril", Triangle(isUpper: false)), unary("transpose", Transpose()),
    reduction("sum") { try $0.add(SumOver($1.axis), $1.values) },
    reduction("max") { try $0.add(MaximumOver($1.axis), $1.values) },
    reduction("min") { recorder, call in
      let negative = try recorder.add(Scale(factor: -1), call.values)
      return try recorder.add(
        Scale(factor: -1),
        [try recorder.add(MaximumOver(call.axis), [negative])]
      )
    },
    reduction("mean") { recorder, call in
      let count = recorder.count(call.values[0], along: call.axis)
      let sum = try recorder.add(SumOver(call.axis), call.values)
      return try recorder.add(Over(), [sum, try recorder.add(Constant(Double(count)), [])])
    },
    reduction("norm") { recorder, call in
      let squares = try recorder.add(Times(), [call.values[0], call.values[0]])
      return try recorder.add(SquareRoot(), [try recorder.add(SumOver(call.axis), [squares])])
    },
    reduction("count") { recorder, call in
      let zero = try recorder.add(Constant(0), [])
      let other = try recorder.add(Comparison(.unequal), [call.values[0], zero])
      return try recorder.add(SumOver(call.axis), [other])
    },
    ExpressionFunction(name: "onehot", arity: 2) { recorder, call in
      guard let count = call.numbers[1], (1...(1 << 24)).contains(count) else {
        throw ExpressionProblem.notAWholeNumber("onehot(ids, V)")
      }
      return try recorder.add(OneHot(count: count), [call.values[0]])
    },
  ]

  private static func unary(_ name: String, _ op: some DifferentiableOp) -> ExpressionFunction {
    ExpressionFunction(name: name, arity: 1) { try $0.add(op, $1.values) }
  }

  private static func reduction(
    _ name: String,
    _ record: @escaping @Sendable (inout ExpressionRecorder, Call) throws -> ValueID
  ) -> ExpressionFunction {
    ExpressionFunction(name: name, arity: 1, keywords: ["axis"], record: record)
  }
}
