// SPDX-License-Identifier: MIT

import PassoFiles
import PassoText

/// The sizes and parts of a model that has no weights yet, as a `config.json` alone says them.
///
/// `GPT2Config(...).save_pretrained(folder)` of `transformers` writes such a folder. Its special
/// tokens count for nothing: those of the tokenizer do that the model will learn with.
package struct BlankModel: Hashable, Sendable {
  /// The folder, as the person named it.
  package let path: String

  package let configuration: ModelConfiguration

  /// What is good to know of the file.
  package let notes: [ConfigNote]

  /// Reads a folder; nil if it holds anything but a `config.json`.
  ///
  /// - Throws: `FileProblem` for what is missing or wrong in the file, as with weights beside it.
  package init?(folder path: String) throws(FileProblem) {
    guard FolderContents.isConfigurationAlone(at: path) else { return nil }
    let description = try ModelDescription(path: "\(path)/config.json")
    (self.path, configuration) = (path, description.configuration)
    // A special token that the vocabulary does not have will not be used.
    notes = description.notes.filter { if case .tokenOutside = $0 { false } else { true } }
  }

  /// That a new model begins.
  package func note(seed: UInt64) -> Bilingual {
    Bilingual(
      it: "in \(it: path) non ci sono pesi: comincia un modello nuovo, con le misure del suo"
        + " config.json e pesi dal seme \(seed)",
      en: "\(en: path) holds no weights: a new model begins, with the sizes of its config.json and"
        + " weights from seed \(seed)"
    )
  }
}
