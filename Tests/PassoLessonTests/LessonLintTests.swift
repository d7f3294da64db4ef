// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import Testing

struct LessonLintTests {
  private func lesson(_ text: String) throws -> Lesson {
    try LessonParser.parse(text, file: "x.md")
  }

  /// The lesson of exercises with what a lesson of the course has besides.
  private static let whole =
    ExerciseSample.lesson.replacing("```passo-predict", with: "\(opening)\n```passo-predict")
    .replacing("minutes: 3", with: "minutes: 12\nobjectives: fine") + """


      ```passo-predict id=p2 type=sign locks=r2
      Sale?
      answer: 1
      wrong: -
        No.
      ```

      ```passo-run id=r2
      :step
      ```

      ## In breve
      """

  private static let opening = """
    ```passo-quiz id=qA recalls=L08
    Quale?
    - [x] a  La prima.
    - [ ] b  La seconda.
      - No.
    ```

    ```passo-quiz id=qB recalls=L06
    Quale?
    - [x] a  La prima.
    - [ ] b  La seconda.
      - No.
    ```

    """

  @Test func aWholeLessonIsCleanAndParallel() throws {
    let italian = try lesson(Self.whole)
    #expect(LessonLint.findings(in: italian).map(\.message.it) == [])
    #expect(LessonLint.differences(italian, italian).isEmpty)
  }

  @Test(arguments: [
    ("recalls=L06", "recalls=L07", "recalls di L08, L06", 8),
    ("recalls=L08", "", "recalls di L08, L06", 8),
    ("wrong: -\n  No.\n", "", "p2 non risponde a nessuno sbaglio", 69),
    ("id: L09", "id: L02", "recalls di L01, L01", 8),
  ])
  func flawsOfDesignAreFound(old: String, new: String, message: String, line: Int) throws {
    #expect(Self.whole.contains(old))
    let found = LessonLint.findings(in: try lesson(Self.whole.replacing(old, with: new)))
    #expect(found.count == 1, "\(found.map(\.message.it))")
    #expect(found.first?.message.it.contains(message) == true && found.first?.line == line)
  }

  @Test func aLetterThatIsAlwaysRightIsFound() throws {
    let third = """


      ```passo-quiz id=qC
      Quale?
      - [x] a  La prima.
      - [ ] b  La seconda.
        - No.
      ```
      """
    let messages = LessonLint.findings(in: try lesson(Self.whole + third)).map(\.message.it)
    #expect(messages == ["la risposta giusta è quasi sempre a: chi non legge indovina"])
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
    #expect(messages.contains("«allenament»: meglio «addestramento»"))
    #expect(messages.contains { $0.contains("parole fra due azioni") })
  }

  @Test func wordsAreCountedFromOneThingToDoToTheNext() throws {
    let words = String(repeating: "parola ", count: 90)
    let note = "\n\n```passo-note\nVia.\n```\n\n"
    let found = { (text: String) in
      LessonLint.findings(in: try lesson(Self.whole + "\n\n" + text)).map(\.rule)
    }
    #expect(try found(words) == [])
    #expect(try found(words + note + words) == [.load])
    let run = "\n\n```passo-run id=r3\n:step\n```\n\n"
    #expect(try found(words + run + words) == [])
  }

  @Test func moreThanSevenPartsAreFound() throws {
    let parts = { (count: Int) in
      (0..<count).map { "\n\n```passo-note clock=0:0\($0)\nVia.\n```" }.joined()
    }
    let found = { (count: Int) in
      let whole = Self.whole.replacing("passo-note clock=6:30", with: "passo-note")
      return LessonLint.findings(in: try lesson(whole + parts(count))).map(\.message.it)
    }
    #expect(try found(7) == [])
    #expect(try found(8) == ["8 parti, cioè note con un'ora: al più 7"])
  }

  @Test func whatIsNotTranslatedIsFound() throws {
    let english = Sample.lesson.replacing("lang: it", with: "lang: en")
    let translated = english.replacing("Fine.", with: "Here the *gatto che dorme sul divano* ends.")
    #expect(try differences(Sample.lesson, translated) == [])
    let italian = Sample.lesson.replacing("Fine.", with: "Qui finisce la lezione di oggi.")
    let left = english.replacing("Fine.", with: "Qui finisce la lezione di oggi.")
    let same = try differences(italian, left)
    #expect(same == ["'Qui finisce la lezione di…': the same text in both languages"])
    let longer = Sample.lesson.replacing("Fine.", with: "Uno.\n\nDue.")
    let shorter = try differences(longer, translated)
    #expect(shorter == ["the two languages do not do the same: prose 2 / prose 1"])
  }

  private func differences(_ italian: String, _ english: String) throws -> [String] {
    LessonLint.differences(try lesson(italian), try lesson(english)).filter {
      $0.rule == .languages
    }.map(\.message.en)
  }

  @Test func aLessonWithoutQuestionsIsFound() throws {
    let bare = "---\nid: a\nlang: it\ntitle: t\nminutes: 1\n---\nCiao."
    #expect(LessonLint.findings(in: try lesson(bare)).count == 4)
  }
}
