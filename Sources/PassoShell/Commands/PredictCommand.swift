// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let predict = CommandDescription(
    name: "predict",
    group: .look,
    arguments: "[\"TEXT\"|TOKEN|[IDS]] [n]",
    it: "i token che il modello si aspetta dopo un testo",
    en: "the tokens that the model expects after a text",
    details: Bilingual(
      it: "Gli n token più probabili, con le probabilità come barre; se il modello impara da una"
        + " lingua di cui si conosce tutto, accanto c'è la probabilità vera. Senza testo continua"
        + " il primo di quelli da cui impara, fino all'ultimo token che vede. Senza virgolette si"
        + " dà un token com'è in :tokens, o degli id: [1, 2]. Il cursore resta dov'è.",
      en: "The n most probable tokens, with their probabilities as bars; if the model learns from a"
        + " language of which everything is known, the true probability stands beside. Without a"
        + " text it continues the first of those that it learns from, up to the last token that it"
        + " sees. Without quotation marks a token can be given as :tokens shows it, or ids: [1, 2]."
        + " The cursor stays where it is."
    ),
    examples: [
      ":predict", ":predict \"Il gatto\" 3", ":predict gatto", ":predict [1, 2]",
      ":corpus gatto-1", ":predict \"Il gatto\"",
    ]
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    var words = arguments.words[...]
    // A number is how many tokens are wanted.
    let isText = words.first.map { $0.isQuoted || Int($0.text) == nil } ?? false
    let typed = isText ? words.popFirst() : nil
    let count = try words.popFirst().map { try arguments.count($0) } ?? 8
    let given = try typed.map { word in
      try arguments.placing(word) {
        try session.promptTokens(word.text, isQuoted: word.isQuoted)
      }
    }
    let tokens = given ?? session.firstRow
    guard !tokens.isEmpty else { throw DataProblem.tooFewTokens(needed: 1, found: 0) }
    let view = PredictionView(session, after: tokens, most: min(count, 50))
    context.show(view.figure(try session.expected(after: tokens)))
  }
}

extension Session {
  /// The inputs of the first row, as far as anything is asked of them.
  fileprivate var firstRow: [TokenID] {
    let row = rowsAtWork.lowerBound
    let last = batch.targets[row].lastIndex { $0 != ignoredTarget }
    return last.map { Array(batch.inputs[row][...$0]) } ?? []
  }

  /// The probability of each token after some others, for the model as it is now.
  ///
  /// - Throws: `LearnedTextProblem.notCausal` if something else than the next token is predicted.
  func expected(after tokens: [TokenID]) throws -> [Double] {
    let experiment = experiment
    guard experiment.objective.predictsNext else {
      throw LearnedTextProblem.notCausal(command: "predict", objective: experiment.objective.name)
    }
    return try NextToken.probabilities(after: tokens, model)
  }
}
