// SPDX-License-Identifier: MIT

import PassoEngine
import PassoLesson
import PassoSession
import PassoText

/// How a fact came out.
package struct FactResult: Sendable, Hashable {
  package let holds: Bool

  /// What was found instead, in words.
  package let found: Bilingual
}

extension Session {
  /// The number that an expression gives.
  package func value(of expression: String) throws -> Double {
    let tensor = try tensor(of: expression)
    guard tensor.count == 1 else {
      throw FactProblem.notANumber(expression, shape: tensor.shape)
    }
    return tensor[0]
  }

  /// Whether a fact of a lesson holds now.
  ///
  /// A fact with a tolerance is an equation: its two sides may differ by so much, absolutely or in
  /// proportion to the larger numbers.
  package func check(_ fact: Fact) throws -> FactResult {
    guard fact.tolerance.value > 0 else {
      let tensor = try tensor(of: fact.expression)
      let holds = tensor.doubles.allSatisfy { $0 != 0 && !$0.isNaN }
      return FactResult(holds: holds, found: try sides(of: fact))
    }
    guard let equation = Equation(fact.expression) else {
      throw FactProblem.notAnEquation(fact.expression)
    }
    let gap = try tensor(of: "max(abs((\(equation.left)) - (\(equation.right))))")[0]
    let size = try tensor(of: "max(abs(\(equation.right)))")[0]
    let text = NumberText.general(gap)
    return FactResult(
      holds: gap <= fact.tolerance.value * max(1, size),
      found: Bilingual(it: "una differenza di \(text.it)", en: "a difference of \(text.en)")
    )
  }

  /// The left side of a comparison that failed, which says most about why.
  private func sides(of fact: Fact) throws -> Bilingual {
    guard let left = Equation(fact.expression, comparisons: ["==", "<", ">"])?.left,
      let tensor = try? tensor(of: left), tensor.count == 1
    else { return Bilingual(it: "il contrario", en: "the contrary") }
    return Bilingual(same: NumberText.code(tensor[0]))
  }
}

/// The two sides of a comparison, as text.
private struct Equation {
  let left: String
  let right: String

  init?(_ text: String, comparisons: [String] = ["=="]) {
    for comparison in comparisons {
      guard let range = text.firstRange(of: " \(comparison) ") else { continue }
      left = String(text[..<range.lowerBound])
      right = String(text[range.upperBound...])
      return
    }
    return nil
  }
}

/// What is wrong with the expression of a fact or an answer.
package enum FactProblem: Problem, Equatable {
  case notANumber(String, shape: Shape)
  case notAnEquation(String)

  package var hint: Bilingual? {
    switch self {
    case .notANumber(let expression, let shape) where expression.allSatisfy { $0 != " " }:
      .example("\(expression)[\(shape.sizes.map { _ in "0" }.joined(separator: ", "))]")
    case .notANumber: .example("sum(loss_per_token)")
    case .notAnEquation: .example("sum(probs[0, 0]) == 1")
    }
  }

  package var message: Bilingual {
    switch self {
    case .notANumber(let expression, let shape):
      Bilingual(
        it: "\(it: expression) dev'essere un numero solo, e ha forma \(shape)",
        en: "needs a single number, \(en: expression) has shape \(shape)"
      )
    case .notAnEquation(let expression):
      Bilingual(
        it: "un fatto con tolleranza è «A == B», non \(it: expression)",
        en: "a fact with a tolerance is 'A == B', got \(en: expression)"
      )
    }
  }
}
