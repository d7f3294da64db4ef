// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoLesson

struct LessonParserTests {
  @Test func everyBlockIsRead() throws {
    let lesson = try LessonParser.parse(Sample.lesson, file: "lesson.it.md")
    #expect(lesson.header.title == "Prova" && lesson.header.minutes == 3)
    let kinds = lesson.items.map { item in
      switch item.content {
      case .prose: "prose"
      case .run: "run"
      case .facts: "facts"
      case .predict: "predict"
      case .quiz: "quiz"
      case .exercise: "exercise"
      case .note: "note"
      case .alternative: "alt"
      }
    }
    #expect(kinds == ["prose", "predict", "run", "facts", "quiz", "alt", "note", "prose"])
  }

  @Test func linesAreThoseOfTheFile() throws {
    let lesson = try LessonParser.parse(Sample.lesson, file: "lesson.it.md")
    let lines = Sample.lesson.split(separator: "\n", omittingEmptySubsequences: false)
    for item in lesson.items {
      switch item.content {
      case .run(let block):
        for command in block.commands { #expect(lines[command.line - 1] == command.text) }
        #expect(block.commands.map(\.text) == [":step", ":show loss"])
      case .facts(let block):
        for fact in block.facts { #expect(lines[fact.line - 1].hasPrefix(fact.id)) }
        #expect(block.facts.map(\.tolerance) == [.exact, .nine])
      default: break
      }
    }
  }

  @Test func proseKeepsItsStylesAndTokensInAngles() throws {
    let lesson = try LessonParser.parse(Sample.lesson, file: "lesson.it.md")
    guard case .prose(let blocks) = lesson.items[0].content else {
      Issue.record("no prose")
      return
    }
    #expect(blocks[0] == .heading(level: 1, [Inline("Titolo")]))
    guard case .paragraph(let inlines) = blocks[1] else {
      Issue.record("no paragraph")
      return
    }
    #expect(inlines.contains(Inline("testo", .emphasis)))
    let wrapped = Markdown("In *due\nrighe*, \\*.").blocks.compactMap { $0.prose() }
    let words = [Inline("In "), Inline("due righe", .emphasis), Inline(", *.")]
    #expect(wrapped == [.paragraph(words)])
    #expect(inlines.contains(Inline("codice", .code)))
    #expect(inlines.plainText == "Un testo con codice e <start>.")
  }

  @Test func optionsHaveLettersFeedbackAndCommands() throws {
    let lesson = try LessonParser.parse(Sample.lesson, file: "lesson.it.md")
    guard case .quiz(let quiz) = lesson.items[4].content else {
      Issue.record("no quiz")
      return
    }
    #expect(quiz.options.map(\.letter) == ["a", "b"])
    #expect(quiz.options.map(\.isRight) == [false, true])
    #expect(quiz.options[0].feedback.map(\.plainText) == ["No."])
    #expect(quiz.options[0].command?.text == ":where")
    #expect(quiz.options[1].text.plainText == "La seconda.")
    #expect(quiz.question.map(\.plainText) == ["Quale?"])
  }

  @Test(arguments: [
    ("---", "x", "una lezione comincia con righe «chiave: valore» fra due «---»"),
    ("minutes: 3", "minutes: tre", "«minutes» vuole un numero, non «tre»"),
    ("lang: it", "lang: fr", "«lang» vuole it o en, non «fr»"),
    ("title: Prova", "titel: Prova", "non «titel»"),
    ("id: L09", "", "manca la chiave «id»"),
    ("passo-run id=r1", "passo-rnu id=r1", "nessun blocco si chiama «passo-rnu»"),
    ("passo-run id=r1", "passo-run", "«passo-run» vuole id=…"),
    ("passo-run id=r1", "passo-run id=r1 fade=2", "conosce id, yours, least, non «fade»"),
    ("locks=r1", "locks=r7", "«passo-predict» rimanda a «r7», ma nessun passo-run si chiama così"),
    ("id=q1", "id=r1", "l'id «r1» c'è già"),
    ("F2  ~9  a == b", "F2  ~7  a == b", "non «F2  ~7  a == b»"),
    ("answer: 2 + 2", "", "una previsione finisce con «answer: ESPRESSIONE»"),
    ("- [ ] a", "- [x] a", "un'opzione sola dev'essere giusta, qui sono 2"),
    ("  - No.\n", "", "l'opzione sbagliata «a» vuole una spiegazione"),
    ("- [ ] a  La prima.", "- [ ] La prima.", "un'opzione è «- [ ] a  testo», non «La prima.»"),
    ("type=number", "type=color", "«type» vuole number, sign o choice, non «color»"),
  ])
  func aMistakeIsNamedWithItsPlace(old: String, new: String, message: String) {
    let text = Sample.lesson.replacing(old, with: new, maxReplacements: 1)
    #expect {
      try LessonParser.parse(text, file: "lesson.it.md")
    } throws: { error in
      guard let problem = error as? LessonProblem else { return false }
      return problem.message.it.contains(message) && problem.place?.line != nil
    }
  }

  @Test func mutatedLessonsNeverTrap() {
    var random = Mutator(seed: 1)
    for _ in 0..<2000 {
      let text = random.mutated(Sample.lesson)
      do {
        _ = try LessonParser.parse(text, file: "x")
      } catch {
        #expect(!error.message.it.isEmpty)
      }
    }
  }

  @Test func deepNestingIsNoTrap() throws {
    let deep = String(repeating: "> ", count: 5000) + "x"
    _ = try LessonParser.parse(Sample.lesson + "\n\n" + deep, file: "x")
    let stars = String(repeating: "*a **b ", count: 3000)
    _ = try LessonParser.parse(Sample.lesson + "\n\n" + stars, file: "x")
  }
}
