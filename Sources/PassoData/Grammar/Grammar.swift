// SPDX-License-Identifier: MIT

/// The rules of a toy language, each way to go with its probability.
///
/// They are written by hand, in plain text in UTF-8:
///
///     # What stands behind a # is a remark.
///     it: frasi come «Il gatto dorme»
///     en: sentences as 'Il gatto dorme'
///     example: Il gatto dorme
///
///     <sentence> = 0.6 <subject> dorme | 0.4 <subject> <verb> <object>
///     <subject> = Il gatto | La gatta
///     <verb> = guarda | insegue
///     <object> = un topo <perhaps>
///     <perhaps> = 3/4 ()
///               | 1/4 che <verb> <object>
///
/// - A rule is a name in angle brackets, `=`, and alternatives with `|` between them. It begins at
///   the left margin and goes on in lines that are indented.
/// - An alternative begins with its probability, as `0.6` or `3/4`; a decimal comma is a point.
///   Those of a rule sum to 1. Where none has one, all are equally probable.
/// - What follows are words and names of other rules, one after the other; `()` stands for
///   nothing, and is a place of its own where it stands beside others. Words are made as the
///   tokenizer of words makes them of a text, so that `l'amico.` is four. What would mean
///   something else is a word in quotation marks: `"2"`, `"|"`, `"="`.
/// - Sentences begin with the rule `<sentence>`; `<end>` comes by itself after the last word.
/// - A rule may come back to itself, at once or through others, only as the last thing of an
///   alternative: then a sentence may become as long as chance wants.
/// - Two alternatives may begin with the same words.
/// - The ids of words are in the order in which they first stand in rules.
///
/// Fields, all of which may be left out, stand at the left margin too: what a person should know
/// of the language (`it:`, `en:`) and a sentence of it (`example:`). Words that have to agree with
/// each other in number are listed, to be counted in what a model says:
///
///     noun singular: gatto gatta          noun plural: gatti
///     verb singular: dorme                verb plural: dormono
///
/// A question is a beginning, words that may follow and words that may not, and what it tests:
///
///     question: Il gatto
///       right: dorme
///       wrong: dormono
///       it: numero
///       en: number
package struct Grammar: Sendable {
  /// What an alternative consists of.
  enum Symbol: Hashable, Sendable {
    case word(TokenID)

    /// What the rule of this place in the list says.
    case rule(Int)

    /// A place in which nothing comes.
    case nothing
  }

  /// A way to go, with its probability.
  struct Alternative: Sendable {
    var probability: Double
    let symbols: [Symbol]

    /// Where it begins in the file, from 1.
    let line: Int
  }

  /// Alternatives under a name.
  struct Rule: Sendable {
    let name: String

    /// Where it begins in the file, from 1.
    let line: Int
    var alternatives: [Alternative]
  }

  /// All words, in the order of their ids, which follow those of the special tokens.
  let words: [String]

  let rules: [Rule]

  /// The place of the rule of whole sentences.
  let start: Int

  /// The name of that rule.
  static let sentence = "sentence"

  /// The id of the first word.
  static let firstWord = SpecialToken.single.count
}
