// SPDX-License-Identifier: MIT

import PassoText

/// One line on a screen: runs of text, each in one style.
struct StyledLine {
  var runs: [(text: String, style: Style)] = []

  init() {}

  init(_ text: String, _ role: TextRole = .plain) {
    append(text, .role(role))
  }

  mutating func append(_ text: String, _ style: Style = .role(.plain)) {
    runs.append((text, style))
  }

  var width: Int { runs.reduce(0) { $0 + DisplayWidth.of($1.text) } }

  /// The line with blanks up to a width, so that something can stand beside it.
  func padded(to columns: Int) -> StyledLine {
    var line = self
    if width < columns { line.append(String(repeating: " ", count: columns - width)) }
    return line
  }

  /// The line as a terminal wants it; nothing is left behind at its end.
  ///
  /// With a theme its ground fills the whole line, so that no ink stands on a ground it was not
  /// chosen for.
  func text(_ depth: ColorDepth, _ theme: Theme? = nil) -> String {
    let ground = theme.flatMap(depth.ground)
    // To the end of the line in the colour that is set, as terminals erase.
    var output = ground.map { "\u{1B}[0;\($0)m\u{1B}[K" } ?? ""
    var open = ground
    for (text, style) in runs {
      let own = style == .role(.plain) && ground != nil ? nil : depth.parameters(style, theme)
      let parameters = ground.map { $0 + (own.map { ";" + $0 } ?? "") } ?? own
      // Neighbours of one style share a sequence: a picture of many cells stays small.
      if parameters != open {
        if open != nil { output += "\u{1B}[0m" }
        if let parameters { output += "\u{1B}[\(parameters)m" }
        open = parameters
      }
      output += text
    }
    if open != nil { output += "\u{1B}[0m" }
    while output.last == " " { output.removeLast() }
    return output
  }
}
