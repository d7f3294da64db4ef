// SPDX-License-Identifier: MIT

import PassoText

/// Why PyTorch cannot go on with a training as Passo would.
package enum TorchProblem: Problem, Equatable {
  /// Something that `train.py` does in one way only: what it needs, and what the training has.
  case other(needs: Bilingual, got: Bilingual)
  /// A model for which transformers has no place.
  case ownModel
  /// A training that has not saved anything yet.
  case noCheckpoint(folder: String)
  /// No step is left.
  case finished(step: Int)
  /// A folder in which something is.
  case occupied(folder: String)

  package var message: Bilingual {
    switch self {
    case .other(let needs, let got):
      Bilingual(
        it: "per continuare con PyTorch serve \(needs.it), e l'addestramento ha \(got.it)",
        en: "to go on with PyTorch the training needs \(needs.en), it has \(got.en)"
      )
    case .ownModel:
      Bilingual(
        it: "per continuare con PyTorch serve un modello che transformers conosce (come GPT-2 o"
          + " Llama), e questo ha una forma solo di Passo",
        en: "to go on with PyTorch the training needs a model that transformers knows (as GPT-2 or"
          + " Llama), the shape of this one is Passo's own"
      )
    case .noCheckpoint(let folder):
      Bilingual(
        it: "serve un addestramento che abbia salvato un checkpoint, e in \(it: folder) non c'è",
        en: "needs a training that has saved a checkpoint, \(en: folder) holds none"
      )
    case .finished(let step):
      Bilingual(
        it: "l'addestramento è al passo \(step), l'ultimo: per PyTorch non resta niente da fare",
        en: "the training is at step \(step), the last: nothing is left for PyTorch to do"
      )
    case .occupied(let folder):
      Bilingual(
        it: "serve una cartella nuova o vuota, e in \(it: folder) c'è già qualcosa",
        en: "needs a new or empty folder, there is something in \(en: folder)"
      )
    }
  }

  package var hint: Bilingual? {
    guard case .other = self else { return nil }
    return Bilingual(
      it: "con le sue impostazioni l'addestramento continua in Passo",
      en: "with these settings the training goes on in Passo"
    )
  }
}
