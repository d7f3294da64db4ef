// SPDX-License-Identifier: MIT
import PassoText

/// The ids themselves, for a model whose tokenizer is not known: a text is a list of ids.
///
/// Words would need numbers, and any that are made up say nothing of what the model has learned.
package struct IDTokenizer: Tokenizer {
  package let vocabularySize: Int

  /// The ids of a model that knows so many tokens.
  package init(vocabularySize: Int) {
    self.vocabularySize = vocabularySize
  }

  package var kind: TokenizerKind { .words }

  package var cuts: TextCuts { .nowhere }

  /// A text that every such model can read: its first ids, so many of them at most.
  package func sample(_ count: Int) -> String {
    (0..<min(count, vocabularySize)).map(String.init).joined(separator: " ")
  }

  package func id(of token: SpecialToken) -> TokenID? { nil }

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var ids: [TokenID] = []
    for word in text.split(whereSeparator: { $0.isWhitespace || ",[]".contains($0) }) {
      guard let id = TokenID(word), (0..<vocabularySize).contains(Int(id)) else {
        throw .noID(String(word), known: vocabularySize)
      }
      ids.append(id)
    }
    return ids
  }

  package func decode(_ ids: [TokenID]) throws(DataProblem) -> String {
    ids.map(String.init).joined(separator: " ")
  }

  package func token(of id: TokenID) -> String? {
    (0..<vocabularySize).contains(Int(id)) ? "#\(id)" : nil
  }
}
