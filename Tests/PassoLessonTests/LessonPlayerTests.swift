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
    #expect(player.advance() == .reveal(prediction, .number(PredictedNumber(3.5))))
    guard case .check(let block) = player.advance() else { return fail("check") }
    #expect(block.facts.map(\.id) == ["F1", "F2"])
    guard case .quiz(let quiz) = player.advance() else { return fail("quiz") }
    #expect(try player.answer("A") == .wrong(quiz.options[0], nil))
    #expect(player.advance() == .quiz(quiz), "the question stays open")
    #expect(try player.answer(" b ") == .right(quiz.options[1], nil))
    guard case .note = player.advance() else { return fail("note") }
    guard case .prose = player.advance() else { return fail("last prose") }
    #expect(player.advance() == .finished)
    #expect(player.score.right == 0 && player.score.asked == 1)
  }

  /// What a run shows can be the answer: no facts need to follow.
  @Test func aPredictionOfARunWithoutFactsIsRevealedBehindIt() throws {
    let facts = try #require(Sample.lesson.firstRange(of: "```passo-facts"))
    let rest = Sample.lesson[facts.upperBound...]
    let end = try #require(rest.firstRange(of: "```\n"))
    let text = String(Sample.lesson[..<facts.lowerBound] + rest[end.upperBound...])
    var player = LessonPlayer(try LessonParser.parse(text, file: "lesson.it.md"))
    _ = player.advance()
    guard case .ask(let prediction) = player.advance() else { return fail("ask") }
    #expect(try player.answer("3,5") == .predicted)
    player.commandDone()
    guard case .prepared = player.advance() else { return fail("the second command") }
    player.commandDone()
    #expect(player.advance() == .reveal(prediction, .number(PredictedNumber(3.5))))
    guard case .quiz = player.advance() else { return fail("quiz") }
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
