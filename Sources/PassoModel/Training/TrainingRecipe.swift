// SPDX-License-Identifier: MIT

import PassoFiles

/// What has to be said to go on with a training: the options with which it was begun.
///
/// A file of its own beside the checkpoint, written before the first step, so that a folder says
/// whose it is from the first moment on. Whatever differs from what was written is refused: paths
/// in it are obeyed.
package struct TrainingRecipe: Hashable, Sendable {
  /// An option with its words, as `--text` with the names of files.
  package struct Choice: Hashable, Sendable {
    package let option: String
    package let words: [String]

    package init(_ option: String, _ words: [String]) {
      (self.option, self.words) = (option, words)
    }
  }

  /// In the order in which they were typed; paths are absolute.
  package var choices: [Choice]

  /// The `ContentHash` of each text, in the order of their names; of rules that of what they say.
  package var texts: [UInt64]

  /// The `identity` of the file of the log; 0 for none.
  package var log: UInt64 = 0

  package static let fileName = "training.json"

  package init(_ choices: [Choice], texts: [UInt64] = []) {
    (self.choices, self.texts) = (choices, texts)
  }

  /// The words of an option; nil if it was not given.
  package subscript(option: String) -> [String]? {
    choices.first { $0.option == option }?.words
  }

  /// Whether a folder says how its training was begun.
  static func exists(in folder: String) -> Bool { InputFile.exists("\(folder)/\(fileName)") }
}

extension TrainingRecipe: SealedRecord {
  package static let format = "passo-training-1"

  package static let members: [JSONMember<TrainingRecipe>] = [
    JSONMember("options", \.options), JSONMember("texts", \.texts), JSONMember("log", \.log),
  ]

  package init() { self.init([]) }

  private var options: Options {
    get { Options(choices: choices) }
    set { choices = newValue.choices }
  }

  /// An object whose keys are the options.
  private struct Options: JSONStored {
    var choices: [Choice] = []

    var json: String { JSONText.object(choices.map { ($0.option, $0.words.json) }) }

    init(choices: [Choice]) { self.choices = choices }

    init(json reader: inout JSONReader) throws(JSONFault) {
      try reader.object { (option, reader) throws(JSONFault) in
        choices.append(Choice(option, try reader.strings()))
      }
    }
  }

  /// Writes the file into the folder of a training.
  package func write(folder: String) throws(FileProblem) {
    try AtomicFile.write(Array(fileText.utf8), to: "\(folder)/\(Self.fileName)")
  }

  /// Reads the file of a folder; nil if there is none.
  ///
  /// - Throws: `FileProblem` if it cannot be read, or is not what was written.
  package init?(folder: String) throws(FileProblem) {
    guard Self.exists(in: folder) else { return nil }
    let path = "\(folder)/\(Self.fileName)"
    let bytes = try InputFile.read(path: path, limit: 1 << 24)
    let recipe: TrainingRecipe?
    do throws(JSONFault) { recipe = try TrainingRecipe(file: bytes) } catch {
      throw .json(error, file: path)
    }
    guard let recipe else { throw .checkpoint(.recipe, file: path) }
    self = recipe
  }
}
