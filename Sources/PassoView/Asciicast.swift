// SPDX-License-Identifier: MIT

import PassoText

/// What a person at a terminal would see of a session, as it goes: what is typed comes letter by
/// letter, what is shown comes at once and stays long enough to be read.
///
/// The times are those of a reader, always the same, and not those of the machine.
package struct Asciicast: Sendable {
  /// A line with what it has shown.
  package struct Part: Sendable {
    /// What stands before the line: the open lesson, and the place; nil where nobody typed.
    package let prompt: (lesson: String?, position: String)?

    /// The line as it was typed.
    package let line: String

    package let figures: [Figure]

    package init(
      prompt: (lesson: String?, position: String)?,
      line: String,
      figures: [Figure]
    ) {
      (self.prompt, self.line, self.figures) = (prompt, line, figures)
    }
  }

  /// Something that the terminal receives.
  package struct Event: Sendable {
    /// From the start, in milliseconds.
    package let time: Int

    /// Text, control sequences and line ends, as a terminal takes them.
    package let output: String
  }

  /// How wide and high the terminal is, in cells.
  package static let size = (columns: 80, rows: 24)

  /// What it is called, where it can do what is shown.
  package static let terminal = "xterm-256color"

  /// Milliseconds from one letter to the next.
  private static let letter = 40

  /// Milliseconds before somebody begins to type, or presses Enter.
  private static let thought = 600

  /// Milliseconds to read a line.
  private static let reading = 350

  /// What the terminal receives, in the order of time.
  package private(set) var events: [Event] = []

  private let renderer: TerminalRenderer
  private var time = 0

  /// Plays a session.
  ///
  /// - Parameters:
  ///   - opening: What was typed at the shell's prompt; nil if nobody knows.
  ///   - parts: The lines, in order.
  ///   - language: That of the figures.
  package init(opening: String?, parts: [Part], _ language: Language) {
    renderer = TerminalRenderer(width: Self.size.columns, depth: .ansi256, language: language)
    if let opening { type(opening, after: "$ ") }
    for part in parts {
      if let prompt = part.prompt { type(part.line, after: Self.text(of: prompt)) }
      for figure in part.figures { show(figure) }
    }
  }

  private mutating func type(_ line: String, after prompt: String) {
    receive(prompt)
    time += Self.thought
    for character in line {
      receive(String(character).visible)
      time += Self.letter
    }
    time += Self.thought
    receive("\r\n")
  }

  private mutating func show(_ figure: Figure) {
    let lines = renderer.render(figure).split(separator: "\n", omittingEmptySubsequences: false)
    receive(lines.joined(separator: "\r\n"))
    time += Self.reading * max(1, lines.count - 1)
  }

  private mutating func receive(_ output: String) {
    events.append(Event(time: time, output: output))
  }

  /// The prompt in the colours that it has in a terminal without a theme.
  private static func text(of prompt: (lesson: String?, position: String)) -> String {
    let lesson = prompt.lesson.map { "\u{1B}[36m\($0.visible)\u{1B}[0m " } ?? ""
    return "\(lesson)\u{1B}[33m\(prompt.position)\u{1B}[0m> "
  }
}
