// SPDX-License-Identifier: MIT
import PassoText

/// A way to make questions and answers out of the text itself: what is hidden, and from whom.
///
/// Adding one is adding a file with a type, and its name to `Objectives.all`. What a person may
/// choose of one beside its name are `ObjectiveOptions`; both together are an `ObjectiveChoice`.
package protocol Objective: Sendable {
  /// The word that chooses it, as `causal`.
  static var name: String { get }

  /// What a person should understand of it.
  static var explanation: Bilingual { get }

  /// The same where options make another question of it.
  static func explanation(_ options: ObjectiveOptions) -> Bilingual

  /// The special tokens that a new vocabulary gets for it.
  static var specials: [SpecialToken] { get }

  /// Whether the answers are taken out of the inputs; else another position may hold them.
  static var hidesAnswers: Bool { get }

  /// Whether it wants a text with the token that ends it.
  static var predictsEnd: Bool { get }

  /// Whether every position predicts the token after it, as a model that writes does.
  static var predictsNext: Bool { get }

  /// Whether a position may look at none after it; else each row says how much all may see.
  static var looksBack: Bool { get }

  /// Whether its targets weigh differently.
  static var weighsTargets: Bool { get }

  /// The positions that the shortest question and its answer take.
  static var shortestRow: Int { get }

  /// What may follow its name, beside `after TOKEN`.
  static var parameter: ObjectiveParameter? { get }

  /// Whether it can ask for what follows a token alone.
  static var takesAfter: Bool { get }

  /// Takes the ids that it needs from a tokenizer.
  ///
  /// - Throws: `DataProblem.missingToken` or `.noSuchToken` if the tokenizer lacks one.
  init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem)

  /// What was chosen of it.
  var options: ObjectiveOptions { get }

  /// The token after which targets count; nil where all do.
  var after: AfterToken? { get set }

  /// The questions and answers hidden in one text.
  ///
  /// - Parameters:
  ///   - tokens: The ids of the text.
  ///   - random: Decides what is hidden, where that is a matter of chance.
  /// - Returns: A row.
  /// - Throws: `DataProblem.tooFewTokens` or `.nothingAfter` if nothing can be asked.
  func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example

  /// Checks that the token after which targets count comes in every row of a language, and is
  /// followed by something.
  ///
  /// - Throws: `DataProblem.nothingAfter`.
  func expectAfter(in oracle: Oracle) throws(DataProblem)

  /// Texts as rows of a length take them; with a length of 0 their own decide.
  func filled(_ texts: [[TokenID]], to length: Int) -> [[TokenID]]

  /// The input that fills short rows; nothing is asked there.
  var padding: TokenID { get }

  /// How many tokens out of the middle of a text make a row of a length, at most.
  ///
  /// The length is at least `shortestRow`.
  func textLength(ofRow length: Int) -> Int

  /// The same, for pieces out of the middle of a text: without a start or an end of their own.
  var continued: Self { get }
}

extension Objective {
  /// The words that choose it, with what was chosen of it.
  package var name: String { ObjectiveChoice(Self.self, options).description }

  package static func explanation(_ options: ObjectiveOptions) -> Bilingual { explanation }

  package static var hidesAnswers: Bool { false }
  package static var predictsEnd: Bool { true }
  package static var predictsNext: Bool { false }
  package static var looksBack: Bool { predictsNext }
  package static var weighsTargets: Bool { false }
  package static var shortestRow: Int { 1 }
  package static var parameter: ObjectiveParameter? { nil }
  package static var takesAfter: Bool { true }
  package var options: ObjectiveOptions { ObjectiveOptions(after: after?.text) }
  package var continued: Self { self }

  package func filled(_ texts: [[TokenID]], to length: Int) -> [[TokenID]] { texts }

  package func expectAfter(in oracle: Oracle) throws(DataProblem) {
    if let after { try oracle.expect(after, hasEnd: Self.predictsEnd) }
  }

  /// With nothing chosen of it.
  package init(_ tokenizer: any Tokenizer) throws(DataProblem) {
    try self.init(tokenizer, ObjectiveOptions())
  }

  /// One row for each text, filled up to equal length.
  ///
  /// - Parameters:
  ///   - texts: The ids of each text.
  ///   - length: The least number of positions of a row.
  ///   - random: Decides what is hidden, where that is a matter of chance.
  /// - Returns: As many rows as texts.
  /// - Throws: `DataProblem` if there is no text, or nothing can be asked of one.
  package func batch(
    from texts: [[TokenID]],
    length: Int = 0,
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Batch {
    guard !texts.isEmpty else { throw .noSequences }
    var examples: [Example] = []
    for text in filled(texts, to: length) {
      examples.append(try example(from: text, using: &random))
    }
    return Batch(examples: examples, padding: padding, length: length)
  }

  /// The places of a row whose tokens may be asked for.
  ///
  /// - Throws: `DataProblem.nothingAfter` if there are none.
  func askable(in row: [TokenID]) throws(DataProblem) -> Range<Int> {
    try after?.places(in: row) ?? row.indices
  }
}

package enum Objectives {
  /// The first is the one that a session begins with.
  package static let all: [any Objective.Type] = [
    CausalObjective.self, MaskedObjective.self, PrefixObjective.self, SpanObjective.self,
    MiddleObjective.self, AnyOrderObjective.self, ReplacedObjective.self,
  ]

  /// Every word that chooses one.
  package static let names = all.flatMap { type in
    type.parameter == .distance ? [type.name, CausalObjective.aheadName] : [type.name]
  }

  package static func named(_ name: String) -> (any Objective.Type)? {
    all.first { $0.name == name }
  }
}

extension Tokenizer {
  /// The id of a special token that an objective cannot do without.
  func needed(_ token: SpecialToken, by objective: String) throws(DataProblem) -> TokenID {
    if let id = id(of: token) { return id }
    throw .missingToken(token, objective: objective)
  }

  /// What fills short rows: nothing is asked there, so any id will do where there is no `<pad>`.
  var padding: TokenID { id(of: .pad) ?? start ?? 0 }

  /// The ids that stand for text.
  var ordinaryIDs: [TokenID] {
    (0..<TokenID(vocabularySize)).filter { id in
      token(of: id).map { SpecialToken(rawValue: $0) == nil } ?? false
    }
  }
}
