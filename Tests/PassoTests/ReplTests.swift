// SPDX-License-Identifier: MIT
import Testing

@testable import passo

extension ProcessWideTests {
  struct ReplTests {
    init() {
      ProcessWideTests.prepareEnvironment()
    }

    private struct Conversation {
      var status: Int32
      var output: String
      var said: [String]
    }

    private func converse(_ acts: [Act], with host: FakeHost) throws -> Conversation {
      let session = try #require(TypedSession(acts))
      var said: [String] = []
      let repl = Repl(host: host, editor: session.editor, usesColor: true) { said.append($0) }
      // The loop has put its own functions there.
      session.takeTurns { host.hint(for: $0) }
      return Conversation(status: repl.run(), output: session.finish(), said: said)
    }

    @Test func loopRunsLinesUntilQuit() throws {
      let host = FakeHost()
      let acts: [Act] = [.keys("a\n"), .keys(":fail\n"), .keys("# no\n"), .keys(":quit\n")]
      let conversation = try converse(acts, with: host)
      #expect(conversation.status == 0)
      #expect(conversation.said == ["a presto"])
      #expect(host.executed == ["a", ":fail", ":quit"])
    }

    @Test func loopStepsByKeyAndRepeatsByEnter() throws {
      let host = FakeHost()
      host.whenExecuting = { host.lineForEnter = $0.hasPrefix(":back") ? $0 : nil }
      let acts: [Act] = [.keys("\n"), .keys(" "), .keys("\u{1B}[D"), .keys("\n"), .keys("x\t\n")]
      #expect(try converse(acts, with: host).status == 0)
      #expect(host.executed == [":step", ":back", ":back", ":step"])
    }

    @Test func inALessonSpaceAndPageDownDoWhatEnterDoes() throws {
      let host = FakeHost()
      (host.goesOn, host.lineForEnter) = (true, ":text \"a\"")
      let acts: [Act] = [
        .keys("\n"), .keys(" "), .keys("\u{1B}[6~"), .keys("\u{1B}[C"), .keys("\u{7F}b\"\n"),
      ]
      #expect(try converse(acts, with: host).status == 0)
      let line = ":text \"a\""
      #expect(host.executed == [line, line, line, ":step", ":text \"ab\""])
    }

    @Test func loopShowsThePromptOfTheMoment() throws {
      let host = FakeHost()
      host.whenExecuting = { _ in host.prompt = PromptText(lesson: "01-data", position: "3/9") }
      let output = try converse([.keys("a\n")], with: host).output
      #expect(output.contains("\u{1B}[0;33mpasso\u{1B}[0m> "))
      #expect(output.contains("\u{1B}[0;36m01-data\u{1B}[0m \u{1B}[0;33m3/9\u{1B}[0m> "))
    }

    @Test func interruptAtThePromptIsNotLeftForTheNextCommand() throws {
      ProcessWideTests.watchInterrupts()
      let host = FakeHost()
      var wasPending = true
      host.whenExecuting = { _ in wasPending = Interrupt.isPending }
      #expect(try converse([.keys("abc"), .interrupt, .keys("x\n")], with: host).status == 0)
      #expect(host.executed == ["x"])
      #expect(!wasPending)
    }
  }
}
