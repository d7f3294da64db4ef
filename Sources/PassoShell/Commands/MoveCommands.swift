// SPDX-License-Identifier: MIT

import PassoModel
import PassoText

extension Command {
  static let step = Command(
    name: "step",
    alias: "s",
    group: .move,
    arguments: "[n]",
    summary: Bilingual(it: "esegue un passo, o n", en: "does one step, or n"),
    details: Bilingual(
      it: "Ogni passo calcola un valore solo: mostra la formula, che cosa fa e il risultato."
        + " Finito un aggiornamento comincia il successivo. Spazio, F8 e freccia destra sulla"
        + " riga vuota fanno lo stesso.",
      en: "Each step computes one value: it shows the formula, what it does and the result. After"
        + " one update the next begins. Space, F8 and the right arrow on the empty line do the"
        + " same."
    ),
    examples: [":step", ":step 5"],
    repeats: true
  ) { shell, arguments in
    let count = try arguments.count()
    try shell.move { timeline, control in
      try timeline.step(count, unless: control.shouldStop, stepDone: control.observer)
    }
  }

  static let next = Command(
    name: "next",
    alias: "n",
    group: .move,
    arguments: "[n]",
    summary: Bilingual(
      it: "passa oltre una parte intera, secondo lo zoom",
      en: "moves over a whole part, as large as the zoom says"
    ),
    details: Bilingual(
      it:
        "Con lo zoom iniziale (layer) una parte è per esempio l'attenzione di un blocco, in avanti"
        + " o all'indietro. :zoom cambia la misura.",
      en: "At the initial zoom (layer) a part is for example the attention of one block, forward or"
        + " backward. :zoom changes the size."
    ),
    examples: [":next", ":next 3"],
    repeats: true
  ) { shell, arguments in
    let count = try arguments.count()
    let zoom = shell.session.zoom
    try shell.move(stride: zoom) { timeline, control in
      for _ in 0..<count where !control.shouldStop() {
        try timeline.move(
          to: timeline.moment(after: zoom),
          unless: control.shouldStop,
          stepDone: control.observer
        )
      }
    }
  }

  static let back = Command(
    name: "back",
    alias: "b",
    group: .move,
    arguments: "[n]",
    summary: Bilingual(it: "torna indietro di un passo, o di n", en: "goes back one step, or n"),
    details: Bilingual(
      it: "Torna di un passo, e dopo :next o :zoom di una parte intera. Anche attraverso gli"
        + " aggiornamenti: parametri e memoria dell'ottimizzatore tornano identici, bit per bit.",
      en:
        "Goes back one step, and after :next or :zoom a whole part. Across updates too: parameters"
        + " and the optimizer's memory come back identical, bit for bit."
    ),
    examples: [":step 3", ":back", ":back 2"],
    repeats: true
  ) { shell, arguments in
    let count = try arguments.count()
    let stride = shell.session.stride
    try shell.move(stride: nil) { timeline, control in
      if stride == .op { return try timeline.back(count, unless: control.shouldStop) }
      for _ in 0..<count where !control.shouldStop() {
        let before = timeline.moment
        try timeline.move(to: timeline.moment(before: stride), unless: control.shouldStop)
        // There is nothing before the start.
        if timeline.moment == before { break }
      }
    }
  }

  static let run = Command(
    name: "run",
    alias: "r",
    group: .move,
    summary: Bilingual(
      it: "esegue tutti i passi fino alla fine dell'aggiornamento",
      en: "does all steps up to the end of the update"
    ),
    details: Bilingual(
      it: "In avanti, perdita, all'indietro, aggiornamento: un passo di addestramento intero."
        + " Ctrl-C ferma fra due passi.",
      en: "Forward, loss, backward, update: one whole training step. Ctrl-C stops between two"
        + " steps."
    ),
    examples: [":run"],
    repeats: true
  ) { shell, arguments in
    try arguments.expect(atMost: 0)
    try shell.move { timeline, control in
      try timeline.move(
        to: timeline.moment(after: .update),
        unless: control.shouldStop,
        stepDone: control.observer
      )
    }
  }

  static let until = Command(
    name: "until",
    alias: "u",
    group: .move,
    arguments: "NAME",
    summary: Bilingual(
      it: "esegue fino a quando un valore è calcolato",
      en: "runs until a value is computed"
    ),
    details: Bilingual(
      it: "Il nome è quello dei listati: logits, blocks.0.attn.pattern, grad.W_E. Basta la fine del"
        + " nome, se è una sola.",
      en: "The name is that of the listings: logits, blocks.0.attn.pattern, grad.W_E. The end of a"
        + " name is enough where there is only one."
    ),
    examples: [":until logits", ":until grad.W_E"],
    completion: .value
  ) { shell, arguments in
    try arguments.expect(atMost: 1)
    let word = try arguments.first(Bilingual(it: "un nome", en: "a name"))
    if let step = try arguments.placing(word, { try shell.session.stepBehind(word.text) }) {
      let name = try shell.session.fullName(word.text)
      return shell.console.say(
        Bilingual(
          it: "«\(name)» è già alle tue spalle, al passo \(step): :goto \(name) ci torna",
          en: "'\(name)' lies behind you, at step \(step): :goto \(name) goes back there"
        )
      )
    }
    let position = try arguments.placing(word) {
      try shell.session.position(until: word.text)
    }
    try shell.move { timeline, control in
      try timeline.move(to: position, unless: control.shouldStop, stepDone: control.observer)
    }
  }

