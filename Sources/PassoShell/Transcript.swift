// SPDX-License-Identifier: MIT

import PassoText
import PassoView

/// What a shell has shown, line by line, as figures: any renderer can show it once more.
///
/// A class, because every copy of a console adds to the same one.
package final class Transcript {
  /// A line and what it has shown.
  package struct Entry {
    package let line: String

    /// What stood before the line: the open lesson, and the place; nil where nobody typed.
    package let prompt: (lesson: String?, position: String)?

    package fileprivate(set) var figures: [Figure] = []

    /// Whether it says only that something was done, or was not: nobody means that by a figure.
    fileprivate var isReport = false

    /// How many of them were there when the lesson went on.
    fileprivate var ownCount: Int?

    /// What the line itself has shown, without what the open lesson said next.
    package var ownFigures: [Figure] { Array(figures.prefix(ownCount ?? figures.count)) }

    /// The piece of text that grows as a model writes.
    fileprivate var stream: String?
  }

  /// More lines than anybody pages through; the oldest go first.
  private static let most = 5_000

  package private(set) var entries: [Entry] = []

  package init() {}

  /// Begins what a line will show.
  func begin(_ line: String, after prompt: (lesson: String?, position: String)? = nil) {
    closeStream()
    if entries.count == Self.most { entries.removeFirst() }
    entries.append(Entry(line: line, prompt: prompt))
  }

  func add(_ figure: Figure) {
    if entries.isEmpty { begin("") }
    closeStream()
    entries[entries.count - 1].figures.append(figure)
  }

  /// The line under way shows no figure: it says what became of it.
  func isReport() {
    if !entries.isEmpty { entries[entries.count - 1].isReport = true }
  }

  /// Adds what another one has for the line under way.
  func add(_ other: Transcript) {
    other.closeStream()
    for figure in other.entries.flatMap(\.figures) { add(figure) }
  }

  /// What is added to the line under way from now on, the lesson says.
  func lessonGoesOn() {
    closeStream()
    guard let last = entries.last, last.ownCount == nil else { return }
    entries[entries.count - 1].ownCount = last.figures.count
  }

  /// Adds a piece of a line.
  func stream(_ text: String) {
    if entries.isEmpty { begin("") }
    if text == "\n" { return closeStream() }
    entries[entries.count - 1].stream = (entries.last?.stream ?? "") + text
  }

  private func closeStream() {
    guard let text = entries.last?.stream else { return }
    entries[entries.count - 1].stream = nil
    entries[entries.count - 1].figures.append(.line(Run(text)))
  }

  /// The last line that has shown something to look at, the one under way left out.
  package var lastShown: Entry? {
    entries.dropLast().last { !$0.figures.isEmpty && !$0.isReport }
  }

  /// All that was shown, the line under way left out, for one page.
  package func parts() -> [Page.Part] {
    entries.dropLast().filter { !$0.figures.isEmpty }
      .map { Page.Part(line: $0.line, figures: $0.figures) }
  }
}

extension Transcript {
  /// The same lines in two languages, put together for one page.
  ///
  /// - Parameter runs: What was shown in each language; the lines are the same.
  /// - Returns: A part for each line that has shown something.
  package static func parts(of runs: [(Language, Transcript)]) -> [Page.Part] {
    let count = runs.map(\.1.entries.count).max() ?? 0
    return (0..<count).compactMap { index in
      let shown = runs.filter { index < $0.1.entries.count }
      let figures = shown.map { ($0.0, $0.1.entries[index].figures) }
      guard let line = shown.first?.1.entries[index].line,
        figures.contains(where: { !$0.1.isEmpty })
      else { return nil }
      return Page.Part(line: line, figures: Dictionary(uniqueKeysWithValues: figures))
    }
  }
}

extension Figure {
  /// A problem as it is reported.
  static func problem(_ problem: any Problem) -> Figure {
    let lines = Language.allCases.map { problem.text($0).split(separator: "\n") }
    let count = lines.map(\.count).max() ?? 0
    return .text(
      TextFigure(
        (0..<count).map { index in
          let (it, en) = (lines[0], lines[lines.count - 1])
          return .init([
            Run(
              Bilingual(
                it: index < it.count ? String(it[index]) : "",
                en: index < en.count ? String(en[index]) : ""
              ),
              .bad
            )
          ])
        }
      )
    )
  }
}
