// SPDX-License-Identifier: MIT

import PassoText

/// One line on a screen: runs of text, each in one style.
struct StyledLine: Hashable {
  var runs: [(text: String, style: Style)] = []

  init() {}

  init(_ text: String, _ role: TextRole = .plain) {
    append(text, .role(role))
  }

  static func == (left: StyledLine, right: StyledLine) -> Bool {
    left.runs.elementsEqual(right.runs) { $0 == $1 }
  }

  func hash(into hasher: inout Hasher) {
    for run in runs { hasher.combine(run.text) }
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
  func text(_ depth: ColorDepth, _ theme: Theme? = nil) -> String {
    var output = ""
    var open: String?
    for (text, style) in runs {
      let parameters = depth.parameters(style, theme)
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

extension String {
  /// The text with every control character shown instead of obeyed.
  ///
  /// Token strings come from strangers' files: an escape sequence among them must not reach a
  /// terminal.
  package var visible: String {
    var output = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      case "\r": output += "\\r"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        output += "\\x" + String(scalar.value, radix: 16)
      case _ where Self.reorders(scalar):
        output += "U+" + String(scalar.value, radix: 16, uppercase: true)
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  // Marks that change the direction of what follows could make a line read backwards.
  private static func reorders(_ scalar: Unicode.Scalar) -> Bool {
    (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
