// SPDX-License-Identifier: MIT

import PassoEngine
import PassoSession
import PassoText
import PassoView

/// Shows what moves stop at, and why one stopped.
package struct StopView {
  private let stops: Stops

  package init(_ stops: Stops) {
    self.stops = stops
  }

  package var breakpoints: Figure {
    var lines = stops.breakpoints.enumerated().map { index, breakpoint in
      let condition = breakpoint.condition.map { " if \($0.text)" } ?? ""
      let state =
        breakpoint.isDisabled
        ? Bilingual(it: "disattivato", en: "disabled")
        : Bilingual(it: "volte: \(breakpoint.hits)", en: "hits: \(breakpoint.hits)")
      return entry(index, breakpoint.name + condition, state)
    }
    if stops.stopsAtNotFinite {
      let text =
        lines.isEmpty
        ? Bilingual(
          it: "ci si ferma solo dove nasce un NaN o un infinito",
          en: "stops only where NaN or infinity comes up"
        )
        : Bilingual(
          it: "e dove nasce un NaN o un infinito",
          en: "and where NaN or infinity comes up"
        )
      lines.append(.init(text, .dim, indent: 2))
    }
    return list(lines)
  }

  package var watches: Figure {
    list(
      stops.watches.enumerated().map { index, watch in
        let state =
          watch.isDisabled
          ? Bilingual(it: "disattivata", en: "disabled")
          : watch.last.map { Bilingual(same: Self.text($0.tensor)) }
            ?? Bilingual(it: "non ancora calcolata", en: "not computed yet")
        return entry(index, watch.expression.text, state)
      }
    )
  }

  package func reason(_ reason: StopControl.Reason) -> Figure {
    switch reason {
    case .breakpoint(let name, let hits):
      .line(
        Run(Bilingual(it: "fermo su ", en: "stopped at ")),
        Run(name, .code),
        Run(Bilingual(it: ", volta \(hits)", en: ", hit \(hits)"))
      )
    case .watch(let text, let before, let after): Self.change(text, before, after)
    case .notFinite(let name):
      .line(
        Run(
          Bilingual(
            it: "fermo: qui nasce un NaN o un infinito, in ",
            en: "stopped: here NaN or infinity comes up, in "
          )
        ),
        Run(name, .code),
        Run(Bilingual(it: "; :stats dice dove", en: "; :stats says where"))
      )
    }
  }

  /// An expression before and after; of many numbers those that differ most.
  package static func change(_ expression: String, _ before: Tensor, _ after: Tensor) -> Figure {
    guard before.count > 1, before.shape == after.shape else {
      return .line(
        Run(expression, .code),
        Run(": \(text(before)) → "),
        Run(text(after), .emphasis)
      )
    }
    return DifferenceTable(before, after).figure(title: Bilingual(same: expression))
  }

  /// A watched expression, or a condition, failed and is asked no more.
  package func disabled(_ problem: any Problem) -> Figure {
    let text = Bilingual(
      it: "un'espressione non si può calcolare e viene disattivata: \(problem.message.it)",
      en: "an expression cannot be computed and is disabled: \(problem.message.en)"
    )
    return .line(text)
  }

  private static func text(_ tensor: Tensor) -> String {
    tensor.count == 1 ? NumberText.code(tensor[0], digits: 7) : "\(tensor.shape)"
  }

  private func entry(_ index: Int, _ text: String, _ state: Bilingual) -> TextFigure.Paragraph {
    .init([Run("\(index + 1)  ", .dim), Run(text, .code), Run("  "), Run(state, .dim)])
  }

  private func list(_ lines: [TextFigure.Paragraph]) -> Figure {
    let none = Bilingual(it: "nessuno", en: "none")
    return .text(TextFigure(lines.isEmpty ? [.init(none, .dim)] : lines))
  }
}
