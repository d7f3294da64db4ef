// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import passo

/// Long output stops after each screenful, and goes on as the reader likes.
struct PagerTests {
  /// A screen of ten lines, and a person who answers as was written down.
  private final class Reader {
    var screen = ""
    var answers: [Pager.Answer]
    var questions = 0
    var typesAhead = false

    init(_ answers: [Pager.Answer]) { self.answers = answers }

    func pager() -> Pager {
      let pager = Pager(size: { (20, 10) }, put: { self.screen += $0 })
      pager.keyboard = .init(
        hasTypedAhead: { self.typesAhead },
        answer: {
          self.questions += 1
          return self.answers.isEmpty ? .stop : self.answers.removeFirst()
        }
      )
      pager.begin()
      return pager
    }

    /// The lines that are left when the questions are taken away again.
    var lines: [Substring] {
      screen.replacing(/\u{1B}\[7m[^\u{1B}]*\u{1B}\[0m\r\u{1B}\[K/, with: "").split(separator: "\n")
    }
  }

  private static let text = (1...40).map { "line \($0)\n" }.joined()

  @Test func whatFitsIsNotStopped() {
    let reader = Reader([])
    reader.pager().write((1...9).map { "\($0)\n" }.joined(), .en)
    #expect(reader.questions == 0 && reader.lines.count == 9)
  }

  @Test(
    arguments: [
      (answers: [.nextPage, .nextPage, .nextPage, .nextPage], shown: 40, questions: 4),
      (answers: [.nextLine, .nextLine, .stop], shown: 11, questions: 3),
      (answers: [.stop], shown: 9, questions: 1),
      (answers: [.nextPage, .other], shown: 40, questions: 2),
    ] as [(answers: [Pager.Answer], shown: Int, questions: Int)]
  )
  func theReaderDecides(_ way: (answers: [Pager.Answer], shown: Int, questions: Int)) {
    let reader = Reader(way.answers)
    reader.pager().write(Self.text, .en)
    #expect(reader.lines.map(String.init) == (1...way.shown).map { "line \($0)" })
    #expect(reader.questions == way.questions)
  }

  @Test func aStopLastsForOneCommand() {
    let reader = Reader([.stop])
    let pager = reader.pager()
    pager.write(Self.text, .it)
    pager.write("more\n", .it)
    #expect(reader.lines.count == 9 && reader.screen.contains("q: basta"))
    pager.begin()
    pager.write("next\n", .it)
    #expect(reader.lines.last == "next")
  }

  @Test func severalFiguresOfACommandShareTheScreen() {
    let reader = Reader([.nextPage])
    let pager = reader.pager()
    for number in 1...10 { pager.write("\(number)\n", .en) }
    #expect(reader.questions == 1 && reader.lines.count == 10)
  }

  @Test func whatIsTypedAheadOrPastedIsNoAnswer() {
    let reader = Reader([])
    reader.typesAhead = true
    reader.pager().write(Self.text, .en)
    #expect(reader.questions == 0 && reader.lines.count == 40)
  }

  @Test func coloursTakeNoRoomAndLongLinesTakeMore() {
    let reader = Reader([.stop])
    let pager = reader.pager()
    pager.write(String(repeating: "\u{1B}[1mx\u{1B}[0m\n", count: 3), .en)
    pager.write(String(repeating: "x", count: 101) + "\n", .en)
    #expect(reader.questions == 0)
    pager.write("x\n", .en)
    #expect(reader.questions == 1)
  }

  @Test func withoutAKeyboardNothingIsStopped() {
    var screen = ""
    let pager = Pager(size: { (20, 10) }, put: { screen += $0 })
    pager.write(Self.text, .en)
    #expect(screen == Self.text)
  }
}
