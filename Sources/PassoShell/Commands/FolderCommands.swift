// SPDX-License-Identifier: MIT

import PassoData
import PassoModel
import PassoText

extension Command {
  static let save = Command(
    name: "save",
    group: .learn,
    arguments: "DIR [replace]",
    summary: Bilingual(
      it: "salva il modello in una cartella",
      en: "saves the model in a folder"
    ),
    details: Bilingual(
      it: "La cartella è come quelle di Hugging Face (config.json, model.safetensors,"
        + " tokenizer.json): la aprono :load, passo generate e transformers.",
      en: "The folder is like those of Hugging Face (config.json, model.safetensors,"
        + " tokenizer.json): :load, passo generate and transformers open it."
    ),
    examples: [":save modello", ":save modello replace"],
    writesFiles: true
  ) { shell, arguments in
    try arguments.expect(atMost: 2)
    let word = try arguments.first(Bilingual(it: "una cartella", en: "a folder"))
    var replaces = false
    if arguments.words.count > 1 {
      replaces = try arguments.choice(arguments.words[1], of: ["replace"]) == "replace"
    }
    let path = word.text
    try arguments.placing(word) {
      try shell.writing(path) { place in
        if !shell.isInSandbox(place), ModelFolder.isInTheWay(of: place) {
          let isModel = ModelFolder.isReplaceable(place)
          guard isModel else { throw SessionProblem.otherFilesThere(path) }
          guard replaces else { throw SessionProblem.modelThere(path) }
        }
        try shell.session.save(place)
      }
    }
    shell.console.say(
      Bilingual(it: "salvato in \(path)", en: "saved in \(path)")
    )
  }

  static let load = Command(
    name: "load",
    group: .learn,
    arguments: "DIR [\"TEXT\"]",
    summary: Bilingual(
      it: "apre il modello di una cartella",
      en: "opens the model of a folder"
    ),
    details: Bilingual(
      it: "Come :model DIR. Se la cartella ha un tokenizer a parole, il testo deve usare le parole"
        + " che il modello conosce: se quello attuale non va, dai il nuovo fra virgolette.",
      en:
        "As :model DIR. If the folder has a word tokenizer, the text must use words that the model"
        + " knows: if the current one does not, give a new one in quotation marks."
    ),
    examples: [":save modello", ":load modello", ":load modello \"Il gatto dorme\""],
    changesSession: true
  ) { shell, arguments in
    let word = try arguments.first(Bilingual(it: "una cartella", en: "a folder"))
    let texts = arguments.words.dropFirst().map(\.text)
    try arguments.placing(word) {
      try shell.reading([word.text]) { places in
        try shell.session.load(places[0], texts: texts.isEmpty ? nil : texts)
      }
    }
    shell.console.show(ModelView(shell.session).summary)
  }
}

extension Session {
  /// Writes the model as it is now.
  fileprivate func save(_ path: String) throws {
    let start = tokenizer.start.map(Int.init)
    var description = ModelDescription(
      configuration,
      special: SpecialTokens(start: start, ends: start.map { [$0] } ?? [])
    )
    var tokenizer: (any Tokenizer)? = tokenizer
    if case .folder(let origin) = source, !hasFolderTokenizer {
      // The words of the text are not the tokens of such a model.
      tokenizer = nil
      let folder = FileScope.own { try? ModelFolder(path: origin) }
      description.special = folder?.description.special ?? SpecialTokens()
    }
    try ModelFolder.write(description, currentParameters, tokenizer: tokenizer, to: path)
  }
}
