// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// A number that `:why` explains.
package enum WhyPlace: Sendable {
  /// A number of a value, by its row-major position.
  case value(String, index: Int)

  /// A part of a formula, over the values with these names.
  case part(String, Formula, inputs: [String])
}

/// A number, and what it is made of.
package struct WhyStep {
  package let title: String
  package let number: Double

  /// The formula, with what is small in a long sum put together; nil for what is given.
  let formula: Formula?

  /// What computed it; nil for what is given, and for parts.
  package let step: Step?

  /// The values that the formula reads, by name.
  let inputs: [String]

  private let tensors: [Tensor]

  /// - Throws: `ValueProblem.notComputed` if a value is missing, `ExecutionProblem.refused`.
  package init(_ place: WhyPlace, _ session: Session, isWhole: Bool) throws {
    let execution = session.timeline.execution
    let program = execution.program
    switch place {
    case .value(let name, let index):
      let id = try execution.id(of: name)
      guard let tensor = try execution.tensor(id) else { throw ValueProblem.notComputed(name) }
      title = name + Self.index(index, tensor.shape)
      number = tensor[index]
      let found =
        session.timeline.isPatched(program[id].name)
        ? nil : try execution.formula(of: id, at: index)
      step = found?.step
      inputs = step?.inputs.map { program[$0].name } ?? []
      tensors = try step?.inputs.map { try execution.remembered($0) } ?? []
      formula = found?.formula
        .shortened(isWhole ? .max : Self.mostTerms) { [tensors] in tensors[$0][$1] }
    case .part(let name, let inner, let names):
      inputs = names
      tensors = try names.map { try session.tensor($0) }
      title = name
      let tensors = tensors
      number = inner.value { tensors[$0][$1] }
      step = nil
      formula = inner.shortened(isWhole ? .max : Self.mostTerms) { tensors[$0][$1] }
    }
  }

  /// Sums of more terms are shortened.
  private static let mostTerms = 6

  static func index(_ place: Int, _ shape: Shape) -> String {
    guard shape.rank > 0 else { return "" }
    var (rest, parts): (Int, [String]) = (place, [])
    for size in shape.sizes.reversed() {
      parts.append(String(rest % size))
      rest /= size
    }
    return "[\(parts.reversed().joined(separator: ","))]"
  }

  /// The name of what is left of a long sum.
  static func rest(_ count: Int) -> String { "… \(count)" }

  /// What a formula gives for the numbers as they are printed; a part is printed as one number.
  func value(_ formula: Formula) -> Double {
    formula.replacingParts(exact).value { FormulaText.printed(tensors[$0], $1) }
  }

  private func exact(_ formula: Formula) -> Double { formula.value { tensors[$0][$1] } }

  /// The formula with names in it.
  package var named: String? {
    let text = FormulaText(
      element: { "\(inputs[$0])\(Self.index($1, tensors[$0].shape))" },
      part: { name, _ in "{\(name)}" }
    )
    return formula.map(text.line)
  }

  /// The formula with numbers in it: a line that gives the number.
  package var filled: String? {
    let text = FormulaText(
      element: { FormulaText.exact(tensors[$0], $1) },
      part: { _, formula in FormulaText.number(exact(formula)) }
    )
    return formula.map(text.line)
  }

  /// The digits that a number of this precision can have right.
  private var mostDigits: Int {
    tensors.contains { if case .f64 = $0.storage { true } else { false } } ? 15 : 7
  }

  /// The number, with as many digits as it has in common with what the line gives.
  package var result: (text: String, isExact: Bool) {
    guard let formula else { return (NumberText.code(number, digits: 7), true) }
    let most = mostDigits
    let again = value(formula)
    if number.isNaN && again.isNaN { return ("NaN", true) }
    for digits in stride(from: most, through: 1, by: -1) {
      let text = NumberText.code(number, digits: digits)
      if text == NumberText.code(again, digits: digits) { return (text, true) }
    }
    return (NumberText.code(number, digits: most), false)
  }

  /// What the number is made of: every number and part of the formula, the weightiest first.
  package var terms: [(place: WhyPlace, title: String, number: Double, addend: Double?)] {
    guard let formula else { return [] }
    var terms: [(place: WhyPlace, title: String, number: Double, addend: Double?)] = []
    var seen: Set<String> = []
    func add(_ leaf: Formula, _ addend: Double?) {
      switch leaf {
      case .element(let input, let index):
        let title = "\(inputs[input])\(Self.index(index, tensors[input].shape))"
        guard seen.insert(title).inserted else { return }
        let place = WhyPlace.value(inputs[input], index: index)
        terms.append((place, title, tensors[input][index], addend))
      case .part(let name, let inner):
        guard seen.insert("{\(name)}").inserted else { return }
        terms.append((.part(name, inner, inputs: inputs), "{\(name)}", exact(inner), addend))
      default: for child in leaf.children { add(child, addend) }
      }
    }
    if case .sum(let addends) = formula.undecided {
      let weighed = addends.map { ($0, value($0)) }.sorted { abs($0.1) > abs($1.1) }
      for (addend, weight) in weighed { add(addend, weight) }
    }
    add(formula, nil)
    return terms
  }
}

extension Formula {
  /// What it is made of, without names and numbers.
  fileprivate var children: [Formula] {
    switch self {
    case .number, .element: []
    case .sum(let terms), .product(let terms): terms
    case .difference(let left, let right), .quotient(let left, let right): [left, right]
    case .function(_, let x), .part(_, let x): [x]
    case .decided(let x, let reasons): [x] + reasons
    }
  }

  fileprivate var undecided: Formula {
    if case .decided(let inner, by: _) = self { inner } else { self }
  }

  /// With the small terms of long sums put together.
  fileprivate func shortened(
    _ most: Int,
    own: Formula? = nil,
    _ element: (Int, Int) -> Double
  ) -> Formula {
    func short(_ formula: Formula) -> Formula { formula.shortened(most, own: own, element) }
    switch self {
    case .number, .element, .part: return self
    case .sum(let terms):
      // A rest of one term would be as long as the term.
      guard terms.count - 1 > most else { return .sum(terms.map(short)) }
      let weights = terms.map { $0 == own ? .infinity : abs($0.value(element)) }
      let order = terms.indices.sorted { weights[$0] > weights[$1] }
      let kept = Set(order.prefix(most))
      let rest = terms.indices.filter { !kept.contains($0) }.map { terms[$0] }
      let shown = terms.indices.filter(kept.contains).map { short(terms[$0]) }
      return .sum(shown + [.part(WhyStep.rest(rest.count), .sum(rest))])
    case .product(let factors): return .product(factors.map(short))
    case .difference(let left, let right): return .difference(short(left), short(right))
    case .quotient(let left, let right):
      // The share of a term in a sum is seen only where the sum shows it.
      return .quotient(short(left), right.shortened(most, own: left, element))
    case .function(let function, let x): return .function(function, short(x))
    case .decided(let inner, let reasons):
      // All cells that a choice was made among would fill the screen.
      return .decided(short(inner), by: Array(reasons.prefix(most)))
    }
  }
}
