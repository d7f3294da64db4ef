// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText

extension Session {
  /// The rows that the update under way learns from.
  package var batch: Batch { timeline.batch }

  /// The tokens of the vocabulary, in the order of their ids.
  ///
  /// A model from a folder may know more tokens than its tokenizer: those are not here.
  package var vocabularyTokens: [String] {
    (0..<TokenID(clamping: tokenizer.vocabularySize)).map { tokenizer.label(of: $0) }
  }

  /// The rows of the text that the round under way computes: all, where an update has one round.
  package var rowsAtWork: Range<Int> {
    let plan = timeline.plan
    let round = min(
      max(timeline.moment.step - 1, 0) / plan.roundLength,
      plan.optimizer.rounds - 1
    )
    return round * plan.batch.rows..<(round + 1) * plan.batch.rows
  }

  /// The input tokens of a row, as text.
  ///
  /// - Parameters:
  ///   - row: Which row.
  ///   - batch: A batch at hand: those of sentences are made anew whenever they are asked for.
  /// - Returns: A label for each position.
  package func inputTokens(row: Int, of batch: Batch? = nil) -> [String] {
    (batch ?? self.batch).inputs[row].map(label)
  }

  /// The target of each position of a row, as text; a blank where nothing is asked.
  package func targetTokens(row: Int, of batch: Batch? = nil) -> [String] {
    (batch ?? self.batch).targets[row].map { $0 == ignoredTarget ? "" : label($0) }
  }

  /// Positions of a row that hold something; the `<pad>` that fill it up at its end say nothing.
  package func lengthWithoutPadding(row: Int, of batch: Batch? = nil) -> Int {
    let batch = batch ?? self.batch
    let (inputs, targets) = (batch.inputs[row], batch.targets[row])
    let pad = tokenizer.id(of: .pad)
    let last = inputs.indices.last { inputs[$0] != pad || targets[$0] != ignoredTarget }
    return last.map { $0 + 1 } ?? inputs.count
  }

  /// What a title says where the end of a row is left out.
  package func remarkOnPadding(row: Int) -> Bilingual {
    lengthWithoutPadding(row: row) == batch.length
      ? Bilingual(same: "") : Bilingual(it: ", senza i <pad>", en: ", without the <pad>")
  }

  /// Who may look at whom in a row that is computed, its padding left out: by the mask's value,
  /// which a person can change; while there is none, by the mask that will be computed.
  package func sight(row: Int) -> SightMatrix {
    let (mask, prefix) = (experiment.mask, batch.rows[row].prefix)
    let computed = (try? tensor(.model(.mask))).map {
      SightMatrix(mask: $0, row: row - rowsAtWork.lowerBound)
    }
    return SightMatrix(length: lengthWithoutPadding(row: row)) { query, key in
      computed?[query, key] ?? mask.allows(query: query, key: key, prefix: prefix)
    }
  }

  /// Positions whose answer the objective, which hides answers, has left among the inputs.
  package var keptAnswers: Int {
    guard experiment.objective.hidesAnswers else { return 0 }
    let batch = batch
    return zip(batch.inputs.joined(), batch.targets.joined()).count { $0 == $1 }
  }

  /// The questions that the text asks.
  package var pairs: [TrainingPair] {
    get throws { try batch.pairs(tokenizer) }
  }

  /// How an id is written in tables and figures.
  package func label(_ id: TokenID) -> String { tokenizer.label(of: id) }

  /// The tokens of a prompt: of a text in quotation marks, as the model reads one; of ids in square
  /// brackets or of one token as figures show it, just these.
  ///
  /// - Throws: `DataProblem`, `TokenListProblem` or `WrittenTokenProblem`.
  package func promptTokens(_ text: String, isQuoted: Bool) throws -> [TokenID] {
    if !isQuoted {
      return text.hasPrefix("[")
        ? try TokenList.parse(text, known: configuration.vocabularySize)
        : [try tokenID(written: text, isQuoted: false)]
    }
    return try tokenizer.prompt(text)
  }

  /// The id of a token as a person writes it: as figures show it, as a text in quotation marks
  /// (`" Paris"`), or by its number.
  ///
  /// - Throws: `WrittenTokenProblem` if the model has no such token, or the text is more than one.
  package func tokenID(written text: String, isQuoted: Bool) throws -> TokenID {
    try WrittenToken(text, isQuoted: isQuoted).id(
      tokenizer,
      known: configuration.vocabularySize
    )
  }
}
