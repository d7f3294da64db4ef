// SPDX-License-Identifier: MIT
import PassoShell
import Testing

@testable import passo

extension ProcessWideTests {
  struct LineEditorTests {
    init() {
      ProcessWideTests.prepareEnvironment()
    }

    private let right = "\u{1B}[C"
    private let left = "\u{1B}[D"

    private func read(
      _ acts: [Act],
      reads: Int = 1,
      columns: Int32 = 80,
      environment: [String: String] = ["TERM": "xterm"],
      prompt: String = "> ",
      configure: (TypedSession) -> Void = { _ in }
    ) throws -> (results: [ReadResult], output: String) {
      let session = try #require(
        TypedSession(acts, columns: columns, environment: environment)
      )
      configure(session)
      return session.run(reads: reads, prompt: prompt)
    }

    // MARK: - Text

    @Test func accentedTextIsEditedByCharacter() throws {
      let keys = "perch\u{E9} \u{E8} cos\u{EC}" + left + left + left + left + "\u{17}X\n"
      #expect(try read([.keys(keys)]).results == [.line("perch\u{E9} Xcos\u{EC}")])
    }

    @Test func promptMayHaveAccents() throws {
      let keys = "pi\u{F9}\u{7F}\u{F9}!\n"
      #expect(try read([.keys(keys)], prompt: "citt\u{E0}> ").results == [.line("pi\u{F9}!")])
    }

    @Test func wideCharactersAndEmojiAreKept() throws {
      #expect(try read([.keys("\u{6F22}\u{1F642}\n")]).results == [.line("\u{6F22}\u{1F642}")])
    }

    @Test func upBringsTheLastLineBack() throws {
      let results = try read([.keys("\u{1B}[A!\n")]) { $0.editor.addHistory("citt\u{E0}") }.results
      #expect(results == [.line("citt\u{E0}!")])
    }

    @Test func searchFindsTextWithBlanks() throws {
      let results = try read([.keys("\u{12}show b\n")]) {
        $0.editor.addHistory(":show blocks")
        $0.editor.addHistory(":step")
      }.results
      #expect(results == [.line(":show blocks")])
    }

    @Test func controlDLeavesOnAnEmptyLineOnly() throws {
      let results = try read([.keys("a\u{4}b\n"), .keys("\u{4}")], reads: 2).results
      #expect(results == [.line("ab"), .endOfFile])
    }

    // MARK: - Completion

    @Test func tabCompletesTheOnlyCandidate() throws {
      let results = try read([.keys("di pe\t!\n")]) {
        $0.editor.completer = { line, cursor in
          #expect(line[..<cursor] == "di pe")
          return Completion(replacing: 2, candidates: ["perch\u{E9}"], suffix: "?")
        }
      }.results
      #expect(results == [.line("di perch\u{E9}?!")])
    }

    @Test func tabAddsWhatCandidatesShareAndThenListsThem() throws {
      let session = try read([.keys(":s\t\t\n")]) {
        $0.editor.completer = { line, _ in
          Completion(
            replacing: line.unicodeScalars.count,
            candidates: [":step", ":stats"]
          )
        }
      }
      #expect(session.results == [.line(":st")])
      #expect(session.output.contains("\n:step   :stats\r\n"))
    }

    @Test func tabWithoutCandidatesChangesNothing() throws {
      #expect(try read([.keys("x\ty\n")]).results == [.line("xy")])
    }

    // MARK: - Hints

    @Test func hintIsDrawnDimlyAndIsNotPartOfTheLine() throws {
      let session = try read([.keys(":st"), .keys("\n")]) {
        $0.takeTurns { $0 == ":st" ? "ep" : nil }
      }
      #expect(session.results == [.line(":st")])
      #expect(session.output.contains("\u{1B}[2mep\u{1B}[0m\u{1B}[2D"))
      #expect(session.output.contains("\u{1B}[K"))
    }

    @Test func hintStandsOnTheEmptyLineToo() throws {
      let session = try read([.keys("\n")]) { $0.takeTurns { $0.isEmpty ? ":show mask" : nil } }
      #expect(session.results == [.line("")])
      #expect(session.output.contains("\u{1B}[2m:show mask\u{1B}[0m"))
    }

    @Test func hintIsCutBeforeTheLastColumn() throws {
      let session = try read([.keys("\n")], columns: 20) {
        $0.takeTurns { _ in String(repeating: "h", count: 40) }
      }
      let fitting = String(repeating: "h", count: 17)
      #expect(session.output.contains("\u{1B}[2m\(fitting)\u{1B}[0m\u{1B}[17D"))
    }

    @Test func rightAcceptsTheHintAtTheEnd() throws {
      let keys = ":s\(left)\(right)t"
      let results = try read([.keys(keys), .keys(right + "!\n")]) {
        $0.takeTurns { $0 == ":st" ? "ep" : nil }
      }.results
      #expect(results == [.line(":step!")])
    }

    @Test func noHintIsAskedWithoutColor() throws {
      let acts: [Act] = [.keys(":st\(right)\n")]
      let environment = ["TERM": "xterm", "NO_COLOR": "1"]
      let session = try read(acts, environment: environment) {
        $0.editor.hinter = { _ in "ep" }
      }
      #expect(session.results == [.line(":st")])
      #expect(!session.output.contains("\u{1B}[2m"))
    }

