// SPDX-License-Identifier: MIT
import PassoShell

@testable import passo

/// A host that remembers what it was asked to run.
final class FakeHost: ReplHost {
  var executed: [String] = []
  var outcomes: [String: Shell.Outcome] = [":quit": .finished, ":fail": .failed]
  var whenExecuting: (String) -> Void = { _ in }
  var lineForEnter: String?
  var invitation: String? { lineForEnter }
  var goesOn = false
  var prompt = PromptText()
  let farewell = "a presto"

  func execute(_ line: String) -> Shell.Outcome {
    executed.append(line)
    whenExecuting(line)
    return outcomes[line] ?? .done
  }

  func completion(of line: String, upTo cursor: String.Index) -> Completion {
    Completion(replacing: line.unicodeScalars.count, candidates: [":step"], suffix: "")
  }

  func hint(for line: String) -> String? { nil }
}
