// SPDX-License-Identifier: MIT
import Testing

@testable import passo

extension ProcessWideTests {
  /// What a line looks like where libedit's own picture of it would be wrong.
  struct LinePictureTests {
    init() {
      ProcessWideTests.prepareEnvironment()
    }

    private func read(
      _ acts: [Act],
      columns: Int32 = 80
    ) throws -> (results: [ReadResult], output: String) {
      let session = try #require(TypedSession(acts, columns: columns))
      return session.run()
    }

    @Test(arguments: [
      "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}", "1\u{FE0F}\u{20E3}", "\u{2764}\u{FE0F}",
      "\u{1F44D}\u{1F3FD}", "\u{1F1EE}\u{1F1F9}", "e\u{301}", "\u{915}\u{94D}\u{937}\u{93F}",
      "\u{1F3F4}\u{200D}\u{2620}\u{FE0F}",
    ])
    func textStaysWhatWasTyped(character: String) throws {
      let keys = "ab\(character)cd\u{1}X\u{5}Y\n"
      #expect(try read([.keys(keys)]).results == [.line("Xab\(character)cdY")])
    }

    @Test func whatJoinsPicturesIsNotDrawnAndMarksAre() throws {
      let family = "\u{1F469}\u{200D}\u{1F467}"
      let output = try read([.keys("e\u{301} \(family)x"), .keys("\n")]).output
      #expect(!output.unicodeScalars.contains("\u{200D}"))
      #expect(output.unicodeScalars.contains("\u{301}"))
    }

    @Test func aMarkThatIsDeletedIsDrawnNoMore() throws {
      let session = try #require(TypedSession([.keys("e\u{301}"), .keys("\u{7F}"), .keys("\n")]))
      let (results, output) = session.run()
      #expect(results == [.line("e")])
      let last = output.unicodeScalars.split(separator: "\u{301}").last ?? []
      #expect(last.contains("e"))
    }

    @Test func aLongLineIsWrittenInOnePiece() throws {
      let text = String(repeating: "parola ", count: 9)
      let output = try read([.keys(text), .keys("\n")], columns: 20).output
      #expect(output.contains(text))
    }

    @Test func aLineThatFlowsAnewLosesNothing() throws {
      let text = String(repeating: "parola ", count: 9)
      let acts: [Act] = [
        .keys(text), .resize(columns: 50), .keys("x"), .resize(columns: 120), .keys("y\n"),
      ]
      let (results, output) = try read(acts)
      #expect(results == [.line(text + "xy")])
      // What is erased from the screen's first cell on comes back from the history.
      #expect(!output.contains("A\u{1B}[J"))
    }

    @Test func aPasteMayHoldTheMarkOfItsEnd() throws {
      let paste = "\u{1B}[200~uno\u{1B}[201~:quit\ndue\u{1B}[201~"
      #expect(try read([.keys(paste), .keys("!\n")]).results == [.line("uno:quit due!")])
    }

    @Test func anAnswerOfTheTerminalIsNoText() throws {
      let text = String(repeating: "parola ", count: 9)
      let acts: [Act] = [
        .keys(text), .resize(columns: 50), .keys("x"), .keys("\u{1B}[7;3R"), .keys("y\n"),
      ]
      #expect(try read(acts).results == [.line(text + "xy")])
    }
  }
}
