// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import passo

extension ProcessWideTests {
  struct InputLinesTests {
    /// The lines of a pipe that holds some bytes.
    private func lines(_ bytes: [UInt8]) throws -> [String] {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      defer { close(ends[0]) }
      try #require(write(ends[1], bytes, bytes.count) == bytes.count)
      close(ends[1])
      let input = InputLines(descriptor: ends[0])
      return Array(sequence(state: ()) { _ in input.next() })
    }

    private func lines(_ text: String) throws -> [String] { try lines(Array(text.utf8)) }

    @Test func linesAreGivenWithoutTheirEnds() throws {
      #expect(try lines("a\n\nperch\u{E9}\r\n") == ["a", "", "perch\u{E9}"])
    }

    @Test func marksOfWindowsAreNoPartOfTheFirstLine() throws {
      let script = Array(":step 2\n:back\n".utf8)
      #expect(try lines([0xEF, 0xBB, 0xBF] + script) == [":step 2", ":back"])
      let units = Array("perché\r\nsì\n".utf16)
      let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      #expect(try lines([0xFF, 0xFE] + little) == ["perché", "sì"])
      #expect(try lines([0xFE, 0xFF] + big) == ["perché", "sì"])
    }

    @Test func lastLineNeedsNoEnd() throws {
      #expect(try lines("a\nb") == ["a", "b"])
      #expect(try lines("").isEmpty)
    }

    @Test func lineMayComeInPieces() throws {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      defer { close(ends[0]) }
      let input = InputLines(descriptor: ends[0])
      // The second piece ends the first line, the third the second.
      _ = write(ends[1], "uno\ndu", 6)
      #expect(input.next() == "uno")
      _ = write(ends[1], "e\ntre", 5)
      #expect(input.next() == "due")
      close(ends[1])
      #expect(input.next() == "tre")
      #expect(input.next() == nil)
    }

    @Test func brokenBytesAreRepaired() throws {
      #expect(try lines([0x61, 0xFF, 0x0A, 0x62]) == ["a\u{FFFD}", "b"])
    }

    @Test func interruptEndsTheWaitForALine() throws {
      ProcessWideTests.watchInterrupts()
      defer { Interrupt.clear() }
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      defer { for end in ends { close(end) } }
      kill(getpid(), SIGINT)
      #expect(InputLines(descriptor: ends[0]).next() == nil)
      #expect(Interrupt.isPending)
    }
  }
}
