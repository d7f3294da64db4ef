// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoLesson
import PassoSession
import PassoText

/// Why the open lesson does not allow a line now.
enum LessonRule: WordedProblem, Equatable {
  /// It would give the answer to an open prediction away.
  case locked(isPaused: Bool)

  /// The exercise forbids it.
  case forbidden(String)

  /// The exercise allows fewer updates.
  case updates(asked: Int, left: Int)

  case noExercise

  /// The learner's own text has too few positions for what follows.
  case tooShort(found: Int, least: Int)

  var wording: Wording {
    switch self {
    case .locked(let isPaused):
      Bilingual(
        it: "prima rispondi, o :skip: questa riga direbbe già la risposta",
        en: "answer first, or :skip: this line would give the answer away"
      ).hint(
        isPaused
          ? Bilingual(it: ":resume torna alla domanda", en: ":resume returns to the question")
          : Bilingual(
            it: ":hint dà un aiuto, :continue ripete la domanda",
            en: ":hint helps, :continue asks again"
          )
      )
    case .forbidden(let line):
      Bilingual(
        it: "in questo esercizio \(it: line) non vale",
        en: "this exercise does not allow \(en: line)"
      ).hint(
        it: ":continue ripete la consegna, :hint dà un aiuto",
        en: ":continue shows the task again, :hint helps"
      )
    case .updates(let asked, let left):
      Bilingual(
        it: "troppi aggiornamenti: \(asked), e in questo esercizio ne restano \(left)",
        en: "too many updates: \(asked), and this exercise has \(left) left"
      ).hint(
        left > 0
          ? .example(":train \(left)")
          : Bilingual(
            it: ":undo ne riprende, :solution mostra la soluzione",
            en: ":undo takes some back, :solution shows the solution"
          )
      )
    case .noExercise:
      Bilingual(it: "nessun esercizio è aperto", en: "no exercise is open").hint(
        it: ":hint aiuta con una domanda, :skip la salta",
        en: ":hint helps with a question, :skip passes it over"
      )
    case .tooShort(let found, let least):
      Bilingual(
        it: "il testo è troppo corto: al modello \(found == 1 ? "arriva" : "arrivano") \(found)"
          + " token, e per ciò che segue ne servono almeno \(least)",
        en: "the text is too short: the model is given \(found) token\(found == 1 ? "" : "s"), and"
          + " what follows needs at least \(least)"
      ).hint(
        it: "scrivine uno più lungo; Invio prende quello della lezione",
        en: "type a longer one; Enter takes that of the lesson"
      )
    }
  }
}

extension Course {
  /// Allows a typed line, or not.
  ///
  /// - Throws: `LessonRule`.
  func allow(
    _ line: String,
    _ command: Command?,
    _ words: [Arguments.Word],
    _ session: Session
  ) throws(LessonRule) {
    guard let player = current?.player else { return }
    if let prediction = player.openPrediction {
      let lock = AnswerLock(prediction, player.commands(lockedBy: prediction), session)
      if lock.isClosed(to: line, command, words) {
        throw .locked(isPaused: excursion == .play)
      }
    }
    guard excursion != .play, let task = player.openExercise?.task, let command else { return }
    let typed = words.dropFirst().map(\.text).joined(separator: " ")
    for forbidden in task.forbidden where forbidden.command == command.name {
      guard typed.hasPrefix(forbidden.arguments) else { continue }
      throw .forbidden(
        ":"
          + [forbidden.command, forbidden.arguments].filter { !$0.isEmpty }
          .joined(separator: " ")
      )
    }
  }
}

extension Course {
  /// Wants enough of a text that the learner has put in the place of the lesson's.
  ///
  /// - Throws: `LessonRule.tooShort`.
  func expectRoom(in session: Session) throws(LessonRule) {
    let found = session.batch.inputs.first?.count ?? 0
    guard let least = current?.player.leastPositions, found < least else { return }
    throw .tooShort(found: found, least: least)
  }

  /// Full names of the values whose numbers would give the answer to the open question away.
  func hidden(_ session: Session) -> Set<String> {
    guard let player = current?.player, let prediction = player.openPrediction else { return [] }
    return AnswerLock(prediction, player.commands(lockedBy: prediction), session).hidden
  }
}

/// What would give the answer to a prediction away.
struct AnswerLock {
  private let commands: [String]
  let hidden: Set<String>
  private let session: Session

  init(_ prediction: Prediction, _ commands: [SourceLine], _ session: Session) {
    self.commands = commands.map(\.text)
    self.session = session
    let answer = prediction.answer.flatMap { try? ExpressionParser.parse($0.text) }
    let names = (answer?.expression.names ?? []) + prediction.hides
    hidden = Set(names.map { (try? session.fullName($0)) ?? $0 })
  }

  /// Whether a line is one of those that wait for the answer, or looks at a value that tells it.
  func isClosed(to line: String, _ command: Command?, _ words: [Arguments.Word]) -> Bool {
    if commands.contains(where: { Self.isSame($0, line) }) { return true }
    guard let command else {
      let statement = try? ExpressionParser.parse(line)
      return statement?.expression.names.contains(where: isHidden) ?? false
    }
    // Of a text of one's own it shows other numbers.
    if showsHidden(command.shows), !words.contains(where: \.isQuoted) { return true }
    // At every place of the row it shows what `:surprise` shows.
    if command.name == Command.predict.name, words.count > 1, words[1].text == "all",
      showsHidden(Command.surprise.shows), !words.contains(where: \.isQuoted)
    {
      return true
    }
    guard !command.takesText else { return false }
    // `:tokens` shows the tokens.
    if words.count == 1 { return isHidden(command.name) }
    if command.name == Command.show.name, words.count > 1,
      let view = ShowView.all.first(where: { $0.name == words[1].text }), showsHidden(view.shows)
    {
      return true
    }
    return words.dropFirst().contains { word in
      !word.isQuoted && names(in: word.text).contains(where: isHidden)
    }
  }

  /// Whether one of some names, or ends of names, is that of a hidden value.
  private func showsHidden(_ ends: [String]) -> Bool {
    hidden.contains { name in ends.contains { name == $0 || name.hasSuffix(".\($0)") } }
  }

  private func isHidden(_ name: String) -> Bool {
    hidden.contains((try? session.fullName(name)) ?? name)
  }

  /// What could be names of values in a word.
  private func names(in word: String) -> [String] {
    word.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }.map(String.init)
  }

  /// Whether two lines have the same command and the same arguments, however they are written.
  static func isSame(_ one: String, _ other: String) -> Bool {
    guard let command = Command.named(in: one) else {
      return one.filter { !$0.isWhitespace } == other.filter { !$0.isWhitespace }
    }
    guard Command.named(in: other)?.name == command.name, let left = try? Arguments.split(one),
      let right = try? Arguments.split(other)
    else { return false }
    return left.dropFirst().map(\.text) == right.dropFirst().map(\.text)
  }
}
