// SPDX-License-Identifier: MIT

import PassoText

/// A way to write questions down; to add one, add a file and a line to `all`.
package struct QuestionFormat: Sendable {
  /// As `--quiz` has it.
  package let name: String

  /// The whole file.
  package let text: @Sendable (QuestionBank, Language) -> String

  package static let all = [gift, moodleXML]

  /// The format with a name.
  package static func named(_ name: String) -> QuestionFormat? { all.first { $0.name == name } }
}

/// What the formats have in common: texts are HTML, numbers have a point.
struct QuestionWriter {
  let language: Language

  /// A text as paragraphs of HTML, without empty ones.
  func html(_ text: TextFigure) -> String {
    let paragraphs = text.paragraphs.filter { !$0.runs.isEmpty }
    return HTMLRenderer(language: language).render(.text(TextFigure(paragraphs)))
  }

  /// Where the questions of a category go: a slash inside a name is written twice.
  func path(of category: QuestionBank.Category) -> String {
    "$course$/top/Passo/" + category.name.visible.replacing("/", with: "//")
  }

  /// The number of an answer, with no more digits than its tolerance gives a meaning.
  static func text(of number: BankQuestion.Number) -> String {
    let value = number.value
    if let whole = whole(value) { return whole }
    let short = (3...17).lazy.map { NumberText.general(value, digits: $0) }
      .first { abs((Double($0) ?? .infinity) - value) <= number.tolerance / 1000 }
    return short ?? "\(value)"
  }

  /// A tolerance, to the last digit.
  static func text(ofTolerance tolerance: Double) -> String { whole(tolerance) ?? "\(tolerance)" }

  private static func whole(_ value: Double) -> String? {
    guard abs(value) < 1e15 else { return nil }
    return Int(exactly: value).map { String($0) }
  }
}
