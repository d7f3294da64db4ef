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
    let found = shell.completion(of: String(line[..<cursor]))
    return LineCompletion(
      replacing: found.replacing,
      candidates: found.candidates,
      suffix: found.suffix
    )
  }

  func hint(for line: String) -> String? { shell.hint(for: line) }

  var prompt: PromptText {
    let parts = shell.promptParts
    var prompt = PromptText(lesson: parts.lesson, position: parts.position)
    let console = shell.console
    if let lesson = console.colors(of: .code), let position = console.colors(of: .emphasis) {
      prompt.colors = (lesson, position)
    }
    return prompt
  }

  var lineForEnter: String? { shell.lineForEnter }

  var farewell: String { shell.farewell }
}
