// SPDX-License-Identifier: MIT
import Testing

@testable import passo

extension ProcessWideTests {
  /// What a terminal sends between the marks of a paste is text, whatever it is.
  struct PasteTests {
    init() {
      ProcessWideTests.prepareEnvironment()
    }

    private static let begin = "\u{1B}[200~"
    private static let end = "\u{1B}[201~"

    private func read(
      _ acts: [Act],
      reads: Int = 1,
      configure: (TypedSession) -> Void = { _ in }
    ) throws -> (results: [ReadResult], output: String) {
      let session = try #require(TypedSession(acts))
      configure(session)
      return session.run(reads: reads)
    }

    private func pasted(_ text: String) -> Act { .keys(Self.begin + text + Self.end) }

    @Test func pastesAreMarkedWhileALineIsRead() throws {
      let output = try read([.keys("a\n")]).output
      let on = try #require(output.range(of: "\u{1B}[?2004h"))
      let off = try #require(output.range(of: "\u{1B}[?2004l"))
      #expect(on.lowerBound < off.lowerBound)
      #expect(output.components(separatedBy: "\u{1B}[?2004h").count == 2)
    }

    @Test func aDumbTerminalIsNotAskedForMarks() throws {
      let session = try #require(TypedSession([.keys("a\n")], environment: ["TERM": "dumb"]))
      #expect(!session.run().output.contains("2004"))
    }

    @Test(arguments: [
      ("uno\ndue\ntre", "uno due tre"), ("uno\r\n  due\r\n", "uno due"), ("uno\rdue", "uno due"),
      (":quit\n:train 5\n", ":quit :train 5"), ("\n\n", ""), ("a\tb", "a b"),
      ("\u{3}\u{4}\u{1A}\u{15}x", "x"), ("\u{1B}[A\u{1B}[19~y", "[A[19~y"), ("  z", "z"),
      ("\u{1B}[200~q", "[200~q"), ("\u{1B}[20\u{1B}", "[20"), ("perché\n漢字", "perché 漢字"),
    ])
    func aPasteIsOnePieceOfText(text: String, line: String) throws {
      let results = try read([pasted(text), .keys("\n")]) {
        $0.editor.commandForKey = { _ in nil }
      }.results
      #expect(results == [.line(line)])
    }

    @Test func aPasteGoesWhereTheCursorIs() throws {
      // In the middle of a line no hint is asked for: all is typed at once.
      let paste = Self.begin + "Il gatto\ndorme\n:quit" + Self.end
      let acts: [Act] = [.keys(":text \"\"\u{1B}[D" + paste + "\n")]
      #expect(try read(acts).results == [.line(":text \"Il gatto dorme :quit\"")])
    }

    @Test func whatIsTypedBehindAPasteIsKeysAgain() throws {
      let acts: [Act] = [.keys(Self.begin + "a" + Self.end + "b\u{7F}c\nd\n")]
      #expect(try read(acts, reads: 2).results == [.line("ac"), .line("d")])
    }

    @Test func theMarksMayComeInPieces() throws {
      let session = try #require(TypedSession([]))
      var isTyped = false
      session.editor.hinter = { [unowned session] line in
        if line.isEmpty { session.typeBytes([0x78]) }
        if line == "xa b" { session.typeBytes([0x0A]) }
        if line == "x", !isTyped {
          isTyped = true
          session.typeInBackground(["\u{1B}[20", "0~a\nb\u{1B}[2", "01", "~"])
        }
        return nil
      }
      #expect(session.run().results == [.line("xa b")])
    }

    @Test func searchTakesAPasteAsText() throws {
      let acts: [Act] = [.keys("\u{12}" + Self.begin + "a\nb" + Self.end), .keys("\n")]
      let session = try read(acts) { $0.editor.addHistory("zzz") }
      #expect(session.results == [.line("a b")])
    }

    @Test func aPasteOfCommandsSaysHowToRunThem() throws {
      let session = try read([pasted(":step\n:step\n"), .keys("\n")])
      #expect(session.results == [.line(":step :step")])
      #expect(session.output.contains("passo < FILE"))
    }

    @Test func aHugePasteIsRefusedAndTheLineStays() throws {
      let text = String(repeating: "parola\n", count: 150_000)
      let session = try #require(TypedSession([]))
      let keys = Self.begin + text + Self.end + "c\n"
      var isTyped = false
      session.editor.hinter = { [unowned session] line in
        if line == "ab", !isTyped {
          isTyped = true
          session.typeInBackground([keys])
        } else if line.isEmpty {
          session.typeBytes(Array("ab".utf8))
        }
        return nil
      }
      let result = session.run()
      #expect(result.results == [.line("abc")])
      #expect(result.output.contains(":corpus FILE"))
    }

    @Test func controlCIsStillAKey() throws {
      ProcessWideTests.watchInterrupts()
      let session = try read([.keys("abc"), .keys("\u{3}"), .keys("ok\n")], reads: 2)
      #expect(session.results == [.interrupted, .line("ok")])
      #expect(session.output.contains("^C"))
    }

    @Test func aPasteAtThePagerBeginsTheNextLine() throws {
      let session = try #require(TypedSession([]))
      session.typeWhenRaw(Self.begin + ":quit\nq" + Self.end)
      #expect(session.editor.pagerKeyboard.answer() == .other)
      session.editor.hinter = { [unowned session] line in
        if line == ":quit q" { session.typeBytes([0x0A]) }
        return nil
      }
      #expect(session.run().results == [.line(":quit q")])
    }
  }
}
