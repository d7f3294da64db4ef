// SPDX-License-Identifier: MIT

import PassoText

/// Walks through a lesson: what to show next, what to wait for, what an answer was worth.
///
/// A value without any output: the shell shows the events, runs the commands, and tells the player.
package struct LessonPlayer: Sendable {
  package private(set) var lesson: Lesson

  /// Whether how sure one is of an answer is asked before the verdict.
  package let asksConfidence: Bool

  /// The item that comes next, and the command within a run block.
  private var item = 0
  private var command = 0

  var open: OpenQuestion?
  var predictions: [String: PredictedAnswer] = [:]

  package internal(set) var score = LessonScore()
  var attempts = 0

  /// How many hints of the open question were given.
  var hintsGiven = 0

  /// Begins a lesson.
  package init(_ lesson: Lesson, asksConfidence: Bool = false) {
    self.lesson = lesson
    self.asksConfidence = asksConfidence
  }
}

/// What happens next in a lesson.
package enum LessonEvent: Sendable, Hashable {
  case prose([ProseBlock])
  /// For the teacher only.
  case note(TeacherNote)
  /// A command waits; the shell runs it and goes on.
  case prepared(SourceLine)
  case ask(Prediction)
  case quiz(Quiz)
  /// An answer waits for how sure one is of it.
  case confidence
  /// The session is to be set for an exercise, or for a level of it, by lines.
  case stage(Exercise, FadeLevel?, [SourceLine])
  case exercise(Exercise)
  /// The blanks of a line are to be filled in.
  case fill(FadedLine, FadeLevel)
  /// To be checked silently; a failure is worth a word.
  case check(FactsBlock)
  /// What was predicted, to be held against what came.
  case reveal(Prediction, PredictedAnswer)
  case finished
}

// MARK: - Going on

extension LessonPlayer {
  /// The next event; an open question or a prepared command is given again until it is dealt with.
  package mutating func advance() -> LessonEvent {
    if let open { return open.event }
    while true {
      if let reveal = takeReveal() { return reveal }
      guard item < lesson.items.count else { return .finished }
      if let event = event(lesson.items[item].content) { return event }
      item += 1
    }
  }

  /// Says that the prepared command was run, or passed over.
  package mutating func commandDone() {
    guard open == nil, let block = current?.runBlock else { return }
    command += 1
    guard command >= block.commands.count else { return }
    command = 0
    item += 1
  }

  /// The command that waits, if one does.
  package var preparedCommand: SourceLine? {
    if let open {
      guard case .prepared(let line) = open.event else { return nil }
      return line
    }
    guard let commands = current?.runBlock?.commands, commands.indices.contains(command) else {
      return nil
    }
    return commands[command]
  }

  /// Whether a line of the learner's own may take the place of the command that waits.
  package var takesOwnLine: Bool { open == nil && current?.runBlock?.isYours == true }

  /// How many positions the text that a line of the learner's own gives must have.
  package var leastPositions: Int { takesOwnLine ? current?.runBlock?.leastPositions ?? 1 : 1 }

  /// The prediction that is waited for, if one is.
  package var openPrediction: Prediction? {
    if case .prediction(let prediction)? = open { prediction } else { nil }
  }

  /// The quiz question that waits for an answer, if one does.
  package var openQuiz: Quiz? {
    if case .quiz(let quiz)? = open { quiz } else { nil }
  }

  /// The quiz question that was dealt with just now, if the last thing was one.
  package var quizBehind: Quiz? {
    open == nil ? lesson.items.prefix(item).last?.content.question : nil
  }

  /// Whether an answer is waited for.
  package var isAsking: Bool { open != nil }

  /// The facts of the last block that was run to its end.
  package var latestFacts: FactsBlock? {
    lesson.items.prefix(item).lazy.reversed().compactMap(\.content.factsBlock).first
  }

  /// Whether a run block lies behind.
  package func hasRun(_ id: String) -> Bool {
    lesson.items.prefix(item).contains { $0.content.runBlock?.id == id }
  }

