// SPDX-License-Identifier: MIT

extension Tokenizer {
  /// A short text that the tokenizer knows, where none is given: its first tokens, which of words
  /// and characters are those that its own texts begin with.
  ///
  /// - Parameter most: How many tokens it may have, at least 2.
  /// - Returns: The text; nil if no token stands for a visible text.
  package func sampleText(most: Int) -> String? {
    let wanted = min(most, kind == .characters ? 12 : 5)
    var ids: [TokenID] = []
    for id in 0..<TokenID(clamping: vocabularySize) where ids.count < wanted {
      if isVisible(id) { ids.append(id) }
    }
    // What clings together may be other tokens than those that were put side by side.
    while !ids.isEmpty {
      if let text = try? decode(ids), let again = try? encode(text), again.count <= most,
        !again.isEmpty
      {
        return text
      }
      ids.removeLast()
    }
    return nil
  }

  /// Whether a token stands for a text of its own that is seen.
  private func isVisible(_ id: TokenID) -> Bool {
    guard let text = try? decode([id]), id != self.id(of: .unknown) else { return false }
    return text.unicodeScalars.contains { !$0.properties.isWhitespace } && text != "\u{FFFD}"
  }

  /// A text, or the beginning of one for which there is no room.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - most: How many tokens it may have.
  /// - Returns: The text; nil if something of it is unknown, or nothing is in it.
  /// - Throws: `DataProblem` if the text cannot be encoded.
  package func beginning(of text: String, most: Int) throws(DataProblem) -> String? {
    let ids = try encode(text)
    if let unknown = id(of: .unknown), ids.contains(unknown) { return nil }
    if ids.isEmpty { return nil }
    return ids.count <= most ? text : try decode(Array(ids.prefix(most)))
  }

  /// The ids with which a model begins to go on from a text.
  ///
  /// What the tokenizer's own template puts before a text stands before it, as `transformers` does;
  /// one of ours without a template puts its start token there, unless the text begins as a row
  /// does that is to be filled in the middle. An empty text, or one of white space only, asks for
  /// a text from its beginning.
  ///
  /// - Throws: `DataProblem` if the text cannot be numbered.
  package func prompt(_ text: String) throws(DataProblem) -> [TokenID] {
    // White space is text for byte pairs alone.
    let keepsSpace = kind == .bytePairs || kind == .pieces
    let isEmpty = keepsSpace ? text.isEmpty : text.allSatisfy(\.isWhitespace)
    guard !isEmpty else { return opening }
    let ids = try encode(text)
    let isRow = ids.first != nil && ids.first == id(of: .fillPrefix)
    return (isRow ? [] : opening) + ids + template.suffix
  }

  /// The tokens before the first of a text: those that its own template puts there, else `<start>`
  /// if there is one.
  package var opening: [TokenID] {
    template.isEmpty ? start.map { [$0] } ?? [] : template.prefix
  }

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
      case .pieces: text.split(whereSeparator: \.isWhitespace).map(String.init)
      }
    var seen: Set<String> = []
    return parts.filter { part in
      guard let ids = try? encode(part), ids == [unknown] else { return false }
      return seen.insert(part).inserted
    }
  }
}
