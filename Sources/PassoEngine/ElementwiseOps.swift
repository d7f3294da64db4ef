// SPDX-License-Identifier: MIT

import PassoText

/// How two values are lined up by the names of their axes.
///
/// An axis that only one of them has is repeated in the other. The order is that of the value with
/// more axes; what the other has besides comes last.
struct Broadcast {
  let output: Shape
  private let leftStrides: [Int]
  private let rightStrides: [Int]

  /// - Throws: `ShapeProblem` where an axis has two sizes, or one value has an axis twice.
  init(_ left: Shape, _ right: Shape, op: String) throws(ShapeProblem) {
    let (left, right) = (Self.named(left, like: right), Self.named(right, like: left))
    func problem(it: String, en: String) -> ShapeProblem {
      ShapeProblem(op: op, need: Bilingual(it: it, en: en), found: [left, right])
    }
    let places = [left, right].map { shape in shape.axes.filter { Self.places.contains($0) } }
    if !places[0].isEmpty, !places[1].isEmpty, Set(places[0]).isDisjoint(with: places[1]) {
      throw problem(
        it: "posizioni dello stesso genere (position, query o key)",
        en: "positions of one kind (position, query or key)"
      )
    }
    let (first, second) = right.rank > left.rank ? (right, left) : (left, right)
    var axes = first.axes
    var sizes = first.sizes
    for (axis, size) in zip(second.axes, second.sizes) {
      if let index = axes.firstIndex(of: axis) {
        guard sizes[index] == size else {
          throw problem(it: "la stessa misura sull'asse \(axis)", en: "one size along axis \(axis)")
        }
      } else {
        axes.append(axis)
        sizes.append(size)
      }
    }
    output = Shape(axes: axes, sizes: sizes)
    leftStrides = Self.strides(of: left, in: output)
    rightStrides = Self.strides(of: right, in: output)
  }

  private static let places: Set<Axis> = [.position, .query, .key]

  /// A list has no names: its axis is the last one of the other value.
  private static func named(_ shape: Shape, like other: Shape) -> Shape {
    guard shape.axes == [.item], !other.axes.contains(.item), let last = other.axes.last else {
      return shape
    }
    return Shape(axes: [last], sizes: shape.sizes)
  }

  /// The step of a value along each axis of the output; 0 where it is repeated.
  static func strides(of shape: Shape, in output: Shape) -> [Int] {
    let own = shape.strides
    return output.axes.map { axis in
      shape.axes.firstIndex(of: axis).map { own[$0] } ?? 0
    }
  }

  /// Calls the body with each position of the output and the two positions that meet there.
  func visit(_ body: (_ output: Int, _ left: Int, _ right: Int) -> Void) {
    visit(Array(output.axes.indices), body)
  }

  /// Calls the body with the positions that meet, those of one position of the right value
  /// together.
  ///
  /// - Parameter body: Also takes whether that position of the right value is done with.
  func visitByRight(_ body: (_ left: Int, _ right: Int, _ isLast: Bool) -> Void) {
    let kept = output.axes.indices.filter { rightStrides[$0] != 0 }
    let repeated = output.axes.indices.filter { rightStrides[$0] == 0 }
    let run = repeated.reduce(1) { $0 * output.sizes[$1] }
    visit(kept + repeated) { count, left, right in
      body(left, right, (count + 1).isMultiple(of: run))
    }
  }

  /// - Parameters:
  ///   - order: The axes, the one that moves fastest last.
  ///   - body: Takes how many calls there were before, and the two positions.
  private func visit(_ order: [Int], _ body: (_ count: Int, _ left: Int, _ right: Int) -> Void) {
    var index = Array(repeating: 0, count: output.rank)
    var (left, right) = (0, 0)
    for count in 0..<output.count {
      body(count, left, right)
      for axis in order.reversed() {
        index[axis] += 1
        left += leftStrides[axis]
        right += rightStrides[axis]
        if index[axis] < output.sizes[axis] { break }
        left -= leftStrides[axis] * output.sizes[axis]
        right -= rightStrides[axis] * output.sizes[axis]
        index[axis] = 0
      }
    }
  }
}

extension Broadcast {
  /// The two numbers that meet at a place of the output.
  static func meeting(
    at index: Int,
    _ scope: FormulaScope,
    op: String
  ) -> (left: Formula, right: Formula) {
    var found = (left: 0, right: 0)
    try? Broadcast(scope.shape(0), scope.shape(1), op: op).visit { output, left, right in
      if output == index { found = (left, right) }
    }
    return (scope[0, found.left], scope[1, found.right])
  }
}

/// An op of two values, element by element, lined up by the names of their axes.
protocol ElementwiseOp: DifferentiableOp {
  static func combine<S: Scalar>(_ left: S, _ right: S) -> S
  static func combine(_ left: Formula, _ right: Formula) -> Formula
}

extension ElementwiseOp {
  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2 else {
      throw Self.needs(it: "due valori", en: "two values", found: inputs)
    }
    return try Broadcast(inputs[0], inputs[1], op: Self.card.name).output
  }

  // Not specialised: expressions are small, and the models' own ops have kernels of their own.
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (left, right, output) = (operands.input(0), operands.input(1), operands.output)
    guard
      let lined = try? Broadcast(operands.shape(0), operands.shape(1), op: Self.card.name)
    else { return }
    lined.visit { output[$0] = Self.combine(left[$1], right[$2]) }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (left, right) = Broadcast.meeting(at: index, scope, op: Self.card.name)
    return Self.combine(left, right)
  }
}

/// An op of one value, element by element.
protocol ElementFunctionOp: DifferentiableOp {
  static func apply<S: Scalar>(_ x: S) -> S
  static func apply(_ x: Formula) -> Formula
}

extension ElementFunctionOp {
  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try oneShape(inputs)
  }

  // Not specialised, as above.
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (x, output) = (operands.input(0), operands.output)
    for i in 0..<output.count { output[i] = Self.apply(x[i]) }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    Self.apply(scope[0, index])
  }
}
