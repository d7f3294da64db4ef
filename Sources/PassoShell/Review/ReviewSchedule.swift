// SPDX-License-Identifier: MIT

import PassoLesson

/// A question of a lesson.
struct ReviewQuestion: Hashable {
  let lesson: String
  let quiz: String

  var text: String { "\(lesson) \(quiz)" }
}

/// Which questions come back, and when.
///
/// A wrong answer brings a question back on the next day. Each right one, given on the day when it
/// was due or later, puts it off for longer: 3 days, 7, 21; the fourth in a row is the last. A
/// right guess puts it off for as long as before.
struct ReviewSchedule {
  private static let intervals = [1, 3, 7, 21]

  private struct Standing {
    var due: Day

    /// Right answers in a row.
    var stage = 0

    /// Whether the wrong answer was one that somebody was sure of.
    let wasSure: Bool
  }

  private var standings: [ReviewQuestion: Standing] = [:]

  /// Reckons from all answers, oldest first.
  init(_ entries: [ReviewFile.Entry]) {
    for entry in entries { take(entry) }
  }

  private mutating func take(_ entry: ReviewFile.Entry) {
    guard entry.isRight else {
      standings[entry.question] = Standing(
        due: entry.day + Self.intervals[0],
        wasSure: entry.confidence == .sure
      )
      return
    }
    guard var standing = standings[entry.question], standing.due <= entry.day else { return }
    if entry.confidence != .guess { standing.stage += 1 }
    guard standing.stage < Self.intervals.count else {
      standings[entry.question] = nil
      return
    }
    standing.due = entry.day + Self.intervals[standing.stage]
    standings[entry.question] = standing
  }

  /// Whether a question comes back at all.
  func holds(_ question: ReviewQuestion) -> Bool { standings[question] != nil }

  /// What is due: first what somebody was sure of and wrong, then what has waited longest.
  func due(on day: Day) -> [ReviewQuestion] {
    standings.filter { $0.value.due <= day }.sorted { one, other in
      let (left, right) = (one.value, other.value)
      if left.wasSure != right.wasSure { return left.wasSure }
      if left.due != right.due { return left.due < right.due }
      return (one.key.lesson, one.key.quiz) < (other.key.lesson, other.key.quiz)
    }.map(\.key)
  }

  /// The day on which the next question is due; nil if none comes back.
  var next: Day? { standings.values.map(\.due).min() }
}
