// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// A session as a terminal receives it.
struct AsciicastTests {
  private static let matrix = Figure.matrix(
    MatrixFigure(
      title: Bilingual(it: "pesi", en: "weights"),
      rows: .init("query", ["a", "b"]),
      columns: .init("key", ["a", "b"]),
      cells: [.number(1), .masked, .number(0.25), .number(0.75)],
      scale: .sequential
    )
  )

  private static let parts = [
    Asciicast.Part(
      prompt: nil,
      line: "",
      figures: [.line(Bilingual(it: "Benvenuto", en: "Welcome"), .heading)]
    ),
    Asciicast.Part(prompt: ("01-labels", "0:3"), line: ":show «è»", figures: [matrix, matrix]),
    Asciicast.Part(prompt: (nil, "0:4"), line: ":next", figures: []),
  ]

  private func cast(_ language: Language) -> Asciicast {
    Asciicast(opening: "passo lesson 1", parts: Self.parts, language)
  }

  @Test func timeNeverGoesBackAndIsTheSameEveryTime() {
    let events = cast(.it).events
    #expect(events.first?.time == 0)
    for (one, next) in zip(events, events.dropFirst()) { #expect(one.time <= next.time) }
    #expect(cast(.it).events.map(\.time) == events.map(\.time))
  }

  @Test(arguments: Language.allCases)
  func theTextIsWhatTheFiguresSay(language: Language) {
    let renderer = TerminalRenderer(width: 80, depth: .ansi256, language: language)
    let wanted =
      "$ passo lesson 1\n" + renderer.render(Self.parts[0].figures[0])
      + "\u{1B}[36m01-labels\u{1B}[0m \u{1B}[33m0:3\u{1B}[0m> :show «è»\n"
      + renderer.render(Self.matrix) + renderer.render(Self.matrix)
      + "\u{1B}[33m0:4\u{1B}[0m> :next\n"
    let output = cast(language).events.map(\.output).joined()
    #expect(output.replacing("\r\n", with: "\n") == wanted)
    // A terminal goes to the next line, and not to its start, without the first of the two.
    #expect(output.count { $0 == "\n" } == 0)
    #expect(output.contains("\u{1B}[48;5;"))
  }

  @Test func whatIsTypedComesLetterByLetterAndWhatIsShownAtOnce() throws {
    let events = cast(.en).events
    let typed = try #require(events.firstIndex { $0.output.hasSuffix("0:3\u{1B}[0m> ") })
    let line = ":show «è»"
    let letters = events[(typed + 1)...].prefix(line.count)
    #expect(letters.map(\.output) == line.map(String.init))
    let gaps = zip(letters, letters.dropFirst()).map { $1.time - $0.time }
    #expect(Set(gaps).count == 1 && (gaps.first ?? 0) > 0)
    let shown = events[typed + 1 + line.count + 1]
    #expect(shown.output.contains("weights") && shown.output.contains("0.25"))
  }

  @Test func aLineThatControlsTheTerminalIsOnlyShown() {
    let part = Asciicast.Part(prompt: (nil, "0:0"), line: "a\u{1B}]0;x\u{7}b", figures: [])
    let output = Asciicast(opening: nil, parts: [part], .en).events.map(\.output).joined()
    #expect(!output.contains("\u{1B}]") && !output.contains("\u{7}"))
  }
}
