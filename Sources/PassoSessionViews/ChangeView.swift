// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows what a change has done.
package struct ChangeView {
  private let before: Session
  private let after: Session

  package init(_ before: Session, _ after: Session) {
    self.before = before
    self.after = after
  }

  /// Where numbers were put, and what became of the loss.
  ///
  /// - Parameters:
  ///   - name: The full name of the value.
  ///   - target: What was written for it, perhaps a slice.
  /// - Returns: A table of the numbers before and after, unless they are hidden, and the losses.
  package func assignment(to name: String, as target: String) -> [Figure] {
    guard !after.view.hidden.contains(name), let old = try? before.tensor(name),
      let new = try? after.tensor(name),
      old.shape == new.shape
    else { return consequences }
    return [DifferenceTable(old, new).figure(title: Bilingual(same: target))] + consequences
  }

  package var heads: [Figure] {
    let names = after.experiment.ablatedHeads.sorted().map(\.description).joined(separator: ", ")
    let text =
      names.isEmpty
      ? Bilingual(it: "nessuna testa è spenta", en: "no head is off")
      : Bilingual(it: "teste spente: \(names)", en: "heads that are off: \(names)")
    return [.line(text)] + consequences
  }

  package var forks: Figure {
    StepView.moments(
      after.forks.mapValues(\.timeline.moment).sorted { $0.key < $1.key },
      none: Bilingual(it: "nessuna copia", en: "no twins")
    )
  }

  /// The loss before and after, if both are computed, and where the run is.
  package var consequences: [Figure] {
    let place = StepView(after).whereLine
    guard !after.view.hidden.contains("loss"), let old = try? before.tensor(.model(.loss)),
      let new = try? after.tensor(.model(.loss)),
      old != new
    else { return [place] }
    return [StopView.change("loss", old, new), place]
  }
}
