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
  package var notes: [Bilingual] = []

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

  /// An arc in words: `dorme → gatto 0.5`.
  func sentence(_ arc: Arc) -> String {
    "\(words[arc.from].visible) → \(words[arc.to].visible) \(NumberText.general(arc.weight))"
  }

  /// A weight as it is written on an arc.
  static func number(_ weight: Double) -> String { NumberText.fixed(weight, 2) }
}

// MARK: - On a terminal

/// Draws the words in a line, and each arc in a line of its own below.
struct ArcsLayout {
  private let figure: ArcsFigure
  private let width: Int
  private let language: Language

  /// Where each word begins, and where its arcs meet it.
  private let starts: [Int]
  private let middles: [Int]

  init(_ figure: ArcsFigure, width: Int, language: Language) {
    self.figure = figure
    self.width = width
    self.language = language
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
    let title = TextLayout.heading(figure.title, width: width, language: language)
    guard naturalWidth <= width else {
      // Too long for one line: arcs become sentences.
      return title
        + figure.arcs.flatMap { arc in
          TextLayout.lines(
            TextFigure.Paragraph([Run(figure.sentence(arc))]),
            width: width,
            language: language
          )
        }
    }
    var sentence = ""
    for (word, start) in zip(figure.words, starts) {
      sentence = sentence.padded(to: start) + word.visible
    }
    return title + [StyledLine(sentence, .emphasis)] + figure.arcs.map(line)
  }

  /// `╰──0.50──╯` from the left word to the right one; the arrow is at the word that is looked at.
  private func line(_ arc: ArcsFigure.Arc) -> StyledLine {
    let number = ArcsFigure.number(arc.weight)
    let (left, right) = (
      min(middles[arc.from], middles[arc.to]), max(middles[arc.from], middles[arc.to])
    )
    guard left < right else {
      return StyledLine(String(repeating: " ", count: left) + "↺ " + number)
    }
    let looksBack = arc.to < arc.from
    let room = right - left - 1
    let dashes = max(0, room - number.count)
    let inner =
      String(repeating: "─", count: dashes / 2) + number
      + String(repeating: "─", count: dashes - dashes / 2)
    return StyledLine(
      String(repeating: " ", count: left) + (looksBack ? "▲" : "╰") + inner
        + (looksBack ? "╯" : "▲")
    )
  }
}

// MARK: - As vectors

/// Draws the words in a line, and the arcs above them; the thicker, the greater the weight.
struct ArcsPicture {
  private let figure: ArcsFigure
  private let middles: [Double]
  private static let column = 8.4
  private static let gap = 18.0
  let width: Double
  let height: Double

  init(_ figure: ArcsFigure) {
    self.figure = figure
    var middles: [Double] = []
    var x = 0.0
    for word in figure.words {
      let wide = max(Double(DisplayWidth.of(word.visible)) * Self.column, 24)
      middles.append(x + wide / 2)
      x += wide + Self.gap
    }
    self.middles = middles
    width = max(x - Self.gap, 1)
    height = Self.arcHeight(width) + 40
  }

  private static func arcHeight(_ span: Double) -> Double { min(160, 22 + span * 0.32) }

  var element: String {
    let names = figure.arcs.map { figure.sentence($0) }.joined(separator: ", ")
    return "<svg class=\"arcs\" viewBox=\"0 0 \(Markup.px(width)) \(Markup.px(height))\""
      + " style=\"width:\(Markup.px(width))px\" role=\"img\" aria-label=\"\(Markup.escaped(names))\">"
      + body + "</svg>"
  }

  var body: String {
    let ground = height - 24
    var body = ""
    for arc in figure.arcs { body += path(arc, ground) }
    for (word, middle) in zip(figure.words, middles) {
      let wide = Double(DisplayWidth.of(word.visible)) * Self.column
      body += "<text x=\"\(Markup.px(middle))\" y=\"\(Markup.px(ground + 18))\""
      body += " text-anchor=\"middle\" font-size=\"14\" fill=\"currentColor\""
      body += " textLength=\"\(Markup.px(wide))\" lengthAdjust=\"spacingAndGlyphs\">"
      body += "\(Markup.escaped(word))</text>"
    }
    return body
  }

  private func path(_ arc: ArcsFigure.Arc, _ ground: Double) -> String {
    let (from, to) = (middles[arc.from], middles[arc.to])
    let span = abs(from - to)
    let top = ground - Self.arcHeight(span)
    let weight = arc.weight.isFinite ? min(max(arc.weight, 0), 1) : 0
    let stroke = "stroke=\"currentColor\" stroke-width=\"\(Markup.px(0.6 + 4 * weight))\""
    let line =
      span == 0
      ? "M\(Markup.px(from - 6)) \(Markup.px(ground)) q-8 -22 6 -22 q14 0 6 22"
      : "M\(Markup.px(from)) \(Markup.px(ground)) C\(Markup.px(from)) \(Markup.px(top))"
        + " \(Markup.px(to)) \(Markup.px(top)) \(Markup.px(to)) \(Markup.px(ground))"
    let peak = span == 0 ? ground - 26 : ground - 0.75 * Self.arcHeight(span) - 4
    return "<path d=\"\(line)\" fill=\"none\" \(stroke) opacity=\"0.75\"/>"
      + "<text x=\"\(Markup.px((from + to) / 2))\" y=\"\(Markup.px(peak))\" font-size=\"11\""
      + " text-anchor=\"middle\" fill=\"currentColor\">\(ArcsFigure.number(arc.weight))</text>"
  }
}
