// SPDX-License-Identifier: MIT
import CLibedit
import Glibc
import PassoShell
import PassoText

/// What came of reading a line.
package enum ReadResult: Equatable, Sendable {
  /// A line, without its end.
  case line(String)

  /// Ctrl-C: what was typed is gone.
  case interrupted

  /// Ctrl-D on an empty line, or the terminal has gone.
  case endOfFile

  /// The terminal cannot be read.
  case failed
}

/// A key that stands for a command while the line is empty.
package enum EmptyLineKey: Sendable {
  /// Enter.
  case enter

  /// Space.
  case space

  /// Page Down, which else goes on in the history.
  case pageDown

  /// A key that edits: what it is to find in the line, which is not submitted.
  case edit

  /// F8 or Right.
  case forward

  /// Shift-F8 or Left.
  case backward
}

/// A line of text being typed: one session of libedit.
///
/// It is not `Sendable`: the thread that opens it reads with it, and its functions are called there
/// while ``readLine(prompt:)`` runs.
package final class LineEditor {
  /// What Tab makes of the text before the cursor.
  package var completer: (_ line: String, _ cursor: String.Index) -> Completion = { _, _ in
    Completion()
  }

  /// What to show dimly after the text, and what Right takes over; asked only in colour.
  package var hinter: (_ line: String) -> String? = { _ in nil }

  /// The command that a key types and submits on an empty line, or nil to let the key be.
  package var commandForKey: (EmptyLineKey) -> String? = { _ in nil }

  private let handle: OpaquePointer
  private let terminal: Terminal
  let language: Language

  /// Opens an editor, or gives nil when memory is short or the files are closed.
  package init?(
    terminal: Terminal,
    language: Language,
    input: Int32 = STDIN_FILENO,
    output: Int32 = STDOUT_FILENO
  ) {
    _ = le_use_utf8_locale()
    guard let handle = le_open("passo", input, output, terminal.knowsSequences) else { return nil }
    self.handle = handle
    self.terminal = terminal
    self.language = language
    // The context is used only inside `readLine`, while `self` is alive.
    let context = Unmanaged.passUnretained(self).toOpaque()
    le_set_functions(handle, context, answerKey, terminal.usesColor ? giveHint : nil)
  }

  deinit {
    le_close(handle)
  }

  /// Takes over what the person has set in `~/.editrc` for libedit.
  package func readUserFile() {
    le_read_user_file(handle)
  }

  /// Reads a line; in `prompt`, pairs of U+0001 enclose what takes no columns.
  package func readLine(prompt: String) -> ReadResult {
    var text: UnsafeMutablePointer<CChar>?
    let status = le_read_line(handle, prompt, &text)
    defer { free(text) }
    switch status {
    case .line: return text.map { .line(String(cString: $0)) } ?? .failed
    case .end_of_file: return .endOfFile
    case .interrupted:
      Interrupt.clear()
      return .interrupted
    case .failed: return .failed
    }
  }

  /// Whether a question can be written and taken away again.
  var canPage: Bool { terminal.knowsSequences }

  /// What a pager asks; a key that means nothing to it begins the next line.
  var pagerKeyboard: Pager.Keyboard {
    Pager.Keyboard(
      hasTypedAhead: { [handle] in le_typed_ahead(handle) },
      answer: { [handle] in
        let key = le_read_key(handle)
        // The next line begins with it.
        if key == le_key_is_paste { return .other }
        switch UInt8(exactly: key).map(Unicode.Scalar.init) {
        case " ", "f": return .nextPage
        case "\n", "\r", "j": return .nextLine
        // Ctrl-C and the end of the input, q, Escape, Ctrl-C and Ctrl-D as keys.
        case nil, "q", "\u{1B}", "\u{3}", "\u{4}":
          Interrupt.clear()
          return .stop
        default:
          le_unread_key(handle, key)
          return .other
        }
      }
    )
  }

  /// Drops keys that were pressed to turn a page when there was none left.
  func dropPageKeys() {
    _ = le_typed_ahead(handle)
  }

  /// Adds a line to what Up, Down and Ctrl-R find.
  package func addHistory(_ line: String) {
    le_add_history(handle, line)
  }
}

