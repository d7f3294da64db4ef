// SPDX-License-Identifier: MIT

import PassoText

/// Text inside HTML and SVG.
package enum Markup {
  /// The text with everything that a browser would obey shown instead.
  ///
  /// Control characters first, as on a terminal; what no XML document may hold becomes a mark.
  package static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// A length in pixels, short.
  static func px(_ value: Double) -> String { NumberText.general((value * 10).rounded() / 10) }
}

extension Color {
  /// As a page writes it: `#fee838`.
  package var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
