// SPDX-License-Identifier: MIT

/// A command of two words of which the first is a command with an argument of its own: the parser
/// knows it as one word with a dash, a person never sees that.
struct TwoWordCommand {
  /// As a person types it.
  let words: [String]

  /// As the parser knows it.
  var name: String { words.joined(separator: "-") }

  static let newLesson = TwoWordCommand(words: ["lesson", "new"])

  static let all = [newLesson]

  /// The words of a command line with those of such a command put together.
  static func joined(_ words: [String]) -> [String] {
    let start = words.first == "help" ? 1 : 0
    for command in all where words.dropFirst(start).starts(with: command.words) {
      return words.prefix(start) + [command.name] + words.dropFirst(start + command.words.count)
    }
    return words
  }

  /// A text of the parser with such commands as they are typed; it is as long as before.
  static func typed(_ text: String) -> String {
    all.reduce(text) { $0.replacing($1.name, with: $1.words.joined(separator: " ")) }
  }
}
