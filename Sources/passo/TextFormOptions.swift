// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoModel
import PassoText

/// How texts are taken out of files, for every command that reads texts.
struct TextFormOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      it: """
        Di tabelle (CSV, TSV) e di oggetti JSON: il campo che contiene il testo, esterno.interno \
        per uno dentro un altro. Ogni record è un testo a sé.
        """,
      en: """
        Of tables (CSV, TSV) and JSON objects: the field that holds the text, outer.inner for one \
        inside another. Each record is a text of its own.
        """,
      value: Bilingual(it: "nome", en: "name")
    )
  )
  var field: String?

  @Flag(
    it: """
      Legge anche un testo che non è UTF-8: ogni sequenza sbagliata diventa U+FFFD. Altrimenti \
      ci si ferma se sono più di 3 e più di una ogni mille caratteri.
      """,
    en: """
      Read a text that is not UTF-8 all the same: each wrong sequence becomes U+FFFD. Else more \
      than 3, if more than one in a thousand characters, stop it.
      """
  )
  var replaceInvalid = false

  /// Whether anything was asked that only texts have.
  var isUsed: Bool { field != nil || replaceInvalid }

  /// The texts that names stand for; says what a person should know of them.
  ///
  /// - Throws: `FileProblem`, `TextInputProblem`, or `ExitCode` if it was interrupted.
  func source(
    _ names: [String],
    _ unit: DocumentUnit = .line,
    _ front: FrontEnd
  ) throws -> TextSource {
    var form = TextSource([], unit: unit)
    (form.field, form.replacesInvalid) = (field, replaceInvalid)
    let (source, notes) = try front.readingTexts { try $0.inputs(names, form: form) }
    StandardError.say(notes, front.language)
    return source
  }
}

extension TextAdvice {
  /// What it is, and the option that helps; what chooses the kind of tokens differs by command.
  func note(kindOption: String = "--tokenizer") -> Bilingual {
    switch self {
    case .records:
      let option = "--field \(likelyField ?? "NAME")"
      return message
        + Bilingual(it: "; \(option) prende solo quello", en: "; \(option) takes that alone")
    case .markup: return message
    case .wordsWithoutBlanks:
      return message
        + Bilingual(
          it: ": \(kindOption) chars o \(kindOption) bpe",
          en: ": \(kindOption) chars or \(kindOption) bpe"
        )
    }
  }
}

extension ReplaceableText {
  /// Nil unless the option would help.
  init?(_ problem: FileProblem) {
    self.init(
      problem,
      wayOn: Bilingual(
        it: "--replace-invalid lo legge com'è",
        en: "--replace-invalid reads it as it is"
      )
    )
  }
}
