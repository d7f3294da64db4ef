// SPDX-License-Identifier: MIT

/// What a file of rules says besides its rules, as it is written.
struct GrammarFields: Sendable {
  /// A text, and where it begins.
  struct Text: Sendable {
    var text: String
    let line: Int

    /// Words with white space between them.
    var words: [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
  }

  /// A question, with its own fields.
  struct Question: Sendable {
    let line: Int
    let prefix: String
    var parts: [String: Text] = [:]
  }

  /// The texts of fields that stand once.
  var texts: [String: Text] = [:]
  var questions: [Question] = []

  /// The lists of words that agree with each other.
  static let classes: KeyValuePairs<String, ToyLanguage.WordClass> = [
    "noun singular": .noun(isPlural: false), "noun plural": .noun(isPlural: true),
    "verb singular": .verb(isPlural: false), "verb plural": .verb(isPlural: true),
  ]

  /// The name of the field that begins a question.
  static let question = "question"

  /// The names of all fields.
  static let names = ["it", "en", "example"] + classes.map(\.key) + [question]

  /// The names of what stands under a question.
  static let parts: Set = ["right", "wrong", "it", "en"]

  /// The field that a line begins, and what it says.
  static func split(_ line: Substring) -> (name: String, text: String)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let name = line[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let text = line[line.index(after: colon)...]
    return (name, text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }
}
