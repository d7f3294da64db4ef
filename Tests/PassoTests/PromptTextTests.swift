// SPDX-License-Identifier: MIT
import Testing

@testable import passo

struct PromptTextTests {
  private let prompts = [
    PromptText(),
    PromptText(lesson: "01-data", position: "3/120"),
    PromptText(lesson: "", position: ""),
    PromptText(lesson: "\u{301}perch\u{E9} \u{1F427}", position: "\u{1B}[2J\u{1}7", mark: ""),
    PromptText(lesson: "\u{1}", position: "\u{301}", mark: "\u{7}>"),
  ]

  @Test func plainPromptIsItsPartsInOrder() {
    #expect(
      prompts.map { $0.line(inColor: false) }.prefix(3) == ["passo> ", "01-data 3/120> ", "> "]
    )
  }

  @Test func coloredPromptChangesColorBeforeVisibleText() {
    let expected =
      "\u{1}\u{1B}[0;36m\u{1}01-data\u{1}\u{1B}[0m\u{1} "
      + "\u{1}\u{1B}[0;33m\u{1}3/120\u{1}\u{1B}[0m\u{1}> "
    #expect(prompts[1].line(inColor: true) == expected)
  }

  @Test func aThemeBringsItsOwnColors() {
    var prompt = PromptText(lesson: "01-data", position: "3/120")
    prompt.colors = ("107;34", "107;1;30")
    let expected =
      "\u{1}\u{1B}[0;107;34m\u{1}01-data\u{1}\u{1B}[0m\u{1} "
      + "\u{1}\u{1B}[0;107;1;30m\u{1}3/120\u{1}\u{1B}[0m\u{1}> "
    #expect(prompt.line(inColor: true) == expected)
  }

  @Test func literalsAreNeitherAdjacentNorLast() {
    for prompt in prompts {
      let line = prompt.line(inColor: true)
      let pieces = line.split(separator: "\u{1}", omittingEmptySubsequences: false)
      #expect(pieces.count.isMultiple(of: 2) == false)
      // Text and literals take turns; the text before the first literal alone may be empty.
      for (index, piece) in pieces.enumerated().dropFirst() {
        #expect(!piece.isEmpty)
        #expect(piece.hasPrefix("\u{1B}") == !index.isMultiple(of: 2))
      }
    }
  }

  @Test func colorsChangeNothingOfTheText() {
    for prompt in prompts {
      let pieces = prompt.line(inColor: true)
        .split(separator: "\u{1}", omittingEmptySubsequences: false)
      let text = pieces.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
      #expect(text == prompt.line(inColor: false))
    }
  }
}
