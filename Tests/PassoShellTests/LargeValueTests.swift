// SPDX-License-Identifier: MIT

import PassoEngine
import PassoShell
import Testing

/// A value that no screen can hold is summed up, and it is said how to see more.
struct LargeValueTests {
  @Test(arguments: [true, false])
  func aMillionNumbersAreSummedUp(isPlain: Bool) throws {
    let probe = try ShellProbe(.en, isPlain: isPlain)
    probe.shell.session.bindings["big"] = Tensor(
      Shape((.position, 1_000), (.model, 1_000)),
      (0..<1_000_000).map { Double($0 % 97) }
    )
    let shown = probe.type(":show big")
    #expect(shown.outcome == .done && shown.output.utf8.count < 40_000)
    #expect(shown.output.contains("matrix of 1000 × 1000"))
    #expect(shown.output.contains("big[0:8, 0:8]") && shown.output.contains(":stats big"))
    // What is said to type works, and the corners are those of the whole.
    let part = probe.type(":show big[990:, 998:]")
    #expect(part.outcome == .done && part.output.contains("999"))
    #expect(probe.type(":stats big").output.contains("1 000 000"))
  }

  @Test func aLongRowIsCutToo() throws {
    let probe = try ShellProbe(.it, isPlain: false)
    probe.shell.session.bindings["riga"] = Tensor(
      Shape((.vocab, 100_000)),
      (0..<100_000).map { Double($0) }
    )
    let shown = probe.type(":show riga").output
    #expect(shown.utf8.count < 8_000 && shown.contains("riga[0:8]"))
    #expect(shown.contains("99999"), "the last number is there")
  }
}
