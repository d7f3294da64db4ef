// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// Writes an expression as steps of a program, through the same ops as the model.
package struct ExpressionRecorder {
  /// A value, and what is good to know of it.
  package struct Result {
    package let tensor: Tensor
    package let notes: [Bilingual]
  }

  var builder = ProgramBuilder()
  let line: String
  let context: ExpressionContext

  /// The values of names that were recorded.
  var named: [String: ValueID] = [:]

  /// What the gradient is taken by, inside `grad`.
  var target: GradientTarget?

  var notes: [Bilingual] = []

  private var givenValues: [(id: ValueID, tensor: Tensor)] = []

  /// Steps that are not done, because their value is known.
  private(set) var heldIDs: Set<ValueID> = []

  private var elementCount = 0

  /// Computes an expression in f64.
  ///
  /// - Parameters:
  ///   - expression: What to compute.
  ///   - line: The line it stands in, for messages.
  ///   - context: What its names stand for.
  /// - Returns: The value.
  /// - Throws: A placed problem.
  package static func evaluate(
    _ expression: Expression,
    line: String,
    context: ExpressionContext
  ) throws -> Result {
    var recorder = ExpressionRecorder(line: line, context: context)
    let result = try recorder.record(expression)
    let tensor = try recorder.placed(expression.span) {
      try recorder.run(recorder.builder.program, reading: result)
    }
    return Result(tensor: tensor, notes: recorder.notes)
  }

  init(line: String, context: ExpressionContext) {
    self.line = line
    self.context = context
  }

  /// The value after all steps of a program that was recorded here.
  func run(_ program: Program, reading id: ValueID) throws -> Tensor {
    var execution = try Execution(program, precision: .f64)
    for (id, tensor) in givenValues { try execution.set(id, to: tensor) }
    // The result is copied: whether there is room for it is known before anybody waits.
    try MemoryRoom.check(program[id].shape.count * MemoryLayout<Double>.stride)
    try execution.complete()
    guard let tensor = try execution.tensor(id) else {
      preconditionFailure("a finished program has not computed its last value")
    }
    return tensor
  }

  /// Declares a value that is there already.
  mutating func given(_ tensor: Tensor, role: Role) -> ValueID {
    let id = builder.input(unusedName, tensor.shape, role, element: tensor.element)
    givenValues.append((id, tensor))
    elementCount += tensor.count
    return id
  }

  /// Says what a step would compute, so that it need not be done.
  mutating func hold(_ id: ValueID, _ tensor: Tensor) {
    heldIDs.insert(id)
    givenValues.append((id, tensor))
  }

  /// No name that a person can write, so that none is taken.
  var unusedName: String { "#\(builder.program.values.count)" }

  /// Appends a step.
  mutating func add(_ op: some DifferentiableOp, _ values: [ValueID]) throws -> ValueID {
    let shape = try op.outputShape(values.map { builder.program[$0].shape })
    let (count, overflow) = elementCount.addingReportingOverflow(shape.count)
    guard !overflow, count <= Self.maxElements else {
      throw ExpressionProblem.tooManyNumbers(shape, limit: Self.maxElements)
    }
    elementCount = count
    return try builder.record(op, inputs: values, name: unusedName)
  }

  /// An eighth of the memory (the limit is three quarters), because a result is copied before it is
  /// shown; and no more than anybody waits for.
  private static let maxElements = min(MemoryRoom.limit / 6 / MemoryLayout<Double>.stride, 1 << 27)

  /// How many numbers are taken together along an axis, or in all.
  func count(_ id: ValueID, along axis: Axis?) -> Int {
    let shape = shape(id)
    guard let axis else { return shape.count }
    return zip(shape.axes, shape.sizes).first { $0.0 == axis }?.1 ?? 1
  }

  func shape(_ id: ValueID) -> Shape { builder.program[id].shape }

  func placed<T>(_ span: Range<Int>, _ body: () throws -> T) throws -> T {
    try Placed.problems(of: body, source: line, span: span)
  }
}

// MARK: - Parts of an expression

extension ExpressionRecorder {
  mutating func record(_ expression: Expression) throws -> ValueID {
    switch expression {
    case .number(let number, _): return try add(Constant(number), [])
    case .name(let name, let span): return try value(name, span)
    case .list(_, let span): return try list(expression, span)
    case .negation(let operand, _):
      return try add(Scale(factor: -1), [try record(operand)])
    case .power(let base, let exponent, let span):
      let operands = (try record(base), try record(exponent))
      let number = Self.number(exponent)
      return try placedStep(span) { try $0.power(operands.0, operands.1, exponent: number) }
    case .chain(let first, let links, let span):
      var id = try record(first)
      for link in links {
        let operands = [id, try record(link.operand)]
        let span = span.lowerBound..<link.operand.span.upperBound
        id = try placedStep(span) { try $0.add(link.operation, operands) }
      }
      return id
    case .call(let name, let arguments, let keywords, let span):
      return try call(name, arguments, keywords, span)
    case .slice(let whole, let items, let span):
      let id = try record(whole)
      let slices = try SliceResolver(line: line, shape: shape(id), labels: context.labels)
        .resolve(items, span: span)
      return try placedStep(span) { try $0.add(Slice(slices), [id]) }
    }
  }

