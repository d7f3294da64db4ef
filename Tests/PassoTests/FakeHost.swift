// SPDX-License-Identifier: MIT
@testable import passo

/// A host that remembers what it was asked to run.
final class FakeHost: ReplHost {
  var executed: [String] = []
  var outcomes: [String: LineOutcome] = [":quit": .quit, ":fail": .failed]
  var whenExecuting: (String) -> Void = { _ in }
  var lineForEnter: String?
  var prompt = PromptText()
  let farewell = "a presto"

  func execute(_ line: String) -> LineOutcome {
    executed.append(line)
    whenExecuting(line)
    return outcomes[line] ?? .done
  }

  func completion(of line: String, upTo cursor: String.Index) -> LineCompletion {
    LineCompletion(replacing: line.unicodeScalars.count, candidates: [":step"], suffix: "")
  }

  func hint(for line: String) -> String? { nil }
}
