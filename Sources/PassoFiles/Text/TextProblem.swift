// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// Why a text cannot become training data.
package enum TextProblem: WordedProblem, Hashable {
  /// Files with nothing to read, and what there is instead.
  case noText(Emptiness, file: String, files: Int)

  /// A text that the tokenizer cannot number; the line if it is known.
  case encoding(DataProblem, file: String, line: Int?)

  /// Too little to keep a part of it for tests.
  case cannotSplit(TokenSplit, units: Int)

  /// A file that someone wrote to while it was read.
  case changed(file: String)

  /// Kept tokens that another program wrote over while they were in use.
  case overwritten(folder: String)

  /// Tokens cannot be kept in the cache folder.
  case cache(SystemFault, folder: String)

  /// Nobody says where the cache folder is.
  case noCacheFolder

  /// What stands where text is needed.
  package enum Emptiness: Hashable, Sendable {
    case nothing
    case whiteSpace
    /// NULs, and white space at most.
    case nuls

    /// What is in files that hold no text.
    init(_ tally: TextTally) {
      self = tally.bytes == 0 ? .nothing : tally.nuls > 0 ? .nuls : .whiteSpace
    }
  }

  /// No text in files that are read, and what there is instead.
  static func noText(_ tally: TextTally, in source: TextSource) -> TextProblem {
    .noText(Emptiness(tally), file: source.names.first ?? "", files: source.inputs.count)
  }

  package var wording: Wording {
    switch self {
    case .noText(.nothing, _, 1): SystemFault.emptyText.wording
    case .noText(.nothing, _, let files):
      Bilingual(
        it: "tutti i file, \(files), sono vuoti: non c'è testo",
        en: "needs some text, got \(files) empty files"
      ).hint(SystemFault.emptyText.hint)
    case .noText(.whiteSpace, _, _):
      Bilingual(
        it: "qui ci sono solo spazi, e nessun testo",
        en: "needs some text, got only white space"
      ).hint(SystemFault.emptyText.hint)
    case .noText(.nuls, _, _):
      Bilingual(
        it: "qui ci sono solo NUL, e nessun testo",
        en: "needs some text, got only NULs"
      ).hint(
        SystemFault.emptyText.hint
      )
    case .encoding(let problem, _, _): problem.message.hint(nil)
    case .cannotSplit(let split, let units): Self.cannotSplit(split, units)
    case .changed:
      Bilingual(
        it: "il file cambia mentre viene letto, e deve restare com'è",
        en: "needs a file that stays as it is, got one that changes while it is read"
      ).hint(
        it: "riprova quando nessuno ci scrive più",
        en: "try again when nobody writes to it any more"
      )
    case .overwritten:
      Bilingual(
        it: "un altro programma ha cambiato nel frattempo i token scritti qui",
        en: "needs the tokens as they were written, another program changed them meanwhile"
      ).hint(it: "ricomincia: saranno rifatti", en: "begin again: they will be made anew")
    case .cache(let fault, _):
      (Bilingual(it: "la cartella dei token: ", en: "the folder of tokens: ") + fault.message)
        .hint(Self.chooseFolder)
    case .noCacheFolder:
      Bilingual(
        it: "non c'è una cartella per i token del testo: mancano HOME e XDG_CACHE_HOME",
        en: "needs a folder for the tokens of the text, got neither HOME nor XDG_CACHE_HOME"
      ).hint(Self.chooseFolder)
    }
  }

  private static let chooseFolder = Bilingual(
    it: "scegli una cartella scrivibile con la variabile XDG_CACHE_HOME",
    en: "choose a folder that can be written with the variable XDG_CACHE_HOME"
  )

  package var cause: (any Problem)? {
    if case .encoding(let problem, _, _) = self { problem } else { nil }
  }

  package var place: Place? {
    switch self {
    case .noText(_, let file, _), .changed(let file), .cache(_, let file),
      .overwritten(let file):
      Place(file: file)
    case .encoding(_, let file, let line): Place(file: file, line: line)
    case .cannotSplit, .noCacheFolder: nil
    }
  }

  private static func cannotSplit(_ split: TokenSplit, _ units: Int) -> Wording {
    guard case .blocks(_, let length) = split else {
      return Bilingual(
        it: "per tenerne da parte ci vogliono almeno 2 testi, e qui sono \(units)",
        en: "needs at least 2 texts to keep some apart, got \(units)"
      ).hint(
        it: "dividi il testo a blocchi, o non tenerne da parte",
        en: "split the text by blocks, or keep nothing apart"
      )
    }
    return Bilingual(
      it: "per tenerne da parte ci vogliono almeno 2 blocchi di \(length) token, e qui"
        + " sono \(units)",
      en: "needs at least 2 blocks of \(length) tokens to keep some apart, got \(units)"
    ).hint(
      it: "prendi blocchi più corti, o non tenerne da parte",
      en: "take shorter blocks, or keep nothing apart"
    )
  }
}
