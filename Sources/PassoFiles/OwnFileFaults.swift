// SPDX-License-Identifier: MIT

import PassoText

/// Why a file is not a checkpoint.
package enum CheckpointFault: FileFault {
  /// Something else, or a checkpoint of another version.
  case format(needed: String, found: String)

  /// A number of steps that is none.
  case steps(found: String)

  /// Other bytes than those that were written; what a reader of safetensors says, if it does.
  case damaged(SafetensorsFault?)

  /// Options of a training that are not as they were written.
  case recipe

  package var message: Bilingual {
    switch self {
    case .format(let needed, let found): .otherFormat(needed: needed, found: found)
    case .steps(let found):
      Bilingual(
        it: "«steps» deve essere un numero di passi, non \(it: found)",
        en: "'steps' needs to be a number of steps, got \(en: found)"
      )
    case .damaged(let fault):
      Bilingual(
        it: "il checkpoint è rovinato, non è più come è stato scritto",
        en: "the checkpoint is damaged, it is no longer what was written"
      ) + (fault.map { Bilingual(same: ": ") + $0.message } ?? Bilingual(same: ""))
    case .recipe:
      Bilingual(
        it: "queste opzioni non sono come l'addestramento le ha scritte",
        en: "these options are not as the training wrote them"
      )
    }
  }
}

/// Why a file is not the record of an experiment.
package enum ExperimentFault: FileFault {
  /// Something else, or a record of another version.
  case format(needed: String, found: String)

  /// Words that a field does not have.
  case notUnderstood(field: String, found: String)

  package var message: Bilingual {
    switch self {
    case .format(let needed, let found): .otherFormat(needed: needed, found: found)
    case .notUnderstood(let field, let found):
      Bilingual(
        it: "il campo \(it: field) non può essere \(it: found)",
        en: "the field \(en: field) cannot be \(en: found)"
      )
    }
  }

  package var hint: Bilingual? {
    Bilingual(
      it: "senza questo file il modello vale come causale",
      en: "without this file the model is taken for causal"
    )
  }
}

extension Bilingual {
  fileprivate static func otherFormat(needed: String, found: String) -> Bilingual {
    Bilingual(
      it: "qui ci vuole un file \(needed), non \(it: found)",
      en: "needs a file \(needed), got \(en: found)"
    )
  }
}
