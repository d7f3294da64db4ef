// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoText
import PassoView

extension Command {
  static let check = CommandDescription(
    name: "check",
    group: .lesson,
    arguments: "[[=|~9|~5] EXPR]",
    it: "dice se un'affermazione è vera; senza argomenti, i fatti della lezione",
    en: "says whether a claim is true; without arguments, the facts of the lesson",
    details: Bilingual(
      it: "L'affermazione è un'espressione: vale se nessuno dei suoi numeri è 0. Con ~9 o ~5 è"
        + " un'uguaglianza i cui lati differiscono al più di 1e-9 o 1e-5. Se non vale è un errore,"
        + " perciò in uno script :check fa da test. Nella lezione controlla i fatti dell'ultimo"
        + " blocco eseguito.",
      en: "The claim is an expression: it holds if none of its numbers is 0. With ~9 or ~5 it is"
        + " an equation whose sides differ by 1e-9 or 1e-5 at most. If it does not hold it is an"
        + " error, so that in a script :check is a test. In a lesson it checks the facts of the"
        + " last block that was run."
    ),
    examples: [
      ":until probs", ":check max(upper(blocks.0.attn.pattern)) == 0",
      ":check ~5 sum(probs, axis: vocab) == 1",
    ]
  )
  .show { session, arguments, context in
    guard let first = arguments.words.first else { return try session.checkLesson(context) }
    let tolerance = Fact.Tolerance(rawValue: first.text)
    let claim = tolerance == nil ? arguments.rest : try arguments.rest(after: first)
    let fact = Fact(id: "", tolerance: tolerance ?? .exact, expression: claim, line: 0)
    let result = try session.check(fact)
    guard result.holds else {
      let isClose = try session.isClose(fact)
      throw ClaimProblem.doesNotHold(claim, found: result.found, isClose: isClose)
    }
    context.say(it: "✓ vale: \(claim)", en: "✓ holds: \(claim)")
  }
}

extension Arguments {
  /// What was typed behind a word, which has to be something.
  fileprivate func rest(after word: Word) throws -> String {
    let rest = text(from: word.span.upperBound).drop(while: \.isWhitespace)
    guard !rest.isEmpty else { throw placed(ClaimProblem.nothingToCheck, word) }
    return String(rest)
  }
}

extension Session {
  /// Whether a claim that does not hold exactly would hold but for rounding.
  fileprivate func isClose(_ fact: Fact) throws -> Bool {
    guard fact.tolerance == .exact, fact.expression.contains(" == ") else { return false }
    let loose = Fact(id: fact.id, tolerance: .five, expression: fact.expression, line: fact.line)
    return try check(loose).holds
  }

  /// Shows which facts of the last block of the lesson hold.
  ///
  /// - Throws: `ClaimProblem.factsDoNotHold`, after they were shown.
  fileprivate func checkLesson(_ context: CommandContext) throws {
    guard let player = context.course.current?.player else { throw ClaimProblem.nothingToCheck }
    guard let block = player.latestFacts else {
      return context.say(
        it: "la lezione non ha ancora affermato niente: :continue va avanti",
        en: "the lesson has not claimed anything yet: :continue goes on"
      )
    }
    let results = try block.facts.map { ($0, try check($0)) }
    context.show(LessonView.facts(results))
    let failed = results.count { !$0.1.holds }
    guard failed == 0 else {
      throw ClaimProblem.factsDoNotHold(failed, of: results.count)
    }
  }
}

/// A claim that is not true, or none.
enum ClaimProblem: WordedProblem, Equatable {
  /// Nothing behind the command, or no facts of a lesson.
  case nothingToCheck
  case doesNotHold(String, found: Bilingual, isClose: Bool)
  case factsDoNotHold(Int, of: Int)

  var wording: Wording {
    switch self {
    case .nothingToCheck:
      Bilingual(
        it: "dopo «:check» va un'affermazione",
        en: "':check' needs a claim, found nothing"
      ).hint(.example(":check max(probs) < 1"))
    case .doesNotHold(let claim, let found, let isClose):
      Bilingual(
        it: "non vale: \(claim); è \(found.it)",
        en: "does not hold: \(claim); found \(found.en)"
      ).hint(
        isClose
          ? Bilingual(
            it: "è un arrotondamento: :check ~5 \(claim) ammette una differenza di 1e-5",
            en: "it is rounding: :check ~5 \(claim) allows a difference of 1e-5"
          ) : nil
      )
    case .factsDoNotHold(let count, let all):
      Bilingual(
        it: "\(count) fatti su \(all) non valgono",
        en: "\(count) of \(all) facts do not hold"
      ).hint(
        it: "se hai cambiato qualcosa, :undo lo annulla; :lesson ricomincia",
        en: "if you have changed something, :undo takes it back; :lesson begins again"
      )
    }
  }
}
