// SPDX-License-Identifier: MIT

import PassoText

/// Walks through a lesson: what to show next, what to wait for, what an answer was worth.
///
/// A value without any output: the shell shows the events, runs the commands, and tells the player.
package struct LessonPlayer: Sendable {
  package private(set) var lesson: Lesson

  /// The item that comes next, and the command within a run block.
  private var item = 0
  private var command = 0

  private var open: Question?
  private var predictions: [String: PredictedAnswer] = [:]

  /// How many quiz questions were answered right at the first attempt, and how many there were.
  package private(set) var score = (right: 0, asked: 0)
  private var attempts = 0

  /// How many hints of the open question were given.
  private var hintsGiven = 0

  /// Begins a lesson.
  package init(_ lesson: Lesson) {
    self.lesson = lesson
  }

  private enum Question: Sendable {
    case prediction(Prediction)
    case quiz(Quiz)

    init?(_ content: LessonItem.Content) {
      switch content {
      case .predict(let prediction): self = .prediction(prediction)
      case .quiz(let quiz): self = .quiz(quiz)
      default: return nil
      }
    }

    var event: LessonEvent {
      switch self {
      case .prediction(let prediction): .ask(prediction)
      case .quiz(let quiz): .quiz(quiz)
      }
    }

    var hints: [[ProseBlock]] {
      switch self {
      case .prediction(let prediction): prediction.hints
      case .quiz(let quiz): quiz.hints
      }
    }
  }
}

/// What happens next in a lesson.
package enum LessonEvent: Sendable, Hashable {
  case prose([ProseBlock])
  /// A command waits; the shell runs it and goes on.
  case prepared(SourceLine)
  case ask(Prediction)
  case quiz(Quiz)
  /// To be checked silently; a failure is worth a word.
  case check(FactsBlock)
  /// What was predicted, to be held against what came.
  case reveal(Prediction, PredictedAnswer)
  case finished
}

/// What somebody expected.
package enum PredictedAnswer: Sendable, Hashable {
  case number(Double)
  /// -1, 0 or 1.
  case sign(Int)
  case choice(QuizOption)
}

/// What an answer was worth.
package enum Verdict: Sendable, Hashable {
  /// Stored: what is right will be seen after the run.
  case predicted
  case right(QuizOption)
  /// The question stays open.
  case wrong(QuizOption)
}

/// An answer that cannot be one.
package enum AnswerProblem: WordedProblem, Hashable {
  case nothingAsked
  case notAnOption(String, letters: [String])
  case notANumber(String)
  case notASign(String)

  package var wording: Wording {
    switch self {
    case .nothingAsked:
      Bilingual(it: "nessuna domanda è aperta", en: "no question is open")
        .hint(
          it: "nelle lezioni :continue va avanti, :lessons le elenca",
          en: "in a lesson :continue goes on, :lessons lists them"
        )
    case .notAnOption(let text, let letters):
      Bilingual(
        it: "serve una lettera fra \(letters.joined(separator: ", ")), trovato \(it: text)",
        en: "needs one letter of \(letters.joined(separator: ", ")), got \(en: text)"
      ).hint(
        it: ":hint dà un aiuto, :continue ripete la domanda",
        en: ":hint helps, :continue asks again"
      )
    case .notANumber(let text):
      Bilingual(it: "serve un numero, trovato \(it: text)", en: "needs a number, got \(en: text)")
        .hint(it: "scrivilo in cifre, per esempio 5", en: "write it in digits, for example 5")
    case .notASign(let text):
      Bilingual(it: "serve +, - o 0, trovato \(it: text)", en: "needs +, - or 0, got \(en: text)")
        .hint(it: "per esempio +", en: "for example +")
    }
  }
}

// MARK: - Going on

extension LessonPlayer {
  /// The next event; an open question or a prepared command is given again until it is dealt with.
  package mutating func advance() -> LessonEvent {
    if let open { return open.event }
    while item < lesson.items.count {
      if let event = event(lesson.items[item].content) { return event }
      item += 1
    }
    return .finished
  }

  /// Says that the prepared command was run, or passed over.
  package mutating func commandDone() {
    guard let block = current?.runBlock else { return }
    command += 1
    guard command == block.commands.count else { return }
    command = 0
    item += 1
  }

  /// The command that waits, if one does.
  package var preparedCommand: SourceLine? {
    open == nil ? current?.runBlock?.commands[command] : nil
  }

  /// The prediction that is waited for, if one is.
  package var openPrediction: Prediction? {
    if case .prediction(let prediction)? = open { prediction } else { nil }
  }

