// SPDX-License-Identifier: MIT

import PassoLesson
import PassoModel
import PassoSession
import PassoText

// What was predicted, held against what came.
extension Shell {
  /// Shows both, and what is said of a usual mistake; the lesson goes on without what cannot be
  /// computed.
  func reveal(_ prediction: Prediction, _ answer: PredictedAnswer) {
    do {
      console.show(try LessonView.reveal(prediction, answer) { try session.value(of: $0) })
      if let reply = try reply(to: answer, prediction) { console.show(LessonView.reply(reply)) }
      sayVotes(
        Ballot(prediction),
        value: try prediction.answer.map { try session.value(of: $0.text) }
      )
    } catch {
      course.note(course.current?.player.line ?? 1, error.asProblem.message)
      console.report(error.asProblem)
    }
  }

  private func reply(to answer: PredictedAnswer, _ prediction: Prediction) throws -> Reply? {
    switch (prediction.kind, answer) {
    case (.number(let expression, let tolerance), .number(let typed)):
      let found = try session.value(of: expression.text)
      let predicted = typed.closest(to: found)
      let usual = usualNumbers(prediction, besides: found, tolerance)
      guard abs(predicted - found) > tolerance else { return nil }
      let closest = usual.min { abs($0.value - predicted) < abs($1.value - predicted) }
      guard let closest,
        abs(closest.value - predicted) <= max(tolerance, 1e-9 * max(1, abs(closest.value)))
      else { return nil }
      return closest.reply
    case (.sign(let expression), .sign(let predicted)):
      let right = LessonView.symbol(try session.value(of: expression.text))
      if let reply = prediction.replies.first(where: { $0.expression.text == right }) {
        note(rightReply: reply)
      }
      let typed = LessonView.symbol(Double(predicted))
      return typed == right ? nil : prediction.replies.first { $0.expression.text == typed }
    default: return nil
    }
  }

  /// The numbers of the replies.
  ///
  /// What cannot be computed, or is right, is a mistake of the lesson.
  private func usualNumbers(
    _ prediction: Prediction,
    besides right: Double,
    _ tolerance: Double
  ) -> [(reply: Reply, value: Double)] {
    prediction.replies.compactMap { reply in
      do {
        let value = try session.value(of: reply.expression.text)
        if abs(value - right) <= tolerance { note(rightReply: reply) }
        return (reply, value)
      } catch {
        let wrong = Bilingual(same: "wrong: \(reply.expression.text): ")
        course.note(reply.expression.line, wrong + error.asProblem.message)
        return nil
      }
    }
  }

  private func note(rightReply reply: Reply) {
    course.note(
      reply.expression.line,
      Bilingual(
        it: "«wrong: \(reply.expression.text)» è la risposta giusta",
        en: "'wrong: \(reply.expression.text)' is the right answer"
      )
    )
  }
}
