// SPDX-License-Identifier: MIT

import PassoText

// What every lesson of the course has.
extension LessonLint {
  /// What is missing in the plan of a lesson: predictions with replies, an exercise, questions
  /// about earlier lessons, answers that no letter gives away.
  static func flaws(inDesignOf lesson: Lesson) -> [LessonFinding] {
    tasks(lesson) + replies(lesson) + recalls(lesson) + letters(lesson) + times(lesson)
      + parts(lesson)
  }

  private static func tasks(_ lesson: Lesson) -> [LessonFinding] {
    let contents = lesson.items.map(\.content)
    let predictions = contents.count { $0.prediction != nil }
    var findings: [LessonFinding] = []
    func note(_ it: String, _ en: String) {
      findings.append(finding(.structure, lesson, 1, it: it, en: en))
    }
    if predictions < 2 {
      note(
        "le previsioni sono \(predictions): ce ne vogliono almeno due (passo-predict)",
        "there are \(predictions) predictions: at least two are needed (passo-predict)"
      )
    }
    if contents.allSatisfy({ $0.question == nil }) {
      note("manca una domanda (passo-quiz)", "there is no question (passo-quiz)")
    }
    if lesson.header.objectives.isEmpty {
      note(
        "manca in testa che cosa si saprà fare (objectives)",
        "what one will be able to do is missing at the top (objectives)"
      )
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
        .replies,
        lesson,
        item.line,
        it: "\(prediction.id) non risponde a nessuno sbaglio: ci vuole almeno un «wrong:»",
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
        .recalls,
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
  static func number(of id: String) -> Int? {
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
        .letters,
        lesson,
        1,
        it: "la risposta giusta è quasi sempre \(letter): chi non legge indovina",
        en: "the right answer is nearly always \(letter): who does not read guesses it"
      )
    }
  }

  /// The clock of the notes runs forward and ends before the lesson does.
  private static func times(_ lesson: Lesson) -> [LessonFinding] {
    var (findings, last): ([LessonFinding], Int) = ([], -1)
    for item in lesson.items {
      guard case .note(let note) = item.content, let clock = note.clock else { continue }
      if clock <= last {
        findings.append(
          finding(
            .time,
            lesson,
            item.line,
            it: "l'orologio delle note torna indietro",
            en: "the clock of the notes runs backwards"
          )
        )
      }
      last = max(last, clock)
      guard clock >= lesson.header.minutes * 60 else { continue }
      findings.append(
        finding(
          .time,
          lesson,
          item.line,
          it: "la nota viene dopo la fine: la lezione dura \(lesson.header.minutes) minuti",
          en: "the note comes after the end: the lesson takes \(lesson.header.minutes) minutes"
        )
      )
    }
    return findings + courseLength(lesson)
  }

  /// More parts than this nobody keeps in mind.
  private static let maxParts = 7

  private static func parts(_ lesson: Lesson) -> [LessonFinding] {
    let parts = lesson.segments
    guard parts.count > maxParts else { return [] }
    return [
      finding(
        .load,
        lesson,
        parts[maxParts].line,
        it: "\(parts.count) parti, cioè note con un'ora: al più \(maxParts)",
        en: "\(parts.count) parts, that is notes with a time: at most \(maxParts)"
      )
    ]
  }

  /// What one sits through in one go.
  private static let minutes = 10...20

  /// Lessons of the course are as long as one listens.
  private static func courseLength(_ lesson: Lesson) -> [LessonFinding] {
    let tasks = lesson.items.compactMap(\.content.exercise?.minutes).reduce(0, +)
    guard number(of: lesson.header.id) != nil,
      !minutes.contains(lesson.header.minutes) || tasks >= lesson.header.minutes
    else { return [] }
    return [
      finding(
        .time,
        lesson,
        1,
        it: "\(lesson.header.minutes) minuti, \(tasks) di esercizio: una lezione ne dura da"
          + " \(minutes.lowerBound) a \(minutes.upperBound), più dei suoi esercizi",
        en: "\(lesson.header.minutes) minutes, \(tasks) of exercises: a lesson takes"
          + " \(minutes.lowerBound) to \(minutes.upperBound), more than its exercises"
      )
    ]
  }
}
