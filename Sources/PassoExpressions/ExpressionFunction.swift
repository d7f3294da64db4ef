// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// A function of the expression language; adding one is adding an entry to `all`.
package struct ExpressionFunction: Sendable {
  package let name: String
  let arity: Int
  var keywords: [String] = []

  /// Its line on the help screen.
  package let help: Help

  /// Whether its arguments are computed first; false where it has to see how they were written.
  var takesValues = true

  /// Records the ops that compute it.
  let record: @Sendable (inout ExpressionRecorder, Call) throws -> ValueID

  /// A line of the help screen; functions that share it stand on one line.
  package struct Help: Sendable, Hashable {
    /// What stands in the brackets.
    package let arguments: String

    package let summary: Bilingual

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

  /// Whether it works along the last axis and no other.
  var isAlongLastAxis: Bool { ["softmax", "argmax", "topk", "argtopk"].contains(name) }

  /// Whether a keyword says what is so anyway: the last axis, where there is no other.
  func meansTheSame(_ keyword: Expression.Keyword, in shape: Shape) -> Bool {
    guard isAlongLastAxis, keyword.name == "axis" else { return false }
    return [shape.axes.last?.name, "-1", String(shape.rank - 1)].contains(keyword.value)
  }

  package static var names: [String] { all.map(\.name) }

  static func named(_ name: String) -> ExpressionFunction? { all.first { $0.name == name } }

  /// What to write in the place of a function that there is not: `sqrt` for `np.sqrt`, `sum(W_E)`
  /// for `W_E.sum`, else a close name.
  static func meant(by name: String) -> String? {
    let (owner, last) = parts(of: name)
    if !owner.isEmpty, asItIs.contains(last) { return owner }
    guard let known = elsewhere[last.lowercased()] ?? named(last)?.name else {
      return Suggestion.closest(to: last, among: names)
    }
    let isOfLibrary = libraries.contains(String(owner.prefix { $0 != "." }))
    return owner.isEmpty || isOfLibrary ? known : "\(known)(\(owner))"
  }

  /// What stands before the last point of a name, and what behind it.
  private static func parts(of name: String) -> (owner: String, last: String) {
    let parts = name.split(separator: ".")
    return (parts.dropLast().joined(separator: "."), parts.last.map { String($0) } ?? "")
  }

  /// What to write in the place of `x.T` and other things that arrays of other libraries have.
  static func form(ofAttribute name: String) -> String? {
    let (owner, last) = parts(of: name)
    guard !owner.isEmpty else { return nil }
    switch last {
    case "T", "mT", "H": return "transpose(\(owner))"
    case "shape", "size", "ndim", "dtype": return ":stats \(owner)"
    case "grad": return "grad.\(owner)"
    case _ where asItIs.contains(last): return owner
    default: return named(last).map { "\($0.name)(\(owner))" }
    }
  }

  /// What gives the numbers of an array as they are.
  private static let asItIs: Set<String> = [
    "data", "values", "item", "detach", "numpy", "tolist", "cpu", "clone", "float", "double",
  ]

  private static let libraries: Set<String> = [
    "np", "numpy", "torch", "jnp", "jax", "tf", "math", "F", "nn", "scipy", "cmath",
  ]

  /// Functions that show a value: here it shows itself.
  static let showing: Set<String> = ["print", "display", "repr", "str", "disp", "show", "pprint"]

  /// Names in NumPy, PyTorch and spreadsheets that no name here is close to.
  private static let elsewhere = [
    "size": "len", "numel": "len", "average": "mean", "media": "mean", "somma": "sum",
    "radice": "sqrt", "amax": "max", "maximum": "max", "amin": "min", "minimum": "min",
    "one_hot": "onehot", "triu": "upper", "permute": "transpose", "stdev": "std", "variance": "var",
    "l2": "norm", "count_nonzero": "count", "backward": "grad",
  ]

  package static let all: [ExpressionFunction] = [
    unary("exp", Exponential(), help: elementwise),
    unary("tanh", HyperbolicTangent(), help: elementwise),
    unary("erf", ErrorFunction(), help: elementwise),
    unary("log", Logarithm(), help: elementwise),
    unary("ln", Logarithm(), help: elementwise),
    logarithm("log2", base: 2),
    logarithm("log10", base: 10),
    unary("sqrt", SquareRoot(), help: elementwise),
    unary("abs", AbsoluteValue(), help: elementwise),
    unary(
      "softmax",
      Softmax(),
      it: "l'ultimo asse diventa positivo e somma a 1",
      en: "makes the last axis positive, with sum 1"
    ),
    reduction("sum", help: reducing) { try $0.add(SumOver($1.axis), $1.values) },
    reduction("mean", help: reducing) { recorder, call in
      let count = recorder.count(call.values[0], along: call.axis)
      let sum = try recorder.add(SumOver(call.axis), call.values)
      return try recorder.add(Over(), [sum, try recorder.add(Constant(Double(count)), [])])
    },
    reduction("var", help: spreading) { try $0.variance($1) },
    reduction("std", help: spreading) { recorder, call in
      try recorder.add(SquareRoot(), [try recorder.variance(call)])
    },
    reduction("max", help: reducing) { try $0.add(MaximumOver($1.axis), $1.values) },
    reduction("min", help: reducing) { recorder, call in
      let negative = try recorder.add(Scale(factor: -1), call.values)
      let maximum = try recorder.add(MaximumOver(call.axis), [negative])
      return try recorder.add(Scale(factor: -1), [maximum])
    },
    reduction(
      "norm",
      help: along(it: "radice della somma dei quadrati", en: "root of the sum of squares")
    ) { recorder, call in
      let squares = try recorder.add(Times(), [call.values[0], call.values[0]])
      return try recorder.add(SquareRoot(), [try recorder.add(SumOver(call.axis), [squares])])
    },
    reduction("count", help: along(it: "quanti non sono 0", en: "how many are not 0")) {
      recorder,
      call in
      let zero = try recorder.add(Constant(0), [])
      let other = try recorder.add(Comparison(.unequal), [call.values[0], zero])
      return try recorder.add(SumOver(call.axis), [other])
    },
    ExpressionFunction(
      name: "len",
      arity: 1,
      help: Help(it: "quanti posti ha il primo asse", en: "how many places the first axis has")
    ) { recorder, call in
      let sizes = recorder.shape(call.values[0]).sizes
      guard let first = sizes.first else { throw ExpressionProblem.noLength }
      return try recorder.add(Constant(Double(first)), [])
    },
    unary(
      "argmax",
      ArgumentOfMaximum(),
      it: "indice del più grande sull'ultimo asse",
      en: "index of the largest along the last axis"
    ),
    counting("topk", largest) { TopK($0) },
    counting("argtopk", largest) { ArgumentsOfTopK($0) },
    counting(
      "onehot",
      Help("ids, V", it: "un 1 al posto dell'id, V numeri", en: "a 1 at the id, of V numbers")
    ) { OneHot(count: $0) },
    ExpressionFunction(
      name: "range",
      arity: 1,
      help: Help("n", it: "i numeri da 0 a n - 1", en: "the numbers from 0 to n - 1")
    ) { recorder, call in
      guard let count = call.numbers[0], (1...1 << 20).contains(count) else {
        throw ExpressionProblem.notAnArgument(needs: "range(n)")
      }
      return try recorder.add(Constant(Shape((.item, count)), (0..<count).map(Double.init)), [])
    },
    unary("upper", Triangle(isUpper: true), help: triangle),
    unary("lower", Triangle(isUpper: false), help: triangle),
    unary("tril", Triangle(isUpper: false), help: triangle),
    unary(
      "transpose",
      Transpose(),
      it: "scambia righe e colonne",
      en: "exchanges rows and columns"
    ),
    accuracy, previousToken, prefixMatch,
    ExpressionFunction(
      name: "grad",
      arity: 2,
      help: Help(
        "y, x",
        it: "gradiente del numero y rispetto al valore x",
        en: "gradient of the number y by the value x"
      ),
      takesValues: false
    ) { try $0.recordGradient($1) },
  ]

  private static let elementwise = Help(
    it: "numero per numero; log e ln: naturale",
    en: "number by number; log and ln: natural"
  )

  private static let reducing = along(it: "su un asse, o su tutto", en: "over an axis, or over all")

  private static let largest = Help(
    "x, k",
    it: "i k più grandi dell'ultimo asse, i loro indici",
    en: "the k largest of the last axis, their indices"
  )

  private static let spreading = along(
    it: "varianza e deviazione standard, divise per n",
    en: "variance and standard deviation, over n"
  )

  private static func logarithm(_ name: String, base: Double) -> ExpressionFunction {
    ExpressionFunction(name: name, arity: 1, help: elementwise) { recorder, call in
      let natural = try recorder.add(Logarithm(), call.values)
      let scale = try recorder.add(Logarithm(), [try recorder.add(Constant(base), [])])
      return try recorder.add(Over(), [natural, scale])
    }
  }

  private static let triangle = Help(
    it: "ciò che sta sopra la diagonale, o il resto",
    en: "what is above the diagonal, or the rest"
  )

  private static func along(it: String, en: String) -> Help { Help("x, axis: A", it: it, en: en) }

  /// A function of a value and a whole number from 1 on.
  private static func counting<Operation: DifferentiableOp>(
    _ name: String,
    _ help: Help,
    _ op: @escaping @Sendable (Int) -> Operation
  ) -> ExpressionFunction {
    ExpressionFunction(name: name, arity: 2, help: help) { recorder, call in
      guard let number = call.numbers[1], number > 0 else {
        throw ExpressionProblem.notAnArgument(needs: "\(name)(\(help.arguments))")
      }
      return try recorder.add(op(number), [call.values[0]])
    }
  }

  private static func unary(
    _ name: String,
    _ op: some DifferentiableOp,
    it: String,
    en: String
  ) -> ExpressionFunction {
    unary(name, op, help: Help(it: it, en: en))
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

extension ExpressionRecorder {
  /// The mean of the squared differences from the mean.
  fileprivate mutating func variance(_ call: ExpressionFunction.Call) throws -> ValueID {
    let count = try add(Constant(Double(count(call.values[0], along: call.axis))), [])
    let mean = try add(Over(), [try add(SumOver(call.axis), call.values), count])
    let difference = try add(Minus(), [call.values[0], mean])
    let squares = try add(Times(), [difference, difference])
    return try add(Over(), [try add(SumOver(call.axis), [squares]), count])
  }
}
