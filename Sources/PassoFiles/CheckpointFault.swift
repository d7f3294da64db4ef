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
    case .format(let needed, let found):
      Bilingual(
        it: "serve un file \(needed), trovato \(it: found)",
        en: "needs a file \(needed), got \(en: found)"
      )
    case .steps(let found):
      Bilingual(
        it: "«steps» deve essere un numero di passi, trovato \(it: found)",
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
