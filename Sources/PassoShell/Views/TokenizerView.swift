// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime
import PassoText
import PassoView

/// Shows a text as tokens.
struct TokenizerView {
  private let session: Session

  init(_ session: Session) {
    self.session = session
  }

  /// The texts of the session, cut into tokens.
  ///
  /// - Throws: `FileProblem` or `TextProblem` if files have gone.
  func text() throws -> Figure {
    let tokenizer = session.tokenizer
    let texts = try session.learnedTexts()
    let shown = texts.prefix(4)
    let rows = shown.map { text in
      let tokens = Self.tokens(of: text, tokenizer)
      return [Bilingual(same: String(tokens.count)), Bilingual(same: Self.joined(tokens))]
    }
    var table = TableFigure(
      title: Bilingual(
        it: "token: \(tokenizer.kind.rawValue), vocabolario di \(tokenizer.vocabularySize)",
        en: "tokens: \(tokenizer.kind.rawValue), a vocabulary of \(tokenizer.vocabularySize)"
      ),
      columns: [
        .init(Bilingual(it: "quanti", en: "how many"), .right),
        .init(Bilingual(it: "il testo", en: "the text")),
      ],
      rows: rows
    )
    let hidden = texts.count - shown.count
    if let note = noPairLeft { table.notes.append(note) }
    if hidden > 0 {
      table.notes += [Bilingual(it: "altri \(hidden) testi", en: "\(hidden) more texts")]
    }
    return .table(table)
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
  func comparison(of text: String) throws -> Figure {
    let specials: [SpecialToken] = [.start, .unknown]
    let texts = try session.learnedTexts()
    let rows = try TokenizerKind.allCases.map { kind -> [Bilingual] in
      let isOwn = kind == .bytePairs && session.tokenizer.kind == kind
      let tokenizer =
        isOwn
        ? session.tokenizer
        : try TokenizerLearner(kind: kind, specials: specials).tokenizer(for: texts)
      let tokens = Self.tokens(of: text, tokenizer)
      return [
        kind.rawValue, String(tokenizer.vocabularySize), String(tokens.count), Self.joined(tokens),
      ].map { Bilingual(same: $0) }
    }
    return .table(
      TableFigure(
        columns: [
          .init(Bilingual(same: "")), .init(Bilingual(it: "vocabolario", en: "vocabulary"), .right),
          .init(Bilingual(same: "token"), .right),
          .init(Bilingual(it: "il testo", en: "the text")),
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

/// Byte pair encoding, looked at step by step.
struct MergeWatch {
  /// The text that is shown; of a long one its beginning.
  private static let shownScalars = 120

  /// Pairs that one screen has room for.
  private static let mostPairs = 5

  private var trainer: BytePairTrainer
  private let sample: String
  private let isWhole: Bool

  /// Counts the pairs of texts.
  ///
  /// - Throws: `DataProblem` if there is nothing in them, or `ExecutionProblem.refused` if there is
  ///   no room for their pieces.
  init(_ texts: [String]) throws {
    try MemoryRoom.check(2 * texts.reduce(0) { $0 + $1.utf8.count })
    trainer = try BytePairTrainer(
      texts: texts,
      plan: .init(vocabularySize: 1 << 16),
      threads: ProcessorCount.physical
    )
    let text = texts.first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    sample = BytePairTrainer.beginning(of: text, scalars: Self.shownScalars)
    isWhole = sample.utf8.count == text.utf8.count
  }

  /// The text as it is before the first merge.
  var start: Figure {
    .group(
      title: Bilingual(
        it: "coppie di byte: \(NumberText.count(trainer.tokenCount)) token",
        en: "byte pairs: \(NumberText.count(trainer.tokenCount)) tokens"
      ),
      [counts, text]
    )
  }

  /// Does so many merges and shows the last one: the counts before it, itself, the text after it.
  mutating func advance(_ count: Int, unless shouldStop: () -> Bool) -> Figure {
    for _ in 0..<count - 1 where !shouldStop() { _ = trainer.step() }
    let before = counts
    guard let merge = trainer.step() else {
      return .group(
        title: Bilingual(
          it: "nessuna coppia è rimasta: ogni pezzo del testo è un token",
          en: "no pair is left: every piece of the text is a token"
        ),
        [text]
      )
    }
    return .group(title: Self.title(merge, trainer), [before, text])
  }

  private static func title(_ merge: BytePairTrainer.Merge, _ trainer: BytePairTrainer) -> Bilingual
  {
    let (left, right) = (name(merge.pair.left, trainer), name(merge.pair.right, trainer))
    let new = name(merge.token, trainer)
    let number = trainer.merges.count
    let times =
      merge.count == 1
      ? Bilingual(it: "una volta", en: "once")
      : Bilingual(it: "\(merge.count) volte", en: "\(merge.count) times")
    let (old, now) = (NumberText.count(merge.tokensBefore), NumberText.count(merge.tokensAfter))
    return Bilingual(
      it: "fusione \(number): \(left) + \(right) → \(new), \(times.it); da \(old) a \(now) token",
      en: "merge \(number): \(left) + \(right) → \(new), \(times.en); from \(old) to \(now) tokens"
    )
  }

  private static func name(_ id: TokenID, _ trainer: BytePairTrainer) -> String {
    trainer.token(of: id) ?? String(id)
  }

  /// The most frequent pairs, the next to merge first.
  private var counts: Figure {
    .bars(
      BarsFigure(
        title: Bilingual(it: "coppie più frequenti, prima", en: "most frequent pairs, before"),
        bars: trainer.counts(top: Self.mostPairs).map { count in
          .init(
            "\(Self.name(count.pair.left, trainer)) \(Self.name(count.pair.right, trainer))",
            Double(count.count)
          )
        }
      )
    )
  }

  private var text: Figure {
    let tokens = trainer.encode(sample).map { Self.name($0, trainer) }
    let shown = TokenizerView.joined(tokens) + (isWhole ? "" : " …")
    return .text(TextFigure([.init([Run(shown, .emphasis)])]))
  }
}