  /// The quiz question that waits for an answer, if one does.
  package var openQuiz: Quiz? {
    if case .quiz(let quiz)? = open { quiz } else { nil }
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

  /// The part of the lesson that lies behind, from 0 to 1.
  package var share: Double { Double(item) / Double(max(1, lesson.items.count)) }

  private var current: LessonItem.Content? {
    item < lesson.items.count ? lesson.items[item].content : nil
  }

  /// The event of an item; nil for items that nothing comes of.
  private mutating func event(_ content: LessonItem.Content) -> LessonEvent? {
    switch content {
    case .run(let block): return .prepared(block.commands[command])
    case .prose(let blocks):
      item += 1
      return .prose(blocks)
    case .facts(let block):
      if let reveal = takeReveal(after: block.runID) { return reveal }
      item += 1
      return .check(block)
    case .predict, .quiz:
      item += 1
      (attempts, hintsGiven) = (0, 0)
      if content.question != nil { score.asked += 1 }
      open = Question(content)
      return open?.event
    case .note, .alternative: return nil
    }
  }

  /// What was predicted of a run that is over; given once, before the facts are checked.
  private mutating func takeReveal(after runID: String) -> LessonEvent? {
    for prediction in lesson.items.compactMap(\.content.prediction) where prediction.locks == runID
    {
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
    guard open != nil, item > 0, item <= lesson.items.count else { return player }
    player.open = Question(lesson.items[item - 1].content) ?? open
    return player
  }
}

// MARK: - Hints

/// One hint of a question.
package struct LessonHint: Sendable, Hashable {
  package let text: [ProseBlock]

  /// From 1 to `count`.
  package let number: Int

  /// How many hints the question has.
  package let count: Int
}

extension LessonPlayer {
  /// The next hint of the open question; nil if none is left, or none is open.
  package mutating func takeHint() -> LessonHint? {
    guard let hints = open?.hints, hintsGiven < hints.count else { return nil }
    hintsGiven += 1
    return LessonHint(text: hints[hintsGiven - 1], number: hintsGiven, count: hints.count)
  }
}

// MARK: - Answers

extension LessonPlayer {
  /// Takes an answer to the open question.
  ///
  /// Throws `AnswerProblem` if it cannot be an answer; the question stays open.
  package mutating func answer(_ text: String) throws(AnswerProblem) -> Verdict {
    switch open {
    case nil: throw .nothingAsked
    case .prediction(let prediction):
      predictions[prediction.id] = try Self.read(text, prediction.kind)
      open = nil
      return .predicted
    case .quiz(let quiz):
      let option = try Self.option(text, quiz.options)
      attempts += 1
      guard option.isRight else { return .wrong(option) }
      if attempts == 1 { score.right += 1 }
      open = nil
      return .right(option)
    }
  }

  /// Why a line is no answer to the open question; nil if it is one, or none is open, or it has
  /// the marks of an expression.
  package func problem(withAnswer text: String) -> AnswerProblem? {
    guard isAsking, text.allSatisfy({ $0.isLetter || $0.isNumber || " .,;:'’)%".contains($0) })
    else { return nil }
    do throws(AnswerProblem) {
      try check(text)
      return nil
    } catch {
      return error
    }
  }

  /// Whether a line could be an answer to the open question rather than an expression.
  package func couldAnswer(_ text: String) -> Bool { (try? check(text)) != nil }

  private func check(_ text: String) throws(AnswerProblem) {
    switch open {
    case nil: throw .nothingAsked
    case .prediction(let prediction): _ = try Self.read(text, prediction.kind)
    case .quiz(let quiz): _ = try Self.option(text, quiz.options)
    }
  }

  private static func read(
    _ text: String,
    _ kind: Prediction.Kind
  ) throws(AnswerProblem) -> PredictedAnswer {
    let text = text.trimmed
    switch kind {
    case .choice(let options): return .choice(try option(text, options))
    case .number:
      guard let number = Double(text.replacing(",", with: ".")), number.isFinite else {
        throw .notANumber(text)
      }
      return .number(number)
    case .sign:
      switch text.lowercased() {
      case "+", "più", "piu", "plus", "positivo", "positive": return .sign(1)
      case "-", "−", "meno", "minus", "negativo", "negative": return .sign(-1)
      case "0", "zero": return .sign(0)
      default: throw .notASign(text)
      }
    }
  }

  private static func option(
    _ text: String,
    _ options: [QuizOption]
  ) throws(AnswerProblem) -> QuizOption {
    // `b)`, `(b)` and `b.` are how a letter is written on paper.
    let wanted = String(text.trimmed.lowercased().filter { !"().".contains($0) })
    if let option = options.first(where: { $0.letter == wanted }) { return option }
    throw .notAnOption(text.trimmed, letters: options.map(\.letter))
  }
}
