// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoSession
import PassoSessionViews
import PassoText
import PassoView

extension Command {
  static let race = CommandDescription(
    name: "race",
    group: .learn,
    arguments: "rate|seed|layers|... VALUE VALUE ... [updates N]",
    it: "allena più varianti insieme, e disegna le loro curve in una figura sola",
    en: "trains several variants together, and draws their curves in one picture",
    details: Bilingual(
      it:
        "Le corsie, da due a otto, differiscono in una cosa sola: rate, il learning rate;"
        + " gradients, se i gradienti si azzerano; seed, il seme del modello; o una misura o parte"
        + " di un modello nuovo, come layers e positions (:help model le elenca). Ogni corsia"
        + " comincia dall'aggiornamento 0 ed è, bit per bit, l'esecuzione di chi cambia solo quella"
        + " cosa e poi scrive :train; con rate e gradients i parametri sono quelli di adesso. Senza"
        + " updates gli aggiornamenti sono 100; Ctrl-C ferma tutte le corsie allo stesso punto."
        + " Restano come copie, lane1, lane2 e così via, fino alla gara dopo: :swap lane2 entra in"
        + " una, :diff lane1 lane2 le confronta.",
      en:
        "The lanes, two to eight, differ in one thing only: rate, the learning rate; gradients,"
        + " whether they are cleared; seed, the seed of the model; or a size or part of a new"
        + " model, as layers and positions (:help model lists them). Each lane begins at update 0"
        + " and is, bit for bit, the run of somebody who changes that thing alone and then types"
        + " :train; with rate and gradients the parameters are those of now. Without updates there"
        + " are 100 of them; Ctrl-C stops all lanes at the same point. They stay as twins, lane1,"
        + " lane2 and so on, until the next race: :swap lane2 steps into one, :diff lane1 lane2"
        + " compares two."
    ),
    examples: [
      ":race rate 0.1 0.5 1", ":swap lane2", ":swap lane2", ":race layers 1 2 updates 20",
      ":race positions learned none updates 20",
    ],
    completion: .words(Race.Subject.names + ["updates"]),
    shows: ["loss"],
    grace: 300
  )
  .change { draft, arguments, context in
    let words = try RaceWords(arguments)
    var race = try words.race(from: draft.session, context)
    let line = ProgressLine(context.console)
    defer { line.end() }
    try race.train(words.updates, unless: context.shouldStop) { race in
      line.show { RaceView.progress(race, of: words.updates) }
    }
    line.end()
    context.endInterruptedLine()
    guard race.count > 0 else { throw Interrupted() }
    draft.session.keep(race)
    let view = RaceView(race)
    context.show(view.curves)
    context.show(view.table)
    context.show(try differences(view, context))
    if race.count < words.updates {
      context.say(
        it: "fermato: ogni corsia ha fatto \(race.count) aggiornamenti su \(words.updates)",
        en: "stopped: each lane has done \(race.count) of \(words.updates) updates"
      )
    }
  }
}

extension Command {
  /// In what the lanes differ; a race that was stopped still says what is found at once.
  private static func differences(_ view: RaceView, _ context: CommandContext) throws -> Figure {
    guard context.wasStopped else { return try view.differences(unless: context.shouldStop) }
    let end = ContinuousClock.now + .seconds(1)
    return try Interruption.deferring { try view.differences { ContinuousClock.now > end } }
  }
}

/// The words after `:race`, understood.
private struct RaceWords {
  private let arguments: Arguments
  private let subject: Race.Subject
  private let values: ArraySlice<Arguments.Word>
  private(set) var updates = 100

  private static let key = "updates"

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    let first = try arguments.first(
      it: "il nome di ciò che cambia, e i valori",
      en: "the name of what differs, and the values"
    )
    let rateNames = ["lr", "learning-rate"]
    let name =
      rateNames.contains(OptionNames.plain(first.text))
      ? "rate" : try arguments.choice(first, of: Race.Subject.names)
    guard let subject = Race.Subject(name) else {
      throw arguments.placed(
        CommandProblem.unknownWord(first.text, allowed: Race.Subject.names),
        first
      )
    }
    self.subject = subject
    let rest = arguments.words.dropFirst()
    values = rest.prefix { OptionNames.plain(Arguments.pair($0).name.text) != Self.key }
    let example = ":race \(name) \(Self.examples(subject)) updates 50"
    guard Race.sizes.contains(values.count) else {
      throw arguments.placed(
        RaceProblem.count(values.count, example: example),
        over: (values.first ?? first).span.lowerBound..<(values.last ?? first).span.upperBound
      )
    }
    try arguments.forEachPair(
      in: rest.dropFirst(values.count),
      keys: [Self.key],
      example: example
    ) { _, word in
      updates = try arguments.count(word, example: example)
    }
  }

  /// Two values that a race may have.
  private static func examples(_ subject: Race.Subject) -> String {
    switch subject {
    case .rate: return "0.1 0.5"
    case .gradients: return "cleared twice kept"
    case .seed: return "1 2"
    case .knob(let knob):
      let words = knob.values.split(separator: "|").filter { $0 != "N" && $0 != "X" }
      if words.count > 1 { return words.prefix(2).joined(separator: " ") }
      return knob.values.hasPrefix("N") ? "1 2" : "0.1 0.2"
    }
  }

  /// The lanes at their start; what is wrong with one is said of its value.
  func race(from session: Session, _ context: CommandContext) throws -> Race {
    var race = Race(subject)
    for word in values {
      try arguments.placing(word) {
        try context.readingTexts { try race.add(word.text, to: session, $0) }
      }
    }
    return race
  }
}
