// SPDX-License-Identifier: MIT
import PassoText

/// A way to make questions and answers out of the text itself: what is hidden, and from whom.
///
/// Adding one is adding a file with a type, and its name to `Objectives.all`.
package protocol Objective: Sendable {
  /// The word that chooses it, as `causal`.
  static var name: String { get }

  /// What a person should understand of it.
  static var explanation: Bilingual { get }

  /// The special tokens that a new vocabulary gets for it.
  static var specials: [SpecialToken] { get }

  /// Whether the answers are taken out of the inputs; else another position may hold them.
  static var hidesAnswers: Bool { get }

  /// Whether the end of a text is predicted too.
  static var predictsEnd: Bool { get }

  /// Whether every position predicts the token after it, as a model that writes does.
  static var predictsNext: Bool { get }

  /// The positions that the shortest question and its answer take.
  static var shortestRow: Int { get }

  /// Takes the ids that it needs from a tokenizer.
  ///
  /// - Throws: `DataProblem.missingToken` if the tokenizer lacks one.
  init(_ tokenizer: any Tokenizer) throws(DataProblem)

  /// The questions and answers hidden in one text.
  ///
  /// - Parameters:
  ///   - tokens: The ids of the text.
  ///   - random: Decides what is hidden, where that is a matter of chance.
  /// - Returns: A row.
  /// - Throws: `DataProblem.tooFewTokens` if nothing can be hidden.
  func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example

  /// The input that fills short rows; nothing is asked there.
  var padding: TokenID { get }

  /// How many tokens out of the middle of a text make a row of a length, at most.
  ///
  /// The length is at least `shortestRow`.
  func textLength(ofRow length: Int) -> Int

  /// The same, for pieces out of the middle of a text: without a start of their own.
  var continued: Self { get }
}

extension Objective {
  /// The word that chooses it.
  package var name: String { Self.name }

  package static var hidesAnswers: Bool { false }
  package static var predictsEnd: Bool { true }
  package static var predictsNext: Bool { false }
  package static var shortestRow: Int { 1 }
  package var continued: Self { self }

  /// One row for each text, filled up to equal length.
  ///
  /// - Parameters:
  ///   - texts: The ids of each text.
  ///   - length: The least number of positions of a row.
  ///   - random: Decides what is hidden, where that is a matter of chance.
  /// - Returns: As many rows as texts.
  /// - Throws: `DataProblem` if there is no text, or one is too short.
  package func batch(
    from texts: [[TokenID]],
    length: Int = 0,
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Batch {
    guard !texts.isEmpty else { throw .noSequences }
    var examples: [Example] = []
    for text in texts { examples.append(try example(from: text, using: &random)) }
    return Batch(examples: examples, padding: padding, length: length)
  }
}

/// An objective among fields that are compared: two are the same if their names are.
@propertyWrapper
package struct NamedObjective: Hashable, Sendable {
  package var wrappedValue: any Objective.Type

  package init(wrappedValue: any Objective.Type) { self.wrappedValue = wrappedValue }

  package static func == (left: NamedObjective, right: NamedObjective) -> Bool {
    left.wrappedValue.name == right.wrappedValue.name
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue.name) }
}
package enum Objectives {
  /// The first is the one that a session begins with.
  package static let all: [any Objective.Type] = [
    CausalObjective.self, MaskedObjective.self, PrefixObjective.self, SpanObjective.self,
  ]

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
}
