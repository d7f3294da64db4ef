// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows where a run is and what its last step did.
package struct StepView {
  let session: Session
  private var timeline: Timeline { session.timeline }
  private var program: Program { timeline.plan.program }

  package init(_ session: Session) {
    self.session = session
  }

  /// One line: where am I, what comes next.
  package var whereLine: Figure {
    .text(TextFigure([.init(place + [Run("  ·  ", .dim)] + nextRuns)]))
  }

  /// Moments that have a name.
  package func list(of marks: [String: Mark]) -> Figure {
    let named = marks.mapValues { $0.moment(in: timeline) }
    let lost = named.filter { $0.value == nil }.keys.sorted()
    let none = lost.isEmpty ? Bilingual(it: "nessun segno", en: "no marks") : nil
    let found = named.compactMapValues(\.self).sorted { $0.value < $1.value }
    return Self.moments(found, none: none, more: lost.map { lostMark($0, marks[$0]) })
  }

  /// Names, and the moment of each.
  static func moments(
    _ named: [(key: String, value: Moment)],
    none: Bilingual?,
    more: [TextFigure.Paragraph] = []
  ) -> Figure {
    let lines = named.map { name, moment in
      let text = Bilingual(
        it: "  aggiornamento \(moment.update), passo \(moment.step)",
        en: "  update \(moment.update), step \(moment.step)"
      )
      return TextFigure.Paragraph([Run(name, .code), Run(text, .dim)])
    }
    let empty = none.map { [TextFigure.Paragraph($0, .dim)] } ?? []
    return .text(TextFigure((lines.isEmpty ? empty : lines) + more))
  }

  /// A mark behind a value that the program of now does not compute.
  private func lostMark(_ name: String, _ mark: Mark?) -> TextFigure.Paragraph {
    let problem = MoveProblem.lostMark(name, value: mark?.value ?? "")
    return .init([Run(name, .code), Run(Bilingual(same: "  ") + problem.message, .dim)])
  }

  private var place: [Run] {
    let update = timeline.update
    let (done, count) = (timeline.moment.step, timeline.stepCount)
    let text = Bilingual(
      it: "aggiornamento \(update), passo \(done)/\(count)",
      en: "update \(update), step \(done)/\(count)"
    )
    guard let step = last else { return [Run(text, .emphasis)] }
    let part = step.phase.name + Bilingual(same: " · \(step.layer)")
    return [Run(text, .emphasis), Run(Bilingual(same: " ") + part, .dim)]
  }

  /// The step that was done last in this update.
  private var last: Step? {
    let cursor = timeline.execution.cursor
    return cursor > 0 ? program.steps[cursor - 1] : nil
  }

  private var nextRuns: [Run] {
    let next = program.steps[timeline.nextStep]
    return [
      Run(Bilingual(it: "poi: ", en: "next: "), .dim), Run(program[next.output].name, .code),
    ]
  }

  /// What the last step did: place, formula, meaning, result, and whether something ends with it.
  package var arrival: Figure {
    guard let step = last else { return whereLine }
    return .text(TextFigure((isOneOfMany ? [short(step)] : card(step)) + ending(step)))
  }

  private func card(_ step: Step) -> [TextFigure.Paragraph] {
    let map = ModelMap(step, of: session.configuration)
    return [
      .init(place),
      .init(map.runs, indent: 2),
      .init([Run(program.line(timeline.execution.cursor - 1), .code)], indent: 2),
      .init(step.words.summary, indent: 2),
      .init(result(step.output), indent: 2),
    ]
      + [words(of: step.output), change(by: step)].compactMap(\.self).map { .init($0, indent: 2) }
  }

  /// Whether the update has done the same with another parameter before: once is explained enough.
  private var isOneOfMany: Bool {
    let index = timeline.execution.cursor - 1
    guard program.steps[index].phase == .update else { return false }
    let kind = type(of: program.steps[index].op)
    return program.steps[program.steps(of: .update).lowerBound..<index].contains {
      type(of: $0.op) == kind
    }
  }

  /// The card of a step that is one of many, in one line.
  private func short(_ step: Step) -> TextFigure.Paragraph {
    let (done, count) = (timeline.moment.step, timeline.stepCount)
    let place = Bilingual(it: "passo \(done)/\(count) ", en: "step \(done)/\(count) ")
    let name = program[step.output].name
    return .init(
      [Run(place, .emphasis), Run("\(name)  ", .code)] + (change(by: step) ?? result(step.output))
    )
  }

  /// What the step changed: a parameter, or a number that earlier updates had computed too.
  private func change(by step: Step) -> [Run]? {
    let name = program[step.output].name
    if session.view.hidden.contains(name) { return nil }
    if timeline.isPatched(name) {
      let text = Bilingual(
        it: "qui ci sono numeri messi con :set",
        en: "holds numbers put in by :set"
      )
      return [Run(text, .emphasis)]
    }
    if ValueName(name) == .model(.loss), let old = timeline.losses[timeline.update - 1] {
      let text = Bilingual(
        it: "nell'aggiornamento precedente: \(NumberText.code(old, digits: 7))",
        en: "in the update before: \(NumberText.code(old, digits: 7))"
      )
      return [Run(text, .dim)]
    }
    guard case (.next, let changed)? = Derivation.split(name), let id = program.id(of: changed),
      let old = try? timeline.execution.tensor(id),
      let new = try? timeline.execution.tensor(step.output)
    else { return nil }
    return stillness(of: changed) ?? Self.largestChange(from: old, to: new)
  }

  /// Why a parameter has not learned anything, where all that moved it is rounding.
  private func stillness(of parameter: String) -> [Run]? {
    let execution = timeline.execution
    guard let gradient = program.id(of: Derivation.gradient.name(of: parameter)),
      (try? execution.isZeroButForRounding(gradient)) == true
    else { return nil }
    let text = Bilingual(
      it: "il gradiente è zero: qui non si impara, sono solo arrotondamenti",
      en: "the gradient is zero: nothing is learned here, this is only rounding"
    )
    // What the bias of the keys is says why.
    guard let name = ValueName(parameter), case .block(_, .attention(.biasK)) = name else {
      return [Run(text)]
    }
    return [Run(text), Run(Bilingual(same: " (") + name.meaning + Bilingual(same: ")"), .dim)]
  }

  /// The number that changed most, before and after.
  private static func largestChange(from old: Tensor, to new: Tensor) -> [Run] {
    let table = DifferenceTable(old, new)
    guard let cell = table.first else {
      return [Run(Bilingual(it: "nessun numero è cambiato", en: "no number has changed"), .dim)]
    }
    let (changed, all) = (NumberText.count(table.count), NumberText.count(old.count))
    let text = Bilingual(
      it: "numeri cambiati: \(changed) di \(all); quello cambiato di più:"
        + " \(cell.index) ",
      en: "numbers changed: \(changed) of \(all); most: \(cell.index) "
    )
    return [Run(text, .dim), Run("\(cell.left) → "), Run(cell.right, .emphasis)]
  }

  /// What stands in the place of numbers that would answer an open question.
  static let hidden = Bilingual(
    it: "i numeri si vedono dopo la risposta",
    en: "the numbers are seen after the answer"
  )

  /// The words that the rows of a value belong to; nil where they belong to none.
  private func words(of id: ValueID) -> [Run]? {
    let shape = program[id].shape
    let named: [(Axis, Bilingual)] = [
      (
        .query,
        Bilingual(
          it: "chi guarda (query) e chi è guardato (key): ",
          en: "who looks (query) and who is looked at (key): "
        )
      ),
      (.position, Bilingual(it: "una riga per posizione: ", en: "a row for each position: ")),
      (.vocab, Bilingual(it: "un posto per parola: ", en: "a place for each word: ")),
    ]
    for (axis, label) in named {
      guard let place = shape.axes.firstIndex(of: axis) else { continue }
      let labels = SessionLabels(session).tokens(on: axis, size: shape.sizes[place], row: 0)
      guard !labels.isEmpty else { return nil }
      let shown = labels.prefix(Self.mostWords).map(\.visible).joined(separator: " ")
      return [Run(label, .dim), Run(shown + (labels.count > Self.mostWords ? " …" : ""))]
    }
    return nil
  }

  /// More words than these say no more.
  private static let mostWords = 12

  /// That a phase, or the update, ends with a step, and what comes then.
  private func ending(_ step: Step) -> [TextFigure.Paragraph] {
    if timeline.isAtEnd { return [.init(endOfUpdate, .emphasis)] }
    let next = program.steps[timeline.nextStep].phase
    guard next != step.phase else { return [] }
    let now = Bilingual(it: "; ora ", en: "; now ")
    return [.init(Self.end(of: step.phase) + now + Self.start(of: next), .emphasis)]
  }

  private var endOfUpdate: Bilingual {
    let update = timeline.update
    return Bilingual(
      it: "fine dell'aggiornamento \(update): aggiornamenti fatti \(update + 1); poi comincia"
        + " l'aggiornamento \(update + 1)",
      en: "end of update \(update): updates done \(update + 1); then update \(update + 1) begins"
    )
  }

  /// What is there when a phase has ended.
  private static func end(of phase: Phase) -> Bilingual {
    switch phase {
    case .forward:
      Bilingual(
        it: "fine della fase in avanti: i logit ci sono",
        en: "end of the forward phase: the logits are there"
      )
    case .loss:
      Bilingual(
        it: "fine della fase di perdita: la loss c'è",
        en: "end of the loss phase: the loss is there"
      )
    case .backward:
      Bilingual(
        it: "fine della fase all'indietro: ogni parametro ha il suo gradiente",
        en: "end of the backward phase: each parameter has its gradient"
      )
    case .update:
      Bilingual(
        it: "fine del giro: i gradienti sono messi da parte",
        en: "end of the round: the gradients are put aside"
      )
    }
  }

  private static func start(of phase: Phase) -> Bilingual {
    switch phase {
    case .forward: Bilingual(it: "di nuovo in avanti", en: "forward again")
    case .loss: Bilingual(it: "la perdita", en: "the loss")
    case .backward: Bilingual(it: "all'indietro, verso i gradienti", en: "back to the gradients")
    case .update: Bilingual(it: "l'aggiornamento", en: "the update")
    }
  }

  /// One line for a step that was passed over.
  package func passed(_ index: Int) -> Figure {
    .line(Run("\(index + 1) ".leftPadded(to: 5), .dim), Run(program.line(index), .code))
  }

  private func result(_ id: ValueID) -> [Run] {
    let value = program[id]
    if session.view.hidden.contains(value.name) {
      return [Run("→ \(value.shape)  ", .emphasis), Run(Self.hidden, .dim)]
    }
    if value.shape.rank == 0, let number = timeline.execution.number(id) {
      return [Run("= \(NumberText.code(number, digits: 7))", .emphasis)]
    }
    let shape = Run("→ \(value.shape)  ", .emphasis)
    do throws(ExecutionProblem) {
      guard let tensor = try timeline.execution.tensor(id) else { return [] }
      return [shape, Run(Stats(tensor.doubles).line)]
    } catch {
      // The step is done all the same.
      return [shape, Run(error.message, .dim)]
    }
  }
}
