// SPDX-License-Identifier: MIT

import PassoText
import PassoView

extension Command {
  static let history = CommandDescription(
    name: "history",
    group: .session,
    arguments: "[n]",
    it: "le ultime righe scritte in questa sessione",
    en: "the last lines that were typed in this session",
    details: Bilingual(
      it: "Al terminale le frecce su e giù le riportano nel prompt, anche quelle delle sessioni"
        + " passate; :record le conserva in un file.",
      en:
        "At a terminal the arrows up and down bring them back to the prompt, also those of earlier"
        + " sessions; :record keeps them in a file."
    ),
    examples: [":step 2", ":history", ":history 5"]
  )
  .host { shell, arguments in
    let count = arguments.words.isEmpty ? 20 : try arguments.count()
    shell.console.show(shell.typed.figure(last: count))
  }
}

/// The lines of a session, as they were typed.
struct TypedLines {
  private var lines: [String] = []
  private var dropped = 0

  private static let most = 10_000

  mutating func add(_ line: String) {
    if lines.count == Self.most {
      lines.removeFirst(Self.most / 2)
      dropped += Self.most / 2
    }
    lines.append(line)
  }

  /// The last of them, numbered from the first of the session.
  func figure(last count: Int) -> Figure {
    let first = max(0, lines.count - count)
    return .text(
      TextFigure(
        lines[first...].enumerated().map { index, line in
          let number = "\(dropped + first + index + 1)"
          let width = "\(dropped + lines.count)".count
          let marker = String(repeating: " ", count: width - number.count) + number + "  "
          return TextFigure.Paragraph([Run(line, .code)], indent: width + 2, marker: marker)
        }
      )
    )
  }
}
