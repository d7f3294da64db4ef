// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoSession
import PassoText
import PassoView

/// What the model of a session expects at every place of a text.
package struct ExpectedPlaces {
  package let rows: [ExpectationsView.Row]

  /// What the places are of.
  package let title: Bilingual

  /// The text, each token with what it costs; nil where what is asked is not what comes next.
  package let text: Figure?

  /// The places of a text, the one after its end too.
  ///
  /// - Parameters:
  ///   - session: Whose model reads, as it is now.
  ///   - tokens: The text, at least one token.
  ///   - most: How many alternatives each place has.
  ///   - shouldStop: Asked before each pass.
  /// - Throws: `LearnedTextProblem.notCausal` if something else than the next token is predicted,
  ///   or what `Expectation.after` throws.
  package init?(
    _ session: Session,
    of tokens: [TokenID],
    most: Int,
    unless shouldStop: () -> Bool
  ) throws {
    guard session.experiment.objective.predictsNext else {
      let name = session.experiment.objective.name
      throw LearnedTextProblem.notCausal(command: "predict", objective: name)
    }
    let found = try Expectation.after(
      each: tokens,
      session.model,
      most: most,
      unless: shouldStop
    )
    guard let found else { return nil }
    let truth = Self.truth(session)
    rows = found.enumerated().map { place, expectation in
      .init(place: place + 1, expectation, truth: truth(tokens[...place]))
    }
    title = Self.nextTitle
    text = Self.marked(tokens, rows, session)
  }

  /// The places of the first row at work where something is asked.
  ///
  /// - Throws: `DataProblem` if nothing is, or what `Expectation.places` throws.
  package init(ofRow session: Session, most: Int) throws {
    let row = session.batch.rows[session.rowsAtWork.lowerBound]
    let length = row.targets.lastIndex { $0 != ignoredTarget }.map { $0 + 1 } ?? 0
    guard length > 0 else { throw DataProblem.tooFewTokens(needed: 1, found: 0) }
    let found = try Expectation.places(of: row, session.model, most: most)
    let isNext = session.experiment.objective.predictsNext
    let truth = Self.truth(session)
    let asked = (0..<length).filter { found[$0].answer != nil }
    rows = asked.map { place in
      .init(
        place: isNext ? place + 1 : place,
        found[place],
        truth: isNext ? truth(row.inputs[...place]) : nil
      )
    }
    title =
      isNext
      ? Self.nextTitle
      : Bilingual(
        it: "che cosa si aspetta il modello a ogni posto dove si chiede qualcosa",
        en: "what the model expects at each place where something is asked"
      )
    let last = row.targets[length - 1]
    text = isNext ? Self.marked(row.inputs[..<length] + [last], rows, session) : nil
  }

  private static let nextTitle = Bilingual(
    it: "che cosa si aspetta il modello a ogni posto",
    en: "what the model expects at each place"
  )

  /// How much is truly open after a beginning; nil where nobody knows.
  package static func truth(_ session: Session) -> (ArraySlice<TokenID>) -> Double? {
    guard let language = session.experiment.language else { return { _ in nil } }
    let (oracle, opening) = (Oracle(language), session.tokenizer.opening)
    return { tokens in
      guard tokens.starts(with: opening) else { return nil }
      let ways = try? oracle.distribution(after: Array(tokens.dropFirst(opening.count)))
      guard let ways, !ways.isEmpty else { return nil }
      return ways.reduce(0) { $0 - $1.probability * .logarithm($1.probability) }
    }
  }

  private static func marked(
    _ tokens: [TokenID],
    _ rows: [ExpectationsView.Row],
    _ session: Session
  ) -> Figure {
    var costs: [Double?] = tokens.map { _ in nil }
    for row in rows {
      if let answer = row.expectation.answer { costs[row.place] = answer.surprisal }
    }
    return .marked(
      MarkedFigure(
        title: Bilingual(
          it: "sorpresa di ogni token, in nat",
          en: "surprise of each token, in nats"
        ),
        words: zip(tokens, costs).map { MarkedFigure.Word(session.label($0), $1) }
      )
    )
  }
}
