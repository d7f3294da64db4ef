// SPDX-License-Identifier: MIT

import PassoText

/// What somebody expected.
package enum PredictedAnswer: Sendable, Hashable {
  case number(PredictedNumber)
  /// -1, 0 or 1.
  case sign(Int)
  case choice(QuizOption)
}

/// How sure somebody is of an answer.
package enum Confidence: Int, Sendable, Hashable, CaseIterable {
  case guess = 1
  case fairly
  case sure

  /// Reads `1`, `2`, `3`, or a word.
  package init?(typed: String) {
    let word = typed.trimmed.lowercased()
    guard let found = Self.allCases.first(where: { $0.spellings.contains(word) }) else {
      return nil
    }
    self = found
  }

  private var spellings: [String] {
    switch self {
    case .guess: ["1", "a caso", "indovino", "provo", "provo a indovinare", "guess", "a guess"]
    case .fairly: ["2", "abbastanza", "fairly", "fairly sure"]
    case .sure: ["3", "sicuro", "sicura", "sure"]
    }
  }
}

/// What an answer was worth.
package enum Verdict: Sendable, Hashable {
  /// Stored: what is right will be seen after the run.
  case predicted

  /// Stored: first comes how sure one is.
  case chosen(QuizOption)

  case right(QuizOption, Confidence?)

  /// The question stays open.
  case wrong(QuizOption, Confidence?)
}

/// An answer that cannot be one.
package enum AnswerProblem: WordedProblem, Hashable {
  case nothingAsked
  case notAnOption(String, letters: [String])
  case notANumber(String)
  case notASign(String)
  case notAConfidence(String)

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
        it: "si risponde con una lettera fra \(letters.joined(separator: ", ")), non con"
          + " \(it: text)",
        en: "needs one letter of \(letters.joined(separator: ", ")), got \(en: text)"
      ).hint(
        it: ":hint dà un aiuto, :continue ripete la domanda",
        en: ":hint helps, :continue asks again"
      )
    case .notANumber(let text):
      Bilingual(
        it: "si risponde con un numero, non con \(it: text)",
        en: "needs a number, got \(en: text)"
      ).hint(
        it: "solo il numero, in cifre: per esempio 5, o 0,5",
        en: "the number alone, in digits: for example 5, or 0.5"
      )
    case .notAConfidence(let text):
      Bilingual(
        it: "si risponde con 1, 2 o 3, non con \(it: text)",
        en: "needs 1, 2 or 3, got \(en: text)"
      ).hint(
        it: "1 se provavi a indovinare, 3 se sei sicuro; :undo per cambiare risposta",
        en: "1 for a guess, 3 if you are sure; :undo takes the answer back"
      )
    case .notASign(let text):
      Bilingual(
        it: "si risponde con +, - o 0, non con \(it: text)",
        en: "needs +, - or 0, got \(en: text)"
      ).hint(it: "per esempio +", en: "for example +")
    }
  }
}
