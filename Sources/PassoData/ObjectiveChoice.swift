// SPDX-License-Identifier: MIT
import PassoText

/// An objective, and what a person has chosen of it: the one home of how it is read, printed and
/// kept.
///
///     causal    ahead 3    masked always    middle    causal after <sep>
package struct ObjectiveChoice: Sendable {
  package let kind: any Objective.Type
  package let options: ObjectiveOptions

  package init(_ kind: any Objective.Type, _ options: ObjectiveOptions = ObjectiveOptions()) {
    (self.kind, self.options) = (kind, options)
  }

  /// The next token, or the one some places further on; what else was chosen stays where the
  /// question is of that kind already.
  package func shifted(by distance: Int) throws(ObjectiveProblem) -> ObjectiveChoice {
    var options = ObjectiveOptions(after: kind.name == CausalObjective.name ? options.after : nil)
    options.distance = try ObjectiveParameter.distance(distance)
    return ObjectiveChoice(CausalObjective.self, options)
  }
}

/// What a person may choose of an objective beside its name.
package struct ObjectiveOptions: Hashable, Sendable {
  /// Places from a position to the token that it has to predict: 1 is the next one.
  package var distance = 1

  /// Whether every chosen position is covered; else one in ten shows another token, and one its
  /// own.
  package var coversAll = false

  /// The token after whose first place in a row targets count; nil where all do.
  package var after: String?

  package init(distance: Int = 1, coversAll: Bool = false, after: String? = nil) {
    (self.distance, self.coversAll, self.after) = (distance, coversAll, after)
  }
}

/// What may follow the name of an objective.
package enum ObjectiveParameter: Sendable {
  /// How far ahead the token is that is asked for: a number after `ahead`.
  case distance

  /// `always`: every chosen position is covered.
  case always

  package static let alwaysWord = "always"
  package static let afterWord = "after"

  /// More places than a small model reads.
  package static let distances = 0...1_000

  static func distance(_ number: Int?, typed: String? = nil) throws(ObjectiveProblem) -> Int {
    guard let number, distances.contains(number) else {
      throw .distance(found: typed ?? number.map { "\($0)" })
    }
    return number
  }
}

// MARK: - What is known of it

extension ObjectiveChoice {
  /// Its words.
  package var name: String { description }

  package var explanation: Bilingual {
    let explanation = kind.explanation(options)
    guard let token = options.after else { return explanation }
    return explanation
      + Bilingual(
        it: " Si chiede solo ciò che viene dopo il primo \(token) della riga.",
        en: " Only what comes after the first \(token) of the row is asked for."
      )
  }

  package var specials: [SpecialToken] { kind.specials }
  package var hidesAnswers: Bool { kind.hidesAnswers }
  package var looksBack: Bool { kind.looksBack }
  package var weighsTargets: Bool { kind.weighsTargets }

  /// Whether every position predicts the token after it, as a model that writes does.
  package var predictsNext: Bool { kind.predictsNext && options.distance == 1 }

  /// Whether a model learns to write token after token, be it rows of a kind of their own.
  package var writes: Bool { kind.looksBack && options.distance == 1 }

  /// Whether every token of a text is predicted from those before it: what is known of texts, as
  /// the entropy of their tokens, is about this question.
  package var asksForEveryToken: Bool { predictsNext && options.after == nil }

  /// Whether a model learns to find what `<mask>` covers, and nothing else: then it can uncover a
  /// row that is all covered.
  package var uncovers: Bool { kind.name == AnyOrderObjective.name || options.coversAll }

  /// The objective with the ids of a tokenizer.
  ///
  /// - Throws: `DataProblem.missingToken` or `.noSuchToken` if the tokenizer lacks one.
  package func objective(for tokenizer: any Tokenizer) throws(DataProblem) -> any Objective {
    try kind.init(tokenizer, options)
  }
}

// MARK: - Words

extension ObjectiveChoice: CustomStringConvertible, Hashable {
  /// The words that choose it, in the order in which they are read.
  package var words: [String] {
    var words = [kind.name]
    if kind.parameter == .distance, options.distance != 1 {
      words = [CausalObjective.aheadName, "\(options.distance)"]
    }
    if options.coversAll { words.append(ObjectiveParameter.alwaysWord) }
    if let token = options.after { words += [ObjectiveParameter.afterWord, token] }
    return words
  }

  package var description: String { words.joined(separator: " ") }

  package static func == (left: Self, right: Self) -> Bool {
    left.kind.name == right.kind.name && left.options == right.options
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(kind.name)
    hasher.combine(options)
  }

  /// Understands a line; a token after `after` may hold blanks, and ends with the line.
  ///
  /// - Throws: `ObjectiveProblem`.
  package init(_ text: String) throws(ObjectiveProblem) {
    let mark = " \(ObjectiveParameter.afterWord) "
    guard let place = text.firstRange(of: mark) else {
      self = try ObjectiveChoice(words: text.split(separator: " ").map { String($0) })
      return
    }
    let words = text[..<place.lowerBound].split(separator: " ").map { String($0) }
    let token = String(text[place.upperBound...])
    self = try ObjectiveChoice(words: words + [ObjectiveParameter.afterWord, token])
  }

  /// Understands words.
  ///
  /// - Throws: `ObjectiveProblem`.
  package init(words: [String]) throws(ObjectiveProblem) {
    var rest = words[...]
    let name = rest.popFirst() ?? ""
    var options = ObjectiveOptions()
    if name == CausalObjective.aheadName {
      kind = CausalObjective.self
      let typed = rest.popFirst()
      options.distance = try ObjectiveParameter.distance(typed.flatMap { Int($0) }, typed: typed)
    } else if let named = Objectives.named(name) {
      kind = named
    } else {
      throw .unknown(name, closest: Suggestion.closest(to: name, among: Objectives.names))
    }
    if kind.parameter == .always, rest.first == ObjectiveParameter.alwaysWord {
      options.coversAll = true
      rest = rest.dropFirst()
    }
    if rest.first == ObjectiveParameter.afterWord {
      guard kind.takesAfter else { throw .noAfter(name) }
      guard let token = rest.dropFirst().first, !token.isEmpty else { throw .noToken }
      options.after = token
      rest = rest.dropFirst(2)
    }
    if let word = rest.first { throw .extraWord(word, after: name, allowed: kind.following) }
    self.options = options
  }
}

extension Objective {
  /// What may follow its name.
  fileprivate static var following: [String] {
    (parameter == .always ? [ObjectiveParameter.alwaysWord] : [])
      + (takesAfter ? ["\(ObjectiveParameter.afterWord) TOKEN"] : [])
  }
}
