// SPDX-License-Identifier: MIT

import PassoFiles
import PassoText

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

  /// The `ContentHash` of each text, in the order of their names.
  package var texts: [UInt64]

  /// The `identity` of the file of the log; 0 for none.
  package var log: UInt64 = 0

  private static let format = "passo-training-1"
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

extension TrainingRecipe {
  /// Writes the file into the folder of a training.
  package func write(folder: String) throws(FileProblem) {
    try AtomicFile.write(Array(json.utf8), to: "\(folder)/\(Self.fileName)")
  }

  private var json: String {
    var hash = ContentHash()
    hash.add(JSONText.object(members))
    let check = ("check", JSONText.string(String(hash.value, radix: 16)))
    return JSONText.object(members + [check]) + "\n"
  }

  private var members: [(key: String, value: String)] {
    let options = choices.map { choice in
      (choice.option, Self.list(choice.words.map(JSONText.string)))
    }
    return [
      ("format", JSONText.string(Self.format)),
      ("options", JSONText.object(options)),
      ("texts", Self.list(texts.map { JSONText.string(String($0, radix: 16)) })),
      ("log", JSONText.string(String(log, radix: 16))),
    ]
  }

  private static func list(_ values: [String]) -> String {
    "[" + values.joined(separator: ",") + "]"
  }

  /// Reads the file of a folder; nil if there is none.
  ///
  /// - Throws: `FileProblem` if it cannot be read, or is not what was written.
  package init?(folder: String) throws(FileProblem) {
    guard Self.exists(in: folder) else { return nil }
    let path = "\(folder)/\(Self.fileName)"
    let bytes = try InputFile.read(path: path, limit: 1 << 24)
    self.init([])
    var reader = JSONReader(bytes)
    do throws(JSONFault) {
      try read(from: &reader)
      try reader.end()
    } catch {
      throw .json(error, file: path)
    }
    guard bytes.elementsEqual(json.utf8) else { throw .checkpoint(.recipe, file: path) }
  }

  private mutating func read(from reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "options":
        try reader.object { (option, reader) throws(JSONFault) in
          choices.append(Choice(option, try Self.strings(&reader)))
        }
      case "texts": texts = try Self.strings(&reader).map { UInt64($0, radix: 16) ?? 0 }
      case "log": log = UInt64(try reader.string(), radix: 16) ?? 0
      default: try reader.skip()
      }
    }
  }

  private static func strings(_ reader: inout JSONReader) throws(JSONFault) -> [String] {
    var strings: [String] = []
    try reader.array { (_, reader) throws(JSONFault) in strings.append(try reader.string()) }
    return strings
  }
}
