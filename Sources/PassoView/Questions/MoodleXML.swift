// SPDX-License-Identifier: MIT

import PassoText

extension QuestionFormat {
  /// Moodle's own format: <https://docs.moodle.org/en/Moodle_XML_format>.
  static let moodleXML = QuestionFormat(name: "moodle-xml") { bank, language in
    let writer = MoodleXMLWriter(writer: QuestionWriter(language: language))
    let quiz = Element("quiz", [Verbatim("\n")], bank.categories.flatMap(writer.elements))
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + quiz.markup + "\n"
  }
}

/// Texts of HTML stand in the document as text: everything in them is escaped once more.
private struct MoodleXMLWriter {
  let writer: QuestionWriter

  func elements(_ category: QuestionBank.Category) -> [Element] {
    let path = Element("category", Element("text", writer.path(of: category)))
    let place = Element("question", ["type": "category"], path, Verbatim("\n"))
    return [place] + category.questions.map(element)
  }

  private func element(_ question: BankQuestion) -> Element {
    let (type, own): (String, [Element]) =
      switch question.kind {
      case .choice(let options, let isOrdered):
        (
          "multichoice",
          [
            Element("single", "true"), Element("shuffleanswers", isOrdered ? "0" : "1"),
            Element("answernumbering", "abc"),
          ] + options.map(answer)
        )
      case .number(let numbers): ("numerical", numbers.map(answer))
      }
    let parts =
      [
        Element("name", Element("text", question.name)), text("questiontext", question.text),
        text("generalfeedback", question.afterwards), Element("defaultgrade", "1"),
        Element("penalty", "0.3333333"), Element("hidden", "0"),
      ] + own + question.hints.map { text("hint", $0) }
    return Element(
      name: "question",
      attributes: ["type": type],
      children: parts.flatMap { [Verbatim("\n  "), $0] as [any Markup] } + [Verbatim("\n")]
    )
  }

  private func answer(_ option: BankQuestion.Option) -> Element {
    Element(
      "answer",
      ["fraction": option.isRight ? 100 : 0, "format": "html"],
      Element("text", writer.html(option.text)),
      text("feedback", option.feedback)
    )
  }

  private func answer(_ number: BankQuestion.Number) -> Element {
    Element(
      "answer",
      ["fraction": number.isRight ? 100 : 0, "format": "moodle_auto_format"],
      Element("text", QuestionWriter.text(of: number)),
      text("feedback", number.feedback),
      Element("tolerance", QuestionWriter.text(ofTolerance: number.tolerance))
    )
  }

  private func text(_ name: String, _ figure: TextFigure) -> Element {
    Element(name, ["format": "html"], Element("text", writer.html(figure)))
  }
}
