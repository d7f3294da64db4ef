// SPDX-License-Identifier: MIT

import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let step = CommandDescription(
    name: "step",
    alias: "s",
    group: .move,
    arguments: "[n]",
    it: "esegue un passo, o n",
    en: "does one step, or n",
    details: Bilingual(
      it: "Ogni passo calcola un valore solo: mostra la formula, che cosa fa e il risultato."
        + " Finito un aggiornamento comincia il successivo. F8 e freccia destra sulla riga"
        + " vuota fanno lo stesso, e anche Spazio se nessuna lezione è aperta.",
      en: "Each step computes one value: it shows the formula, what it does and the result. After"
        + " one update the next begins. F8 and the right arrow on the empty line do the same,"
        + " and so does Space where no lesson is open."
    ),
    examples: [":step", ":step 5"],
    repeats: true
  )
  .move { mover, arguments in
    let count = try arguments.count()
    try mover.move { timeline, control in
      try timeline.step(count, unless: control.shouldStop, stepDone: control.observer)
    }
  }

  static let next = CommandDescription(
    name: "next",
    alias: "n",
    group: .move,
    arguments: "[n]",
    it: "passa oltre una parte intera, secondo lo zoom",
    en: "moves over a whole part, as large as the zoom says",
    details: Bilingual(
      it:
        "Con lo zoom iniziale (layer) una parte è per esempio l'attenzione di un blocco, in avanti"
        + " o all'indietro. :zoom cambia la misura.",
      en: "At the initial zoom (layer) a part is for example the attention of one block, forward or"
        + " backward. :zoom changes the size."
    ),
    examples: [":next", ":next 3"],
    repeats: true
  )
  .move { mover, arguments in
    let count = try arguments.count()
    let zoom = mover.session.view.zoom
    try mover.move(stride: zoom) { timeline, control in
      for _ in 0..<count where !control.shouldStop() {
        try timeline.move(
          to: timeline.moment(after: zoom),
          unless: control.shouldStop,
          stepDone: control.observer
        )
      }
    }
  }

  static let back = CommandDescription(
    name: "back",
    alias: "b",
    group: .move,
    arguments: "[n]",
    it: "torna indietro di un passo, o di n",
    en: "goes back one step, or n",
    details: Bilingual(
      it: "Torna di un passo, e dopo :next o :zoom di una parte intera. Anche attraverso gli"
        + " aggiornamenti: parametri e memoria dell'ottimizzatore tornano identici, bit per bit.",
      en:
        "Goes back one step, and after :next or :zoom a whole part. Across updates too: parameters"
        + " and the optimizer's memory come back identical, bit for bit."
    ),
    examples: [":step 3", ":back", ":back 2"],
    repeats: true
  )
  .move { mover, arguments in
    let count = try arguments.count()
    let stride = mover.session.view.stride
    try mover.move(stride: nil) { timeline, control in
      if stride == .op { return try timeline.back(count, unless: control.shouldStop) }
      for _ in 0..<count where !control.shouldStop() {
        let before = timeline.moment
        try timeline.move(to: timeline.moment(before: stride), unless: control.shouldStop)
        // There is nothing before the start.
        if timeline.moment == before { break }
      }
    }
  }

  static let run = CommandDescription(
    name: "run",
    alias: "r",
    group: .move,
    it: "esegue tutti i passi fino alla fine dell'aggiornamento",
    en: "does all steps up to the end of the update",
    details: Bilingual(
      it: "In avanti, perdita, all'indietro, aggiornamento: un passo di addestramento intero."
        + " Ctrl-C ferma fra due passi.",
      en: "Forward, loss, backward, update: one whole training step. Ctrl-C stops between two"
        + " steps."
    ),
    examples: [":run"],
    repeats: true
  )
  .move { mover, _ in
    try mover.move(to: mover.session.timeline.moment(after: .update))
  }

  static let until = CommandDescription(
    name: "until",
    alias: "u",
    group: .move,
    arguments: "NAME",
    it: "esegue i passi finché quel valore non è calcolato",
    en: "runs until a value is computed",
    details: Bilingual(
      it: "Il nome è quello dei listati: logits, blocks.0.attn.pattern, grad.W_E. Basta la fine del"
        + " nome, se è una sola.",
      en: "The name is that of the listings: logits, blocks.0.attn.pattern, grad.W_E. The end of a"
        + " name is enough where there is only one."
    ),
    examples: [":until logits", ":until grad.W_E"],
    completion: .value()
  )
  .move { mover, arguments in
    let word = try arguments.only(it: "un nome", en: "a name")
    if let step = try arguments.placing(word, { try mover.session.stepBehind(word.text) }) {
      let name = try mover.session.fullName(word.text)
      return mover.context.say(
        it: "\(it: name) è già alle tue spalle, al passo \(step): :goto \(name) ci torna",
        en: "\(en: name) lies behind you, at step \(step): :goto \(name) goes back there"
      )
    }
    try mover.move(
      to: arguments.placing(word) { try mover.session.position(until: word.text) }
    )
  }

  static let goto = CommandDescription(
    name: "goto",
    alias: "g",
    group: .move,
    arguments: "N | NAME | MARK | start | end | update N | N:N",
    it: "va a un passo o subito dopo un valore, avanti o indietro",
    en: "goes to a step or to just after a value, forward or back",
    details: Bilingual(
      it: ":goto 0 e :goto start tornano all'inizio dell'aggiornamento, :goto end va alla fine,"
        + " :goto update 37 al momento in cui 37 aggiornamenti sono fatti."
        + " Un segno lo mette :mark. :goto 5:25, come lo scrive il prompt, va al passo 25 quando 5"
        + " aggiornamenti sono fatti.",
      en: ":goto 0 and :goto start return to the start of the update, :goto end goes to its end,"
        + " :goto update 37 to the moment at which 37 updates are done. :mark makes a mark."
        + " :goto 5:25, as the prompt writes it, goes to step 25 with 5 updates done."
    ),
    examples: [":goto 12", ":goto logits", ":goto start", ":goto update 3"],
    completion: .value()
  )
  .move { mover, arguments in
    let word = try arguments.first(it: "un passo o un nome", en: "a step or a name")
    if word.text == "update" {
      try arguments.expect(atMost: 2)
      guard let number = arguments.second else {
        throw arguments.missing(
          it: "un numero dopo update",
          en: "a number after update",
          example: ":goto update 37"
        )
      }
      return try mover.move(
        to: arguments.placing(number) { try mover.session.moment(update: number.text) }
      )
    }
    try arguments.expect(atMost: 1)
    try mover.move(to: arguments.placing(word) { try mover.session.moment(for: word.text) })
  }

  static let mark = CommandDescription(
    name: "mark",
    group: .move,
    arguments: "[NAME]",
    it: "dà un nome a questo momento, per tornarci con :goto",
    en: "gives this moment a name, to come back with :goto",
    examples: [":until logits", ":mark here", ":goto start", ":goto here", ":mark"]
  )
  .look { view, session, arguments, context in
    try arguments.expect(atMost: 1)
    guard let word = arguments.words.first else {
      return context.show(StepView(session).list(of: view.marks))
    }
    let isTaken = ["start", "end", "update"].contains(word.text) || Int(word.text) != nil
    let isValue = (try? session.fullName(word.text)) != nil
    guard !isTaken, !isValue else {
      throw arguments.placed(ForkProblem.taken(word.text), word)
    }
    view.marks[word.text] = Mark(session.timeline)
    context.show(StepView(session).list(of: view.marks))
  }

  static let zoom = CommandDescription(
    name: "zoom",
    alias: "z",
    group: .move,
    arguments: "[op|layer|phase|update]",
    it: "sceglie quanto è grande un :next",
    en: "chooses how much one :next moves over",
    examples: [":zoom phase", ":zoom layer"],
    completion: .words(Zoom.allCases.map(\.rawValue))
  )
  .look { view, _, arguments, context in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      view.zoom = try arguments.choice(word, of: Zoom.allCases, by: \.rawValue)
      view.stride = view.zoom
    }
    context.say(Bilingual(same: "zoom: \(view.zoom.rawValue)"))
  }

  static let whereAmI = CommandDescription(
    name: "where",
    alias: "w",
    group: .move,
    it: "dice dove sei e che cosa viene dopo",
    en: "says where you are",
    examples: [":where"]
  )
  .show { session, _, context in
    context.show(StepView(session).whereLine)
  }
}
