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
    arguments: "[all] [\"TEXT\"|TOKEN|[IDS]] [n]",
    it: "i token che il modello si aspetta dopo un testo",
    en: "the tokens that the model expects after a text",
    details: Bilingual(
      it: "Gli n token più probabili, con le probabilità come barre; se il modello impara da una"
        + " lingua di cui si conosce tutto, accanto c'è la probabilità vera. Senza testo continua"
        + " il primo di quelli da cui impara, fino all'ultimo token che vede. Senza virgolette si"
        + " dà un token com'è in :tokens, o degli id: [1, 2]. Con all, a ogni posto del testo, o"
        + " della riga da cui si impara: la probabilità e il rango del token che c'è, quanto costa"
        + " in nat, l'entropia, e le n alternative; poi :export FILE.csv scrive tutto. Il cursore"
        + " resta dov'è.",
      en: "The n most probable tokens, with their probabilities as bars; if the model learns from a"
        + " language of which everything is known, the true probability stands beside. Without a"
        + " text it continues the first of those that it learns from, up to the last token that it"
        + " sees. Without quotation marks a token can be given as :tokens shows it, or ids: [1, 2]."
        + " With all, at every place of the text, or of the row that is learned from: probability"
        + " and rank of the token that is there, what it costs in nats, the entropy, and the n"
        + " alternatives; then :export FILE.csv writes all of it. The cursor stays where it is."
    ),
    examples: [
      ":predict", ":predict \"Il gatto\" 3", ":predict gatto", ":predict [1, 2]",
      ":predict all", ":predict all \"Il gatto dorme\" 5", ":corpus gatto-1",
      ":predict \"Il gatto\"", ":predict all \"Il gatto dorme.\"",
    ]
  )
  .show { session, arguments, context in
    if let first = arguments.words.first, first.text == "all", !first.isQuoted {
      return try session.predictAll(arguments, context)
    }
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
  /// Shows what is expected at every place of a text, or of the first row.
  fileprivate func predictAll(_ arguments: Arguments, _ context: CommandContext) throws {
    try arguments.expect(atMost: 3)
    var words = arguments.words.dropFirst()
    let isText = words.first.map { $0.isQuoted || Int($0.text) == nil } ?? false
    let typed = isText ? words.popFirst() : nil
    let most = min(try words.popFirst().map { try arguments.count($0) } ?? 3, 50)
    let places: ExpectedPlaces?
    if let typed {
      let tokens = try arguments.placing(typed) {
        try promptTokens(typed.text, isQuoted: typed.isQuoted)
      }
      guard !tokens.isEmpty else { throw DataProblem.tooFewTokens(needed: 1, found: 0) }
      places = try ExpectedPlaces(self, of: tokens, most: most, unless: context.shouldStop)
    } else {
      places = try ExpectedPlaces(ofRow: self, most: most)
    }
    guard let places else { return context.saySearchStopped() }
    let view = ExpectationsView(places.rows, most: most, label: label)
    if let text = places.text { context.show(text) }
    context.show(view.table(places.title))
    context.say(view.summary)
  }

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
