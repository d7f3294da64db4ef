// SPDX-License-Identifier: MIT

import PassoText
import PassoView

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where a shell shows things: the figure stays the same, the drawing depends on who looks.
package struct Console {
  package var language: Language

  /// Linear text instead of drawings.
  package var isPlain: Bool

  /// Whether the prompt shows what Enter would do, so that nobody has to say it.
  package var showsHints = false

  /// What the terminal can do; asked each time, because windows change their size.
  private let terminal: @Sendable () -> (width: Int, depth: ColorDepth)

  private let write: (String) -> Void
  private let writeError: (String) -> Void

  /// A console over two sinks.
  package init(
    language: Language,
    isPlain: Bool,
    terminal: @escaping @Sendable () -> (width: Int, depth: ColorDepth),
    write: @escaping (String) -> Void,
    writeError: @escaping (String) -> Void
  ) {
    self.language = language
    self.isPlain = isPlain
    self.terminal = terminal
    self.write = write
    self.writeError = writeError
  }

  /// Shows a figure.
  package func show(_ figure: Figure) {
    if isPlain { return write(PlainRenderer(language: language).render(figure)) }
    let (width, depth) = terminal()
    write(TerminalRenderer(width: width, depth: depth, language: language).render(figure))
  }

  /// Says a sentence.
  package func say(_ text: Bilingual) {
    show(.text(TextFigure([TextFigure.Paragraph([Run(text)])])))
  }

  /// Writes a piece of a line, as it comes.
  package func stream(_ text: String) {
    write(text == "\n" ? text : text.visible)
    flush()
  }

  /// Makes a piece of a line appear now.
  package func flush() { fflush(nil) }

  /// Reports a problem, on the other sink.
  package func report(_ problem: any Problem) {
    writeError(problem.text(language) + "\n")
  }
}
