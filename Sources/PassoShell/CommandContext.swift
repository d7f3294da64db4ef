// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText
import PassoView

/// What a command has besides the session: where to show things, whether to stop, which files it
/// may open.
///
/// A value without a way back to the shell: what gets it alone can change nothing there.
package struct CommandContext {
  private(set) var console: Console

  /// The lessons, and the one that is open.
  let course: Course

  private(set) var stop: StopSignal

  /// Who wrote the line, and where a stranger's line may write.
  let author: LineAuthor
  let sandbox: Sandbox

  /// Whether the line comes from a recorded session.
  let isReplaying: Bool

  /// Where tokens of texts in files are kept; nil if nobody says where.
  let textCache: TextCache?

  /// The same on another thread, whose output is handed over to this one.
  func handing(over output: @escaping (Console.Output) -> Void) -> CommandContext {
    var context = self
    context.console = console.handing(over: output)
    context.stop = StopSignal { Interruption.isRequested() }
    return context
  }
}

extension CommandContext {
  func show(_ figure: Figure) { console.show(figure) }

  func say(_ text: Bilingual) { console.say(text) }

  func say(it: String, en: String) { console.say(it: it, en: en) }

  /// Says why a person will have to wait, if they will.
  func say(_ slowness: Slowness?) {
    if let slowness { console.say(slowness.note) }
  }

  /// For long computations: whether to stop between two steps.
  func shouldStop() -> Bool { stop.isRequested() }

  /// Whether the line was told to stop before its end.
  var wasStopped: Bool { stop.wasRequested }

  /// Does something for which texts in files may have to be read: says how far it is, and stops at
  /// Ctrl-C.
  func readingTexts(_ body: (TextReading) throws -> Void) throws {
    let line = ProgressLine(console)
    defer { line.end() }
    try body(TextReading(cache: textCache, on: line.show, unless: shouldStop))
  }

  /// A search that Ctrl-C has ended knows nothing.
  func saySearchStopped() {
    say(it: "fermato prima della fine: non si sa", en: "stopped before the end: not known")
  }

  /// The terminal has written `^C` where the answer would begin.
  func endInterruptedLine() {
    if stop.isRaised() { show(.line()) }
  }
}

/// Ctrl-C, as the line at work sees it.
///
/// A class, because a line that was told to stop is still known to have been when it has ended.
final class StopSignal {
  /// Whether Ctrl-C was pressed, asked without consequences.
  let isRaised: () -> Bool

  /// Whether the line at work was told to stop before its end.
  private(set) var wasRequested = false

  init(_ isRaised: @escaping () -> Bool) {
    self.isRaised = isRaised
  }

  /// Whether to stop.
  func isRequested() -> Bool {
    let isRaised = isRaised()
    if isRaised { wasRequested = true }
    return isRaised
  }

  /// Begins a line that nobody has told to stop yet.
  func beginLine() { wasRequested = false }
}
