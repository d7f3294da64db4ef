// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoTestSupport
import PassoText
import Testing

/// Expressions without a session: names are what the context says.
struct ExpressionTests {
  /// Two rows that are called by names, and one value that has them.
  private struct Animals: AxisLabels {
    func place(of label: String, on axis: Axis, size: Int, row: Int) throws -> Int {
      guard let place = ["cat", "dog"].firstIndex(of: label) else {
        throw ExpressionProblem.unknownLabel(label, closest: nil)
      }
      return place
    }
  }

  private func value(_ line: String) throws -> [Double] {
    let weights = Tensor(Shape((.item, 2)), [0.25, 0.5])
    let context = ExpressionContext(
      ProgramBuilder().program,
      labels: Animals(),
      lookup: { name in
        guard name == "weights" else {
          throw ExecutionProblem.unknownName(name, closest: "weights")
        }
        return weights
      },
      place: { _ in nil },
      held: { _ in weights }
    )
    let expression = try ExpressionParser.parse(line).expression
    return try ExpressionRecorder.evaluate(expression, line: line, context: context).tensor.doubles
  }

  @Test(arguments: [
    ("1 + 2 * 3", [7.0]), ("(1 + 2) * 3", [9]), ("2 - 3 - 4", [-5]), ("8 / 4 / 2", [1]),
    ("-2 * -3", [6]), ("1 + 1 == 2", [1]), ("1 < 2", [1]), ("3 >= 4", [0]), ("1e-3 * 1000", [1]),
    ("--2", [2]), ("[1, 2, 3] * 2", [2, 4, 6]), ("[[1, 2], [3, 4]]", [1, 2, 3, 4]),
    ("[1, 2, 3] @ [4, 5, 6]", [32]), ("[[1, 2], [3, 4]] @ [10, 1]", [12, 34]),
    ("sum([1, 2, 3])", [6]), ("mean([1, 2, 3])", [2]), ("max([1, 5, 3])", [5]),
    ("min([4, 2, 3])", [2]), ("norm([3, 4])", [5]), ("count([0, 1, 2])", [2]),
    ("argmax([0.5, 2, 1])", [1]), ("abs([-1, 2])", [1, 2]), ("sqrt(16)", [4]),
    ("exp(0)", [1]), ("log(1)", [0]), ("softmax([0, 0])", [0.5, 0.5]),
    ("upper([[1, 2], [3, 4]])", [0, 2, 0, 0]), ("lower([[1, 2], [3, 4]])", [1, 0, 3, 4]),
    ("sum([[1, 2], [3, 4]], axis: 0)", [4, 6]), ("sum([[1, 2], [3, 4]], axis: -1)", [3, 7]),
    ("sum([[1, 2], [3, 4]], axis: row)", [4, 6]), ("transpose([[1, 2], [3, 4]])", [1, 3, 2, 4]),
    ("onehot([1, 0], 3)", [0, 1, 0, 1, 0, 0]), ("[10, 20, 30][-1]", [30]),
    ("[10, 20, 30][::-1]", [30, 20, 10]), ("[10, 20, 30][1:]", [20, 30]),
    ("[10, 20, 30][:-1]", [10, 20]), ("[[1, 2], [3, 4]][..., 0]", [1, 3]),
    ("[[1, 2], [3, 4]][1][0]", [3]), ("min([norm([3, 4]), 7])", [5]), ("1 # a comment", [1]),
  ])
  func knownAnswers(line: String, expected: [Double]) throws {
    #expect(relativeError(try value(line), expected) < 1e-15)
  }

  @Test(arguments: [
    ("weights * 2", [0.5, 1.0]), ("weights[\"dog\"]", [0.5]), ("sum(weights)", [0.75]),
  ])
  func namesAndLabelsAreThoseOfTheContext(line: String, expected: [Double]) throws {
    #expect(try value(line) == expected)
  }

  @Test(arguments: [("1 + weight", 4..<10), ("weights[\"cow\"]", 8..<13), ("1 +* 2", 3..<4)])
  func whatIsWrongHasItsPlace(line: String, span: Range<Int>) throws {
    let problem = #expect(throws: (any Error).self) { try value(line) }
    #expect((problem as? any Problem)?.place?.span == span)
  }
}
