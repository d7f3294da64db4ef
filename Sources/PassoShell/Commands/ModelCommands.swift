// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSessionViews
import PassoText

extension Command {
  static let model = CommandDescription(
    name: "model",
    alias: "m",
    group: .model,
    arguments: "[NAME|DIR] [seed N]",
    it: "sceglie il modello: uno per le lezioni o una cartella",
    en: "chooses the model: one for lessons or a folder",
    details: Bilingual(
      it: "Una cartella ha config.json e model.safetensors, come quelle di Hugging Face, e il suo"
        + " tokenizer: un testo che il modello non conosce lascia il posto a uno che conosce. Lo"
        + " stesso seme dà sempre gli stessi pesi. Senza argomenti descrive il modello attuale.",
      en: "A folder has config.json and model.safetensors, like those of Hugging Face, and its"
        + " tokenizer: a text that the model does not know gives way to one that it knows. The same"
        + " seed always gives the same weights. Without arguments the current model is described."
    ),
    examples: [":model gatto", ":model gatto seed 7", ":model"],
    completion: .path(.folder, or: Preset.all.map(\.name), then: ["seed"])
  )
  .change { draft, arguments, context in
    if let size = arguments.words.first(where: OtherSizes.isSize) {
      throw arguments.placed(
        CommandProblem.sizeOfModel(size.text, presets: Preset.all.map(\.name)),
        size
      )
    }
    try arguments.expect(atMost: 3)
    if let word = arguments.words.first {
      let seed = try modelSeed(arguments)
      try arguments.placing(word) {
        let folders = Preset.named(word.text) == nil ? [word.text] : []
        try context.reading(folders) { places in
          let name = places.first ?? word.text
          try context.readingTexts { try draft.session.setModel(name, seed: seed, $0) }
        }
      }
    }
    context.show(ModelView(draft.session).summary)
  }

  private static func modelSeed(_ arguments: Arguments) throws -> UInt64? {
    guard arguments.words.count > 1 else { return nil }
    _ = try arguments.choice(arguments.words[1], of: ["seed"])
    guard arguments.words.count == 3, let seed = UInt64(arguments.words[2].text) else {
      throw arguments.placed(
        CommandProblem.notACount(arguments.words.last?.text ?? "", example: ":model gatto seed 3"),
        arguments.words[1]
      )
    }
    return seed
  }

  static let params = CommandDescription(
    name: "params",
    group: .model,
    it: "elenca i parametri con forma e numero",
    en: "lists the parameters with shape and count",
    examples: [":params"]
  )
  .show { session, _, context in
    context.show(ModelView(session).parameters)
  }

  static let program = CommandDescription(
    name: "program",
    group: .model,
    arguments: "[--fast|graph] [forward|loss|backward|update]",
    it: "elenca i passi del programma; la freccia dice dove sei",
    en: "lists the steps of the program; the arrow says where you are",
    details: Bilingual(
      it:
        "Senza argomenti dà uno sguardo d'insieme, una riga per parte; con una fase ne elenca tutti"
        + " i passi, con graph li disegna con ciò che leggono. Con --fast elenca i passi della"
        + " forma veloce, quella di passo train, e accanto i passi leggibili che ognuno raccoglie.",
      en: "Without arguments an overview, one line for each part; with a phase all of its steps,"
        + " with graph drawn with what they read. With --fast the steps of the fast form, which"
        + " passo train runs, and beside each the readable steps that it gathers."
    ),
    examples: [
      ":program", ":program loss", ":program graph forward", ":program --fast backward",
    ],
    completion: .words(["--fast", "graph"] + Phase.allCases.map(\.rawValue))
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    var (isFast, isGraph, phase): (Bool, Bool, Phase?) = (false, false, nil)
    for word in arguments.words {
      let choices = ["--fast", "graph"] + Phase.allCases.map(\.rawValue)
      switch try arguments.choice(word, of: choices) {
      case "--fast": isFast = true
      case "graph": isGraph = true
      case let name: phase = Phase(rawValue: name)
      }
    }
    let view = ModelView(session)
    if isFast { return context.show(try FastProgramView(session).listing(phase)) }
    if isGraph { return context.show(view.graph(phase ?? .forward)) }
    context.show(phase.map(view.listing) ?? view.outline)
  }

  static let precision = CommandDescription(
    name: "precision",
    group: .model,
    arguments: "[f32|f64]",
    it: "sceglie con quante cifre calcolare",
    en: "chooses with how many digits to compute",
    details: Bilingual(
      it: "f32: circa 7 cifre, veloce. f64: circa 16 cifre. I parametri restano, il calcolo"
        + " ricomincia.",
      en: "f32: about 7 digits, fast. f64: about 16 digits. Parameters stay, the computation begins"
        + " anew."
    ),
    examples: [":precision f64", ":precision"],
    completion: .words(["f32", "f64"])
  )
  .change { draft, arguments, context in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      try draft.session.setPrecision(
        arguments.choice(word, of: Precision.allCases, by: \.rawValue)
      )
    }
    context.say(Bilingual(same: draft.session.experiment.precision.rawValue))
  }
}
