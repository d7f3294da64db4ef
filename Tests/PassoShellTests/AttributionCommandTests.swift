// SPDX-License-Identifier: MIT

import PassoSession
import Testing

@testable import PassoShell

struct AttributionCommandTests {
  @Test func theSharesEndAtTheLogit() throws {
    let probe = try ShellProbe()
    probe.run(":precision f64", ":until logits")
    let said = probe.run(":attribution divano")
    let id = try probe.shell.session.tokenID(written: "divano", isQuoted: false)
    let logits = try probe.shell.session.tensor("logits")
    let last = logits[logits.count - logits.shape.lastSize + Int(id)]
    #expect(said.contains("head 0.1"))
    #expect(said.contains("MLP of block 0"))
    let lines = said.split(separator: "\n").map(String.init)
    let end = try #require(lines.last { $0.contains("bias of the last norm") })
    let sum = try #require(end.split(separator: " ").last.flatMap { Double($0) })
    #expect(abs(sum - last) < 1e-4)
  }

  @Test func whatWasPutInIsAShareOfItsOwn() throws {
    let probe = try ShellProbe()
    probe.run(
      ":until blocks.0.resid_post",
      ":set blocks.0.resid_post[0, -1, 3] = 2",
      ":until logits"
    )
    #expect(probe.run(":attribution divano").contains("put in by :set"))
  }

  @Test(arguments: [
    (":attribution", "a token"), (":attribution zebra", "zebra"),
    (":attribution divano at 99", "from 0 to"), (":attribution divano at", "a position after at"),
    (":attribution divano dorme gatto", "gatto"),
  ])
  func whatIsNotUnderstoodIsSaid(line: String, said: String) throws {
    let probe = try ShellProbe()
    probe.run(":until logits")
    let errors = probe.type(line).errors
    #expect(errors.contains("error:") && errors.contains(said), "\(errors)")
  }

  @Test func beforeTheLogitsThereIsNothingToDivide() throws {
    let errors = try ShellProbe().type(":attribution divano").errors
    #expect(errors.contains("not computed"))
  }
}