  private mutating func placedStep(
    _ span: Range<Int>,
    _ body: (inout ExpressionRecorder) throws -> ValueID
  ) throws -> ValueID {
    try Placed.problems(of: { try body(&self) }, source: line, span: span)
  }

  private mutating func value(_ name: String, _ span: Range<Int>) throws -> ValueID {
    if let known = named[name] { return known }
    let found = try placed(span) { try self.found(name) }
    try placed(span) { try MemoryRoom.check(found.count * MemoryLayout<Double>.stride) }
    // Ids are numbers like any other here.
    let id =
      try recordedValue(name, span)
      ?? given(Tensor(found.shape, found.doubles), role: target == nil ? .activation : .data)
    named[name] = id
    return id
  }

  private func found(_ name: String) throws -> Tensor {
    do {
      return try context.lookup(name)
    } catch ExecutionProblem.unknownName(_, closest: nil) {
      guard let form = ExpressionFunction.form(ofAttribute: name) else {
        throw ExecutionProblem.unknownName(name, closest: nil)
      }
      throw ExpressionProblem.noAttribute(name, form: form)
    }
  }

  private mutating func list(_ expression: Expression, _ span: Range<Int>) throws -> ValueID {
    if let (sizes, numbers) = try Self.literal(expression, line: line) {
      let axes = sizes.count == 1 ? [Axis.item] : [Axis("row"), .item]
      return try add(Constant(Shape(axes: axes, sizes: sizes), numbers), [])
    }
    // A list of computed numbers: each is spread over a one-hot place and all are added.
    guard case .list(let items, _) = expression else { return try record(expression) }
    let places = Shape((.item, items.count))
    var sum: ValueID?
    for (index, item) in items.enumerated() {
      let id = try record(item)
      let place = try add(Constant(places, items.indices.map { $0 == index ? 1 : 0 }), [])
      let term = try placedStep(span) { try $0.add(Times(), [id, place]) }
      sum = try sum.map { try add(Plus(), [$0, term]) } ?? term
    }
    guard let sum else { throw ExpressionProblem.unfinished.placed(span, in: line) }
    return sum
  }

  /// A list, or a list of lists, of plain numbers; nil if something in it has to be computed.
  private static func literal(
    _ expression: Expression,
    line: String
  ) throws -> (sizes: [Int], numbers: [Double])? {
    guard case .list(let items, let span) = expression else { return nil }
    let flat = items.compactMap(number)
    if flat.count == items.count { return ([items.count], flat) }
    var rows: [[Double]] = []
    for item in items {
      guard case .list(let cells, _) = item else { return nil }
      let numbers = cells.compactMap(number)
      guard numbers.count == cells.count else { return nil }
      rows.append(numbers)
    }
    guard rows.allSatisfy({ $0.count == rows[0].count }) else {
      throw ExpressionProblem.unevenList.placed(span, in: line)
    }
    return ([rows.count, rows[0].count], rows.flatMap { $0 })
  }

  private static func number(_ expression: Expression) -> Double? {
    switch expression {
    case .number(let number, _): number
    case .negation(.number(let number, _), _): -number
    default: nil
    }
  }
}

// MARK: - Operators and functions

extension ExpressionRecorder {
  private mutating func add(
    _ operation: Expression.Operator,
    _ operands: [ValueID]
  ) throws -> ValueID {
    switch operation {
    case .plus: try add(Plus(), operands)
    case .minus: try add(Minus(), operands)
    case .times: try add(Times(), operands)
    case .over: try add(Over(), operands)
    case .power: try power(operands[0], operands[1], exponent: nil)
    case .contraction: try contract(operands[0], operands[1])
    default:
      try add(Comparison(Comparison.Kind(rawValue: operation.rawValue) ?? .equal), operands)
    }
  }

  /// A power, through products where the exponent is a whole number: exact for small numbers, and
  /// right for negative ones; else through logarithms, which negative numbers do not have.
  private mutating func power(
    _ base: ValueID,
    _ power: ValueID,
    exponent: Double?
  ) throws -> ValueID {
    if exponent == 0.5 { return try add(SquareRoot(), [base]) }
    guard let exponent, let whole = Int(exactly: exponent), whole.magnitude <= 1_024 else {
      let logarithm = try add(Logarithm(), [base])
      return try add(Exponential(), [try add(Times(), [power, logarithm])])
    }
    let one = try add(Constant(1), [])
    var (result, square, rest) = (one, base, whole.magnitude)
    while rest > 0 {
      if rest % 2 == 1 { result = result == one ? square : try add(Times(), [result, square]) }
      rest /= 2
      if rest > 0 { square = try add(Times(), [square, square]) }
    }
    if whole == 0 { return try add(Plus(), [try add(Scale(factor: 0), [base]), one]) }
    return whole < 0 ? try add(Over(), [one, result]) : result
  }

