// SPDX-License-Identifier: MIT

import PassoShell

/// What the read-eval-print loop needs of the program behind it.
package protocol ReplHost: AnyObject {
  /// Runs one line, which is neither blank nor a comment, and prints what comes of it.
  ///
  /// Long work asks ``Interrupt/isPending`` now and then and stops in good order. It does not clear
  /// it: the loop does, and a batch has to see it.
  func execute(_ line: String) -> Shell.Outcome

  /// What the text before the cursor can become.
  func completion(of line: String, upTo cursor: String.Index) -> Completion

  /// What to show dimly after the text: what Tab would add, or for "" what Enter would do.
  ///
  /// It is asked after every key, so it must be quick.
  func hint(for line: String) -> String?

  /// What to show before the text.
  var prompt: PromptText { get }

  /// The line that Enter runs when nothing was typed; nil if Enter does nothing.
  var lineForEnter: String? { get }

  /// The line that Enter would run as it stands; a key that edits changes it first.
  var invitation: String? { get }

  /// Whether Enter, Space and Page Down go on with a lesson.
  var goesOn: Bool { get }

  /// What to say when the person leaves.
  var farewell: String { get }
}

/// The prompt in parts, each with its role: `lesson position> `.
package struct PromptText: Sendable {
  /// The open lesson.
  package var lesson: String?

  /// Where the cursor is; the name of the program while there is nothing to stand in.
  package var position: String

  /// What the text to type stands after.
  package var mark: String

  /// The parameters of the colours, in the parts that have one; the ground is theirs too where a
  /// theme was chosen.
  package var colors = (lesson: "36", position: "33")

  /// Describes a prompt.
  package init(lesson: String? = nil, position: String = "passo", mark: String = ">") {
    (self.lesson, self.position, self.mark) = (lesson, position, mark)
  }
}
