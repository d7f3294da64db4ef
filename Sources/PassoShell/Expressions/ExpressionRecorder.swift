// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Writes an expression as steps of a program, through the same ops as the model.
struct ExpressionRecorder {
  private var builder = ProgramBuilder()
  private var inputs: [(id: ValueID, tensor: Tensor)] = []
  private var named: [String: ValueID] = [:]
  private let line: String
  private let lookup: (String) throws -> Tensor

  /// Computes an expression.
  ///
  /// - Parameters:
  ///   - expression: What to compute.
  ///   - line: The line it stands in, for messages.
  ///   - lookup: The value of a name; it throws if there is none.
  /// - Returns: The value, in f64.
  /// - Throws: A placed problem.
  static func evaluate(
    _ expression: Expression,
    line: String,
    lookup: @escaping (String) throws -> Tensor
  ) throws -> Tensor {
    var recorder = ExpressionRecorder(line: line, lookup: lookup)
    let result = try recorder.record(expression)
    var execution = try Execution(recorder.builder.program, precision: .f64)
    for (id, tensor) in recorder.inputs { execution.set(id, to: tensor) }
    execution.run()
    guard let tensor = execution.tensor(result) else {
      preconditionFailure("a finished program has not computed its last value")
    }
    return tensor
  }

  private init(line: String, lookup: @escaping (String) throws -> Tensor) {
    self.line = line
    self.lookup = lookup
  }

  /// Appends a step.
  mutating func add(_ op: some DifferentiableOp, _ values: [ValueID]) throws -> ValueID {
    try builder.record(op, inputs: values, name: "e\(builder.program.values.count)")
  }

  /// How many numbers are taken together along an axis, or in all.
  func count(_ id: ValueID, along axis: Axis?) -> Int {
    let shape = shape(id)
    guard let axis else { return shape.count }
    return zip(shape.axes, shape.sizes).first { $0.0 == axis }?.1 ?? 1
  }

  private func shape(_ id: ValueID) -> Shape { builder.program[id].shape }

  private func placed<T>(_ span: Range<Int>, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let problem as any Problem where problem.place == nil {
      throw Placed(problem, source: line, span: span)
    }
  }
}

// MARK: - Parts of an expression

extension ExpressionRecorder {
  private mutating func record(_ expression: Expression) throws -> ValueID {
    switch expression {
    case .number(let number, _): return try add(Constant(number), [])
    case .name(let name, let span): return try value(name, span)
    case .list(_, let span): return try list(expression, span)
    case .negation(let operand, _):
      return try add(Scale(factor: -1), [try record(operand)])
    case .binary(let operation, let left, let right, let span):
      let operands = [try record(left), try record(right)]
      return try placedStep(span) { try $0.add(operation, operands) }
    case .call(let name, let arguments, let keywords, let span):
      return try call(name, arguments, keywords, span)
    case .slice(let whole, let items, let span):
      let id = try record(whole)
      let slices = try SliceResolver(line: line, shape: shape(id)).resolve(items, span: span)
      return try placedStep(span) { try $0.add(Slice(slices), [id]) }
    }
  }

  private mutating func placedStep(
    _ span: Range<Int>,
    _ body: (inout ExpressionRecorder) throws -> ValueID
  ) throws -> ValueID {
    var copy = self
    let id = try placed(span) { try body(&copy) }
    self = copy
    return id
  }

  private mutating func value(_ name: String, _ span: Range<Int>) throws -> ValueID {
    if let known = named[name] { return known }
    let found = try placed(span) { try lookup(name) }
    // Ids are numbers like any other here.
    let tensor = Tensor(found.shape, found.doubles)
    let id = builder.input(name, tensor.shape, .activation)
    inputs.append((id, tensor))
    named[name] = id
    return id
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
    guard let sum else { throw Placed(ExpressionProblem.unfinished, source: line, span: span) }
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
      throw Placed(ExpressionProblem.unevenList, source: line, span: span)
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
    case .contraction: try contract(operands[0], operands[1])
    default:
      try add(Comparison(Comparison.Kind(rawValue: operation.rawValue) ?? .equal), operands)
    }
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
    var rightLabels: [Int] = []
    for (index, axis) in b.axes.enumerated() {
      if index == shared {
        rightLabels.append(a.rank - 1)
      } else {
        let same = a.axes.dropLast().firstIndex(of: axis)
        rightLabels.append(same ?? a.rank + index)
      }
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
      let closest = Suggestion.closest(to: name, among: ExpressionFunction.names)
      throw Placed(
        ExpressionProblem.unknownFunction(name, closest: closest),
        source: line,
        span: span.lowerBound..<span.lowerBound + name.unicodeScalars.count
      )
    }
    guard arguments.count == function.arity else {
      throw Placed(
        ExpressionProblem.argumentCount(name, needs: function.arity, found: arguments.count),
        source: line,
        span: span
      )
    }
    let values = try arguments.map { try record($0) }
    let call = ExpressionFunction.Call(
      values: values,
      axis: try axis(keywords, of: function, in: shape(values[0])),
      numbers: arguments.map { Self.number($0).flatMap { Int(exactly: $0) } }
    )
    return try placedStep(span) { try function.record(&$0, call) }
  }

  private func axis(
    _ keywords: [Expression.Keyword],
    of function: ExpressionFunction,
    in shape: Shape
  ) throws -> Axis? {
    var axis: Axis?
    for keyword in keywords {
      guard function.keywords.contains(keyword.name) else {
        throw Placed(
          ExpressionProblem.unknownKeyword(keyword.name, function: function.name),
          source: line,
          span: keyword.span
        )
      }
      let named = shape.axes.first { $0.name == keyword.value }
      let counted = Int(keyword.value).flatMap { number -> Axis? in
        let index = number < 0 ? number + shape.rank : number
        return shape.axes.indices.contains(index) ? shape.axes[index] : nil
      }
      guard let found = named ?? counted else {
        throw Placed(
          ExpressionProblem.unknownAxis(keyword.value, shape: shape),
          source: line,
          span: keyword.span
        )
      }
      axis = found
    }
    return axis
  }
}
