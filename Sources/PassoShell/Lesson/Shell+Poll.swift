// SPDX-License-Identifier: MIT

import PassoLesson
import PassoRuntime
import PassoText

// A class that votes: hands are counted, the picture is compared, the answer comes afterwards.
extension Shell {
  /// Takes the counted hands of a vote, or without any says how they are written.
  ///
  /// - Throws: `CourseProblem`, `PollProblem` if nobody could have voted so, or `Interrupted`; then
  ///   all is as it was.
  func poll(_ text: String, by line: String) throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    guard let ballot = Ballot(current.player) else { throw PollProblem.nothingAsked }
    var votes = current.votes[ballot.question] ?? []
    guard !text.isEmpty else {
      if !votes.isEmpty { console.show(LessonView.votes(votes)) }
      return console.show(LessonView.howToVote(ballot, number: votes.count + 1))
    }
    votes.append(try ballot.vote(text))
    let advice = try advice(on: votes, ballot, current.player)
    undoStack.push(state, before: line)
    course.current?.votes[ballot.question] = votes
    console.show(LessonView.votes(votes))
    console.show(LessonView.advice(advice, isFirst: votes.count == 1))
  }

  /// What is best after the last vote; nil if nobody knows yet which answers are right.
  private func advice(
    on votes: [Vote],
    _ ballot: Ballot,
    _ player: LessonPlayer
  ) throws -> PollAdvice? {
    guard let vote = votes.last else { return nil }
    let value = try valueAhead(player)
    guard vote.lines.allSatisfy({ ballot.isRight($0.answer, value: value) != nil }) else {
      return nil
    }
    return PollAdvice(share: vote.share { ballot.isRight($0, value: value) ?? false })
  }

  /// The value that an open prediction asks for: the lesson goes ahead out of sight.
  private func valueAhead(_ player: LessonPlayer) throws -> Double? {
    // What is done again is not looked at.
    guard !isReplaying, let prediction = player.openPrediction, let answer = prediction.answer
    else { return nil }
    do {
      return try SimulatedLearner(self, .right).value(of: answer.text, after: prediction.locks)
    } catch let problem as any Problem where !(problem is Interrupted) {
      return nil
    }
  }

  /// Says how many hands were right, once everybody knows which.
  func sayVotes(_ ballot: Ballot?, value: Double? = nil) {
    guard let ballot, let votes = course.current?.votes[ballot.question], let first = votes.first
    else { return }
    let counted = [first] + votes.dropFirst().suffix(1)
    console.say(
      LessonView.rightHands(
        counted.map { vote in
          (vote.hands { ballot.isRight($0, value: value) ?? false }, vote.total)
        }
      )
    )
  }
}