// MARK: - Keys

extension LineEditor {
  fileprivate func answer(_ key: le_key) -> le_action {
    switch key {
    case .complete: complete()
    case .enter: submit(.enter) ?? endLine()
    case .space: submit(.space) ?? insert(" ")
    case .page: isEmpty ? submit(.pageDown) ?? .usual : .usual
    case .edit: commandForKey(.edit).map(insert) ?? .move
    case .forward: isEmpty ? submit(.forward) ?? .beep : .beep
    case .backward: isEmpty ? submit(.backward) ?? .beep : .beep
    case .right: isEmpty ? submit(.forward) ?? moveRight() : moveRight()
    case .paste: paste()
    case .left: isEmpty ? submit(.backward) ?? .beep : move(-1)
    }
  }

  // As if typed: the transcript shows what the key did.
  private func submit(_ key: EmptyLineKey) -> le_action? {
    guard let command = commandForKey(key) else { return nil }
    le_insert(handle, command)
    return endLine()
  }

  private func endLine() -> le_action {
    le_submit(handle)
    return .redraw
  }

  private func insert(_ text: String) -> le_action {
    le_insert(handle, text)
    return .redraw
  }

  private func paste() -> le_action {
    var (count, total) = (0, 0)
    guard let copy = le_copy_paste(handle, &count, &total) else { return .beep }
    defer { free(copy) }
    let bytes = UnsafeRawBufferPointer(start: copy, count: count)
    let text = String(decoding: bytes, as: UTF8.self)
    let pasted = PastedText(text, total: total - count + text.utf8.count, isFirst: isEmpty)
    le_insert(handle, pasted.text)
    guard let remark = pasted.remark else { return .redraw }
    le_print_below(handle, remark[language] + "\n")
    return .draw_below
  }

  private func move(_ scalars: Int32) -> le_action {
    le_move_cursor(handle, scalars)
    return .move
  }

  private func moveRight() -> le_action {
    let (text, cursor) = line
    guard cursor == text.endIndex else { return move(1) }
    guard let hint = hint(for: text) else { return .beep }
    return insert(hint)
  }

  private func complete() -> le_action {
    let (text, cursor) = line
    let completion = completer(text, cursor)
    guard let first = completion.candidates.first else { return .beep }
    if completion.candidates.count == 1 {
      return replace(completion.replacing, by: first + completion.suffix)
    }
    let common = completion.candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    if common.unicodeScalars.count > completion.replacing {
      return replace(completion.replacing, by: common)
    }
    let columns = terminal.size.columns
    let menu = CompletionMenu.text(completion.candidates, columns: columns, language: language)
    le_print_below(handle, menu)
    return .draw_below
  }

  private func replace(_ scalars: Int, by text: String) -> le_action {
    le_delete_before_cursor(handle, Int32(clamping: scalars))
    return insert(text)
  }

  // MARK: - The line

  private var isEmpty: Bool { line.text.isEmpty }

  private var line: (text: String, cursor: String.Index) {
    var bytes = 0
    guard let copy = le_copy_line(handle, &bytes) else { return ("", "".startIndex) }
    defer { free(copy) }
    let text = String(cString: copy)
    let end = text.utf8.endIndex
    return (text, text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: end) ?? end)
  }

  fileprivate func hint(for text: String) -> String? {
    guard terminal.usesColor, let hint = hinter(text), !hint.isEmpty else { return nil }
    return hint
  }
}

extension String {
  // Whole characters, so that no accent is cut off its letter.
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}

// MARK: - Called from C

private func editor(_ context: UnsafeMutableRawPointer?) -> LineEditor? {
  context.map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
}

private func answerKey(_ context: UnsafeMutableRawPointer?, _ key: le_key) -> le_action {
  editor(context)?.answer(key) ?? .beep
}

private func giveHint(
  _ context: UnsafeMutableRawPointer?,
  _ line: UnsafePointer<CChar>
) -> UnsafeMutablePointer<CChar>? {
  editor(context)?.hint(for: String(cString: line)).flatMap { strdup($0) }
}
