// SPDX-License-Identifier: MIT
import CLibedit
import Foundation
import PassoText
import PassoView
import Testing

@testable import passo

struct TerminalTests {
  /// What a terminal is for some environment; nil if the system has no pseudo terminals.
  private func terminal(_ environment: [String: String], plain: Bool = false) throws -> Terminal {
    var controller: Int32 = -1
    var input: Int32 = -1
    try #require(le_open_terminal_pair(&controller, &input, 90, 30))
    defer {
      close(controller)
      close(input)
    }
    return Terminal(environment: environment, plain: plain, input: input, output: input)
  }

  @Test func colorsAreUsedUnlessRefused() throws {
    #expect(try terminal(["TERM": "xterm"]).usesColor)
    #expect(try terminal(["TERM": "xterm", "NO_COLOR": ""]).usesColor)
    #expect(try !terminal(["TERM": "xterm", "NO_COLOR": "0"]).usesColor)
    #expect(try !terminal(["TERM": "xterm"], plain: true).usesColor)
    #expect(try !terminal(["TERM": "dumb"]).usesColor)
    #expect(try !terminal([:]).usesColor)
  }

  @Test func dumbTerminalsAreInteractiveWithoutSequences() throws {
    let terminal = try terminal(["TERM": "dumb"])
    #expect(terminal.isInteractive)
    #expect(!terminal.knowsSequences)
  }

  @Test func aThemeChoosesInkGroundAndCursor() {
    let commands = ScreenColors.given(by: .projector).split(separator: "\u{1B}\\")
    #expect(
      commands == [
        "\u{1B}]10;rgb:00/00/00", "\u{1B}]11;rgb:ff/ff/ff", "\u{1B}]12;rgb:00/00/00",
      ]
    )
    #expect(ScreenColors.given(by: .dark).contains("]11;rgb:14/16/1a"), "two digits each")
  }

  @Test func fileIsNoTerminal() throws {
    let file = open("/dev/null", O_RDWR)
    defer { close(file) }
    let terminal = Terminal(environment: ["TERM": "xterm"], input: file, output: file)
    #expect(!terminal.isInteractive)
    #expect(!terminal.usesColor)
    #expect(terminal.size == (80, 24))
  }
}

struct CompletionMenuTests {
  private func menu(_ words: [String], columns: Int, language: Language = .it) -> String {
    CompletionMenu.text(words, columns: columns, language: language)
  }

  @Test func wordsAreReadDownTheColumns() {
    let words = ["uno", "due", "tre", "citt\u{E0}", "cinque"]
    #expect(menu(words, columns: 20) == "uno     citt\u{E0}\ndue     cinque\ntre\n")
  }

  @Test func wordsStandBelowEachOtherWhereTheyAreWide() {
    #expect(menu(["\u{6F22}\u{6F22}", "b"], columns: 3) == "\u{6F22}\u{6F22}\nb\n")
  }

  @Test func tooManyWordsAreCounted() {
    let words = (0...CompletionMenu.limit).map(String.init)
    #expect(menu(words, columns: 80) == "101 possibilit\u{E0}: continua a scrivere\n")
    #expect(menu(words, columns: 80, language: .en) == "101 possibilities: go on typing\n")
  }

  @Test func namesCannotControlTheTerminal() {
    #expect(menu(["a\u{1B}[2Jb"], columns: 80) == "a?[2Jb\n")
  }
}
