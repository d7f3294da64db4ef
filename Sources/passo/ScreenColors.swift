// SPDX-License-Identifier: MIT

import CLibedit
import Glibc
import PassoView

/// The ground and the ink of a whole terminal, where what is typed stands too.
///
/// Source: XTerm Control Sequences, "Operating System Commands": 10, 11 and 12 choose ink, ground
/// and cursor, 110 to 112 give back the terminal's own. A terminal that knows none of them keeps
/// its own.
enum ScreenColors {
  /// Gives the terminal those of a theme, or for nil its own again; a signal that ends the program
  /// does that too.
  static func choose(_ theme: Theme?) {
    fflush(nil)
    guard let theme else { return le_color_screen(STDOUT_FILENO, nil, nil) }
    le_color_screen(STDOUT_FILENO, given(by: theme), ["110", "111", "112"].map(command).joined())
  }

  /// What chooses the colours of a theme.
  static func given(by theme: Theme) -> String {
    [(10, theme.ink), (11, theme.background), (12, theme.ink)]
      .map { command("\($0.0);\(specification($0.1))") }.joined()
  }

  private static func command(_ text: String) -> String { "\u{1B}]\(text)\u{1B}\\" }

  private static func specification(_ color: Color) -> String {
    "rgb:" + [color.red, color.green, color.blue].map(digits).joined(separator: "/")
  }

  private static func digits(_ part: UInt8) -> String {
    (part < 16 ? "0" : "") + String(part, radix: 16)
  }
}
