// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import Testing

/// Expressions that are long or deep, on a stack of 1 MB, as `ulimit -s 1024` gives it.
struct DeepExpressionTests {
  @Test func aLongChainIsNoDeepTree() throws {
    let reply = try onSmallStack("1" + String(repeating: "+1", count: 1_949))
    #expect(reply.output.contains("= 1950"))
    let products = try onSmallStack("1" + String(repeating: " * 1 - 0", count: 480))
    #expect(products.output.contains("= 1\n"))
  }

  @Test(arguments: [3_900, 30_000])
  func whatIsTooDeepIsAProblem(length: Int) throws {
    let pieces = [
      ("(", "1", ")"), ("-", "1", ""), ("[", "1", "]"), ("W_E", "", "[0]"), ("exp(", "1", ")"),
      ("1+(", "1", ")"), ("W_E", "", "[0:1]"), ("(", "", ""), ("[", "", ""), ("exp(-", "1", ")"),
    ]
    for (open, middle, close) in pieces {
      let isPrefix = open.first?.isLetter == true && middle.isEmpty
      let count = length / max(1, (isPrefix ? 0 : open.count) + close.count)
      let line =
        (isPrefix ? open : String(repeating: open, count: count)) + middle
        + String(repeating: close, count: count)
      for line in [line, ":show \(line)", ":set W_E[0, 0] = \(line)"] {
        #expect(try onSmallStack(line).outcome == .failed, "\(line.prefix(20))")
      }
    }
  }

  @Test func longSumsHaveGradients() throws {
    let line = "grad(W_E[0, 0]" + String(repeating: "+W_E[0,0]", count: 400) + ", W_E)[0, 0]"
    #expect(try onSmallStack(line).output.contains("401"))
  }

  private final class Answer: @unchecked Sendable {
    var result: Result<(outcome: Shell.Outcome, output: String), any Error>?
  }

  private func onSmallStack(_ line: String) throws -> (outcome: Shell.Outcome, output: String) {
    let answer = Answer()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      answer.result = Result {
        let probe = try ShellProbe()
        let reply = probe.type(line)
        return (reply.outcome, reply.output)
      }
      done.signal()
    }
    thread.stackSize = 1 << 20
    thread.start()
    done.wait()
    return try #require(answer.result).get()
  }
}