    @Test func dumbTerminalsEditWithoutSequences() throws {
      let session = try read([.keys("abX\u{7F}c\n")], environment: ["TERM": "dumb"])
      #expect(session.results == [.line("abc")])
      #expect(!session.output.contains("\u{1B}"))
    }

    // MARK: - Keys of the empty line

    @Test(arguments: [
      (" ", "space"), ("\u{1B}[6~", "pageDown"), ("\u{1B}[19~", "forward"), ("\u{1B}[C", "forward"),
      ("\u{1B}OC", "forward"),
      ("\u{1B}[19;2~", "backward"), ("\u{1B}[D", "backward"), ("\n", "enter"),
    ])
    func keyOnTheEmptyLineTypesItsCommand(key: String, command: String) throws {
      let session = try read([.keys(key)]) {
        $0.editor.commandForKey = { ":\($0)" }
      }
      #expect(session.results == [.line(":\(command)")])
      #expect(session.output.contains(":\(command)"))
    }

    @Test(arguments: [
      ("\u{1}", "X:text \"un due\""), ("\u{1B}[H", "X:text \"un due\""),
      ("\u{1B}[1~", "X:text \"un due\""), ("\u{5}", ":text \"un due\"X"),
      ("\u{1B}[F", ":text \"un due\"X"), ("\u{1B}[4~", ":text \"un due\"X"),
      ("\u{2}", ":text \"un dueX\""), ("\u{6}", ":text \"un due\"X"),
      ("\t", ":text \"un due\"X"), ("\u{7F}", ":text \"un dueX"), ("\u{8}", ":text \"un dueX"),
      ("\u{17}", ":text \"un X"), ("\u{1B}b", ":text \"un Xdue\""),
      ("\u{1B}[1;5D", ":text \"un Xdue\""), ("\u{1B}\u{7F}", ":text \"un X"),
      ("\u{B}", ":text \"un due\"X"), ("\u{2}\u{B}", ":text \"un dueX"),
      ("\u{1B}[3~", ":text \"un due\"X"),
    ])
    func aKeyThatEditsTakesThePreparedLine(key: String, result: String) throws {
      let session = try read([.keys(key + "X\n")]) {
        $0.editor.commandForKey = { $0 == .edit ? ":text \"un due\"" : nil }
      }
      #expect(session.results == [.line(result)])
    }

    @Test(arguments: ["\u{1}", "\u{5}", "\u{17}", "\u{7F}", "\u{1B}[F", "\u{1B}[3~", "\u{1B}[6~"])
    func withoutAPreparedLineThereIsNothingToEdit(key: String) throws {
      #expect(try read([.keys(key), .keys("x\n")]).results == [.line("x")])
    }

    @Test func pageDownGoesOnInTheHistoryElsewhere() throws {
      let results = try read([.keys("\u{1B}[5~\u{1B}[5~\u{1B}[6~\n")]) {
        $0.editor.addHistory("a")
        $0.editor.addHistory("b")
      }.results
      #expect(results == [.line("b")])
    }

    @Test func keysKeepTheirMeaningInsideText() throws {
      let results = try read([.keys("ac\(left)b d\u{1B}[19~\n")]) {
        $0.editor.commandForKey = { _ in ":no" }
      }.results
      #expect(results == [.line("ab dc")])
    }

    @Test func keysWithoutACommandAreThemselves() throws {
      #expect(try read([.keys(" "), .keys("x\n")]).results == [.line(" x")])
      #expect(try read([.keys("\n")]).results == [.line("")])
    }

    @Test func pastedBlanksAndEmptyLinesDoNotStep() throws {
      let results = try read([.keys("\n\n  \n  :show q\n")]) {
        $0.editor.commandForKey = { _ in ":step" }
      }.results
      #expect(results == [.line(":show q")])
    }

    // MARK: - Input that is not text

    @Test func brokenBytesDoNotSwallowWhatFollows() throws {
      let session = try #require(TypedSession([.keys("a")]))
      session.editor.hinter = { [unowned session] line in
        session.typeBytes(line.isEmpty ? [0xC3, 0x28, 0x0A] : [0x15, 0x04])
        return nil
      }
      #expect(session.run().results == [.line("\u{FFFD}(")])
    }

    // MARK: - Signals

    @Test func controlCDropsTheTextAndGivesANewLine() throws {
      ProcessWideTests.watchInterrupts()
      let session = try read([.keys("abc"), .interrupt, .keys("ok\n")], reads: 2)
      #expect(session.results == [.interrupted, .line("ok")])
      #expect(session.output.contains("^C"))
      #expect(!Interrupt.isPending)
    }

    @Test func resizingKeepsTheTextAndDrawsItAgain() throws {
      let session = try read([.keys("un testo che va"), .resize(columns: 12), .keys(" bene\n")])
      #expect(session.results == [.line("un testo che va bene")])
      #expect(session.output.contains("un testo che va\u{1B}[J"))
    }

    @Test func lineEditorAsksForTheHintOncePerPause() throws {
      let session = try #require(TypedSession([.keys("abc"), .keys("\n")]))
      #expect(session.editor.readLine(prompt: "> ") == .line("abc"))
      #expect(session.askedHints == ["", "abc"])
      _ = session.finish()
    }
  }
}
