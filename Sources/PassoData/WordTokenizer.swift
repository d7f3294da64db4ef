// SPDX-License-Identifier: MIT
import PassoText

/// One token for each word and for each mark of punctuation, as on paper.
///
/// Case and accents count: `Il` and `il` are two tokens. For every text that it can encode,
/// `encode(decode(ids))` gives `ids` again; the text itself may come back with other spaces. A
/// vocabulary that has `<unk>` takes it for every word that it does not have.
package struct WordTokenizer: Tokenizer, Hashable {
  /// The words, with their ids.
  package let vocabulary: Vocabulary

  /// Uses words that are already numbered.
  package init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// Numbers the words of the texts in order of first appearance, after the special tokens.
  ///
  /// A text may be empty, as lines of a file are; all of them may not.
  package init(
    texts: [String],
    specials: [SpecialToken] = [.start]
  ) throws(DataProblem) {
    var tokens = specials.map(\.rawValue)
    var seen = Set(tokens)
    for text in texts {
      for word in WordSplitter.words(of: text) where seen.insert(word.text).inserted {
        tokens.append(word.text)
      }
    }
    guard tokens.count > specials.count else {
      throw .noWords(scalars: texts.reduce(0) { $0 + $1.unicodeScalars.count })
    }
    self.init(vocabulary: try Vocabulary(tokens))
  }

  package var vocabularySize: Int { vocabulary.count }

  package var kind: TokenizerKind { .words }

  package func id(of token: SpecialToken) -> TokenID? { vocabulary.id(of: token) }

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    let words = WordSplitter.words(of: text)
    let unknown = vocabulary.id(of: .unknown)
    var ids: [TokenID] = []
    ids.reserveCapacity(words.count)
    for word in words {
      guard let id = vocabulary.id(of: word.text) ?? unknown else {
        throw .unknownWord(
          word.text,
          number: ids.count + 1,
          known: vocabulary.count,
          closest: vocabulary.closest(to: word.text),
          place: Place(of: word.span, in: WordSplitter.normalized(text))
        )
      }
      ids.append(id)
    }
    return ids
  }

  package func decode(_ ids: [TokenID]) throws(DataProblem) -> String {
    var words: [String] = []
    for (position, id) in ids.enumerated() {
      guard let token = token(of: id) else {
        throw .unknownID(id, position: position, known: vocabulary.count)
      }
      if Self.isText(token) { words.append(token) }
    }
    return WordSplitter.joined(words)
  }

  package func token(of id: TokenID) -> String? {
    vocabulary.token(of: id)
  }

  /// A word that is not known is better seen than missed.
  private static func isText(_ token: String) -> Bool {
    let special = SpecialToken(rawValue: token)
    return special == nil || special == .unknown
  }
}
