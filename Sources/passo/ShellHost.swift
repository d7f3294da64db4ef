// SPDX-License-Identifier: MIT

import PassoShell

/// The shell as the loop wants it.
final class ShellHost: ReplHost {
  private let shell: Shell

  init(_ shell: Shell) {
    self.shell = shell
  }

  func execute(_ line: String) -> LineOutcome {
    switch shell.execute(line) {
    case .done: .done
    case .failed: .failed
    case .finished: .quit
    }
  }

  func completion(of line: String, upTo cursor: String.Index) -> LineCompletion {
    LineCompletion()
  }

  func hint(for line: String) -> String? {
    nil
  }

  var prompt: PromptText {
    let parts = shell.promptParts
    return PromptText(lesson: parts.lesson, position: parts.position)
  }

  var lineForEnter: String? { shell.lineForEnter }

  var farewell: String { shell.farewell }
}
