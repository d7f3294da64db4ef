// SPDX-License-Identifier: MIT

import Glibc
import PassoText
import PassoView

/// Where a shell shows things: the figure stays the same, the drawing depends on who looks.
package struct Console {
  package var language: Language

  /// Linear text instead of drawings.
  package var isPlain: Bool

  /// The colours that a person has chosen; nil leaves the terminal its own.
  package var theme: Theme? {
    didSet { if theme != oldValue { colorScreen?(theme) } }
  }

  /// Gives the whole screen the ground of a theme, or its own; nil where that cannot be.
  package var colorScreen: ((Theme?) -> Void)?

  /// Whether the prompt shows what Enter would do, so that nobody has to say it.
  package var showsHints = false

  /// Whether the line that a lesson has prepared comes to the person as one to run, without a key
  /// to press.
  package var bringsLines = false

  /// Whether long output stops after each screenful, where it can.
  package var pages = true

  /// Whether the terminal lets a line be written over.
  package var canRewriteLines = false

  /// Shows text a screenful at a time; nil where nobody could ask for the next.
  package var page: ((String, Language) -> Void)?

  /// Shows again what comes next; whether the reader had enough of what came before.
  package var resumePaging: (() -> Bool)?

  /// Asks a person who is there, and takes only a yes for one; nil where nobody is.
  package var confirm: ((Bilingual) -> Bool)?

  /// Takes what is shown as it is, before it is drawn; nil where text is wanted.
  package var receive: ((Shown) -> Void)?

  /// What a console shows.
  package enum Shown: Sendable {
    case figure(Figure)

    /// A piece of a line, as it comes.
    case stream(String)

    /// How far something is; nil when that is over.
    case progress(String?)

    case problem(any Problem)
  }

  /// What was shown so far.
  package private(set) var transcript = Transcript()

  /// What the terminal can do; asked each time, because windows change their size.
  private let terminal: @Sendable () -> (width: Int, depth: ColorDepth)

  private var write: (String) -> Void
  private var writeError: (String) -> Void

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

  /// A console like this one that nobody sees.
  var muted: Console {
    var console = self
    console.transcript = Transcript()
    console.write = { _ in }
    console.page = nil
    console.resumePaging = nil
    console.colorScreen = nil
    console.canRewriteLines = false
    console.confirm = nil
    console.writeError = { _ in }
    console.receive = nil
    return console
  }

  /// A console like this one that hands over what it writes, in order.
  func handing(over write: @escaping (Output) -> Void) -> Console {
    var console = muted
    console.canRewriteLines = canRewriteLines
    console.write = { write(.text($0)) }
    console.writeError = { write(.error($0)) }
    if page != nil { console.page = { text, _ in write(.page(text)) } }
    if receive != nil { console.receive = { write(.shown($0)) } }
    return console
  }

  /// Writes what another console has handed over.
  func put(_ output: Output) {
    switch output {
    case .text(let text): write(text)
    case .error(let text): writeError(text)
    case .page(let text): page?(text, language)
    case .shown(let shown): receive?(shown)
    }
  }

  /// What a console writes.
  enum Output: Sendable {
    case text(String)
    case error(String)
    case page(String)
    case shown(Shown)
  }

  /// Shows a figure.
  package func show(_ figure: Figure) {
    transcript.add(figure)
    draw(figure)
  }

  /// Shows the line that is about to be carried out; the transcript has it already.
  package func echo(_ prompt: String, _ line: String) {
    draw(.line(Run(prompt, .dim), Run(line, .code)))
  }

  private func draw(_ figure: Figure) {
    if let receive { return receive(.figure(figure)) }
    let text = text(of: figure)
    if pages, let page { page(text, language) } else { write(text) }
  }

  private func text(of figure: Figure) -> String {
    if isPlain { return PlainRenderer(language: language).render(figure) }
    let (width, depth) = terminal()
    return TerminalRenderer(width: width, depth: depth, language: language, theme: theme)
      .render(figure)
  }

  /// How a terminal is told to show a role, on the ground that was chosen; nil without colours.
  package func colors(of role: TextRole) -> String? {
    theme == nil ? nil : terminal().depth.parameters(of: role, on: theme)
  }

  /// Says a sentence.
  package func say(_ text: Bilingual) { show(.line(text)) }

  /// Says a sentence.
  package func say(it: String, en: String) { say(Bilingual(it: it, en: en)) }

  /// Writes a piece of a line, as it comes.
  package func stream(_ text: String) {
    transcript.stream(text)
    if let receive { return receive(.stream(text)) }
    write(text == "\n" ? text : text.visible)
    flush()
  }

  /// Whether how far something is stands on one line, which changes.
  package var rewritesLines: Bool { receive != nil || canRewriteLines && !isPlain }

  /// Says how far something is: over the line so far, or on a line of its own where that cannot be.
  package func showProgress(_ text: String) {
    if let receive { return receive(.progress(text)) }
    write(rewritesLines ? Self.lineStart + text.visible : text.visible + "\n")
    flush()
  }

  /// Takes away what said how far something is.
  package func clearProgress() {
    if let receive { return receive(.progress(nil)) }
    if rewritesLines { write(Self.lineStart) }
    flush()
  }

  /// Back to the start of the line, and the rest of it erased.
  private static let lineStart = "\r\u{1B}[K"

  /// Makes a piece of a line appear now.
  package func flush() { fflush(nil) }

  /// Reports a problem, on the other sink.
  package func report(_ problem: any Problem) {
    if transcript.entries.last?.figures.isEmpty == true { transcript.isReport() }
    transcript.add(.problem(problem))
    if let receive { return receive(.problem(problem)) }
    writeError(
      rewritesLines
        ? Self.wrapped(problem, width: terminal().width, language) : problem.text(language) + "\n"
    )
  }

  /// A problem with its sentences broken between words; what was typed, and what underlines it,
  /// stay in a line each.
  package static func wrapped(
    _ problem: any Problem,
    width: Int,
    _ language: Language
  ) -> String {
    let lines = problem.text(language).split(separator: "\n", omittingEmptySubsequences: false)
    let quoted = problem.place?.span != nil && problem.place?.source != nil ? 2 : 0
    let sentences = lines.dropFirst(quoted).map { TextFigure.Paragraph([Run(String($0))]) }
    let renderer = TerminalRenderer(width: width, depth: .none, language: language)
    return lines.prefix(quoted).map { $0 + "\n" }.joined()
      + renderer.render(.text(TextFigure(sentences)))
  }
}
