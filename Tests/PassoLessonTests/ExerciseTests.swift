// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import Testing

struct ExerciseTests {
  private func lesson(_ text: String = ExerciseSample.lesson) throws -> Lesson {
    try LessonParser.parse(text, file: "lesson.it.md")
  }

  private func contents() throws -> [LessonItem.Content] { try lesson().items.map(\.content) }

  @Test func aTaskIsReadWithItsLines() throws {
    guard case .exercise(let exercise) = try contents()[2], let task = exercise.task else {
      Issue.record("no exercise")
      return
    }
    #expect(exercise.id == "e1" && exercise.minutes == 4 && task.updates == 20)
    #expect(exercise.text.map(\.plainText) == ["Rendi W_pos[1] uguale a W_pos[2]."])
    #expect(exercise.hints.count == 2 && exercise.worth == 3)
    #expect(task.start.map(\.text) == [":text \"a b c\""])
    #expect(task.checks.map(\.tolerance) == [.exact, .nine])
    #expect(task.checks.map(\.expression).last == "sum(W_pos[1]) == sum(W_pos[2])")
    #expect(task.forbidden.map(\.command) == ["text", "set"])
    #expect(task.forbidden.map(\.arguments) == ["", "W_E"])
    #expect(task.mistakes.map(\.expression.text) == ["W_pos[0] == W_pos[1]"])
    #expect(task.mistakes[0].text.map(\.plainText) == ["Quella è la riga 0."])
    let lines = ExerciseSample.lesson.split(separator: "\n", omittingEmptySubsequences: false)
    for line in task.start + task.solution { #expect(lines[line.line - 1].hasSuffix(line.text)) }
    for check in task.checks { #expect(lines[check.line - 1].hasSuffix(check.expression)) }
  }

  @Test func linesAreFadedLevelByLevel() throws {
    guard case .exercise(let exercise) = try contents()[3], let fade = exercise.fade else {
      Issue.record("no exercise")
      return
    }
    let line = fade.lines[0]
    #expect(line.whole == "let w = [1, 2] / 3")
    #expect(
      FadeLevel.allCases.map(line.shown) == [
        "let w = [1, 2] / 3", "let w = ⟦ ⟧ / 3", "let w = ⟦ ⟧ / ⟦ ⟧",
      ]
    )
    #expect(line.filled("[3]", .oneBlank) == "let w = [3] / 3")
    #expect(line.filled("[3]", .allBlank) == nil, "which of the two?")
    #expect(fade.lines[1].filled("1", .allBlank) == "1")
    #expect(fade.data[.oneBlank]?.count == 1 && fade.data[.allBlank]?.count == 2)
  }

  @Test func whatQuestionsAndNotesSayBesidesIsRead() throws {
    let contents = try contents()
    guard case .predict(let prediction) = contents[0], case .run(let run) = contents[1],
      case .quiz(let quiz) = contents[4], case .note(let note) = contents[5]
    else {
      Issue.record("other blocks")
      return
    }
    #expect(prediction.replies.map(\.expression.text) == ["count(tokens >= 0) + 1", "1"])
    #expect(prediction.replies[1].text.map(\.plainText) == ["Una frase non è una parola."])
    #expect(prediction.hides == ["embed", "loss"] && prediction.hints.count == 1)
    #expect(run.isYours && quiz.recalls == "L02" && note.clock == 390)
  }

  @Test(arguments: [
    ("minutes=4", "minutes=0", "«minutes» vuole un numero intero da 1 in su, non «0»", 22),
    ("updates=20", "updates=x", "«updates» vuole un numero intero", 22),
    ("id=r1 yours", "id=r1 yours=1", "«yours» sta da solo", 18),
    ("check: W_pos[1] ==", "chek: W_pos[1] ==", "non «chek:»", 25),
    ("solution: :set W_pos[1] = W_pos[2]\n", "", "«solution: …»", 22),
    ("forbid: :text, :set W_E", "forbid: text", "comandi separati da virgole", 27),
    ("forbid: :text, :set W_E", "forbid:", "dopo «forbid:» non c'è niente", 27),
    ("  Quella è la riga 0.\n", "", "sotto «mistake: ESPRESSIONE»", 28),
    ("check: W_pos[1] == W_pos[2]\n", "check: 1\nDue.\n", "sotto «check:» non va nessun testo", 26),
    ("Rendi `W_pos[1]` uguale a `W_pos[2]`.\n", "", "non dice che cosa fare", 22),
    (
      "line: let w = ⟦[1, 2]⟧ / ⟦3⟧\nline: ⟦sum(w)⟧", "line: 1", "righe «line: …» con dei vuoti", 35
    ),
    ("line: ⟦sum(w)⟧", "line: ⟦sum(w)", "un vuoto si scrive ⟦così⟧", 37),
    ("fade\nline", "fade updates=3\nline", "updates vale solo", 35),
    ("  Uno di troppo.\n", "", "sotto «wrong: ESPRESSIONE»", 10),
    ("answer: count", "answer: 1\nanswer: count", "un solo «answer:»", 10),
    ("recalls=L02", "recalls=2", "«recalls» vuole una lezione, come L02", 43),
    ("clock=6:30", "clock=6:70", "«clock» vuole minuti e secondi", 50),
    ("id=e0 fade", "id=e1 fade", "l'id «e1» c'è già", 35),
  ])
  func aMistakeIsNamedWithItsLine(old: String, new: String, message: String, line: Int) throws {
    #expect(ExerciseSample.lesson.contains(old))
    #expect {
      try lesson(ExerciseSample.lesson.replacing(old, with: new, maxReplacements: 1))
    } throws: { error in
      guard let problem = error as? LessonProblem else { return false }
      #expect(problem.message.it.contains(message), "\(problem.message.it)")
      #expect(problem.place?.line == line, "\(problem.place?.line ?? 0): \(problem.message.it)")
      return true
    }
  }

