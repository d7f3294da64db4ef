// SPDX-License-Identifier: MIT

import Glibc
import PassoText

/// Stops long output after each screenful, so that nobody has to scroll back.
///
/// Only where a person sits: until a keyboard is there, text passes through. A person who goes on
/// typing instead of paging gets the rest of the output at once, and the key at the next prompt;
/// what was typed ahead, or pasted, is never taken for an answer.
package final class Pager {
  /// What a person may do at the end of a screenful.
  enum Answer: Equatable {
    case nextPage
    case nextLine
    case stop
    /// Something else was typed: it belongs to the next line.
    case other
  }

  /// Where answers come from.
  struct Keyboard {
    /// Whether something was typed that nobody has read yet.
    var hasTypedAhead: () -> Bool

    /// Waits for a key.
    var answer: () -> Answer
  }

  private enum State {
    case showing
    /// No stop any more until the next command.
    case passing
    /// The rest of the command's output is not wanted.
    case dropping
  }

  /// Where answers come from; nil while nobody can give one.
  var keyboard: Keyboard?

  private let size: () -> (columns: Int, rows: Int)
  private let put: (String) -> Void
  private var state = State.showing

  /// Whether the reader was asked since the command began.
  private(set) var hasAsked = false
  private var shown = 0

  /// Pages for a terminal.
  ///
  /// - Parameters:
  ///   - size: The size of the terminal now.
  ///   - put: What makes text appear.
  init(size: @escaping () -> (columns: Int, rows: Int), put: @escaping (String) -> Void) {
    (self.size, self.put) = (size, put)
  }

  /// Pages for standard output.
  convenience init(_ terminal: Terminal) {
    self.init(
      size: { terminal.size },
      put: { text in
        print(text, terminator: "")
        fflush(nil)
      }
    )
  }

  /// A command begins: the screen is the reader's again.
  func begin() {
    (state, shown, hasAsked) = (.showing, 0, false)
  }

  /// Something else begins in the same command, which the reader has not refused.
  ///
  /// - Returns: Whether the rest of what came before was refused.
  func resume() -> Bool {
    guard state == .dropping else { return false }
    (state, shown) = (.showing, 0)
    return true
  }

  /// Shows text, line by line.
  func write(_ text: String, _ language: Language) {
    guard keyboard != nil, state == .showing else {
      if state != .dropping { put(text) }
      return
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      show(line, language)
    }
    if let rest = text.split(separator: "\n", omittingEmptySubsequences: false).last, !rest.isEmpty
    {
      put(String(rest))
    }
  }

  private func show(_ line: Substring, _ language: Language) {
    let (columns, rows) = size()
    let visible = line.replacing(/\u{1B}\[[0-9;]*[mK]/, with: "")
    let height = max(1, (DisplayWidth.of(visible) + columns - 1) / max(1, columns))
    if state == .showing, shown > 0, shown + height > max(2, rows - 1) { ask(rows, language) }
    guard state != .dropping else { return }
    put(line + "\n")
    shown += height
  }

  private static let question = Bilingual(
    it: "-- Spazio: avanti · Invio: una riga · q: basta --",
    en: "-- Space: go on · Enter: one line · q: enough --"
  )

  private func ask(_ rows: Int, _ language: Language) {
    guard let keyboard, !keyboard.hasTypedAhead() else {
      state = .passing
      return
    }
    hasAsked = true
    put("\u{1B}[7m" + Self.question[language] + "\u{1B}[0m")
    let answer = keyboard.answer()
    put("\r\u{1B}[K")
    switch answer {
    case .nextPage: shown = 0
    case .nextLine: shown = max(0, rows - 2)
    case .stop: state = .dropping
    case .other: state = .passing
    }
  }
}
