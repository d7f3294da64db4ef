// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

/// Why a training cannot be gone on with as it was begun.
enum ResumeProblem: WordedProblem {
  /// An option that differs.
  case otherSetting(OtherSetting, folder: String)
  /// A text that is no longer what the training began with.
  case otherText(file: String)
  /// Rules of a language that say something else than when the training began.
  case otherRules(file: String)
  /// A text that was read from a pipe, or is no longer where it was.
  case textNeeded(ForgottenText)

  var wording: Wording {
    switch self {
    case .otherSetting(let problem, let folder):
      problem.message.hint(
        it: "--model \(folder.inShell) --out NUOVA ne comincia un altro da questi pesi",
        en: "--model \(folder.inShell) --out NEW begins another training from these weights"
      )
    case .otherText:
      Bilingual(
        it: "si riprende solo con gli stessi testi, e questo non ha più il contenuto di allora",
        en: "to resume the texts need to be the same, this one no longer holds what it held"
      ).hint(
        it: "--text dice dove sono adesso; --model con un --out nuovo impara da testi nuovi",
        en: "--text says where they are now; --model with a new --out learns from new texts"
      )
    case .otherRules:
      Bilingual(
        it: "si riprende solo con le stesse regole, e queste non sono più quelle di allora",
        en: "to resume the rules need to be the same, these are no longer what they were"
      ).hint(
        it: "--corpus dice dove sono quelle di allora; --model con un --out nuovo impara le nuove",
        en: "--corpus says where those are; --model with a new --out learns the new ones"
      )
    case .textNeeded(let text):
      text.needed.hint(
        it: "passo train --resume --out \(text.folder.inShell) --text FILE, con il file in cui è",
        en:
          "passo train --resume --out \(text.folder.inShell) --text FILE, with the file that it is"
          + " in"
      )
    }
  }

  var place: Place? {
    switch self {
    case .otherText(let file), .otherRules(let file): Place(file: file)
    case .otherSetting, .textNeeded: nil
    }
  }
}
