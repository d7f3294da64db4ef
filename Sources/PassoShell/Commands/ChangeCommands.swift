// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let set = CommandDescription(
    name: "set",
    group: .change,
    arguments: "NAME[slice] = EXPR",
    it: "mette altri numeri in un valore, e ricalcola ciò che segue",
    en: "puts other numbers into a value, and computes anew what follows",
    details: Bilingual(
      it:
        "A destra un numero, o un'espressione della forma della fetta; per i token anche una parola"
        + " fra virgolette. Un valore calcolato cambia in questo aggiornamento soltanto, un"
        + " parametro da qui in poi. Ciò che viene prima resta com'è; :undo annulla.",
      en: "On the right a number, or an expression in the slice's shape; for tokens also a word in"
        + " quotation marks. A computed value changes in this update only, a parameter from here"
        + " on. What comes before stays as it is; :undo takes it back."
    ),
    examples: [
      ":set W_E[2, 0] = 0.5", ":until loss", ":set blocks.0.attn.z[0, 3] = 0",
      ":set tokens[0, 1] = \"divano\"",
    ],
    completion: .value()
  )
  .change { draft, arguments, context in
    let word = try arguments.first(it: "NOME = numero", en: "NAME = number")
    let assignment = try Assignment(arguments, draft.session)
    let before = draft.session
    try arguments.placing(word) { try draft.session.set(assignment.name, assignment.slots) }
    ChangeView(before, draft.session)
      .assignment(to: assignment.name, as: assignment.target)
      .forEach(context.show)
  }

  static let ablate = CommandDescription(
    name: "ablate",
    group: .change,
    arguments: "[L.H | none]",
    it: "spegne una testa dell'attenzione, o la riaccende",
    en: "switches an attention head off, or on again",
    details: Bilingual(
      it: "Ciò che la testa ha trovato diventa 0 e non riceve gradiente. :ablate none le riaccende"
        + " tutte; senza argomenti dice quali sono spente.",
      en: "What the head found becomes 0 and gets no gradient. :ablate none switches all on again;"
        + " without arguments it says which are off."
    ),
    examples: [":until loss", ":ablate 0.1", ":ablate", ":ablate none"]
  )
  .change { draft, arguments, context in
    try arguments.expect(atMost: 1)
    let before = draft.session
    if let word = arguments.words.first {
      if word.text == "none" {
        try draft.session.setAllHeadsOn()
      } else {
        let head = try arguments.head(word)
        try arguments.placing(word) { try draft.session.toggle(head) }
      }
    }
    ChangeView(before, draft.session).heads.forEach(context.show)
  }

  static let fork = CommandDescription(
    name: "fork",
    group: .change,
    arguments: "[NAME]",
    it: "conserva una copia dell'esecuzione sotto un nome",
    en: "keeps a twin of the run under a name",
    details: Bilingual(
      it: "L'esecuzione continua, la copia resta com'è. :diff le confronta, :swap continua nella"
        + " copia, NOME.valore legge un valore della copia in ogni espressione.",
      en:
        "The run goes on, the twin stays as it is. :diff compares them, :swap goes on in the twin,"
        + " NAME.value reads a value of the twin in any expression."
    ),
    examples: [":until loss", ":fork a", ":set W_U[0, 0] = 1", "loss - a.loss", ":fork"]
  )
  .change { draft, arguments, context in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      try arguments.placing(word) { try draft.session.fork(word.text) }
    }
    context.show(ChangeView(draft.session, draft.session).forks)
  }

  static let swap = CommandDescription(
    name: "swap",
    group: .change,
    arguments: "NAME",
    it: "continua nella copia, e conserva l'esecuzione attuale",
    en: "goes on in the twin, and keeps the run of now",
    examples: [":fork a", ":train 3", ":swap a", ":where"]
  )
  .change { draft, arguments, context in
    let word = try arguments.only(it: "il nome di una copia", en: "a twin's name")
    try arguments.placing(word) { try draft.session.swap(word.text) }
    context.show(StepView(draft.session).whereLine)
  }

  static let diff = CommandDescription(
    name: "diff",
    group: .change,
    arguments: "A [B]",
    it: "dice qual è il primo valore in cui due esecuzioni differiscono",
    en: "says which is the first value in which two runs differ",
    details: Bilingual(
      it: "A e B sono nomi di :fork; l'esecuzione attuale si chiama now, e B può mancare. Le due"
        + " esecuzioni vengono percorse insieme, passo per passo, fino alla più avanzata.",
      en: "A and B are names of :fork; the run itself is called now, and B may be left out. The two"
        + " are walked together, step by step, up to the one that is further on."
    ),
    examples: [":fork a", ":until loss", ":set W_U[0, 0] = 1", ":diff a", ":diff a now"]
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    let first = try arguments.first(it: "il nome di una copia", en: "a twin's name")
    let left = try arguments.placing(first) { try session.forkNamed(first.text) }
    let (second, right) =
      try arguments.second.map { word in
        (word.text, try arguments.placing(word) { try session.forkNamed(word.text) })
      } ?? (Session.currentName, session)
    let difference = try TimelineDifference.between(
      left.timeline,
      right.timeline,
      unless: context.shouldStop
    )
    if context.wasStopped { return context.saySearchStopped() }
    context.show(DifferenceView((first.text, left), (second, right)).figure(difference))
  }

  static let undo = CommandDescription(
    name: "undo",
    group: .change,
    it: "annulla l'ultimo cambiamento",
    en: "takes back the last change",
    details: Bilingual(
      it: "Vale per testo, modello, maschera, :set, :ablate, :fork e ogni altro cambiamento, anche"
        + " più volte di fila. In una lezione annulla anche una prova tua, l'ultima risposta o"
        + " l'ultima riga pronta: la lezione torna dov'era. Gli altri passi non sono cambiamenti:"
        + " per quelli c'è :back.",
      en: "Of text, model, mask, :set, :ablate, :fork and every other change, several times in a"
        + " row too. In a lesson it also takes back a trial of yours, the last answer or the last"
        + " prepared line: the lesson goes back to where it was. Other steps are no changes: they"
        + " have :back."
    ),
    examples: [":set W_E[0, 0] = 1", ":undo"]
  )
  .steer { shell, _ in
    let before = (updates: shell.session.timeline.updatesDone, excursion: shell.course.excursion)
    let line = try shell.undo()
    // What a move did is no loss besides, and a trial that comes back is another run.
    let isMove = if case .move? = Command.named(in: line)?.action { true } else { false }
    let isBack = before.excursion == nil && shell.course.excursion != nil
    let lost = isMove || isBack ? 0 : before.updates - shell.session.timeline.updatesDone
    let remark =
      lost > 0
      ? Bilingual(
        it: lost == 1 ? ", e l'aggiornamento fatto dopo" : ", e i \(lost) aggiornamenti fatti dopo",
        en: lost == 1 ? ", and the update done after it" : ", and the \(lost) updates done after it"
      ) : Bilingual(same: "")
    shell.console.say(Bilingual(it: "annullato: \(line)", en: "taken back: \(line)") + remark)
    shell.console.show(StepView(shell.session).whereLine)
    if isBack, shell.course.excursion == .trial { shell.sayTrial() }
    if shell.course.keepsSession { shell.goOn() }
  }
}
