// SPDX-License-Identifier: MIT

import Glibc
import PassoShell
import PassoText

/// Standard error, where problems go.
enum StandardError {
  /// Writes a text, of which only line ends are obeyed; what waits for standard output belongs
  /// before it.
  static func write(_ text: String) {
    fflush(nil)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var bytes = Array(lines.map { String($0).visible }.joined(separator: "\n").utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { writeBytes(STDERR_FILENO, $0.baseAddress, $0.count) }
      // Nobody listens: there is nowhere left to say so.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

extension StandardError {
  /// Says what went wrong; at a terminal sentences are broken between words.
  static func report(_ problem: any Problem, _ language: Language) {
    let terminal = Terminal(environment: [:], output: STDERR_FILENO)
    write(
      terminal.isOutputTerminal
        ? Console.wrapped(problem, width: terminal.size.columns, language)
        : problem.text(language) + "\n"
    )
  }
}

/// `write` of the C library, whose name the method above hides.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
