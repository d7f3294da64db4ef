// SPDX-License-Identifier: MIT

import PassoText

/// What a shell wants of the program: a script that it reads once, or the words that can stand
/// somewhere, which the script asks for at every Tab.
enum CompletionRequest {
  case script(String)
  case words([String])

  /// What the script asks with; no command of a person begins with three dashes.
  static let question = "---complete"

  private static let option = "--generate-completion-script"

  /// Reads the words after `passo`; nil if they are no such request, or none that can be met.
  init?(_ words: [String]) {
    if words.first == Self.question {
      self = .words(Array(words.dropFirst()))
      return
    }
    guard let place = words.firstIndex(where: { $0.prefix { $0 != "=" } == Self.option }) else {
      return nil
    }
    let value = words[place].split(separator: "=").dropFirst().first.map(String.init)
    guard let shell = value ?? words[(place + 1)...].first, Self.scripts[shell] != nil else {
      return nil
    }
    self = .script(shell)
  }

  private static let scripts = [
    "bash": PackageResources.completion_bash, "zsh": PackageResources.completion_zsh,
    "fish": PackageResources.completion_fish,
  ]

  /// What is written to standard output.
  ///
  /// - Throws: `FileProblem`, as `CommandTree.whole`.
  func answer() throws -> String {
    switch self {
    case .script(let shell): String(decoding: Self.scripts[shell] ?? [], as: UTF8.self)
    case .words(let words):
      WordCompletion(words, in: try CommandTree.whole()).lines.map { $0 + "\n" }.joined()
    }
  }
}
