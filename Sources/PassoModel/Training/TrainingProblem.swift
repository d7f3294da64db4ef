// SPDX-License-Identifier: MIT

import PassoFiles
import PassoRuntime
import PassoText

/// Why a model cannot learn from some data, or cannot go on learning.
package enum TrainingProblem: Problem, Equatable {
  /// Rows without expected tokens.
  case noTargets
  /// No expected token counts.
  case nothingCounts
  /// Rows that do not divide into equal rounds.
  case unevenRounds(Int, rows: Int)
  /// Fewer tokens than one block needs.
  case tooShort(tokens: Int, needed: Int)
  /// Rows without room for a question.
  case rowTooShort(Int, needed: Int, objective: String)
  /// Rows longer than what the model reads.
  case contextTooLong(Int, limit: Int)
  /// A model whose tokenizer numbers other words.
  case otherTokens(language: String)
  /// A value that is NaN or infinite; whether gradients are clipped, and the last step that is
  /// saved, if any is.
  case notFinite(step: Int, value: String, loss: Double, isClipped: Bool, saved: Int?)
  /// A save that failed, and the last one that did not.
  case notSaved(FileProblem, step: Int, saved: Int)

  package var message: Bilingual {
    switch self {
    case .noTargets:
      Bilingual(
        it: "per addestrare ci vogliono i target, e il file non ne ha",
        en: "training needs targets, the file has none"
      )
    case .nothingCounts:
      Bilingual(
        it: "almeno un target deve contare, qui sono tutti \(ignoredTarget)",
        en: "at least one target needs to count, here all are \(ignoredTarget)"
      )
    case .unevenRounds(let rounds, let rows):
      Bilingual(
        it: "le righe, \(rows), non si dividono in \(rounds) giri uguali",
        en: "the rows need to divide into \(rounds) equal rounds, got \(rows)"
      )
    case .tooShort(let tokens, let needed):
      Bilingual(
        it: "il testo da cui imparare deve avere almeno \(needed) token, non \(tokens)",
        en: "the text to learn from needs at least \(needed) tokens, got \(tokens)"
      )
    case .rowTooShort(let length, let needed, let objective):
      Bilingual(
        it: "l'obiettivo \(objective) ha bisogno di righe di almeno \(needed) posizioni,"
          + " e qui ce n'è una di \(length)",
        en: "the objective \(objective) needs rows of at least \(needed) positions, got one of"
          + " \(length)"
      )
    case .contextTooLong(let asked, let limit):
      Bilingual(
        it: "questo modello legge al più \(limit) posizioni, chieste \(asked)",
        en: "this model reads at most \(limit) positions, asked for \(asked)"
      )
    case .otherTokens(let language):
      Bilingual(
        it: "il tokenizer del modello non numera le parole come \(language)",
        en: "the model's tokenizer needs to number the words as \(language) does, got another one"
      )
    case .notFinite(let step, let value, let loss, _, _):
      Bilingual(
        it: "al passo \(step) la loss è \(NumberText.general(loss).it); il primo valore non finito"
          + " è \(it: value)",
        en: "at step \(step) the loss is \(NumberText.general(loss).en); the first value that is"
          + " not finite is \(en: value)"
      )
    case .notSaved(let problem, let step, _):
      Bilingual(it: "il passo \(step) non è salvato: ", en: "step \(step) is not saved: ")
        + problem.message
    }
  }

  package var hint: Bilingual? {
    guard case .unevenRounds = self else { return nil }
    return Bilingual(
      it: "scegli più righe, o meno giri",
      en: "it takes more rows, or fewer rounds"
    )
  }

  package var place: Place? {
    if case .notSaved(let problem, _, _) = self { problem.place } else { nil }
  }
}
