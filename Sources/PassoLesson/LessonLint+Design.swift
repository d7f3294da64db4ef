// SPDX-License-Identifier: MIT

import PassoText

// What every lesson of the course has.
extension LessonLint {
  /// What is missing in the plan of a lesson: predictions with replies, an exercise, questions
  /// about earlier lessons, answers that no letter gives away.
  static func flaws(inDesignOf lesson: Lesson) -> [LessonFinding] {
    tasks(lesson) + replies(lesson) + recalls(lesson) + letters(lesson)
  }

  static func finding(
    _ lesson: Lesson,
    _ line: Int,
    it: String,
    en: String
  ) -> LessonFinding {
    LessonFinding(file: lesson.file, line: line, message: Bilingual(it: it, en: en))
  }

  private static func tasks(_ lesson: Lesson) -> [LessonFinding] {
    let contents = lesson.items.map(\.content)
    let predictions = contents.count { $0.prediction != nil }
    var findings: [LessonFinding] = []
    func note(_ it: String, _ en: String) {
      findings.append(finding(lesson, 1, it: it, en: en))
    }
    if predictions < 2 {
      note(
        "le previsioni sono \(predictions): ne servono almeno due (passo-predict)",
        "there are \(predictions) predictions: at least two are needed (passo-predict)"
      )
    }
    if contents.allSatisfy({ $0.question == nil }) {
      note("manca una domanda (passo-quiz)", "there is no question (passo-quiz)")
    }
    if contents.allSatisfy({ $0.exercise?.task == nil }) {
      note(
        "manca un esercizio con dei controlli (passo-exercise)",
        "there is no exercise with checks (passo-exercise)"
      )
    }
    return findings
  }

  private static func replies(_ lesson: Lesson) -> [LessonFinding] {
    lesson.items.compactMap { item in
      guard let prediction = item.content.prediction, prediction.answer != nil,
        prediction.replies.isEmpty
      else { return nil }
      return finding(
        lesson,
        item.line,
        it: "\(prediction.id) non risponde a nessuno sbaglio: serve almeno un «wrong:»",
        en: "\(prediction.id) replies to no mistake: at least one 'wrong:' is needed"
      )
    }
  }

  /// The lesson before and the one two before that come back at the beginning; near the beginning
  /// of the course what there is.
  private static func recalls(_ lesson: Lesson) -> [LessonFinding] {
    guard let number = number(of: lesson.header.id), number > 1 else { return [] }
    let wanted = recalled(by: number)
    let opening = lesson.items.filter { $0.content.question != nil }.prefix(2)
    let found = opening.map { $0.content.question?.recalls.flatMap(Self.number) }
    guard found.count < 2 || Set(found) != Set(wanted.map(Optional.init)) else { return [] }
    let names = wanted.map { $0 < 10 ? "L0\($0)" : "L\($0)" }.joined(separator: ", ")
    return [
      finding(
        lesson,
        opening.first?.line ?? 1,
        it: "le prime due domande richiamano le lezioni passate: recalls di \(names)",
        en: "the first two questions are about earlier lessons: recalls of \(names)"
      )
    ]
  }

  /// The numbers of the lessons about which a lesson asks at its beginning.
  static func recalled(by number: Int) -> [Int] {
    [max(1, number - 1), number > 3 ? number - 3 : max(1, number - 2)]
  }

  /// The number in an id such as `L02`.
  private static func number(of id: String) -> Int? {
    id.wholeMatch(of: /L([0-9]{2})/).flatMap { Int($0.1) }
  }

  /// A letter that is right too often lets one answer without reading.
  private static func letters(_ lesson: Lesson) -> [LessonFinding] {
    let right = lesson.items.compactMap { $0.content.question }.compactMap { quiz in
      quiz.options.first { $0.isRight }?.letter
    }
    guard right.count >= 4 else { return [] }
    let counts = Dictionary(grouping: right) { $0 }.mapValues(\.count)
    return counts.sorted { $0.key < $1.key }.filter { $0.value * 2 > right.count }.map {
      letter,
      _ in
      finding(
        lesson,
        1,
        it: "la risposta giusta è quasi sempre \(letter): chi non legge indovina",
        en: "the right answer is nearly always \(letter): who does not read guesses it"
      )
    }
  }
}
