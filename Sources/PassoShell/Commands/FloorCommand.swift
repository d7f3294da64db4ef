// SPDX-License-Identifier: MIT

import PassoData
import PassoSessionViews
import PassoText

extension Command {
  static let floor = CommandDescription(
    name: "floor",
    group: .data,
    arguments: "[OBJECTIVE]",
    it: "la loss sotto la quale nessun modello può scendere, per ogni obiettivo",
    en: "the loss that no model can beat, for every objective",
    details: Bilingual(
      it:
        "È calcolata dalla grammatica della lingua da cui si impara, o di gatto-1, mai stimata:"
        + " senza argomenti i pavimenti di tutti gli obiettivi su una scala sola, con il nome di"
        + " uno anche da dove viene il numero. ahead vuole una distanza, come ahead 2; masked"
        + " always è masked in cui ogni parola scelta è coperta. Dove le frasi non hanno limite, o"
        + " i casi sono troppi, è detto, e non c'è un numero.",
      en: "It is computed from the grammar of the language that is learned from, or of gatto-1,"
        + " never estimated: without arguments the floors of all objectives on one scale, with the"
        + " name of one also where its number comes from. ahead needs a distance, as ahead 2;"
        + " masked always is masked with every chosen word covered. Where sentences have no limit,"
        + " or the cases are too many, that is said, and there is no number."
    ),
    examples: [":floor causal", ":floor ahead 2", ":corpus gatto-1", ":floor"],
    completion: .words(Floors.names),
    grace: 100
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    let view = FloorView(session)
    guard let word = arguments.words.first else {
      let line = ProgressLine(context.console)
      defer { line.end() }
      let figure = try view.all { done, count in
        line.show { FloorView.progress(done: done, of: count) }
      }
      line.end()
      context.endInterruptedLine()
      return context.show(figure)
    }
    let rule = try floor(word, arguments)
    try arguments.placing(word) { context.show(try view.one(rule)) }
  }

  /// The floor that a line names.
  private static func floor(
    _ first: Arguments.Word,
    _ arguments: Arguments
  ) throws -> any FloorRule {
    let name = try arguments.choice(first, of: Floors.names)
    guard let second = arguments.second else {
      if let rule = Floors.named(name) { return rule }
      throw arguments.missing(
        it: "una distanza dopo \(name)",
        en: "a distance after \(name)",
        example: ":floor \(name) 2"
      )
    }
    if let rule = Floors.named("\(name) \(second.text)") { return rule }
    switch name {
    case "ahead": throw arguments.placed(FloorProblem.distance(second.text), second)
    case "masked":
      throw arguments.placed(CommandProblem.unknownWord(second.text, allowed: ["always"]), second)
    default:
      throw arguments.placed(
        CommandProblem.tooManyArguments(
          command: "floor",
          found: second.text,
          example: ":floor \(name)"
        ),
        second
      )
    }
  }
}
