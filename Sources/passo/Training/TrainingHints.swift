// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

// What the options of `passo train` do about problems of a training.

extension TrainingProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .tooShort:
      Bilingual(
        it: "dai più testo, o righe più corte (--context)",
        en: "give more text, or shorter rows (--context)"
      )
    case .rowTooShort:
      Bilingual(
        it: "scegli righe più lunghe (--context), o un modello che ne legge",
        en: "choose longer rows (--context), or a model that reads them"
      )
    case .contextTooLong(_, let limit):
      Bilingual(it: "--context può arrivare a \(limit)", en: "--context may be up to \(limit)")
    case .otherTokens:
      Bilingual(
        it: "--preset comincia un modello nuovo, con le parole giuste",
        en: "--preset begins a new model, with the right words"
      )
    case .notFinite(_, _, _, let isClipped, let saved): Self.lower(isClipped, saved)
    case .notSaved(_, _, let saved):
      Bilingual(
        it: "il checkpoint del passo \(saved) è intatto: tolto l'ostacolo, --resume riprende da lì",
        en: "the checkpoint of step \(saved) is whole: once this is mended, --resume goes on from"
          + " there"
      )
    case .noTargets, .nothingCounts, .unevenRounds: nil
    }
  }

  /// What keeps a loss from running away.
  private static func lower(_ isClipped: Bool, _ saved: Int?) -> Bilingual {
    let how =
      isClipped
      ? Bilingual(it: "abbassa --lr o --clip", en: "lower --lr or --clip")
      : Bilingual(
        it: "abbassa --lr, o limita i gradienti con --clip 1",
        en: "lower --lr, or limit the gradients with --clip 1"
      )
    guard let saved else { return how }
    return how
      + Bilingual(
        it: "; il checkpoint del passo \(saved) è intatto",
        en: "; the checkpoint of step \(saved) is intact"
      )
  }
}

extension TorchProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .noCheckpoint:
      Bilingual(
        it: "passo train --out CARTELLA ne salva uno, che --model nomina",
        en: "passo train --out DIR saves one, which --model names"
      )
    case .ownModel:
      Bilingual(
        it: "passo train --preset piccolo ne comincia uno come GPT-2",
        en: "passo train --preset piccolo begins one like GPT-2"
      )
    case .finished(let step):
      Bilingual(
        it: "--steps \(step + 1000) ne chiede altri mille",
        en: "--steps \(step + 1000) asks for a thousand more"
      )
    case .occupied:
      Bilingual(it: "scegli un altro nome per --torch", en: "choose another name for --torch")
    case .other: nil
    }
  }
}

extension TrainingFolderProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .alreadyThere:
      Bilingual(
        it: "--resume lo continua, --replace ne comincia uno nuovo al suo posto; altrimenti scegli"
          + " un'altra cartella",
        en: "--resume goes on with it, --replace begins a new one in its place; else choose another"
          + " folder"
      )
    case .otherModel, .sameAsModel:
      Bilingual(
        it: "scegli un'altra cartella per --out; --replace lo sostituisce",
        en: "choose another folder for --out; --replace takes its place"
      )
    case .nothingToResume(let folder, true):
      Bilingual(
        it: "--model \(folder.inShell) --out NUOVA comincia un addestramento da questo modello",
        en: "--model \(folder.inShell) --out NEW begins a training from this model"
      )
    case .nothingToResume:
      Bilingual(it: "senza --resume ne comincia uno nuovo", en: "without --resume a new one begins")
    case .otherLog(_, true):
      Bilingual(
        it: "scegli un altro file; --replace, in un addestramento nuovo, lo sostituisce",
        en: "choose another file; --replace takes its place when a training begins"
      )
    case .otherLog: Bilingual(it: "scegli un altro file", en: "choose another file")
    }
  }
}
