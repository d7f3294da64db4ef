// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// Why a text cannot become training data.
package enum TextProblem: Problem, Hashable {
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

  package var message: Bilingual {
    switch self {
    case .noText(.nothing, _, 1): SystemFault.emptyText.message
    case .noText(.nothing, _, let files):
      Bilingual(
        it: "serve del testo, trovati \(files) file vuoti",
        en: "needs some text, got \(files) empty files"
      )
    case .noText(.whiteSpace, _, _):
      Bilingual(
        it: "serve del testo, trovati solo spazi",
        en: "needs some text, got only white space"
      )
    case .noText(.nuls, _, _):
      Bilingual(it: "serve del testo, trovati solo NUL", en: "needs some text, got only NULs")
    case .encoding(let problem, _, _): problem.message
    case .cannotSplit(let split, let units): Self.cannotSplit(split, units)
    case .changed:
      Bilingual(
        it: "serve un file che resti com'è, trovato uno che cambia mentre viene letto",
        en: "needs a file that stays as it is, got one that changes while it is read"
      )
    case .overwritten:
      Bilingual(
        it: "servono i token come sono stati scritti, un altro programma li ha cambiati nel mentre",
        en: "needs the tokens as they were written, another program changed them meanwhile"
      )
    case .cache(let fault, _):
      Bilingual(it: "la cartella dei token: ", en: "the folder of tokens: ") + fault.message
    case .noCacheFolder:
      Bilingual(
        it: "serve una cartella per i token del testo, HOME e XDG_CACHE_HOME non ci sono",
        en: "needs a folder for the tokens of the text, got neither HOME nor XDG_CACHE_HOME"
      )
    }
  }

  package var cause: (any Problem)? {
    if case .encoding(let problem, _, _) = self { problem } else { nil }
  }

  package var hint: Bilingual? {
    switch self {
    case .encoding: nil
    case .cannotSplit(.documents, _):
      Bilingual(
        it: "dividi il testo a blocchi, o non tenerne da parte",
        en: "split the text by blocks, or keep nothing apart"
      )
    case .cannotSplit:
      Bilingual(
        it: "prendi blocchi più corti, o non tenerne da parte",
        en: "take shorter blocks, or keep nothing apart"
      )
    case .cache, .noCacheFolder:
      Bilingual(
        it: "scegli una cartella scrivibile con la variabile XDG_CACHE_HOME",
        en: "choose a folder that can be written with the variable XDG_CACHE_HOME"
      )
    case .noText: SystemFault.emptyText.hint
    case .changed:
      Bilingual(
        it: "riprova quando nessuno ci scrive più",
        en: "try again when nobody writes to it any more"
      )
    case .overwritten:
      Bilingual(it: "ricomincia: saranno rifatti", en: "begin again: they will be made anew")
    }
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

  private static func cannotSplit(_ split: TokenSplit, _ units: Int) -> Bilingual {
    guard case .blocks(_, let length) = split else {
      return Bilingual(
        it: "per tenerne da parte servono almeno 2 testi, trovati \(units)",
        en: "needs at least 2 texts to keep some apart, got \(units)"
      )
    }
    return Bilingual(
      it: "per tenerne da parte servono almeno 2 blocchi di \(length) token, trovati \(units)",
      en: "needs at least 2 blocks of \(length) tokens to keep some apart, got \(units)"
    )
  }
}
