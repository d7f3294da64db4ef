// SPDX-License-Identifier: MIT

import PassoData
import PassoSession
import PassoText

/// The words after `:corpus TASK`, understood.
struct TaskWords {
  let task: TaskCorpus
  let batches: Session.Batches

  /// Whether the line asks what can be chosen, not to learn.
  let showsFloor: Bool

  init(_ type: any RowTask.Type, _ arguments: Arguments) throws {
    var words = arguments.words.dropFirst()
    showsFloor = words.last?.text == "floor"
    if showsFloor { words = words.dropLast() }
    var (chosen, batches): ([String], Session.Batches) = ([], .init())
    if let word = words.first, word.text.first?.isNumber == true, let first = type.parameters.first
    {
      chosen += try Self.pair(first, word, arguments)
      words = words.dropFirst()
    }
    try arguments.forEachPair(
      in: words,
      keys: type.parameters.map(\.name) + ["rows", "seed"],
      example: ":corpus somma 31 share 0.5",
      needing: Bilingual(it: "un valore", en: "a value")
    ) { key, value in
      if let parameter = type.parameters.first(where: { $0.name == key }) {
        chosen += try Self.pair(parameter, value, arguments)
      } else if key == "rows" {
        batches.rows = try arguments.rows(value, atMost: 4_096)
      } else {
        batches.seed = UInt64(try arguments.count(value))
      }
    }
    self.batches = batches
    task = try arguments.placing(arguments.words[0]) { [chosen] in
      try TaskCorpus(type, words: chosen)
    }
  }

  /// A parameter and its value, which has to be one.
  private static func pair(
    _ parameter: TaskParameter,
    _ word: Arguments.Word,
    _ arguments: Arguments
  ) throws -> [String] {
    guard parameter.accepts(word.text) else {
      throw arguments.placed(TaskProblem.value(parameter, found: word.text), word)
    }
    return [parameter.name, word.text]
  }
}
