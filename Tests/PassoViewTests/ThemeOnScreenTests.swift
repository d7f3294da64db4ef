// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// What a terminal draws with a theme, whatever its own ground: every sign on a ground that it can
/// be read on.
struct ThemeOnScreenTests {
  /// A run on a screen.
  private struct Drawn {
    let text: String
    let ink: Color?
    let ground: Color?
  }

  /// The first sixteen colours as xterm has them.
  private static let sixteen = [
    Color(0, 0, 0), Color(205, 0, 0), Color(0, 205, 0), Color(205, 205, 0), Color(0, 0, 238),
    Color(205, 0, 205), Color(0, 205, 205), Color(229, 229, 229), Color(127, 127, 127),
    Color(255, 0, 0), Color(0, 255, 0), Color(255, 255, 0), Color(92, 92, 255),
    Color(255, 0, 255), Color(0, 255, 255), Color(255, 255, 255),
  ]

  /// Obeys the sequences of a line as a terminal does; many show bold black as grey.
  private static func drawn(_ line: Substring) -> (runs: [Drawn], filling: Color?) {
    var (ink, ground, filling): (Color?, Color?, Color?)
    var (isReversed, isBold) = (false, false)
    var dark: Int?
    var runs: [Drawn] = []
    for match in line.matches(of: /(?:\u{1B}\[([0-9;]*)([mK]))|([^\u{1B}]+)/) {
      if let text = match.3 {
        let drawn = isBold ? dark.map { sixteen[$0 + 8] } ?? ink : ink
        let (front, back) = isReversed ? (ground, drawn) : (drawn, ground)
        runs.append(Drawn(text: String(text), ink: front, ground: back))
      }
      if match.2 == "K" { filling = ground }
      guard match.2 == "m" else { continue }
      var numbers = (match.1 ?? "").split(separator: ";").compactMap { Int($0) }[...]
      while let number = numbers.popFirst() {
        switch number {
        case 0: (ink, ground, isReversed, isBold, dark) = (nil, nil, false, false, nil)
        case 1: isBold = true
        case 7: isReversed = true
        case 30...37: (ink, dark) = (sixteen[number - 30], number - 30)
        case 90...97: (ink, dark) = (sixteen[number - 82], nil)
        case 40...47: ground = sixteen[number - 40]
        case 100...107: ground = sixteen[number - 92]
        case 38, 48:
          let color: Color
          if numbers.popFirst() == 5 {
            color = ColorDepth.color256(numbers.popFirst() ?? 0)
          } else {
            let parts = (0..<3).map { _ in UInt8(clamping: numbers.popFirst() ?? 0) }
            color = Color(parts[0], parts[1], parts[2])
          }
          if number == 38 { (ink, dark) = (color, nil) } else { ground = color }
        default: break
        }
      }
    }
    return (runs, filling)
  }

  private static let roles: [TextRole] = [.plain, .heading, .emphasis, .code, .dim, .good, .bad]

  private static let figures: [Figure] =
    [.text(TextFigure([.init(roles.map { Run(" word", $0) })]))]
    + HeatMapTests.oddFigures

  @Test(arguments: Theme.all.map(\.name), [ColorDepth.ansi16, .ansi256, .trueColor])
  func everySignCanBeRead(name: String, depth: ColorDepth) throws {
    let theme = try #require(Theme.named(name))
    let renderer = TerminalRenderer(width: 60, depth: depth, language: .en, theme: theme)
    for figure in Self.figures {
      let text = renderer.render(figure)
      for line in text.split(separator: "\n") {
        let (runs, filling) = Self.drawn(line)
        #expect(filling != nil, "the ground goes to the end of the line: \(line)")
        for run in runs where !run.text.allSatisfy({ $0 == " " }) {
          let ink = try #require(run.ink, "\(run.text)")
          let ground = try #require(run.ground, "\(run.text)")
          #expect(ink.contrast(with: ground) >= 4.5, "\(run.text) in \(name): \(ink) on \(ground)")
        }
        #expect(line.hasSuffix("\u{1B}[0m"))
      }
    }
  }

  @Test func withoutAThemeTheGroundIsTheTerminalsOwn() {
    let text = TerminalRenderer(width: 60, depth: .trueColor, language: .en)
      .render(Self.figures[0])
    #expect(!text.contains("[K") && !text.contains("48;"))
  }

  @Test func withoutColoursAThemeChangesNothing() {
    let lines = [Theme?.none, .light].map {
      TerminalRenderer(width: 60, depth: .none, language: .en, theme: $0).render(Self.figures[0])
    }
    #expect(lines[0] == lines[1])
  }

  @Test(arguments: Theme.all.map(\.name), [ColorDepth.ansi16, .ansi256, .trueColor])
  func thePromptBringsItsGround(name: String, depth: ColorDepth) throws {
    let theme = try #require(Theme.named(name))
    for role in [TextRole.code, .emphasis] {
      let parameters = try #require(depth.parameters(of: role, on: theme))
      let run = try #require(Self.drawn("\u{1B}[0;\(parameters)mx\u{1B}[0m").runs.first)
      let (ink, ground) = (try #require(run.ink), try #require(run.ground))
      #expect(ink.contrast(with: ground) >= 4.5)
    }
  }
}
