// SPDX-License-Identifier: MIT
import PassoText

/// A token as a person writes it: `gatto`, `" Paris"`, `␣Paris`, `Ġparis`, `7042`, `#7042`.
package struct WrittenToken: Hashable, Sendable {
  /// What was written, without its quotation marks.
  package let text: String

  /// Whether it stood in quotation marks: then digits are a text, not an id.
  package let isQuoted: Bool

  package init(_ text: String, isQuoted: Bool) {
    (self.text, self.isQuoted) = (text, isQuoted)
  }

  /// The id that is meant.
  ///
  /// In this order: an id; the token that is shown so; the one that a file spells so; the one that
  /// the text becomes; the one that it becomes after a blank.
  ///
  /// - Parameters:
  ///   - tokenizer: What makes tokens of texts.
  ///   - known: How many ids the model knows, which may be more than those of the tokenizer.
  /// - Returns: Its id.
  /// - Throws: `WrittenTokenProblem` if there is no such token, or the text is more than one.
  package func id(
    _ tokenizer: any Tokenizer,
    known: Int
  ) throws(WrittenTokenProblem) -> TokenID {
    if let number {
      guard number < known, let id = TokenID(exactly: number) else {
        throw .outside(text, last: known - 1)
      }
      return id
    }
    // The quick way first: a whole vocabulary takes long to look through.
    let whole = Self.ids(undrawn, tokenizer)
    if whole.count == 1, tokenizer.token(of: whole[0]) == text { return whole[0] }
    if let id = tokenizer.id(shownAs: text, known: known) { return id }
    let ids = Self.ids(text, tokenizer)
    if ids.count == 1 { return ids[0] }
    let afterBlank = Self.ids(" " + text, tokenizer)
    if afterBlank.count == 1 { return afterBlank[0] }
    guard ids.isEmpty else {
      throw .several(text, tokens: ids.map { tokenizer.label(of: $0) })
    }
    throw .unknown(text, closest: Suggestion.closest(to: text, among: tokenizer.tokens))
  }

  /// An id, if it is written as one.
  private var number: Int? {
    guard !isQuoted else { return nil }
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(digits) ?? .max
  }

  /// The text of a token that is written as figures show it.
  private var undrawn: String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{2423}": scalars.append(" ")
      case "\u{21B5}": scalars.append("\n")
      case "\u{21E5}": scalars.append("\t")
      case "\u{25CC}": break
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// The ids of a text, none if something of it is unknown.
  private static func ids(_ text: String, _ tokenizer: any Tokenizer) -> [TokenID] {
    guard let ids = try? tokenizer.encode(text) else { return [] }
    guard let unknown = tokenizer.id(of: .unknown) else { return ids }
    return ids.contains(unknown) ? [] : ids
  }
}

extension Tokenizer {
  /// How an id is written in tables and figures: its token, or its number where it has none.
  package func label(of id: TokenID) -> String { token(of: id) ?? "#\(id)" }

  /// The first token that figures show so, else the one that a file spells so.
  fileprivate func id(shownAs text: String, known: Int) -> TokenID? {
    let ids = 0..<TokenID(clamping: min(vocabularySize, known))
    if let id = ids.first(where: { token(of: $0) == text }) { return id }
    let spelling: (TokenID) -> String?
    switch self {
    case let pairs as BytePairTokenizer: spelling = pairs.spelling
    case let pieces as PipelineTokenizer: spelling = pieces.spelling
    case let pieces as SentencePieceTokenizer: spelling = pieces.spelling
    default: return nil
    }
    return ids.first { spelling($0)?.utf8.elementsEqual(text.utf8) ?? false }
  }
}

/// Why what a person wrote is no token.
package enum WrittenTokenProblem: WordedProblem, Hashable {
  /// A number that is no id of the model.
  case outside(String, last: Int)

  /// A text of several tokens, as figures show them.
  case several(String, tokens: [String])

  /// A text that the vocabulary does not have.
  case unknown(String, closest: String?)

  package var wording: Wording {
    switch self {
    case .outside(let id, let last):
      Bilingual(
        it: "gli id vanno da 0 a \(last), non \(it: id)",
        en: "ids go from 0 to \(last), not to \(en: id)"
      ).hint(nil)
    case .several(let text, let tokens):
      Bilingual(
        it: "\(it: text) non è un token solo, ma \(tokens.count): \(Self.list(tokens))",
        en: "\(en: text) is not one token but \(tokens.count): \(Self.list(tokens))"
      ).hint(
        it: "scegline uno, com'è scritto qui o con il suo id",
        en: "choose one of them, as it is written here or by its id"
      )
    case .unknown(let text, let closest):
      Bilingual(
        it: "nel vocabolario non c'è \(it: text)",
        en: "the vocabulary does not have \(en: text)"
      ).hint(closest.map(Bilingual.didYouMean))
    }
  }

  private static func list(_ tokens: [String]) -> String {
    tokens.prefix(8).joined(separator: "|") + (tokens.count > 8 ? " …" : "")
  }
}
