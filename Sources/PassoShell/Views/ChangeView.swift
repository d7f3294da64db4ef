// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText
import PassoView

/// Shows what a change has done.
struct ChangeView {
  private let before: Session
  private let after: Session

  init(_ before: Session, _ after: Session) {
    self.before = before
    self.after = after
  }

  /// Where numbers were put, and what became of the loss.
  func assignment(_ assignment: Assignment) -> [Figure] {
    var figures: [Figure] = []
    if let old = try? before.tensor(assignment.name), let new = try? after.tensor(assignment.name),
      old.shape == new.shape
    {
      figures.append(
        .table(
          DifferenceTable(old, new).table(
            title: Bilingual(same: assignment.target),
            left: Bilingual(it: "prima", en: "before"),
            right: Bilingual(it: "dopo", en: "after")
          )
        )
      )
    }
    return figures + consequences
  }

  var heads: [Figure] {
    let names = after.silenced.sorted().map(\.description).joined(separator: ", ")
    let text =
      names.isEmpty
      ? Bilingual(it: "nessuna testa è spenta", en: "no head is off")
      : Bilingual(it: "teste spente: \(names)", en: "heads that are off: \(names)")
    return [.text(TextFigure([.init([Run(text)])]))] + consequences
  }

  var forks: Figure {
    let names = after.forks.keys.sorted()
    let none = TextFigure.Paragraph([
      Run(Bilingual(it: "nessuna copia", en: "no twins"), .dim)
    ])
    let lines = names.map { name in
      let moment = after.forks[name]?.timeline.moment ?? Moment(update: 0, step: 0)
      return TextFigure.Paragraph([
        Run(name, .code),
        Run(
          Bilingual(
            it: "  aggiornamento \(moment.update), passo \(moment.step)",
            en: "  update \(moment.update), step \(moment.step)"
          ),
          .dim
        ),
      ])
    }
    return .text(TextFigure(lines.isEmpty ? [none] : lines))
  }

  /// The loss before and after, if both are computed, and where the run is.
  var consequences: [Figure] {
    var lines: [TextFigure.Paragraph] = []
    if let old = try? before.tensor("loss"), let new = try? after.tensor("loss"), old != new {
      lines.append(
        .init([
          Run("loss", .code), Run(": \(NumberText.general(old[0], digits: 7)) → "),
          Run(NumberText.general(new[0], digits: 7), .emphasis),
        ])
      )
    }
    let place = StepView(after).whereLine
    return lines.isEmpty ? [place] : [.text(TextFigure(lines)), place]
  }
}
