// SPDX-License-Identifier: MIT

import PassoText

/// A task with all that was chosen of it: what a model learns from.
package struct TaskCorpus: Sendable {
  package let task: any RowTask
  private let values: TaskValues

  /// Reads a task as it is typed: its name, then words in pairs, `somma p 31 share 0.5`; the first
  /// parameter may stand without its name, `somma 31`.
  ///
  /// - Parameters:
  ///   - type: The task.
  ///   - words: What follows its name.
  /// - Throws: `TaskProblem` for words that mean nothing, or values that do not go together.
  package init(
    _ type: any RowTask.Type,
    words: some Collection<String> = []
  ) throws(TaskProblem) {
    var values = TaskValues(type.parameters)
    var words = Array(words)[...]
    if let word = words.first, let leading = type.parameters.first, word.first?.isNumber == true {
      guard let value = leading.value(word) else { throw .value(leading, found: word) }
      values.set(leading, value)
      words = words.dropFirst()
    }
    while let name = words.popFirst() {
      guard let parameter = type.parameters.first(where: { $0.name == name }) else {
        let known = type.parameters.map(\.name)
        throw .unknownParameter(name, task: type.name, known: known)
      }
      guard let word = words.popFirst() else { throw .valueMissing(parameter) }
      guard let value = parameter.value(word) else { throw .value(parameter, found: word) }
      values.set(parameter, value)
    }
    task = try type.init(values)
    self.values = values
  }

  /// Reads a whole line, `somma 31 share 0.5`; nil if it does not begin with the name of a task.
  ///
  /// - Throws: `TaskProblem` for words that mean nothing.
  package init?(line: String) throws(TaskProblem) {
    let words = line.split(separator: " ").map(String.init)
    guard let type = words.first.flatMap(RowTasks.named) else { return nil }
    try self.init(type, words: words.dropFirst())
  }

  /// The word that chooses the task.
  package var name: String { task.name }

  /// What was chosen that is not usual, as it is typed: name, value, name, value.
  package var changes: [String] {
    type(of: task).parameters.flatMap { parameter in
      let value = values.number(parameter.name)
      return value == parameter.usual ? [] : [parameter.name, parameter.word(value)]
    }
  }

  /// Each parameter with its value as it is typed.
  package var choices: [(parameter: TaskParameter, word: String)] {
    type(of: task).parameters.map { ($0, $0.word(values.number($0.name))) }
  }

  /// As it is typed.
  package var words: String { ([name] + changes).joined(separator: " ") }

  /// With what it is usually learned.
  package var learning: TaskLearning { type(of: task).learning }

  /// The parts of which something can be measured: rows without end are all new ones.
  package var parts: [TaskPart] {
    task.count(of: .training) == nil ? [.test] : [.training, .test]
  }

  /// Whether every row to learn from is drawn anew.
  package var isFresh: Bool { task.count(of: .training) == nil }

  /// Whether a tokenizer gives the tokens the ids that the task gives them.
  package func isNumbered(by other: any Tokenizer) -> Bool {
    let tokens = task.tokenizer.tokens
    return other.vocabularySize >= tokens.count
      && tokens.indices.allSatisfy { other.token(of: TokenID($0)) == tokens[$0] }
  }

  /// What fills the end of short rows.
  package var padding: TokenID { task.tokenizer.padding }
}

extension TaskCorpus: Hashable {
  package static func == (left: TaskCorpus, right: TaskCorpus) -> Bool {
    left.name == right.name && left.values == right.values
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(values)
  }
}
