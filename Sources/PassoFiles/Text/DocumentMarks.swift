// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// What stands between the texts of a corpus once they are one row of tokens.
///
/// A model learns from it where texts end, and later when to stop. Without anything between them
/// the last word of one text would seem to lead to the first of the next.
package struct DocumentMarks: Hashable, Sendable {
  /// Which convention the tokenizer has.
  package enum Kind: Hashable, Sendable {
    /// The start token before each text, and after the last: the convention of tokenizers that
    /// were learned here.
    case start
    /// The end token after each text.
    case end
    /// As a stopgap, what the tokenizer makes of a line end.
    case lineEnd
    /// The tokenizer has nothing to put there.
    case nothing
  }

  /// Which convention it is.
  package let kind: Kind

  /// The tokens before each text.
  package let before: [TokenID]

  /// The tokens after each text.
  package let after: [TokenID]

  /// The marks of a tokenizer.
  ///
  /// - Parameters:
  ///   - tokenizer: What makes tokens of the texts.
  ///   - ends: The end tokens of the model, as its folder says; the first that the tokenizer has
  ///     is taken.
  package init(_ tokenizer: any Tokenizer, ends: [Int] = []) {
    if let start = tokenizer.start {
      (kind, before, after) = (.start, [start], [])
    } else if let end = Self.known(ends, tokenizer) ?? tokenizer.namedEnd {
      (kind, before, after) = (.end, tokenizer.opening == [end] ? [] : tokenizer.opening, [end])
    } else if let lineEnd = Self.lineEnd(tokenizer) {
      (kind, before, after) = (.lineEnd, tokenizer.opening, lineEnd)
    } else {
      (kind, before, after) = (.nothing, tokenizer.opening, [])
    }
  }

  /// The token that ends a text, if there is one for it.
  package var end: TokenID? { kind == .end ? after.first : nil }

  /// The token that stands nowhere but between texts.
  var separator: TokenID? { before.first ?? end }

  /// The marks as words, for a fingerprint.
  var words: [UInt64] {
    // One token or none as ever, so that what was kept is found again.
    let many = before.count > 1 ? [-2, TokenID(clamping: before.count)] : []
    return (many + (before.isEmpty ? [-1] : before) + after).map { UInt64(bitPattern: Int64($0)) }
  }

  private static func known(_ ends: [Int], _ tokenizer: any Tokenizer) -> TokenID? {
    ends.lazy.compactMap { TokenID(exactly: $0) }.first { tokenizer.token(of: $0) != nil }
  }

  private static func lineEnd(_ tokenizer: any Tokenizer) -> [TokenID]? {
    // It goes on from a text: what a tokenizer puts before a text does not stand here.
    let text = Array("\n".utf8)
    var ids: [TokenID] = []
    let isKnown = text.withUnsafeBufferPointer {
      (try? tokenizer.encode(continuing: $0, into: &ids)) != nil
    }
    guard isKnown, !ids.isEmpty else { return nil }
    let unknown = tokenizer.id(of: .unknown)
    return ids.contains { $0 == unknown } ? nil : ids
  }
}

extension DocumentMarks {
  /// What stands between the texts, in one sentence; nil for the start token, which is seen.
  ///
  /// The tokenizer is the one that the marks are of.
  package func message(_ tokenizer: any Tokenizer) -> Bilingual? {
    switch kind {
    case .start: return nil
    case .end:
      let id = after.first ?? 0
      let name = Bilingual.quoted(tokenizer.token(of: id) ?? "")
      return Bilingual(
        it: "dopo ogni testo c'è il token di fine \(name.it) (id \(id))",
        en: "each text is followed by the end token \(name.en) (id \(id))"
      )
    case .lineEnd:
      return Bilingual(
        it: "il tokenizer non ha un token di fine: dopo ogni testo c'è un a capo",
        en: "the tokenizer has no end token: each text is followed by a line end"
      )
    case .nothing:
      return Bilingual(
        it: "il tokenizer non ha né un token di fine né gli a capo: fra un testo e l'altro non c'è"
          + " niente, e il modello non impara dove finiscono",
        en: "the tokenizer has neither an end token nor line ends: nothing stands between one text"
          + " and the next, and the model does not learn where they end"
      )
    }
  }
}

extension Tokenizer {
  /// The token that by its name ends a text, in tokenizers of other programs.
  package var namedEnd: TokenID? {
    if let end = id(of: .end) { return end }
    let names = [
      "<|endoftext|>", "</s>", "<|end_of_text|>", "<eos>", "[EOS]", "<|eos|>", "<|im_end|>",
    ]
    return names.lazy.compactMap(wholeToken).first
  }

  /// The token that stands for a text as a whole, as special tokens do.
  private func wholeToken(_ text: String) -> TokenID? {
    guard let ids = try? encode(text), ids.count == 1, let id = ids.first,
      token(of: id) == text
    else { return nil }
    return id
  }
}
