// SPDX-License-Identifier: MIT

import PassoText

/// The text of a block that ends in lines `key: value`, each with the text below that is its own.
struct KeyedText {
  struct Entry {
    let key: String
    let value: SourceLine

    /// The lines below, up to the next key.
    var below = ""

    /// The value and what stands below it.
    var whole: String { value.text + "\n" + below }
  }

  /// What stands before the first key.
  let body: String

  let entries: [Entry]

  /// Takes a text apart.
  ///
  /// - Parameters:
  ///   - lines: The lines of a block.
  ///   - first: The number of the first in its file.
  ///   - keys: The keys that may stand there.
  init(_ lines: [Substring], first: Int, keys: [String]) {
    var body: [Substring] = []
    var entries: [Entry] = []
    for (index, line) in lines.enumerated() {
      if let key = keys.first(where: { line.hasPrefix($0 + ":") }) {
        let value = line.dropFirst(key.count + 1).trimmed
        entries.append(Entry(key: key, value: SourceLine(text: value, line: first + index)))
      } else if entries.isEmpty {
        body.append(line)
      } else {
        entries[entries.count - 1].below += line.trimmed + "\n"
      }
    }
    self.body = body.joined(separator: "\n")
    self.entries = entries
  }

  func values(_ key: String) -> [SourceLine] { self[key].map(\.value) }

  subscript(_ key: String) -> [Entry] { entries.filter { $0.key == key } }

  /// The words before a colon at the start of a line that look like keys and are none.
  static func mistyped(_ lines: [Substring], keys: [String]) -> (word: String, index: Int)? {
    for (index, line) in lines.enumerated() {
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { continue }
      let word = String(line[..<colon])
      guard word.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == " " }), !keys.contains(word),
        Suggestion.closest(to: word, among: keys) != nil
      else { continue }
      return (word, index)
    }
    return nil
  }
}
