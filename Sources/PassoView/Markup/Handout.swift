// SPDX-License-Identifier: MIT

import PassoText

/// A lesson on paper: what it shows and asks, with room to write, and the answers on sheets of
/// their own at the end.
///
/// One HTML page without scripts that needs nothing else.
package struct Handout: Sendable {
  package enum Block: Sendable {
    case heading(String)
    case text(TextFigure)
    case listing(Listing)
    case task(Task)
  }

  /// Lines with what they have shown.
  package struct Listing: Sendable {
    package let lines: [(text: String, figures: [Figure])]

    /// What they have shown, in words, for who does not see it.
    package let alternative: TextFigure

    /// Whether something is to be answered before it is looked at.
    package let comesAfterAnswer: Bool

    package init(
      lines: [(text: String, figures: [Figure])],
      alternative: TextFigure,
      comesAfterAnswer: Bool
    ) {
      self.lines = lines
      self.alternative = alternative
      self.comesAfterAnswer = comesAfterAnswer
    }
  }

  /// Something to do; it gets a number.
  package struct Task: Sendable {
    /// Where the answer is to be written.
    package enum Room: Sendable {
      case boxes([(letter: String, text: TextFigure)])
      case lines(Int)
    }

    /// What it is, as `question`.
    package let kind: Bilingual

    package let text: TextFigure
    package let room: Room

    /// For the answer sheet.
    package let answer: TextFigure

    package init(kind: Bilingual, text: TextFigure, room: Room, answer: TextFigure) {
      self.kind = kind
      self.text = text
      self.room = room
      self.answer = answer
    }
  }

  package let title: String

  /// What stands below the title.
  package let summary: TextFigure

  package let blocks: [Block]

  package init(title: String, summary: TextFigure, blocks: [Block]) {
    self.title = title
    self.summary = summary
    self.blocks = blocks
  }

  /// How many things to do there are.
  package var taskCount: Int { tasks.count }

  private var tasks: [Task] {
    blocks.compactMap { if case .task(let task) = $0 { task } else { nil } }
  }

  /// The whole document; the words of the lesson are in that language already.
  package func html(_ language: Language) -> String {
    let sheet = HandoutSheet(handout: self, renderer: HTMLRenderer(language: language))
    return PageStyle.document(
      title: title,
      language,
      theme: "light",
      styles: [PackageResources.page_css, PackageResources.handout_css],
      allowsScripts: false,
      body: Element("body", ["class": "handout"], sheet.header, sheet.main, sheet.answers(tasks))
    )
  }
}

/// The parts of the page.
private struct HandoutSheet {
  let handout: Handout
  let renderer: HTMLRenderer

  private func said(_ text: Bilingual) -> String { text[renderer.language] }

  private func elements(_ text: TextFigure) -> [Element] { renderer.elements(.text(text)) }

  var header: Element {
    let names = [Bilingual(it: "Nome", en: "Name"), Bilingual(it: "Data", en: "Date")]
    return Element(
      "header",
      Element("h1", handout.title),
      elements(handout.summary),
      Element("p", ["class": "names"], names.map { Element("span", said($0)) })
    )
  }

  var main: Element {
    var number = 0
    return Element(
      name: "main",
      children: handout.blocks.flatMap { block -> [any Markup] in
        if case .task = block { number += 1 }
        return [Verbatim("\n")] + elements(block, number)
      }
    )
  }

  private func elements(_ block: Handout.Block, _ number: Int) -> [Element] {
    switch block {
    case .heading(let text): [Element("h2", text)]
    case .text(let text): elements(text)
    case .listing(let listing): elements(listing)
    case .task(let task):
      [
        Element(
          "section",
          ["class": "task", "aria-labelledby": "t\(number)"],
          Element("h3", ["id": "t\(number)"], heading(task, number)),
          elements(task.text),
          room(task.room)
        )
      ]
    }
  }

  private func heading(_ task: Handout.Task, _ number: Int) -> String {
    "\(number) · \(said(task.kind))"
  }

  private func elements(_ listing: Handout.Listing) -> [Element] {
    let fold = Bilingual(
      it: "Prima rispondi; poi guarda che cosa succede.",
      en: "Answer first; then look what happens."
    )
    let alternative =
      listing.alternative.paragraphs.isEmpty
      ? nil : Element("div", ["class": "alternative"], elements(listing.alternative))
    return [listing.comesAfterAnswer ? Element("p", ["class": "fold"], said(fold)) : nil]
      .compactMap(\.self)
      + listing.lines.map { line in
        Element(
          "section",
          ["class": "listing"],
          Element("p", ["class": "typed"], Element("code", line.text)),
          line.figures.flatMap(renderer.elements)
        )
      } + [alternative].compactMap(\.self)
  }

  private func room(_ room: Handout.Task.Room) -> Element {
    switch room {
    case .boxes(let options):
      let items = options.map { option in
        Element(
          "li",
          Element("span", ["class": "box", "aria-hidden": "true"]),
          Element("strong", option.letter),
          Element("div", elements(option.text))
        )
      }
      return Element("ul", ["class": "boxes"], items)
    case .lines(let count):
      let name = Bilingual(it: "spazio per scrivere", en: "room to write")
      return Element(
        "div",
        ["class": "lines", "role": "img", "aria-label": said(name)],
        (0..<count).map { _ in Element("div") }
      )
    }
  }

  func answers(_ tasks: [Handout.Task]) -> Element {
    let title = Bilingual(it: "Risposte: ", en: "Answers: ")
    return Element(
      "section",
      ["class": "answers"],
      Element("h2", said(title) + handout.title),
      tasks.enumerated().map { index, task in
        Element(
          "section",
          ["class": "answer"],
          Element("h3", heading(task, index + 1)),
          elements(task.answer)
        )
      }
    )
  }
}
