// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoSession
import PassoText
import PassoView

/// Shows a text as tokens.
package struct TokenizerView {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// The texts of the session, cut into tokens.
  ///
  /// - Throws: `FileProblem` or `TextProblem` if files have gone.
  package func text() throws -> Figure {
    let tokenizer = session.tokenizer
    let texts = try session.learnedTexts()
    let shown = texts.prefix(4)
    let hidden = texts.count - shown.count
    let more = hidden > 0 ? Bilingual(it: "altri \(hidden) testi", en: "\(hidden) more texts") : nil
    return .table(
      TableFigure(
        title: Bilingual(
          it: "token: \(tokenizer.kind.rawValue), vocabolario di \(tokenizer.vocabularySize)",
          en: "tokens: \(tokenizer.kind.rawValue), a vocabulary of \(tokenizer.vocabularySize)"
        ),
        columns: [
          .init(it: "quanti", en: "how many", .right), .init(it: "il testo", en: "the text"),
        ],
        rows: shown.map { text in
          let tokens = Self.tokens(of: text, tokenizer)
          return .same([String(tokens.count), Self.joined(tokens)])
        },
        notes: [noPairLeft, more].compactMap(\.self)
      )
    )
  }

  /// Why there are fewer tokens than a person has asked for.
  private var noPairLeft: Bilingual? {
    let count = session.tokenizer.vocabularySize
    guard session.tokenizer.kind == .bytePairs, !session.experiment.hasFolder,
      let asked = session.experiment.tokens.size, count < asked
    else { return nil }
    return Bilingual(
      it: "nessuna coppia è rimasta: \(count) token invece di \(asked)",
      en: "no pair is left: \(count) tokens instead of \(asked)"
    )
  }

  /// One text in each kind of tokens, learned from the texts of the session; of byte pairs those
  /// that the session has.
  package func comparison(of text: String) throws -> Figure {
    let specials: [SpecialToken] = [.start, .unknown]
    let texts = try session.learnedTexts()
    let rows = try TokenizerKind.allCases.map { kind -> [Bilingual] in
      let isOwn = kind == .bytePairs && session.tokenizer.kind == kind
      let tokenizer =
        isOwn
        ? session.tokenizer
        : try TokenizerLearner(kind: kind, specials: specials).tokenizer(for: texts)
      let tokens = Self.tokens(of: text, tokenizer)
      return .same([
        kind.rawValue, String(tokenizer.vocabularySize), String(tokens.count), Self.joined(tokens),
      ])
    }
    return .table(
      TableFigure(
        columns: [
          .init(), .init(it: "vocabolario", en: "vocabulary", .right),
          .init(same: "token", .right), .init(it: "il testo", en: "the text"),
        ],
        rows: rows
      )
    )
  }

  static func tokens(of text: String, _ tokenizer: any Tokenizer) -> [String] {
    let ids = (try? tokenizer.encode(text)) ?? []
    return ids.map { tokenizer.label(of: $0) }
  }

  /// Tokens with a bar between them; a blank at the start of one is drawn.
  static func joined(_ tokens: [String]) -> String { tokens.joined(separator: "|") }
}
