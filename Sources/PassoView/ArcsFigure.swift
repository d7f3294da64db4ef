// SPDX-License-Identifier: MIT

import PassoText

/// A sentence in which words point to words, as attention does.
package struct ArcsFigure: Sendable, Hashable {
  /// One word looks at another, or at itself.
  package struct Arc: Sendable, Hashable {
    package let from: Int
    package let to: Int

    /// How much, from 0 to 1.
    package let weight: Double

    package init(from: Int, to: Int, weight: Double) {
      self.from = from
      self.to = to
      self.weight = weight
    }
  }

  package let title: Bilingual
  package let words: [String]
  package let arcs: [Arc]

  /// Lines below the sentence.
  package let notes: [Bilingual]

  package init(title: Bilingual, words: [String], arcs: [Arc], notes: [Bilingual] = []) {
    precondition(
      arcs.allSatisfy { words.indices.contains($0.from) && words.indices.contains($0.to) },
      "an arc between words that are not there"
    )
    self.title = title
    self.words = words
    self.arcs = arcs
    self.notes = notes
  }

  /// An arc in words: `dorme → gatto 0,5`.
  func sentence(_ arc: Arc) -> Bilingual {
    Bilingual(same: "\(words[arc.from].visible) → \(words[arc.to].visible) ")
      + NumberText.general(arc.weight)
  }

  /// A weight as it is written on an arc.
  static func number(_ weight: Double) -> Bilingual { NumberText.fixed(weight, 2) }
}

// MARK: - On a terminal

/// Draws the words in a line, and each arc in a line of its own below.
struct ArcsLayout {
  private let figure: ArcsFigure
  private let text: TextLayout

  /// Where each word begins, and where its arcs meet it.
  private let starts: [Int]
  private let middles: [Int]

  init(_ figure: ArcsFigure, _ text: TextLayout) {
    (self.figure, self.text) = (figure, text)
    var starts: [Int] = []
    var column = 0
    for word in figure.words {
      starts.append(column)
      // A number has to fit between two neighbours.
      column += max(DisplayWidth.of(word.visible), 5) + 2
    }
    self.starts = starts
    middles = zip(starts, figure.words).map { $0 + DisplayWidth.of($1.visible) / 2 }
  }

  private var naturalWidth: Int {
    (starts.last ?? 0) + max(DisplayWidth.of(figure.words.last?.visible ?? ""), 5)
  }

  var lines: [StyledLine] {
    let title = text.heading(figure.title)
    guard naturalWidth <= text.width else {
      // Too long for one line: arcs become sentences.
      return title + figure.arcs.flatMap { text.lines(.init([Run(figure.sentence($0))])) }
    }
    var sentence = ""
    for (word, start) in zip(figure.words, starts) {
      sentence = sentence.padded(to: start) + word.visible
    }
    return title + [StyledLine(sentence, .emphasis)] + figure.arcs.map(line)
  }

  /// `╰──0,50──╯` from the left word to the right one; the arrow is at the word that is looked at.
  private func line(_ arc: ArcsFigure.Arc) -> StyledLine {
    let number = ArcsFigure.number(arc.weight)[text.language]
    let (from, to) = (middles[arc.from], middles[arc.to])
    let start = String(repeating: " ", count: min(from, to))
    guard from != to else { return StyledLine(start + "↺ " + number) }
    let dashes = max(0, abs(from - to) - 1 - number.count)
    func line(_ count: Int) -> String { String(repeating: "─", count: count) }
    let inner = line(dashes / 2) + number + line(dashes - dashes / 2)
    return StyledLine(start + (to < from ? "▲\(inner)╯" : "╰\(inner)▲"))
  }
}