  static let goto = Command(
    name: "goto",
    alias: "g",
    group: .move,
    arguments: "N | NAME | MARK | start | end | update N",
    summary: Bilingual(
      it: "va a un passo o subito dopo un valore, avanti o indietro",
      en: "goes to a step or to just after a value, forward or back"
    ),
    details: Bilingual(
      it: ":goto 0 e :goto start tornano all'inizio dell'aggiornamento, :goto end va alla fine,"
        + " :goto update 37 al momento in cui 37 aggiornamenti sono fatti. Un segno lo mette :mark.",
      en: ":goto 0 and :goto start return to the start of the update, :goto end goes to its end,"
        + " :goto update 37 to the moment at which 37 updates are done. :mark makes a mark."
    ),
    examples: [":goto 12", ":goto logits", ":goto start", ":goto update 3"],
    completion: .value
  ) { shell, arguments in
    let word = try arguments.first(
      Bilingual(it: "un passo o un nome", en: "a step or a name")
    )
    if word.text == "update" {
      try arguments.expect(atMost: 2)
      guard arguments.words.count == 2 else {
        throw CommandProblem.missingArgument(
          command: arguments.commandName,
          needs: Bilingual(it: "un numero dopo update", en: "a number after update"),
          example: ":goto update 37"
        )
      }
      return try goto(update: arguments.words[1], shell, arguments)
    }
    try arguments.expect(atMost: 1)
    let target = try arguments.placing(word) { try shell.session.moment(for: word.text) }
    try shell.move { timeline, control in
      try timeline.move(to: target, unless: control.shouldStop, stepDone: control.observer)
    }
  }

  private static func goto(
    update word: Arguments.Word,
    _ shell: Shell,
    _ arguments: Arguments
  ) throws {
    guard let update = Int(word.text), (0...1_000_000).contains(update) else {
      throw Placed(
        SessionProblem.noSuchUpdate(word.text),
        source: arguments.line,
        span: word.span
      )
    }
    try shell.move { timeline, control in
      try timeline.move(
        to: Moment(update: update, step: 0),
        unless: control.shouldStop,
        stepDone: control.observer
      )
    }
  }

  static let mark = Command(
    name: "mark",
    group: .move,
    arguments: "[NAME]",
    summary: Bilingual(
      it: "dà un nome a questo momento, per tornarci con :goto",
      en: "gives this moment a name, to come back with :goto"
    ),
    examples: [":until logits", ":mark here", ":goto start", ":goto here", ":mark"]
  ) { shell, arguments in
    try arguments.expect(atMost: 1)
    guard let word = arguments.words.first else {
      return shell.console.show(StepView(shell.session).marks)
    }
    let isTaken = ["start", "end", "update"].contains(word.text) || Int(word.text) != nil
    let isValue = (try? shell.session.fullName(word.text)) != nil
    guard !isTaken, !isValue else {
      throw Placed(
        SessionProblem.takenForkName(word.text),
        source: arguments.line,
        span: word.span
      )
    }
    shell.session.marks[word.text] = Mark(shell.session.timeline)
    shell.console.show(StepView(shell.session).marks)
  }

  static let zoom = Command(
    name: "zoom",
    alias: "z",
    group: .move,
    arguments: "[op|layer|phase|update]",
    summary: Bilingual(
      it: "sceglie quanto è grande un :next",
      en: "chooses how much one :next moves over"
    ),
    examples: [":zoom phase", ":zoom layer"],
    completion: .words(Zoom.allCases.map(\.rawValue))
  ) { shell, arguments in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      let choice = try arguments.choice(word, of: Zoom.allCases.map(\.rawValue))
      shell.session.zoom = Zoom(rawValue: choice) ?? .layer
      shell.session.stride = shell.session.zoom
    }
    shell.console.say(Bilingual(same: "zoom: \(shell.session.zoom.rawValue)"))
  }

  static let whereAmI = Command(
    name: "where",
    alias: "w",
    group: .move,
    summary: Bilingual(it: "dice dove sei e che cosa viene dopo", en: "says where you are"),
    examples: [":where"]
  ) { shell, arguments in
    try arguments.expect(atMost: 0)
    shell.console.show(StepView(shell.session).whereLine)
  }
}
