// SPDX-License-Identifier: MIT

import PassoShell
import PassoText
import PassoView

/// The shell as the loop wants it.
extension Shell: ReplHost {
  package func completion(of line: String, upTo cursor: String.Index) -> Completion {
    completion(of: String(line[..<cursor]))
  }

  package var goesOn: Bool { course.goesOn }

  package var prompt: PromptText {
    let parts = promptParts
    var prompt = PromptText(lesson: parts.lesson, position: parts.position)
    if let lesson = console.colors(of: .code), let position = console.colors(of: .emphasis) {
      prompt.colors = (lesson, position)
    }
    return prompt
  }
}