  /// Sums over the last axis of the left value; other axes of one name move together.
  ///
  /// `query` and `key` are positions, so that a pattern can meet the values it mixes. A list has no
  /// names: its axis meets the first one of the other side.
  private mutating func contract(_ left: ValueID, _ right: ValueID) throws -> ValueID {
    let (a, b) = (shape(left), shape(right))
    guard let last = a.axes.last else { return try add(Times(), [left, right]) }
    let shared =
      b.axes.firstIndex(of: last) ?? b.axes.firstIndex { Self.meets(last, $0) }
      ?? (last == .item || b.axes.first == .item ? 0 : nil)
    guard let shared, b.rank > 0 else { throw ExpressionProblem.noSharedAxis(a, b) }
    let leftLabels = Array(a.axes.indices)
    let rightLabels = b.axes.enumerated().map { index, axis in
      if index == shared { return a.rank - 1 }
      return a.axes.dropLast().firstIndex(of: axis) ?? a.rank + index
    }
    let kept = b.axes.indices.filter { rightLabels[$0] >= a.rank }
    let output = leftLabels.dropLast() + kept.map { rightLabels[$0] }
    // A query that has looked is a position again, as in `z`.
    let isLook = last == .key && b.axes[shared] == .position
    let leftAxes = a.axes.dropLast().map { isLook && $0 == .query ? .position : $0 }
    let contraction = Contraction(
      left: leftLabels,
      right: rightLabels,
      output: Array(output),
      axes: leftAxes + kept.map { b.axes[$0] }
    )
    return try add(contraction, [left, right])
  }

  private static func meets(_ one: Axis, _ other: Axis) -> Bool {
    let places: Set<Axis> = [.position, .query, .key]
    return places.contains(one) && places.contains(other)
  }

  private mutating func call(
    _ name: String,
    _ arguments: [Expression],
    _ keywords: [Expression.Keyword],
    _ span: Range<Int>
  ) throws -> ValueID {
    guard let function = ExpressionFunction.named(name) else {
      throw unknownFunction(name, arguments, span)
    }
    guard arguments.count == function.arity else {
      throw ExpressionProblem.argumentCount(
        name,
        needs: function.arity,
        found: arguments.count,
        comma: arguments.count > function.arity ? DecimalComma(in: line) : nil
      ).placed(span, in: line)
    }
    let values = function.takesValues ? try arguments.map { try record($0) } : []
    let call = ExpressionFunction.Call(
      arguments: arguments,
      span: span,
      values: values,
      axis: try axis(keywords, of: function, in: values.first.map(shape) ?? .scalar),
      numbers: arguments.map { Self.number($0).flatMap { Int(exactly: $0) } }
    )
    return try placedStep(span) { try function.record(&$0, call) }
  }

  private func unknownFunction(
    _ name: String,
    _ arguments: [Expression],
    _ span: Range<Int>
  ) -> Placed {
    let place = span.lowerBound..<span.lowerBound + name.unicodeScalars.count
    if ExpressionFunction.showing.contains(name), let part = arguments.first?.span {
      let text = String(String.UnicodeScalarView(Array(line.unicodeScalars)[part]))
      return ExpressionProblem.showsItself(name, value: text).placed(place, in: line)
    }
    let meant = ExpressionFunction.meant(by: name)
    return ExpressionProblem.unknownFunction(name, closest: meant).placed(place, in: line)
  }

  private func axis(
    _ keywords: [Expression.Keyword],
    of function: ExpressionFunction,
    in shape: Shape
  ) throws -> Axis? {
    var axis: Axis?
    for keyword in keywords where !function.meansTheSame(keyword, in: shape) {
      guard function.keywords.contains(keyword.name) else {
        throw ExpressionProblem.unknownKeyword(keyword.name, function: function.name).placed(
          keyword.span,
          in: line
        )
      }
      let named = shape.axes.first { $0.name == keyword.value }
      let counted = Int(keyword.value).flatMap { number -> Axis? in
        let index = number < 0 ? number + shape.rank : number
        return shape.axes.indices.contains(index) ? shape.axes[index] : nil
      }
      guard let found = named ?? counted else {
        throw ExpressionProblem.unknownAxis(keyword.value, shape: shape).placed(
          keyword.span,
          in: line
        )
      }
      axis = found
    }
    return axis
  }
}
