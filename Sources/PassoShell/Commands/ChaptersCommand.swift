// SPDX-License-Identifier: MIT

import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let chapters = CommandDescription(
    name: "chapters",
    group: .look,
    it: "a quale lingua era più vicino il modello, aggiornamento per aggiornamento",
    en: "to which language the model was nearest, update by update",
    details: Bilingual(
      it:
        "Le lingue, tutte esatte dalla grammatica: uniforme, unigrammi, bigrammi e così via, cioè"
        + " ciò che si aspetta chi conosce solo le ultime parole, e la grammatica stessa. La"
        + " distanza è la divergenza di Kullback e Leibler, KL, in media sugli inizi di frase."
        + " I modelli di prima si ritrovano esatti, su una copia: l'esecuzione resta dov'è. Fino a"
        + " \(Chapters.most) aggiornamenti sono misurati tutti; di più prima alcuni, poi i confini."
        + " Ctrl-C ferma, e mostra ciò che si sa.",
      en:
        "The languages, all exact from the grammar: uniform, unigrams, bigrams and so on, which is"
        + " what somebody expects who knows the last words only, and the grammar itself. The"
        + " distance is the divergence of Kullback and Leibler, KL, averaged over beginnings of"
        + " sentences. Former models are found again exactly, on a copy: the run stays where it is."
        + " Up to \(Chapters.most) updates all are measured; of more some first, then the borders."
        + " Ctrl-C stops, and shows what is known."
    ),
    examples: [":corpus gatto-1 rows 8", ":train 12", ":chapters"],
    grace: 100
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 0)
    guard let language = session.experiment.language else {
      throw LearnedTextProblem.noCorpus(command: "chapters")
    }
    guard session.experiment.objective.asksForEveryToken else {
      let objective = session.experiment.objective.name
      throw LearnedTextProblem.notCausal(command: "chapters", objective: objective)
    }
    let line = ProgressLine(context.console)
    defer { line.end() }
    let found = try Chapters(of: session.timeline, language, unless: context.shouldStop) { done in
      line.show { ChaptersView.progress(done) }
    }
    line.end()
    context.endInterruptedLine()
    guard !found.points.isEmpty else { return context.saySearchStopped() }
    let view = ChaptersView(found)
    if found.points.count > 1 { context.show(view.curves) }
    context.show(view.table)
    if context.wasStopped {
      context.say(
        it: "fermato: i modelli dopo l'ultimo mostrato, e alcuni confini, non sono stati misurati",
        en: "stopped: the models after the last one shown, and some borders, were not measured"
      )
    }
  }
}
