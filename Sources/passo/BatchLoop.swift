// SPDX-License-Identifier: MIT

import Glibc
import PassoText

/// The loop without a person: lines from a pipe or a file, without an editor.
package struct BatchLoop {
  private let host: ReplHost
  private let nextLine: () -> String?
  private let echo: (String) -> Void
  private let isInterrupted: () -> Bool

  /// Puts a host behind a source of lines; by default standard input and output.
  package init(
    host: ReplHost,
    nextLine: @escaping () -> String? = InputLines().next,
    echo: @escaping (String) -> Void = { print($0) },
    isInterrupted: @escaping () -> Bool = { Interrupt.isPending }
  ) {
    self.host = host
    self.nextLine = nextLine
    self.echo = echo
    self.isInterrupted = isInterrupted
  }

  /// Runs the lines up to the first that fails; gives the exit status.
  package func run() -> Int32 {
    while !isInterrupted(), let line = nextLine() {
      guard CommandLines.isCommand(line) else { continue }
      echo("passo> \(line.visible)")
      // What failed is told on another stream: it must not overtake the line.
      fflush(nil)
      let outcome = host.execute(line)
      if isInterrupted() { break }
      switch outcome {
      case .done: continue
      case .failed: return 1
      case .finished: return 0
      }
    }
    return isInterrupted() ? 130 : 0
  }
}

/// Which lines mean something.
enum CommandLines {
  /// False for a blank line and for a comment, which `#` begins.
  static func isCommand(_ line: String) -> Bool {
    guard let first = line.first(where: { !$0.isWhitespace }) else { return false }
    return first != "#"
  }
}
