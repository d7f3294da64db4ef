// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

// Questions that were answered wrongly come back: before a lesson some, with `:review` all.
extension Shell {
  /// Asks all questions that are due, or says when the next one is.
  ///
  /// - Throws: `FileProblem`, `ReviewFileProblem`, or `LessonProblem`.
  func review() throws {
    guard !isReplaying else { return }
    guard course.review == nil else { return goOn() }
    let due = try course.due(console.language)
    guard !due.isEmpty else { return console.say(try nothingDue) }
    let before = try atomically {
      try begin(Review(due, waiting: course.current, isBeforeLesson: false))
      goOn()
    }
    undoStack.push(before, before: ":\(Command.review.name)")
  }

  private var nothingDue: Bilingual {
    get throws {
      guard let next = try course.schedule().next, next > course.today else {
        return Bilingual(
          it: "non c'è niente da ripassare: torna qui ciò che sbagli al primo tentativo",
          en: "there is nothing to review: what you get wrong at first comes back here"
        )
      }
      return Bilingual(
        it: "oggi non c'è niente da ripassare; la prossima domanda torna il \(next.text)",
        en: "there is nothing to review today; the next question comes back on \(next.text)"
      )
    }
  }

  /// The most questions that come before a lesson: it has two of its own.
  private static let mostBeforeLesson = 2

  /// Asks some questions of other lessons that are due before the open one is shown.
  ///
  /// - Returns: Whether there are some.
  func reviewBeforeLesson() -> Bool {
    guard let current = course.current else { return false }
    do {
      let due = try course.due(console.language).filter { $0.lesson != current.lesson.name }
      guard !due.isEmpty else { return false }
      let first = Array(due.prefix(Self.mostBeforeLesson))
      try begin(Review(first, waiting: current, isBeforeLesson: true))
      goOn()
      return true
    } catch {
      console.report(error.asProblem)
      return false
    }
  }

  private func begin(_ review: Review) throws {
    try course.begin(review, console.language)
    let count = review.questions.count
    console.say(
      Bilingual(
        it: "ripasso: \(count == 1 ? "torna 1 domanda" : "tornano \(count) domande")",
        en: "review: \(count) question\(count == 1 ? " comes" : "s come") back"
      )
        + Bilingual(
          it: "; :skip ne salta una, :review end le lascia a un'altra volta",
          en: "; :skip passes one over, :review end leaves them for another time"
        )
    )
  }

  /// Leaves the questions that are being asked again, and goes back to what was there before.
  func endReview() {
    guard let review = course.review, let player = course.current?.player else { return }
    comeBack()
    course.current = review.waiting
    console.show(LessonView.reviewed(player.score, next: (try? course.schedule())?.next))
    guard let lesson = review.waiting?.lesson.name else { return }
    if !review.isBeforeLesson {
      console.say(it: "la lezione \(lesson) è dov'era", en: "the lesson \(lesson) is where it was")
    }
    if course.excursion == nil { goOn() }
  }

  /// Keeps the first answers to questions, where they come back.
  func keep(_ answers: some Sequence<FirstAnswer>) {
    guard let current = course.current, let reviews = course.reviews, !isReplaying else { return }
    guard current.review != nil || isNoting && course.holds(current.lesson.folder) else { return }
    do {
      let schedule = try? course.schedule()
      let entries = answers.compactMap { answer -> ReviewFile.Entry? in
        let question = current.question(answer)
        guard !answer.isRight || schedule?.holds(question) == true else { return nil }
        return ReviewFile.Entry(
          day: course.today,
          question: question,
          isRight: answer.isRight,
          confidence: answer.confidence
        )
      }
      guard !entries.isEmpty, let aside = try reviews.add(entries) else { return }
      console.say(
        it: "le domande da ripassare erano di un'altra versione di Passo: restano in \(aside)",
        en: "the questions to review were another version's of Passo: they stay in \(aside)"
      )
    } catch {
      console.report(error.asProblem)
    }
  }
}

extension Course.Current {
  /// The question that was answered.
  fileprivate func question(_ answer: FirstAnswer) -> ReviewQuestion {
    review?.questions.first { $0.text == answer.quiz }
      ?? ReviewQuestion(lesson: lesson.name, quiz: answer.quiz)
  }
}
