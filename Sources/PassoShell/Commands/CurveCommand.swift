// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoSession
import PassoText
import PassoView

extension Command {
  static let curve = CommandDescription(
    name: "curve",
    group: .look,
    arguments: "EXPR",
    it: "disegna come un numero è cambiato durante l'addestramento",
    en: "draws how a number has changed during training",
    details: Bilingual(
      it:
        "L'espressione dà un numero solo; è calcolata di nuovo, su una copia, a ogni aggiornamento"
        + " fatto finora, al più 60 volte. Un parametro vale all'inizio dell'aggiornamento; ciò che"
        + " i passi calcolano, alla sua fine.",
      en: "The expression gives a single number; it is computed again, on a copy, at every update"
        + " done so far, 60 times at most. A parameter counts at the start of an update, what steps"
        + " compute at its end."
    ),
    examples: [":train 10", ":curve W_E[1, 0]", ":curve max(blocks.0.attn.pattern)"],
    completion: .value(),
    shows: ["loss"]
  )
  .show { session, arguments, context in
    let word = try arguments.first(it: "un'espressione", en: "an expression")
    let expression = try arguments.expression(from: word)
    let history = ValueHistory(session: session, expression: expression)
    let values = try history.values(unless: context.shouldStop)
    context.endInterruptedLine()
    context.show(
      .curve(
        CurveFigure(
          title: Bilingual(same: expression.text),
          horizontal: Bilingual(it: "aggiornamento", en: "update"),
          start: 0,
          values: values
        )
      )
    )
  }
}

/// What an expression was worth at the updates of a run.
private struct ValueHistory {
  /// Values that one curve has room for.
  private static let most = 60

  let session: Session
  let expression: WatchedExpression

  /// One value for each update, or for as many as a curve has room for, evenly.
  ///
  /// Between those that were computed lie straight lines: every place of the curve is an update.
  func values(unless shouldStop: () -> Bool) throws -> [Double] {
    var copy = session
    var known: [(update: Int, value: Double)] = []
    for update in session.timeline.pastUpdates(atMost: Self.most) {
      if shouldStop() { break }
      do {
        known.append((update, try value(at: update, in: &copy)))
      } catch is Interrupted {
        break
      }
    }
    return Self.filled(known)
  }

  private func value(at update: Int, in copy: inout Session) throws -> Double {
    try copy.timeline.move(
      to: Moment(update: update, step: 0),
      unless: Interruption.isRequested
    )
    try Interruption.check()
    if let number = try? number(in: copy) { return number }
    try copy.timeline.move(
      to: Moment(update: update, step: copy.timeline.stepCount),
      unless: Interruption.isRequested
    )
    try Interruption.check()
    return try number(in: copy)
  }

  private func number(in copy: Session) throws -> Double {
    let tensor = try expression.value(in: copy.timeline.execution, of: copy).tensor
    guard tensor.count == 1 else {
      throw FactProblem.notANumber(expression.text, shape: tensor.shape)
    }
    return tensor[0]
  }

  private static func filled(_ known: [(update: Int, value: Double)]) -> [Double] {
    var values: [Double] = []
    for (from, to) in zip(known, known.dropFirst()) {
      let steps = to.update - from.update
      for step in 0..<steps {
        let part = Double(step) / Double(steps)
        values.append(from.value + part * (to.value - from.value))
      }
    }
    return values + known.suffix(1).map(\.value)
  }
}

extension Timeline {
  /// The updates so far, from the first to that of now, or as many of them, evenly.
  func pastUpdates(atMost most: Int) -> [Int] {
    let count = min(update + 1, most)
    return count < 2 ? [update] : (0..<count).map { $0 * update / (count - 1) }
  }
}
