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
    completion: .words(Objectives.names + [ObjectiveParameter.alwaysWord]),
    grace: 100
  )
  .show { session, arguments, context in
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
    let name = try arguments.choice(word, of: Objectives.names)
    let words = [name] + arguments.words.dropFirst().map(\.text)
    try arguments.placing(arguments.words.last ?? word) {
      context.show(try view.one(ObjectiveChoice(words: words)))
    }
  }
}
