// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let save = CommandDescription(
    name: "save",
    group: .learn,
    arguments: "DIR [replace]",
    it: "salva il modello in una cartella",
    en: "saves the model in a folder",
    details: Bilingual(
      it: "La cartella è come quelle di Hugging Face (config.json, model.safetensors,"
        + " tokenizer.json): la aprono :load, passo generate e transformers.",
      en: "The folder is like those of Hugging Face (config.json, model.safetensors,"
        + " tokenizer.json): :load, passo generate and transformers open it."
    ),
    examples: [":save modello", ":save modello replace"],
    completion: .path(.folder, then: ["replace"]),
    writesFiles: true
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    let word = try arguments.first(it: "una cartella", en: "a folder")
    let replaces = try arguments.replaces()
    let path = word.text
    var note: Bilingual?
    try arguments.placing(word) {
      try context.writing(path) { place in
        if !context.isInSandbox(place), ModelFolder.isInTheWay(of: place) {
          let isModel = ModelFolder.isReplaceable(place)
          guard isModel else { throw ModelChoiceProblem.otherFilesThere(path) }
          guard replaces else { throw ModelChoiceProblem.modelThere(path) }
        }
        note = try session.save(place)
      }
    }
    context.say(it: "salvato in \(path)", en: "saved in \(path)")
    if let note { context.say(note) }
  }

  static let load = CommandDescription(
    name: "load",
    group: .learn,
    arguments: "DIR [\"TEXT\"]",
    it: "apre il modello di una cartella",
    en: "opens the model of a folder",
    details: Bilingual(
      it: "Come :model CARTELLA. Il testo da cui imparare si può dare fra virgolette; un modello a"
        + " parole o a caratteri vuole ciò che conosce.",
      en: "As :model DIR. The text to learn from can be given in quotation marks; a model of words"
        + " or characters needs what it knows."
    ),
    examples: [":save modello", ":load modello", ":load modello \"Il gatto dorme\""],
    completion: .path(.folder)
  )
  .change { draft, arguments, context in
    let word = try arguments.first(it: "una cartella", en: "a folder")
    let texts = arguments.words.dropFirst().map(\.text)
    try arguments.placing(word) {
      try context.reading([word.text]) { places in
        try context.readingTexts { reading in
          try draft.session.load(places[0], texts: texts.isEmpty ? nil : texts, reading)
        }
      }
    }
    context.show(ModelView(draft.session).summary)
    if draft.session.isWiderThanUsual {
      context.say(
        Bilingual(
          it: "si calcola in f64 come prima, con il doppio della memoria: :precision f32 la"
            + " dimezza",
          en: "computed in f64 as before, with twice the memory: :precision f32 halves it"
        )
      )
    }
  }
}

extension Session {
  /// Whether more memory is taken than a model of this size needs.
  fileprivate var isWiderThanUsual: Bool {
    experiment.precision == .f64 && Precision.standard(for: configuration) == .f32
  }

  /// Writes the model as it is now.
  ///
  /// - Returns: What is good to know of it.
  fileprivate func save(_ path: String) throws -> Bilingual? {
    var saved = folder ?? Assembly.description(of: configuration, opened)
    saved.configuration = configuration
    try AtomicFile.makeFolder(path)
    let claim = try FolderClaim(path)
    defer { withExtendedLifetime(claim) {} }
    let storage = try ModelFolder.write(
      saved,
      model.parameters,
      tokenizer: opened.textTokenizer,
      experiment: experiment,
      to: path
    )
    return storage == saved.storage ? nil : ModelFolder.overflowNote
  }
}
