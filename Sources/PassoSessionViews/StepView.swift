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
    let cursor = timeline.execution.cursor
    let (done, count) = (timeline.moment.step, timeline.stepCount)
    let text = Bilingual(
      it: "aggiornamento \(update), passo \(done)/\(count)",
      en: "update \(update), step \(done)/\(count)"
    )
    guard cursor > 0 else { return [Run(text, .emphasis)] }
    let step = program.steps[cursor - 1]
    return [Run(text, .emphasis), Run(" \(step.phase.rawValue) · \(step.layer)", .dim)]
  }

  private var nextRuns: [Run] {
    let next = program.steps[timeline.nextStep]
    return [
      Run(Bilingual(it: "poi: ", en: "next: "), .dim), Run(program[next.output].name, .code),
    ]
  }

  /// What the last step did: place, formula, meaning, result.
  package var arrival: Figure {
    let cursor = timeline.execution.cursor
    guard cursor > 0 else { return whereLine }
    let step = program.steps[cursor - 1]
    return .text(
      TextFigure(
        [
          .init(place),
          .init([Run(program.line(cursor - 1), .code)], indent: 2),
          .init(step.words.summary, indent: 2),
          .init(result(step.output), indent: 2),
        ] + change(by: step)
      )
    )
  }

  /// What the step changed: a parameter, or a number that earlier updates had computed too.
  private func change(by step: Step) -> [TextFigure.Paragraph] {
    let name = program[step.output].name
    if timeline.isPatched(name) {
      let text = Bilingual(
        it: "qui ci sono numeri messi con :set",
        en: "holds numbers put in by :set"
      )
      return [.init(text, .emphasis, indent: 2)]
    }
    if ValueName(name) == .model(.loss), let old = timeline.losses[timeline.update - 1] {
      let text = Bilingual(
        it: "nell'aggiornamento prima: \(NumberText.general(old, digits: 7))",
        en: "in the update before: \(NumberText.general(old, digits: 7))"
      )
      return [.init(text, .dim, indent: 2)]
    }
    guard case (.next, let changed)? = Derivation.split(name), let id = program.id(of: changed),
      let old = timeline.execution.tensor(id), let new = timeline.execution.tensor(step.output)
    else { return [] }
    return [.init(Self.largestChange(from: old, to: new), indent: 2)]
  }

  /// The number that changed most, before and after.
  private static func largestChange(from old: Tensor, to new: Tensor) -> [Run] {
    let table = DifferenceTable(old, new)
    guard let cell = table.first else {
      return [Run(Bilingual(it: "nessun numero è cambiato", en: "no number has changed"), .dim)]
    }
    let text = Bilingual(
      it: "numeri cambiati: \(table.count) di \(old.count); il più: \(cell.index) ",
      en: "numbers changed: \(table.count) of \(old.count); most: \(cell.index) "
    )
    return [Run(text, .dim), Run("\(cell.left) → "), Run(cell.right, .emphasis)]
  }

  /// One line for a step that was passed over.
  package func passed(_ index: Int) -> Figure {
    .line(Run("\(index + 1) ".leftPadded(to: 5), .dim), Run(program.line(index), .code))
  }

  private func result(_ id: ValueID) -> [Run] {
    let value = program[id]
    guard let tensor = timeline.execution.tensor(id) else { return [] }
    if value.shape.rank == 0 {
      return [Run("= \(NumberText.general(tensor[0], digits: 7))", .emphasis)]
    }
    return [Run("→ \(value.shape)  ", .emphasis), Run(Stats(tensor.doubles).line)]
  }
}
