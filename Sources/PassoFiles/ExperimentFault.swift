// SPDX-License-Identifier: MIT

import PassoText

/// Why a file is not the record of an experiment.
package enum ExperimentFault: FileFault {
  /// Something else, or a record of another version.
  case format(needed: String, found: String)

  /// Words that a field does not have.
  case notUnderstood(field: String, found: String)

  package var message: Bilingual {
    switch self {
    case .format(let needed, let found):
      Bilingual(
        it: "serve un file \(needed), trovato \(it: found)",
        en: "needs a file \(needed), got \(en: found)"
      )
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
