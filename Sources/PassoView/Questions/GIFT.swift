// SPDX-License-Identifier: MIT

import PassoText

extension QuestionFormat {
  /// Moodle's text format: <https://docs.moodle.org/en/GIFT_format>.
  static let gift = QuestionFormat(name: "gift") { bank, language in
    let writer = GIFTWriter(writer: QuestionWriter(language: language))
    return bank.categories.map(writer.text).joined()
  }
}

/// Every question is a block of lines; an empty line ends it.
private struct GIFTWriter {
  let writer: QuestionWriter

  func text(_ category: QuestionBank.Category) -> String {
    // A path is taken as it stands: nothing in it is escaped.
    "$CATEGORY: \(writer.path(of: category))\n\n" + category.questions.map(text).joined()
  }

  private func text(_ question: BankQuestion) -> String {
    let (opening, answers) =
      switch question.kind {
      case .choice(let options, _): ("{", options.map(line))
      case .number(let numbers): ("{#", numbers.map(line))
      }
    let head = "::\(Self.escaped(question.name.visible))::[html]\(escaped(question.text))"
    return head + opening + "\n" + answers.joined() + afterwards(question) + "}\n\n"
  }

  private func line(_ option: BankQuestion.Option) -> String {
    "\t\(option.isRight ? "=" : "~")\(escaped(option.text))\(feedback(option.feedback))\n"
  }

  private func line(_ number: BankQuestion.Number) -> String {
    let value = QuestionWriter.text(of: number)
    let tolerance = QuestionWriter.text(ofTolerance: number.tolerance)
    // Without a weight an answer is all right.
    let weight = number.isRight ? "" : "%0%"
    return "\t=\(weight)\(value):\(tolerance)\(feedback(number.feedback))\n"
  }

  private func feedback(_ text: TextFigure) -> String {
    let html = escaped(text)
    return html.isEmpty ? "" : "#" + html
  }

  /// The format has no place for hints: they come at the end.
  private func afterwards(_ question: BankQuestion) -> String {
    let hints = question.hints.map { hint in
      let label = Bilingual(it: "Aiuto: ", en: "Hint: ")
      return hint.labelled(label)
    }
    let html = (hints + [question.afterwards]).map(escaped).joined()
    return html.isEmpty ? "" : "\t####\(html)\n"
  }

  private func escaped(_ text: TextFigure) -> String { Self.escaped(writer.html(text)) }

  /// A text none of whose characters the format obeys.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { output, character in
      switch character {
      case "\\", "~", "=", "#", "{", "}", ":": output += "\\\(character)"
      case "\n": output += "\\n"
      default: output.append(character)
      }
    }
  }
}

extension TextFigure {
  /// The text with a word before its first paragraph.
  fileprivate func labelled(_ label: Bilingual) -> TextFigure {
    guard let first = paragraphs.first else { return self }
    let opening = Paragraph([Run(label)] + first.runs, indent: first.indent, marker: first.marker)
    return TextFigure([opening] + paragraphs.dropFirst())
  }
}
