// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// A function of the expression language; adding one is adding an entry to `all`.
struct ExpressionFunction: Sendable {
  let name: String
  let arity: Int
  var keywords: [String] = []

  /// Its line on the help screen.
  let help: Help

  /// Whether its arguments are computed first; false where it has to see how they were written.
  var takesValues = true

  /// Records the ops that compute it.
  let record: @Sendable (inout ExpressionRecorder, Call) throws -> ValueID

  /// A line of the help screen; functions that share it stand on one line.
  struct Help: Sendable, Hashable {
    /// What stands in the brackets.
    let arguments: String

    let summary: Bilingual

    init(_ arguments: String = "x", it: String, en: String) {
      self.arguments = arguments
      summary = Bilingual(it: it, en: en)
    }
  }

  /// What a function is given: arguments as they were written, their values, an axis by name, and
  /// the arguments that are plain whole numbers.
  struct Call {
    let arguments: [Expression]
    let span: Range<Int>
    let values: [ValueID]
    let axis: Axis?
    let numbers: [Int?]
  }

  static var names: [String] { all.map(\.name) }

  static func named(_ name: String) -> ExpressionFunction? { all.first { $0.name == name } }

  static let all: [ExpressionFunction] = [
    unary("exp", Exponential(), help: elementwise),
    unary("tanh", HyperbolicTangent(), help: elementwise),
    unary("log", Logarithm(), help: elementwise),
    unary("sqrt", SquareRoot(), help: elementwise),
    unary("abs", AbsoluteValue(), help: elementwise),
    unary(
      "softmax",
      Softmax(),
      help: Help(
        it: "l'ultimo asse diventa positivo e somma a 1",
        en: "makes the last axis positive, with sum 1"
      )
    ),
    reduction("sum", help: reducing) { try $0.add(SumOver($1.axis), $1.values) },
    reduction("mean", help: reducing) { recorder, call in
      let count = recorder.count(call.values[0], along: call.axis)
      let sum = try recorder.add(SumOver(call.axis), call.values)
      return try recorder.add(Over(), [sum, try recorder.add(Constant(Double(count)), [])])
    },
    reduction("max", help: reducing) { try $0.add(MaximumOver($1.axis), $1.values) },
    reduction("min", help: reducing) { recorder, call in
      let negative = try recorder.add(Scale(factor: -1), call.values)
      return try recorder.add(
        Scale(factor: -1),
        [try recorder.add(MaximumOver(call.axis), [negative])]
      )
    },
    reduction(
      "norm",
      help: Help(
        "x, axis: A",
        it: "radice della somma dei quadrati",
        en: "root of the sum of squares"
      )
    ) { recorder, call in
      let squares = try recorder.add(Times(), [call.values[0], call.values[0]])
      return try recorder.add(SquareRoot(), [try recorder.add(SumOver(call.axis), [squares])])
    },
    reduction(
      "count",
      help: Help("x, axis: A", it: "quanti non sono 0", en: "how many are not 0")
    ) { recorder, call in
      let zero = try recorder.add(Constant(0), [])
      let other = try recorder.add(Comparison(.unequal), [call.values[0], zero])
      return try recorder.add(SumOver(call.axis), [other])
    },
    unary(
      "argmax",
      ArgumentOfMaximum(),
      help: Help(
        it: "indice del più grande sull'ultimo asse",
        en: "index of the largest along the last axis"
      )
    ),
    ExpressionFunction(
      name: "topk",
      arity: 2,
      help: Help(
        "x, k",
        it: "i k più grandi dell'ultimo asse",
        en: "the k largest of the last axis"
      )
    ) { recorder, call in
      try recorder.add(TopK(try wholeNumber(call, "topk(x, k)")), [call.values[0]])
    },
    ExpressionFunction(
      name: "argtopk",
      arity: 2,
      help: Help("x, k", it: "i loro indici: sull'asse vocab, gli id", en: "their indices, or ids")
    ) { recorder, call in
      try recorder.add(ArgumentsOfTopK(try wholeNumber(call, "argtopk(x, k)")), [call.values[0]])
    },
    ExpressionFunction(
      name: "onehot",
      arity: 2,
      help: Help("ids, V", it: "un 1 al posto dell'id, V numeri", en: "a 1 at the id, of V numbers")
    ) { recorder, call in
      try recorder.add(OneHot(count: try wholeNumber(call, "onehot(ids, V)")), [call.values[0]])
    },
    unary(
      "upper",
      Triangle(isUpper: true),
      help: Help(it: "solo ciò che sta sopra la diagonale", en: "only what is above the diagonal")
    ),
    unary("lower", Triangle(isUpper: false), help: lowerTriangle),
    unary("tril", Triangle(isUpper: false), help: lowerTriangle),
    unary(
      "transpose",
      Transpose(),
      help: Help(it: "scambia righe e colonne", en: "exchanges rows and columns")
    ),
    ExpressionFunction(
      name: "grad",
      arity: 2,
      help: Help(
        "y, NAME",
        it: "gradiente del numero y rispetto a NAME",
        en: "gradient of the number y by NAME"
      ),
      takesValues: false
    ) { try $0.recordGradient($1) },
  ]

  private static let elementwise = Help(it: "numero per numero", en: "number by number")

  private static let reducing = Help(
    "x, axis: A",
    it: "su un asse, o su tutto",
    en: "over an axis, or over all"
  )

  private static let lowerTriangle = Help(
    it: "la diagonale e ciò che sta sotto",
    en: "the diagonal and what is below"
  )

  private static func wholeNumber(_ call: Call, _ form: String) throws -> Int {
    guard let number = call.numbers[1], number > 0 else {
      throw ExpressionProblem.notAnArgument(needs: form)
    }
    return number
  }

  private static func unary(
    _ name: String,
    _ op: some DifferentiableOp,
    help: Help
  ) -> ExpressionFunction {
    ExpressionFunction(name: name, arity: 1, help: help) { try $0.add(op, $1.values) }
  }

  private static func reduction(
    _ name: String,
    help: Help,
    _ record: @escaping @Sendable (inout ExpressionRecorder, Call) throws -> ValueID
  ) -> ExpressionFunction {
    ExpressionFunction(name: name, arity: 1, keywords: ["axis"], help: help, record: record)
  }
}
