// SPDX-License-Identifier: MIT

import PassoText

/// What a class can vote for: the answers to a question that is open.
package struct Ballot: Sendable {
  /// What the hands are counted for.
  package enum Choices: Sendable {
    /// The options of a question, or one of the three signs.
    case named([String])

    /// Any numbers.
    case numbers
  }

  /// The id of the question.
  package let question: String

  package let choices: Choices
  private let kind: Prediction.Kind

  /// The most hands that one answer can have.
  package static let mostHands = 1000

  /// Nil if no question is open that a class could vote on.
  package init?(_ player: LessonPlayer) {
    if let quiz = player.openQuiz {
      self.init(quiz)
    } else if let prediction = player.openPrediction {
      self.init(prediction)
    } else {
      return nil
    }
  }

  package init(_ quiz: Quiz) { self.init(quiz.id, .choice(quiz.options)) }

  package init(_ prediction: Prediction) { self.init(prediction.id, prediction.kind) }

  private init(_ question: String, _ kind: Prediction.Kind) {
    (self.question, self.kind) = (question, kind)
    choices =
      switch kind {
      case .choice(let options): .named(options.map(\.letter))
      case .sign: .named(["+", "-", "0"])
      case .number: .numbers
      }
  }

  /// Reads hands as they were counted: `a 12 b 5`, or `12 5 3` for every answer in order; for
  /// numbers each with its hands, `3 12 5 4`.
  ///
  /// - Throws: `PollProblem`.
  package func vote(_ text: String) throws(PollProblem) -> Vote {
    let words = words(of: text)
    guard case .named(let names) = choices else { return try Vote(pairs(words)) }
    guard isNamed(words) else { return try Vote(hands(words, inOrderOf: names)) }
    let counted = try pairs(words)
    var lines: [Vote.Line] = []
    for name in names {
      let line = Vote.Line(answer: try answer(name), hands: 0)
      lines.append(counted.first { $0.label == line.label } ?? line)
    }
    return try Vote(lines)
  }

  /// `a=12, b=5` is how counts are written on a blackboard; a comma is part of a number.
  private func words(of text: String) -> [String] {
    let blanks = if case .numbers = choices { "=" } else { "=,;:" }
    return String(text.map { blanks.contains($0) ? " " : $0 }).split(separator: " ").map(
      String.init
    )
  }

  /// Whether every first of two words says what the second was counted for.
  private func isNamed(_ words: [String]) -> Bool {
    func isName(_ word: String) -> Bool { !word.contains(where: \.isNumber) }
    if let first = words.first, isName(first) { return true }
    if words.contains(where: { isName($0) && (try? answer($0)) != nil }) { return true }
    // A sign may look like a count: with two words it is one.
    return words.count == 2 && (try? answer(words[0])) != nil
  }

  private func hands(
    _ words: [String],
    inOrderOf names: [String]
  ) throws(PollProblem) -> [Vote.Line] {
    guard words.count == names.count else {
      throw .otherNumber(of: names, found: words.count)
    }
    var lines: [Vote.Line] = []
    for (name, word) in zip(names, words) {
      lines.append(Vote.Line(answer: try answer(name), hands: try count(word)))
    }
    return lines
  }

  private func pairs(_ words: [String]) throws(PollProblem) -> [Vote.Line] {
    var lines: [Vote.Line] = []
    for index in stride(from: 0, to: words.count, by: 2) {
      let answer = try answer(words[index])
      guard index + 1 < words.count else { throw .noCount(for: words[index]) }
      let line = Vote.Line(answer: answer, hands: try count(words[index + 1]))
      guard !lines.contains(where: { $0.label == line.label }) else { throw .twice(words[index]) }
      lines.append(line)
    }
    return lines
  }

  /// Whether an answer is right.
  ///
  /// - Parameters:
  ///   - answer: One that somebody has given.
  ///   - value: The value of the prediction's expression after the run; of no use to options.
  /// - Returns: Nil if that value is needed and not there.
  package func isRight(_ answer: PredictedAnswer, value: Double?) -> Bool? {
    switch (kind, answer) {
    case (_, .choice(let option)): option.isRight
    case (.number(_, let tolerance), .number(let number)):
      value.map { abs(number.closest(to: $0) - $0) <= tolerance }
    case (_, .sign(let sign)): value.map { ($0 > 0 ? 1 : $0 < 0 ? -1 : 0) == sign }
    case (_, .number): nil
    }
  }

  private func answer(_ word: String) throws(PollProblem) -> PredictedAnswer {
    do throws(AnswerProblem) {
      return try LessonPlayer.read(word, kind)
    } catch {
      if case .named(let names) = choices { throw .noSuchAnswer(word, names: names) }
      throw .notANumber(word)
    }
  }

  private func count(_ word: String) throws(PollProblem) -> Int {
    guard let hands = Int(word), (0...Self.mostHands).contains(hands) else { throw .notHands(word) }
    return hands
  }
}