  @Test func signsHaveRepliesAndOptionsHaveNone() throws {
    let sign = ExerciseSample.lesson.replacing("type=number tolerance=0", with: "type=sign")
    #expect(throws: LessonProblem.self) { try lesson(sign) }
    _ = try lesson(
      sign.replacing("wrong: count(tokens >= 0) + 1", with: "wrong: -")
        .replacing("wrong: 1", with: "wrong: 0")
    )
    let choice = ExerciseSample.lesson.replacing("type=number tolerance=0", with: "type=choice")
      .replacing("answer: count(tokens >= 0)", with: "- [x] a  Sì.")
    #expect(throws: LessonProblem.self) { try lesson(choice) }
  }

  /// What both languages do alike is compared part by part.
  @Test(arguments: [
    ("yours", ""), ("hides: embed, loss", "hides: embed"), ("wrong: 1\n", "wrong: 2\n"),
    ("recalls=L02", "recalls=L03"), ("start: :text \"a b c\"", "start: :text \"a b\""),
    ("check: W_pos[1] ==", "check: W_pos[0] =="), (":set W_E", ":set W_U"),
    ("minutes=4", "minutes=5"),
    ("updates=20", "updates=30"), ("mistake: W_pos[0]", "mistake: W_pos[3]"),
    ("solution: :set W_pos[1]", "solution: :set W_pos[3]"), ("⟦3⟧", "⟦4⟧"), ("/ ⟦3⟧", "/ 3"),
    ("with 2: let u = 6", "with 1: let u = 6"), ("clock=6:30", "clock=6:31"),
    ("hint: Una riga è una fetta.\n", ""),
  ])
  func whatDiffersBetweenTheLanguagesIsFound(old: String, new: String) throws {
    let other = try lesson(
      ExerciseSample.lesson.replacing(old, with: new, maxReplacements: 1)
    )
    #expect(LessonLint.differences(try lesson(), other).count == 1, "\(old)")
  }

  @Test func damagedExercisesNeverTrap() {
    var random = Mutator(seed: 2)
    for _ in 0..<2000 {
      let text = random.mutated(ExerciseSample.lesson)
      do {
        let lesson = try LessonParser.parse(text, file: "x")
        var player = LessonPlayer(lesson)
        for _ in 0..<30 {
          _ = player.advance()
          _ = try? player.skip()
        }
      } catch {
        #expect(!error.message.it.isEmpty)
      }
    }
  }
}
