// SPDX-License-Identifier: MIT
import PassoText

extension PromptText {
  /// The prompt as the line editor draws it, with a blank at its end.
  ///
  /// Control sequences stand between a pair of U+0001. libedit draws each pair together with the
  /// visible character after it, and forgets a pair that another pair or the end follows: so every
  /// colour change is one pair, and the last piece, which has no colour, ends with text.
  package func line(inColor: Bool) -> String {
    var runs: [(color: String, text: String)] = []
    if let lesson = Self.visible(lesson ?? "") { runs.append((colors.lesson, lesson)) }
    if let position = Self.visible(position) {
      if !runs.isEmpty { runs.append(("", " ")) }
      runs.append((colors.position, position))
    }
    runs.append(("", (Self.visible(mark) ?? "") + " "))
    guard inColor else { return runs.map(\.text).joined() }
    return Self.colored(runs)
  }

  private static func colored(_ runs: [(color: String, text: String)]) -> String {
    var line = ""
    var current = ""
    for run in runs {
      if run.color != current {
        line += "\u{1}\u{1B}[0\(run.color.isEmpty ? "" : ";" + run.color)m\u{1}"
        current = run.color
      }
      line += run.text
    }
    return line
  }

  // A name may come from a person: what controls the terminal is left out, and a piece begins with
  // a scalar that takes columns.
  private static func visible(_ text: String) -> String? {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar.properties.generalCategory != .control {
      if scalars.isEmpty && DisplayWidth.of(scalar) == 0 { continue }
      scalars.append(scalar)
    }
    return scalars.isEmpty ? nil : String(scalars)
  }
}