/// How many hands each answer had.
package struct Vote: Sendable, Hashable {
  /// One answer and its hands.
  package struct Line: Sendable, Hashable {
    package let answer: PredictedAnswer
    package let hands: Int

    /// The answer as it is typed, in every language.
    package var label: String {
      switch answer {
      case .choice(let option): option.letter
      case .sign(let sign): sign > 0 ? "+" : sign < 0 ? "-" : "0"
      case .number(let number): NumberText.code(number.value, digits: 12)
      }
    }
  }

  package let lines: [Line]

  /// All hands.
  package var total: Int { lines.reduce(0) { $0 + $1.hands } }

  fileprivate init(_ lines: [Line]) throws(PollProblem) {
    self.lines = lines
    guard total > 0 else { throw .noHands }
  }

  /// The hands of one answer.
  package func hands(for label: String) -> Int {
    lines.first { $0.label == label }?.hands ?? 0
  }

  /// The part of the hands, from 0 to 1, whose answers are right.
  package func share(_ isRight: (PredictedAnswer) -> Bool) -> Double {
    Double(hands(isRight)) / Double(total)
  }

  /// The hands whose answers are right.
  package func hands(_ isRight: (PredictedAnswer) -> Bool) -> Int {
    lines.filter { isRight($0.answer) }.reduce(0) { $0 + $1.hands }
  }
}

/// What is best after a vote.
///
/// Source: C. H. Crouch, E. Mazur, "Peer Instruction: Ten years of experience and results",
/// American Journal of Physics 69 (2001), 970: discussion helps where about a third to 70 percent
/// of the answers are right; with fewer there is nobody to explain, with more little to explain.
package enum PollAdvice: Sendable, Hashable {
  case explain
  case discuss
  case goOn

  /// Judges the part of right answers, from 0 to 1.
  package init(share: Double) {
    self = share < 0.3 ? .explain : share <= 0.7 ? .discuss : .goOn
  }
}

/// Counts that cannot be those of a vote.
package enum PollProblem: WordedProblem, Hashable {
  case nothingAsked
  case otherNumber(of: [String], found: Int)
  case noSuchAnswer(String, names: [String])
  case notANumber(String)
  case noCount(for: String)
  case twice(String)
  case notHands(String)
  case noHands

  package var wording: Wording {
    switch self {
    case .nothingAsked:
      Bilingual(
        it: "non c'è niente su cui votare: nessuna domanda o previsione è aperta",
        en: "there is nothing to vote on: no question or prediction is open"
      ).hint(
        it: "nelle lezioni :continue va avanti fino alla prossima domanda",
        en: "in a lesson :continue goes on to the next question"
      )
    case .otherNumber(let names, let found):
      Bilingual(
        it: "le risposte sono \(names.count) e i conteggi \(found)",
        en: "there are \(names.count) answers and \(found) count\(found == 1 ? "" : "s")"
      ).hint(Self.example(names))
    case .noSuchAnswer(let word, let names):
      Bilingual(
        it: "\(it: word) non è una delle risposte: sono \(names.joined(separator: ", "))",
        en: "\(en: word) is none of the answers: they are \(names.joined(separator: ", "))"
      ).hint(Self.example(names))
    case .notANumber(let word):
      Bilingual(
        it: "qui si risponde con un numero, e \(it: word) non lo è",
        en: "the answers here are numbers, and \(en: word) is none"
      ).hint(Self.numbers)
    case .noCount(let word):
      Bilingual(
        it: "dopo \(it: word) manca quante mani ha avuto",
        en: "how many hands \(en: word) had is missing behind it"
      ).hint(it: "per esempio \(word) 12", en: "for example \(word) 12")
    case .twice(let word):
      Bilingual(it: "\(it: word) è contata due volte", en: "\(en: word) is counted twice")
        .hint(it: "una volta sola, con tutte le mani", en: "once only, with all its hands")
    case .notHands(let word):
      Bilingual(
        it: "le mani si contano con un numero intero da 0 a \(Ballot.mostHands), e \(it: word)"
          + " non lo è",
        en: "hands are counted by a whole number from 0 to \(Ballot.mostHands), and \(en: word)"
          + " is none"
      ).hint(
        it: ":poll da solo dice come si scrivono",
        en: ":poll alone says how they are written"
      )
    case .noHands:
      Bilingual(it: "nessuno ha votato", en: "nobody has voted").hint(
        it: "chi non sa può astenersi, ma almeno una mano serve",
        en: "whoever does not know may abstain, but one hand at least is needed"
      )
    }
  }

  /// How counts are written where the answers have names.
  package static func example(_ names: [String]) -> Bilingual {
    let counts = zip(names, [12, 5, 3]).map { "\($0) \($1)" }.joined(separator: " ")
    let all = names.indices.map { [12, 5, 3, 0][min($0, 3)] }.map(String.init)
    return Bilingual(
      it: ":poll \(counts), oppure nell'ordine :poll \(all.joined(separator: " "))",
      en: ":poll \(counts), or in order :poll \(all.joined(separator: " "))"
    )
  }

  /// How counts are written where the answers are numbers.
  package static let numbers = Bilingual(
    it: ":poll 15 12 25 4 vuol dire: 15 ha avuto 12 mani, 25 ne ha avute 4",
    en: ":poll 15 12 25 4 means: 15 had 12 hands, 25 had 4"
  )
}
