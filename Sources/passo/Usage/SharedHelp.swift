// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoFiles
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
    let tasks = RowTasks.names.joined(separator: ", ")
    return ArgumentHelp(
      it: """
        Una lingua giocattolo: \(names), o un file di regole (:help corpus dice come sono); o un \
        compito: \(tasks), con ciò che se ne sceglie fra virgolette, "somma 31 share 0.5".
        """,
      en: """
        A toy language: \(names), or a file of rules (:help corpus says what they look like); or \
        a task: \(tasks), with what is chosen of it in quotation marks, "somma 31 share 0.5".
        """
    )
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
  /// Takes a word for the name of a language, or of the file of its rules.
  ///
  /// - Throws: `OptionValueProblem` if it is neither.
  @Sendable
  static func word(_ word: String) throws -> String {
    if RowTasks.isTask(word) { return word }
    if word.contains(where: { "./".contains($0) }) || TextFile.exists(word) { return word }
    do { return try ValueParser.name(of: names + RowTasks.names)(word) } catch let problem
      as OptionValueProblem
    {
      throw OptionValueProblem(
        needed: problem.needed + Bilingual(it: " o un file di regole", en: " or a file of rules"),
        hint: problem.hint
      )
    }
  }

  /// The language of a name, which wins, or of a file of rules.
  ///
  /// - Throws: `FileProblem` or `GrammarProblem` if the file holds no language.
  static func chosen(by word: String) throws -> ToyLanguage {
    try named(word) ?? ToyLanguage(path: word)
  }
}

extension TaskCorpus {
  /// Checks the words of `--corpus`, if they are those of a task.
  ///
  /// - Throws: `UsageProblem` for words that mean nothing.
  static func validate(_ line: String?) throws {
    do throws(TaskProblem) {
      _ = try line.flatMap { line throws(TaskProblem) in try TaskCorpus(line: line) }
    } catch {
      throw UsageProblem(error.message, hint: error.hint)
    }
  }
}
