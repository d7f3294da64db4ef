// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoModel
import PassoText
import PassoView

/// Shows texts in files.
package struct CorpusView {
  private let corpus: TextCorpus

  package init(_ corpus: TextCorpus) {
    self.corpus = corpus
  }

  /// How much there is to learn from.
  package var size: Bilingual {
    let (shards, tokenizer) = (corpus.shards, corpus.tokenizer)
    let learned = NumberText.count(shards.training.count)
    let kept = shards.heldOut.map { NumberText.count($0.count) } ?? "0"
    let known = NumberText.count(tokenizer.vocabularySize)
    let kind = tokenizer.kind.rawValue
    return Bilingual(
      it: "\(learned) token da cui imparare, \(kept) tenuti da parte; \(known) diversi (\(kind))",
      en: "\(learned) tokens to learn from, \(kept) kept apart; \(known) different ones (\(kind))"
    )
  }

  /// What a person should know of the texts: what was mended, what stands in both parts.
  package var notes: [Bilingual] {
    corpus.advice.map(\.commandNote) + corpus.shards.notes
      + [corpus.marks.message(corpus.tokenizer)].compactMap(\.self)
      + (corpus.shards.manifest.overlap.map { [$0.message] } ?? [])
  }

  /// The loss on the part that is kept apart, beside what guessing would cost.
  package func evaluation(loss: Double, rows: Int) -> Figure {
    let entropy = corpus.shards.manifest.training.entropy
    let guess = Double.logarithm(Double(corpus.tokenizer.vocabularySize))
    func digits(_ value: Double) -> [Bilingual] { [NumberText.fixed(value, 4)] }
    return .table(
      TableFigure(
        title: Bilingual(
          it: rows == 1
            ? "1 riga tenuta da parte, mai usata per imparare"
            : "\(rows) righe tenute da parte, mai usate per imparare",
          en: "\(rows) \(rows == 1 ? "row" : "rows") kept apart, never learned from"
        ),
        columns: [
          .init(it: "chi prevede", en: "who predicts"),
          .init(it: "loss (nat per token)", en: "loss (nats per token)", .right),
        ],
        rows: [
          .row(it: "il modello", en: "the model", digits(loss)),
          .row(
            it: "chi sa solo quanto è frequente ogni token",
            en: "token frequencies alone",
            digits(entropy)
          ),
          .row(it: "a caso fra tutti i token", en: "uniform over all tokens", digits(guess)),
        ]
      )
    )
  }
}

extension TextAdvice {
  /// What it is, and the command that helps.
  var commandNote: Bilingual {
    switch self {
    case .records(_, let file):
      let command = ":corpus \(file) field \(likelyField ?? "NAME")"
      return message
        + Bilingual(it: "; \(command) prende solo quello", en: "; \(command) takes that alone")
    case .markup: return message
    case .wordsWithoutBlanks:
      return message + Bilingual(it: ", con :tokenizer chars", en: ", with :tokenizer chars")
    }
  }
}

extension CurveFigure.Reference {
  /// What a model reaches that knows only how often each token comes.
  package static func unigram(of corpus: TextCorpus) -> Self {
    .init(Bilingual(it: "frequenze", en: "unigram"), corpus.shards.manifest.training.entropy)
  }
}
