// SPDX-License-Identifier: MIT
import PassoText

/// Stands where a model's own tokenizer cannot be read.
///
/// A text is the ids themselves, as `[7042, 30]`, and no token has a name: nothing is made up.
package struct IDTokenizer: Tokenizer {
  /// As many as the model knows.
  package let vocabularySize: Int

  /// Why the model's own tokenizer is not here, in one sentence.
  package let reason: Bilingual

  package init(vocabularySize: Int, reason: Bilingual) {
    (self.vocabularySize, self.reason) = (vocabularySize, reason)
  }

  package var kind: TokenizerKind { .ids }

  package var cuts: TextCuts { .nowhere }

  package var readingSpecialsAsText: any Tokenizer { self }

  package func id(of token: SpecialToken) -> TokenID? { nil }

  package func token(of id: TokenID) -> String? { nil }

  /// The ids of `[7042, 30]`; brackets and commas may be missing.
  ///
  /// - Throws: `DataProblem.onlyIDs` for anything else, `.unknownID` for a number that is none.
  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var list = text[...]
    while list.last?.isWhitespace ?? false { list.removeLast() }
    list = list.drop(while: \.isWhitespace)
    if list.hasPrefix("["), list.hasSuffix("]"), list.count > 1 {
      list = list.dropFirst().dropLast()
    }
    var ids: [TokenID] = []
    for word in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      guard let number = Int(word) else { throw .onlyIDs(found: text, reason: reason) }
      guard (0..<vocabularySize).contains(number), let id = TokenID(exactly: number) else {
        throw .unknownID(number, position: ids.count, known: vocabularySize)
      }
      ids.append(id)
    }
    return ids
  }

  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    ids.map(String.init).joined(separator: " ")
  }
}
