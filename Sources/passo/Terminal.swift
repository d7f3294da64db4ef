// SPDX-License-Identifier: MIT
import CLibedit
import Glibc

/// What is known about the place where Passo reads and writes.
package struct Terminal: Sendable {
  /// Whether a person sits there: input and output are both terminals.
  package let isInteractive: Bool

  /// Whether the terminal knows the usual control sequences.
  package let knowsSequences: Bool

  /// Whether to use colours: not on paper, not with `NO_COLOR`, not when plain text was asked for.
  package let usesColor: Bool

  /// Whether what is written goes to a terminal.
  let isOutputTerminal: Bool

  private let output: Int32

  /// Looks at two files and the environment.
  package init(
    environment: [String: String],
    plain: Bool = false,
    input: Int32 = STDIN_FILENO,
    output: Int32 = STDOUT_FILENO
  ) {
    let isTerminal = isatty(output) == 1
    self.output = output
    isOutputTerminal = isTerminal
    isInteractive = isTerminal && isatty(input) == 1
    knowsSequences = isTerminal && !["", "dumb", "emacs"].contains(environment["TERM"] ?? "")
    // Any value but the empty one counts, see no-color.org.
    let isColorRefused = !(environment["NO_COLOR"] ?? "").isEmpty
    usesColor = knowsSequences && !isColorRefused && !plain
  }

  /// The size now, in cells; 80 by 24 where nobody knows.
  package var size: (columns: Int, rows: Int) {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard le_terminal_size(output, &columns, &rows) else { return (80, 24) }
    return (Int(columns), Int(rows))
  }
}
