// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

// What is measured of a model and of its heads, as single numbers: `:watch`, `:rwatch` and `:curve`
// take them.
extension ExpressionFunction {
  /// Of the answers that count, the share of those that are the most probable.
  static let accuracy = ExpressionFunction(
    name: "accuracy",
    arity: 2,
    help: Help(
      "logits, targets",
      it: "la parte di risposte giuste, fra quelle che contano",
      en: "the share of right answers among those that count"
    )
  ) { recorder, call in
    let best = try recorder.add(ArgumentOfMaximum(), [call.values[0]])
    // A place where nothing is asked has a negative target, which no token has as its id.
    let right = try recorder.add(Comparison(.equal), [best, call.values[1]])
    let zero = try recorder.add(Constant(0), [])
    let asked = try recorder.add(Comparison(.greaterOrEqual), [call.values[1], zero])
    return try recorder.share(right, of: asked, times: 1)
  }

  /// How much of its attention a head gives to the token just before the one of now: the mean over
  /// all queries but the first, which has none before it.
  static let previousToken = ExpressionFunction(
    name: "previous_token",
    arity: 1,
    help: Help(
      "pattern",
      it: "attenzione al token appena prima",
      en: "attention to the token just before"
    )
  ) { recorder, call in
    let shape = recorder.shape(call.values[0])
    // The diagonal below the main one is that of the token before only where both begin alike.
    guard shape.rank >= 2, shape.axes.suffix(2) == [.query, .key], shape.lastSize > 1,
      shape.sizes[shape.rank - 2] == shape.lastSize
    else {
      throw ExpressionProblem.notAPattern(needs: "previous_token(blocks.0.attn.pattern[:, 0])")
    }
    let before = try recorder.add(Diagonal(offset: -1), call.values)
    let queries =
      shape.count / shape.lastSize / shape.sizes[shape.rank - 2]
      * (shape.sizes[shape.rank - 2] - 1)
    let count = try recorder.add(Constant(Double(queries)), [])
    return try recorder.add(Over(), [try recorder.add(SumOver(nil), [before]), count])
  }

  /// How much of its attention a head gives to the places at which the answer can be found by
  /// looking for the token of now: the mean over the queries that have such a place.
  static let prefixMatch = ExpressionFunction(
    name: "prefix_match",
    arity: 3,
    help: Help(
      "pattern, tokens, targets",
      it: "attenzione a ciò che seguì un token uguale",
      en: "attention to what once followed the token"
    )
  ) { recorder, call in
    let places = try recorder.add(EarlierPairs(), Array(call.values.dropFirst()))
    let (pattern, found) = (recorder.shape(call.values[0]), recorder.shape(places))
    guard Set(found.axes).isSubset(of: pattern.axes), pattern.axes.suffix(2) == [.query, .key]
    else {
      throw ExpressionProblem.notAPattern(
        needs: "prefix_match(blocks.1.attn.pattern[:, 0], tokens, targets)"
      )
    }
    let weights = try recorder.add(Times(), [call.values[0], places])
    let hasOne = try recorder.add(MaximumOver(.key), [places])
    return try recorder.share(weights, of: hasOne, times: pattern.count / max(1, found.count))
  }
}

extension ExpressionRecorder {
  /// The sum of one value over that of another, which stands for so many.
  fileprivate mutating func share(
    _ part: ValueID,
    of whole: ValueID,
    times: Int
  ) throws -> ValueID {
    let number = try add(Scale(factor: Double(times)), [try add(SumOver(nil), [whole])])
    return try add(Over(), [try add(SumOver(nil), [part]), number])
  }
}
