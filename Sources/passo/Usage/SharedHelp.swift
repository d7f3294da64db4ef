// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoText

/// Help of options that more than one command has.
extension ArgumentHelp {
  static var modelFolder: ArgumentHelp {
    ArgumentHelp(
      it: "La cartella del modello: config.json e model.safetensors.",
      en: "The model folder: config.json and model.safetensors."
    )
  }

  static var textFiles: ArgumentHelp {
    ArgumentHelp(it: "File di testo di qualsiasi dimensione.", en: "Text files of any size.")
  }

  static var corpus: ArgumentHelp {
    let names = ToyLanguage.names.joined(separator: ", ")
    return ArgumentHelp(it: "Una lingua giocattolo: \(names).", en: "A toy language: \(names).")
  }

  static var lesson: ArgumentHelp {
    ArgumentHelp(
      it: """
        La lezione: il suo nome (01-labels), il suo numero, o una cartella qualsiasi (./la-mia). \
        PASSO_LESSONS indica un'altra cartella di lezioni.
        """,
      en: """
        The lesson: its name (01-labels), its number, or a folder anywhere (./my-lesson). \
        PASSO_LESSONS names another folder of lessons.
        """,
      value: Bilingual(it: "nome", en: "name")
    )
  }

  static var recording: ArgumentHelp {
    ArgumentHelp(it: "Il file che :record ha scritto.", en: "The file that :record wrote.")
  }

  static var documents: ArgumentHelp {
    ArgumentHelp(
      it: "Che cosa è un testo a sé: ogni riga (line) o ogni file (file).",
      en: "What is a text of its own: each line, or each file."
    )
  }

  static var precision: ArgumentHelp {
    ArgumentHelp(
      it: "f32 o f64; se non si dice, f64 per i modelli da lezione, altrimenti f32.",
      en: "f32 or f64; without it f64 for models of lesson size, else f32."
    )
  }

  static var threads: ArgumentHelp {
    ArgumentHelp(
      it: "Quanti thread si dividono il lavoro; il risultato non ne dipende.",
      en: "How many threads share the work; the result does not depend on it."
    )
  }
}

extension ToyLanguage {
  /// The names of all languages.
  static var names: [String] { all.map(\.name) }
}
