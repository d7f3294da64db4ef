// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoText
import PassoView

/// Shows whether sentences belong to a toy language.
package struct GrammarView {
  private let oracle: Oracle

  package init(_ oracle: Oracle) {
    self.oracle = oracle
  }

  private func word(_ token: TokenID) -> String {
    oracle.language.tokenizer.label(of: token)
  }

  private func words(_ tokens: some Sequence<TokenID>) -> String {
    tokens.map(word).joined(separator: " ")
  }

  private var title: Bilingual {
    let name = oracle.language.name
    return Bilingual(it: "grammatica di \(name)", en: "grammar of \(name)")
  }

  // MARK: One sentence

  /// Yes, and how surprising each word is; or no, and what could stand where it goes wrong.
  ///
  /// - Parameters:
  ///   - words: The words, up to the first that the language does not have.
  ///   - unknown: What is wrong with that one.
  /// - Returns: The answer, as a text with bars.
  /// - Throws: What the oracle throws for a sentence that the language does not have.
  package func answer(_ words: [TokenID], unknown: LanguageProblem?) throws -> Figure {
    var tokens = words
    // A sentence that is typed is meant to be whole.
    let end = oracle.language.id(of: .end)
    if unknown == nil, tokens.last != end { tokens.append(end) }
    // A word that nobody knows is wrong, even after a sentence that is whole.
    let wrongFrom = oracle.possibleWords(of: tokens) ?? (unknown == nil ? nil : tokens.count)
    guard let possible = wrongFrom else { return try yes(tokens) }
    let before = Array(tokens[..<possible])
    let wrong = possible < tokens.count ? tokens[possible] : nil
    return .group(
      title: title,
      [
        .line(no(wrong, unknown, after: before), .bad),
        try OracleView(oracle.language).next(after: before, expected: nil),
      ]
    )
  }

  private func no(
    _ wrong: TokenID?,
    _ unknown: LanguageProblem?,
    after before: [TokenID]
  ) -> Bilingual {
    let number = before.count + 1
    if wrong == oracle.language.id(of: .end), before.last != wrong {
      return Bilingual(
        it: "no: la frase non può finire qui",
        en: "no: the sentence cannot end here"
      )
    }
    if let wrong {
      return Bilingual(
        it: "no: \(it: word(wrong)) non può essere la parola \(number)",
        en: "no: \(en: word(wrong)) cannot be word \(number)"
      )
    }
    guard case .unknownWord(let word, _, let closest)? = unknown else {
      preconditionFailure("a sentence without a fault")
    }
    let guess =
      closest.map {
        Bilingual(same: "; ") + .didYouMean($0)
      } ?? Bilingual(same: "")
    return Bilingual(
      it: "no: \(it: word), parola \(number), non è una parola della lingua",
      en: "no: \(en: word), word \(number), is no word of the language"
    ) + guess
  }

  private func yes(_ tokens: [TokenID]) throws -> Figure {
    let surprisals = try oracle.surprisals(of: tokens)
    let total = surprisals.reduce(0, +)
    let sum = NumberText.fixed(total, 6)
    let mean = NumberText.fixed(total / Double(tokens.count), 4)
    let probability = NumberText.general(Double.exponential(-total), digits: 10)
    let table = TableFigure(
      columns: [
        .init(same: "token"), .init(same: "p", .right),
        .init(it: "sorpresa (nat)", en: "surprisal (nats)", .right),
      ],
      rows: zip(tokens, surprisals).map { token, surprisal in
        // A certain word has the surprisal -0.
        let p = NumberText.fixed(Double.exponential(-surprisal), 4)
        let nats = NumberText.fixed(0 + surprisal, 4)
        return [Bilingual(same: word(token)), p, nats]
      },
      notes: [
        Bilingual(
          it: "probabilità \(probability.it): \(sum.it) nat in tutto, \(mean.it) per token",
          en: "probability \(probability.en): \(sum.en) nats in all, \(mean.en) per token"
        )
      ]
    )
    let yes = Bilingual(it: "sì: la frase appartiene alla lingua", en: "yes: it is in the language")
    return .group(title: title, [.line(yes, .good), .table(table)])
  }

  // MARK: Sentences of a model

  /// Wrong sentences that are shown.
  private static let mostWrong = 5

  /// How many of a model's sentences belong to the language, and where some of the others go wrong.
  package func marks(of sample: GeneratedSample) -> Figure {
    let share = NumberText.percent(sample.grammaticalShare)
    let (all, good) = (sample.sentences.count, sample.grammaticalCount)
    let summary = Figure.line(
      Bilingual(
        it: "\(good) di \(all) frasi inventate dal modello sono giuste (\(share.it)),"
          + " \(sample.distinctCount) sono diverse fra loro",
        en: "\(good) of \(all) sentences that the model made up are right (\(share.en)),"
          + " \(sample.distinctCount) are different from each other"
      ),
      .emphasis
    )
    let wrong = sample.sentences.lazy.compactMap { sentence in
      oracle.possibleWords(of: sentence).map { (sentence, $0) }
    }.prefix(Self.mostWrong)
    guard !wrong.isEmpty else { return summary }
    let table = TableFigure(
      columns: [
        .init(it: "fin qui giusta", en: "right up to here"),
        .init(it: "impossibile", en: "impossible"),
      ],
      rows: wrong.map { sentence, possible in
        [
          possible > 0
            ? Bilingual(same: words(sentence[..<possible]))
            : Bilingual(it: "(niente)", en: "(nothing)"),
          possible < sentence.count
            ? Bilingual(same: word(sentence[possible]))
            : Bilingual(it: "(mai finita)", en: "(never ended)"),
        ]
      }
    )
    return .group(title: title, [summary, .table(table)])
  }
}
