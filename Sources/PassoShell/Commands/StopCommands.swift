// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let `break` = CommandDescription(
    name: "break",
    group: .stop,
    arguments: "[NAME [if EXPR] | off [N] | nan on|off]",
    it: "si ferma quando un valore è calcolato",
    en: "stops when a value has been computed",
    details: Bilingual(
      it:
        "Con «if» solo dove l'espressione non è 0; vi si possono usare hits (quante volte il valore"
        + " è stato calcolato), update e step. Dove nasce un NaN o un infinito ci si ferma sempre,"
        + " a meno di :break nan off. Senza argomenti li elenca.",
      en: "With 'if' only where the expression is not 0; it may use hits (how often the value was"
        + " computed), update and step. Where NaN or infinity comes up every move stops, unless"
        + " :break nan off. Without arguments they are listed."
    ),
    examples: [
      ":break logits", ":break loss if loss < 1.75", ":break grad.W_E if hits == 3", ":break",
      ":train 5", ":break off",
    ],
    completion: .value()
  )
  .look { view, session, arguments, context in
    if let word = arguments.words.first {
      switch word.text {
      case "off": try view.stops.breakpoints.removeEntry(arguments)
      case "nan":
        try arguments.expect(atMost: 2)
        view.stops.stopsAtNotFinite = try arguments.second.map(arguments.isOn) ?? true
      default: view.stops.breakpoints.append(try session.breakpoint(arguments))
      }
    }
    context.show(StopView(view.stops).breakpoints)
  }

  static let watch = CommandDescription(
    name: "watch",
    group: .stop,
    arguments: "[EXPR | off [N]]",
    it: "si ferma quando un'espressione cambia, e mostra prima e dopo",
    en: "stops when an expression changes, and shows before and after",
    details: Bilingual(
      it:
        "Di un parametro conta il valore più nuovo. Un'espressione che fallisce lo dice una volta e"
        + " viene disattivata. Senza argomenti le elenca.",
      en: "Of a parameter the newest value counts. An expression that fails says so once and is"
        + " disabled. Without arguments they are listed."
    ),
    examples: [":watch W_E[2, 0]", ":watch loss < 1.7", ":watch", ":train 3", ":watch off"],
    completion: .value()
  )
  .look { view, session, arguments, context in
    if let word = arguments.words.first {
      if word.text == "off" {
        try view.stops.watches.removeEntry(arguments)
      } else {
        view.stops.watches.append(try session.watch(arguments.expression(from: word)))
      }
    }
    context.show(StopView(view.stops).watches)
  }

  static let rwatch = CommandDescription(
    name: "rwatch",
    group: .stop,
    arguments: "EXPR",
    it: "torna al momento in cui un'espressione è cambiata l'ultima volta",
    en: "goes back to the moment at which an expression last changed",
    details: Bilingual(
      it:
        "Cerca all'indietro, anche attraverso gli aggiornamenti, e va subito dopo il passo che l'ha"
        + " cambiata. Con un confronto risponde a «quando è successo?»: :rwatch loss < 1.5.",
      en: "Looks back, across updates too, and goes to just after the step that changed it. With a"
        + " comparison it answers 'when did that happen?': :rwatch loss < 1.5."
    ),
    examples: [":train 5", ":rwatch loss < 1.72", ":rwatch W_E[2, 0]"],
    completion: .value()
  )
  .move { mover, arguments in
    let word = try arguments.first(it: "un'espressione", en: "an expression")
    let expression = try arguments.expression(from: word)
    try mover.session.check(expression)
    let found = try mover.session.lastChange(of: expression, unless: mover.context.shouldStop)
    mover.context.endInterruptedLine()
    if found == nil, mover.context.wasStopped { return mover.context.saySearchStopped() }
    guard let found else {
      return mover.context.say(
        it: "\(it: expression.text) non è mai cambiata dall'inizio",
        en: "\(en: expression.text) has not changed since the start"
      )
    }
    var timeline = mover.session.timeline
    try timeline.move(to: found.moment, unless: mover.context.shouldStop)
    if mover.context.wasStopped { return mover.context.saySearchStopped() }
    mover.go(to: timeline)
    mover.context.show(StepView(mover.session).arrival)
    mover.context.show(StopView.change(expression.text, found.before.tensor, found.after.tensor))
  }
}

extension Array {
  /// Takes the entry away that the second word numbers; without one, all.
  fileprivate mutating func removeEntry(_ arguments: Arguments) throws {
    try arguments.expect(atMost: 2)
    guard let word = arguments.second else { return removeAll() }
    let number = try arguments.count(word)
    guard number <= count else {
      throw arguments.placed(MoveProblem.noSuchStop(number, count: count), word)
    }
    remove(at: number - 1)
  }
}

extension Session {
  fileprivate func breakpoint(_ arguments: Arguments) throws -> Breakpoint {
    let word = arguments.words[0]
    let name = try arguments.placing(word) {
      let name = try fullName(word.text)
      let id = try timeline.execution.id(of: name)
      guard timeline.plan.program[id].producer != nil else { throw ValueProblem.given(name) }
      return timeline.plan.program[id].name
    }
    var condition: WatchedExpression?
    if arguments.words.count > 1 {
      _ = try arguments.choice(arguments.words[1], of: ["if"])
      guard arguments.words.count > 2 else {
        throw arguments.missing(
          it: "un'espressione dopo if",
          en: "an expression after if",
          example: ":break loss if loss < 1.5"
        )
      }
      let read = try arguments.expression(from: arguments.words[2])
      try check(read, knowing: ["hits", "update", "step"])
      condition = read
    }
    return Breakpoint(name: name, condition: condition)
  }

  fileprivate func watch(_ expression: WatchedExpression) throws -> Watch {
    try check(expression)
    let now = try? expression.value(in: timeline.execution, of: self)
    return Watch(expression: expression, last: now, moment: timeline.moment)
  }

  /// Refuses an expression that can never be computed; one that cannot be yet is fine.
  fileprivate func check(_ expression: WatchedExpression, knowing known: [String] = []) throws {
    let numbers = Dictionary(uniqueKeysWithValues: known.map { ($0, 0.0) })
    do {
      _ = try expression.value(in: timeline.execution, of: self, numbers: numbers)
    } catch let problem as any Problem where !StopControl.isNotComputed(problem) {
      throw problem
    } catch {}
  }

  fileprivate func lastChange(
    of expression: WatchedExpression,
    unless shouldStop: () -> Bool
  ) throws -> ChangeFound<SameBits>? {
    let names = expression.names(self)
    return try timeline.lastChange(
      of: { run in try? expression.value(in: run.execution, of: self) },
      touches: { plan, index in
        !names.isDisjoint(with: plan.program[plan.program.steps[index].output].names)
      },
      unless: shouldStop
    )
  }
}

extension Arguments {
  /// What is written from a word on, as an expression that is asked again and again.
  func expression(from word: Word) throws -> WatchedExpression {
    try WatchedExpression(line: line, from: word.span.lowerBound)
  }
}