  /// The commands that wait until a prediction is made.
  package func commands(lockedBy prediction: Prediction) -> [SourceLine] {
    lesson.items.lazy.compactMap(\.content.runBlock).first { $0.id == prediction.locks }?.commands
      ?? []
  }

  /// The line of the file at which the item begins that comes next or is waited for.
  package var line: Int {
    let item = isAsking ? item - 1 : item
    return lesson.items.indices.contains(item) ? lesson.items[item].line : 1
  }

  /// Where in a lesson somebody is.
  package struct Place: Sendable, Hashable {
    let lesson: String
    let item: Int
    let command: Int
    let isAsking: Bool
  }

  package var place: Place {
    Place(lesson: lesson.header.id, item: item, command: command, isAsking: isAsking)
  }

  /// The heading under which somebody is, and what was said last.
  package var reading: (heading: [Inline]?, last: ProseBlock?) {
    let blocks = lesson.items.prefix(item).flatMap { $0.content.prose ?? [] }
    let headings = blocks.compactMap { block -> [Inline]? in
      if case .heading(_, let inlines) = block { inlines } else { nil }
    }
    return (headings.last, blocks.last)
  }

  /// The segment of the lesson that was begun last; nil before the first.
  package var segment: Int? {
    let begun = lesson.items.prefix(item).count { $0.content.note?.clock != nil }
    return begun > 0 ? begun - 1 : nil
  }

  /// The first command behind a question or an exercise that is open; nil if it could give the
  /// answer to a prediction away.
  package var nextCommand: SourceLine? {
    let ahead = lesson.items.dropFirst(item).map(\.content)
    let predictions = ahead.compactMap(\.prediction) + [openPrediction].compactMap(\.self)
    guard let block = ahead.lazy.compactMap(\.runBlock).first,
      !predictions.contains(where: { $0.locks == block.id })
    else { return nil }
    return block.commands.first
  }

  /// The part of the lesson that lies behind, from 0 to 1.
  package var share: Double { Double(item) / Double(max(1, lesson.items.count)) }

  private var current: LessonItem.Content? {
    item < lesson.items.count ? lesson.items[item].content : nil
  }

  /// The event of an item; nil for items that nothing comes of.
  private mutating func event(_ content: LessonItem.Content) -> LessonEvent? {
    switch content {
    case .run: return preparedCommand.map(LessonEvent.prepared)
    case .prose(let blocks):
      item += 1
      return .prose(blocks)
    case .facts(let block):
      item += 1
      return .check(block)
    case .predict, .quiz, .exercise:
      item += 1
      (attempts, hintsGiven) = (0, 0)
      if content.question != nil { score.asked += 1 }
      open = OpenQuestion(content)
      return open?.event
    case .note(let note):
      item += 1
      return .note(note)
    case .alternative: return nil
    }
  }

  /// What was predicted of a run that is over; given once, just before its facts are checked, or
  /// right behind the run if none follow.
  private mutating func takeReveal() -> LessonEvent? {
    guard !predictions.isEmpty else { return nil }
    let isOver = Set(lesson.items.prefix(item).compactMap(\.content.runBlock?.id))
    let areFacts = current?.factsBlock != nil
    let later = lesson.items.dropFirst(areFacts ? item + 1 : item)
    let isChecked = Set(later.compactMap(\.content.factsBlock?.runID))
    for prediction in lesson.items.compactMap(\.content.prediction)
    where isOver.contains(prediction.locks) && !isChecked.contains(prediction.locks) {
      guard let answer = predictions.removeValue(forKey: prediction.id) else { continue }
      return .reveal(prediction, answer)
    }
    return nil
  }
}

extension LessonPlayer {
  /// The same place in the same lesson in another language.
  ///
  /// Both languages have the same items in the same order; the lint sees to that.
  package func reading(_ lesson: Lesson) -> LessonPlayer {
    var player = self
    player.lesson = lesson
    guard let open, item > 0, item <= lesson.items.count else { return player }
    player.open = open.reading(lesson.items[item - 1].content) ?? open
    return player
  }
}
