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
    arguments: "[NAME|DIR|new] [layers N ...] [seed N]",
    it: "sceglie il modello: uno per le lezioni, uno con le tue misure, o una cartella",
    en: "chooses the model: one for lessons, one with your sizes, or a folder",
    details: Bilingual(
      it: "Con new, o dopo un nome, si scelgono misure e parti, come sotto. Una cartella ha"
        + " config.json e model.safetensors, come quelle di Hugging Face, e il suo tokenizer: un"
        + " testo che il modello non conosce lascia il posto a uno che conosce. Una cartella col"
        + " solo config.json comincia un modello nuovo di quelle misure. Lo stesso seme dà"
        + " sempre gli stessi pesi. Senza argomenti descrive il modello attuale.",
      en: "With new, or after a name, sizes and parts are chosen, as below. A folder has"
        + " config.json and model.safetensors, like those of Hugging Face, and its tokenizer: a"
        + " text that the model does not know gives way to one that it knows. A folder with a"
        + " config.json alone begins a new model of those sizes. The same seed always"
        + " gives the same weights. Without arguments the current model is described."
    ),
    words: Knob.all.map { ($0.usage, $0.summary) },
    examples: [
      ":model gatto", ":model new layers 2 heads 2 width 32 mlp none norm none",
      ":model gatto positions none seed 3", ":model",
    ],
    completion: .path(
      .folder,
      or: (Preset.all + [.new]).map(\.name),
      then: Knob.all.map(\.name) + ["seed"]
    )
  )
  .change { draft, arguments, context in
    if let word = arguments.words.first {
      if OtherSizes.isSize(word) {
        throw arguments.placed(CommandProblem.sizeOfModel(word.text), word)
      }
      if let preset = Preset.named(word.text) {
        let choice = try modelChoice(preset, arguments)
        try arguments.placing(word) {
          try context.readingTexts {
            try draft.session.setModel(choice.preset, seed: choice.seed, $0)
          }
        }
      } else {
        try arguments.expect(atMost: 1)
        try arguments.placing(word) {
          try context.reading([word.text]) { places in
            let path = places.first ?? word.text
            try context.readingTexts { try draft.session.setModel(path: path, $0) }
          }
        }
      }
    }
    if !arguments.words.isEmpty, case .blank(let blank, let seed) = draft.session.experiment.model {
      context.say(blank.note(seed: seed))
      blank.notes.map(\.text).forEach(context.say)
    }
    context.show(ModelView(draft.session).summary)
  }

  /// A preset with the knobs that a person has turned, and the seed.
  private static func modelChoice(
    _ preset: Preset,
    _ arguments: Arguments
  ) throws -> (preset: Preset, seed: UInt64?) {
    var (preset, seed): (Preset, UInt64?) = (preset, nil)
    let rest = arguments.words.dropFirst()
    try arguments.forEachPair(
      in: rest,
      keys: ["seed"] + Knob.all.map(\.name),
      example: ":model new layers 2 seed 3",
      needing: Bilingual(it: "un valore", en: "a value")
    ) { name, value in
      if let knob = Knob.named(name) {
        guard preset.take(value.text, for: knob) else {
          throw arguments.placed(KnobProblem.value(knob, found: value.text), value)
        }
      } else {
        seed = UInt64(value.text)
        guard seed != nil else {
          let example = ":model gatto seed 3"
          throw arguments.placed(CommandProblem.notACount(value.text, example: example), value)
        }
      }
    }
    if let first = rest.first, let last = rest.last {
      do { try preset.knobs.check() } catch {
        throw arguments.placed(error, over: first.span.lowerBound..<last.span.upperBound)
      }
    }
    return (preset, seed)
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
