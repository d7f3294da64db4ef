// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import Testing

struct LessonPlayerTests {
  private func player() throws -> LessonPlayer {
    LessonPlayer(try LessonParser.parse(Sample.lesson, file: "lesson.it.md"))
  }

  @Test func theWholeWay() throws {
    var player = try player()
    guard case .prose = player.advance() else { return fail("prose") }
    guard case .ask(let prediction) = player.advance() else { return fail("ask") }
    #expect(prediction.id == "p1")
    #expect(player.preparedCommand == nil, "the run is locked")
    #expect(!player.hasRun("r1"))
    #expect(try player.answer("3,5") == .predicted)
    guard case .prepared(let first) = player.advance() else { return fail("prepared") }
    #expect(first.text == ":step")
    #expect(player.advance() == .prepared(first), "a command waits until it is done")
    player.commandDone()
    #expect(player.preparedCommand?.text == ":show loss")
    player.commandDone()
    #expect(player.hasRun("r1") && player.line == 26)
    #expect(player.advance() == .reveal(prediction, .number(3.5)))
    guard case .check(let block) = player.advance() else { return fail("check") }
    #expect(block.facts.map(\.id) == ["F1", "F2"])
    guard case .quiz(let quiz) = player.advance() else { return fail("quiz") }
    #expect(try player.answer("A") == .wrong(quiz.options[0], nil))
    #expect(player.advance() == .quiz(quiz), "the question stays open")
    #expect(try player.answer(" b ") == .right(quiz.options[1], nil))
    guard case .prose = player.advance() else { return fail("last prose") }
    #expect(player.advance() == .finished)
    #expect(player.score.right == 0 && player.score.asked == 1)
  }

  @Test func anUnusableAnswerLeavesTheQuestionOpen() throws {
    var player = try player()
    #expect(throws: AnswerProblem.nothingAsked) { try player.answer("5") }
    _ = player.advance()
    _ = player.advance()
    #expect(throws: AnswerProblem.notANumber("molti")) { try player.answer("molti") }
    #expect(player.isAsking)
    #expect(player.couldAnswer("4") && !player.couldAnswer("loss"))
  }

  @Test func anotherLanguageGoesOnAtTheSamePlace() throws {
    var player = try player()
    _ = player.advance()
    _ = player.advance()
    #expect(player.line == 14)
    let english = try LessonParser.parse(
      Sample.lesson.replacing("lang: it", with: "lang: en")
        .replacing("Quanto fa?", with: "How much is it?"),
      file: "lesson.en.md"
    )
    var other = player.reading(english)
    guard case .ask(let prediction) = other.advance() else { return fail("ask") }
    #expect(prediction.question.map(\.plainText) == ["How much is it?"])
  }

  private func fail(_ expected: Comment) {
    Issue.record("expected \(expected)")
  }
}

struct LessonLintTests {
  private func lesson(_ text: String) throws -> Lesson {
    try LessonParser.parse(text, file: "x.md")
  }

  @Test func theSampleIsCleanAndParallel() throws {
    let italian = try lesson(Sample.lesson)
    #expect(LessonLint.findings(in: italian).isEmpty)
    #expect(LessonLint.differences(italian, italian).isEmpty)
  }

  @Test(arguments: [
    ("F2  ~9  a == b", "F2  ~5  a == b"), (":show loss", ":show logits"),
    ("answer: 2 + 2", "answer: 5"), ("minutes: 3", "minutes: 4"), ("\nFine.", ""),
    ("run: :where", "run: :step"), ("tolerance=0.5", "tolerance=1"),
  ])
  func whatDiffersBetweenTheLanguagesIsFound(old: String, new: String) throws {
    let other = try lesson(Sample.lesson.replacing(old, with: new))
    #expect(LessonLint.differences(try lesson(Sample.lesson), other).count == 1)
  }

  @Test func trapsOfTheGlossaryAndLecturesAreFound() throws {
    let words = String(repeating: "parola ", count: 200)
    let text = Sample.lesson.replacing("Fine.", with: "Durante l'allenamento \(words)")
    let messages = LessonLint.findings(in: try lesson(text)).map(\.message.it)
    #expect(messages.contains("«allenamento»: meglio «addestramento»"))
    #expect(messages.contains { $0.contains("parole fra due azioni") })
  }

  @Test func aLessonWithoutQuestionsIsFound() throws {
    let bare = "---\nid: a\nlang: it\ntitle: t\nminutes: 1\n---\nCiao."
    #expect(LessonLint.findings(in: try lesson(bare)).count == 2)
  }
}
