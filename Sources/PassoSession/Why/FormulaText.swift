// SPDX-License-Identifier: MIT

import PassoEngine

/// Writes formulas as lines of the expression language.
struct FormulaText {
  /// How a number of an input is written.
  let element: (_ input: Int, _ index: Int) -> String

  /// How a part is written: its name, or its number.
  let part: (_ name: String, _ formula: Formula) -> String

  func line(_ formula: Formula) -> String { text(formula, inside: .sum) }

  /// What stands around a formula: what binds less tightly needs brackets there.
  private enum Binding: Int {
    case sum
    case product
    case tight
  }

  private func text(_ formula: Formula, inside binding: Binding) -> String {
    switch formula {
    case .number(let number): return Self.number(number, inside: binding != .sum)
    case .element(let input, let index): return bracketed(element(input, index), binding)
    case .part(let name, let inner): return bracketed(part(name, inner), binding)
    case .decided(let inner, by: _): return text(inner, inside: binding)
    case .function(let function, let x):
      return "\(function.rawValue)(\(text(x, inside: .sum)))"
    case .sum(let terms):
      guard let first = terms.first else { return "0" }
      if terms.count == 1 { return text(first, inside: binding) }
      let joined = terms.map { text($0, inside: .product) }.joined(separator: " + ")
      return binding == .sum ? joined : "(\(joined))"
    case .difference(let left, let right):
      let joined = "\(text(left, inside: .sum)) - \(text(right, inside: .tight))"
      return binding == .sum ? joined : "(\(joined))"
    case .product(let factors):
      let joined = factors.map { text($0, inside: .tight) }.joined(separator: " * ")
      return binding == .tight ? "(\(joined))" : joined
    case .quotient(let left, let right):
      let joined = "\(text(left, inside: .product)) / \(text(right, inside: .tight))"
      return binding == .tight ? "(\(joined))" : joined
    }
  }

  /// A negative number in the middle of a line reads better in brackets.
  private func bracketed(_ text: String, _ binding: Binding) -> String {
    text.hasPrefix("-") && binding != .sum ? "(\(text))" : text
  }

  static func number(_ number: Double, inside isInside: Bool = false) -> String {
    // What has no digits is written as what gives it.
    if number.isNaN { return "(0 / 0)" }
    if number.isInfinite { return number < 0 ? "log(0)" : "(-log(0))" }
    let text = number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    return text.hasPrefix("-") && isInside ? "(\(text))" : text
  }

  /// The number that the digits of `exact` stand for; a 32-bit float has other digits behind them.
  static func printed(_ tensor: Tensor, _ index: Int) -> Double {
    if case .f32(let numbers) = tensor.storage, let number = Double("\(numbers[index])") {
      return number
    }
    return tensor[index]
  }

  /// The shortest digits from which a number of a tensor can be read back.
  static func exact(_ tensor: Tensor, _ index: Int) -> String {
    if case .f32(let numbers) = tensor.storage, numbers[index].isFinite {
      let number = numbers[index]
      return number == number.rounded() && abs(number) < 1e6 ? "\(Int(number))" : "\(number)"
    }
    return Self.number(tensor[index])
  }
}
