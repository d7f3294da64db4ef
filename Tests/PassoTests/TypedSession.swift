// SPDX-License-Identifier: MIT
import CLibedit
import Dispatch
import Foundation
import PassoText

@testable import passo

/// What happens once the editor has nothing left to read.
enum Act {
  case keys(String)
  case interrupt
  case resize(columns: Int32)
}

/// A person at a pseudo terminal, in the test's own process.
///
/// The editor asks for a hint exactly when it has handled everything typed so far and waits: that
/// is when the next act happens. So no test depends on time. Whoever has no act left gives up the
/// line and leaves with Ctrl-D.
final class TypedSession {
  let editor: LineEditor
  let terminal: Terminal
  private(set) var askedHints: [String] = []
  private let screen: Screen
  private var acts: [Act]

  init?(
    _ acts: [Act],
    columns: Int32 = 80,
    environment: [String: String] = ["TERM": "xterm"]
  ) {
    setenv("TERM", environment["TERM"] ?? "", 1)
    guard let screen = Screen(columns: columns) else { return nil }
    terminal = Terminal(environment: environment, input: screen.input, output: screen.input)
    let opened = LineEditor(
      terminal: terminal,
      language: .it,
      input: screen.input,
      output: screen.input
    )
    guard let editor = opened else { return nil }
    self.screen = screen
    self.editor = editor
    self.acts = acts
    takeTurns { _ in nil }
    // Without hints nobody tells when the editor waits: then all keys wait for the editor.
    if !terminal.usesColor { typeAll() }
  }

  /// Acts when the editor waits, and gives the hints of a function.
  func takeTurns(hinting hint: @escaping (String) -> String?) {
    editor.hinter = { [unowned self] line in
      askedHints.append(line)
      act()
      return hint(line)
    }
  }

  /// Types bytes that need not be text.
  func typeBytes(_ bytes: [UInt8]) {
    screen.type(bytes)
  }

  /// Types pieces one after the other while the editor reads, each some time after the last.
  func typeInBackground(_ pieces: [String]) {
    screen.typeInBackground(pieces, whenRaw: false)
  }

  /// Types as soon as somebody waits for a key.
  func typeWhenRaw(_ keys: String) {
    screen.typeInBackground([keys], whenRaw: true)
  }

  /// Reads lines, then closes everything; gives what was read and all that was drawn.
  func run(reads: Int = 1, prompt: String = "> ") -> (results: [ReadResult], output: String) {
    let results = (0..<reads).map { _ in editor.readLine(prompt: prompt) }
    return (results, finish())
  }

  /// Everything drawn so far; the session is over.
  func finish() -> String {
    screen.finish()
  }

  // Signals go to the process: the threads of a pool block their own.
  private func act() {
    guard !acts.isEmpty else { return screen.type("\u{15}\u{4}") }
    switch acts.removeFirst() {
    case .keys(let keys): screen.type(keys)
    case .interrupt: kill(getpid(), SIGINT)
    case .resize(let columns):
      _ = le_set_terminal_size(screen.input, columns, 24)
      kill(getpid(), SIGWINCH)
    }
  }

  private func typeAll() {
    screen.makeRaw()
    for case .keys(let keys) in acts { screen.type(keys) }
  }
}

/// A pseudo terminal whose output is collected beside the test, for libedit waits until it is read.
private final class Screen: @unchecked Sendable {
  let input: Int32
  private let controller: Int32
  private let done = DispatchSemaphore(value: 0)
  private let lock = NSLock()
  private var bytes: [UInt8] = []

  init?(columns: Int32) {
    var controller: Int32 = -1
    var input: Int32 = -1
    guard le_open_terminal_pair(&controller, &input, columns, 24) else { return nil }
    (self.controller, self.input) = (controller, input)
    // Not a pool's thread: it blocks.
    Thread.detachNewThread { [self] in
      collect()
      done.signal()
    }
  }

  func makeRaw() {
    var modes = termios()
    tcgetattr(input, &modes)
    modes.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(input, TCSANOW, &modes)
  }

  func type(_ keys: String) {
    type(Array(keys.utf8))
  }

  func type(_ bytes: [UInt8]) {
    _ = write(controller, bytes, bytes.count)
  }

  func typeInBackground(_ pieces: [String], whenRaw: Bool) {
    Thread.detachNewThread { [self] in
      while whenRaw, !isRaw { usleep(2_000) }
      for piece in pieces {
        var bytes = Array(piece.utf8)[...]
        while !bytes.isEmpty {
          let count = bytes.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
          guard count > 0 else { return }
          bytes = bytes.dropFirst(count)
        }
        usleep(20_000)
      }
    }
  }

  private var isRaw: Bool {
    var modes = termios()
    return tcgetattr(input, &modes) == 0 && modes.c_lflag & tcflag_t(ICANON) == 0
  }

  // The editor holds copies of the file, so the end comes as an answer to a mark of our own.
  func finish() -> String {
    let mark: [UInt8] = [0]
    _ = write(input, mark, 1)
    done.wait()
    close(input)
    close(controller)
    return lock.withLock { String(decoding: bytes, as: UTF8.self) }
  }

  // Only a fault makes a test wait this long: the line is given up, and the test can tell.
  private func giveUpWhenSilent() {
    var file = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    while poll(&file, 1, 10_000) == 0 { type("\u{15}\u{4}") }
  }

  private func collect() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      giveUpWhenSilent()
      let count = read(controller, &buffer, buffer.count)
      guard count > 0 else { return }
      lock.withLock { bytes += buffer[..<count].filter { $0 != 0 } }
      if buffer[..<count].contains(0) { return }
    }
  }
}
