// SPDX-License-Identifier: MIT

extension Tokenizer {
  /// The words or characters of a text for which only `<unk>` can stand, each once and in order.
  ///
  /// Byte pairs have none: they can always spell the bytes.
  package func unknownParts(of text: String) -> [String] {
    guard let unknown = id(of: .unknown), let ids = try? encode(text), ids.contains(unknown) else {
      return []
    }
    let parts =
      switch kind {
      case .words: WordSplitter.words(of: text).map(\.text)
      case .characters: text.unicodeScalars.map { String($0) }
      case .bytePairs, .ids: [String]()
      }
    var seen: Set<String> = []
    return parts.filter { part in
      guard let ids = try? encode(part), ids == [unknown] else { return false }
      return seen.insert(part).inserted
    }
  }
}
