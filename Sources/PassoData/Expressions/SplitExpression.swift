// SPDX-License-Identifier: MIT
import PassoText

/// A regular expression of a stranger's tokenizer, as Oniguruma in `tokenizers` reads it.
///
/// What is read is what such files need: sets, alternatives, groups, greedy and possessive
/// quantifiers, a look at what follows. Whatever could take more than linear time, or whose
/// meaning is not certain, is refused by name.
package struct SplitExpression: Sendable {
  /// As it was written.
  package let source: String

  let program: ExpressionProgram
  let matchers: ExpressionMatchers

  /// Reads an expression.
  ///
  /// - Throws: `ExpressionFault` if it has a part that is not read here.
  package init(_ source: String) throws(ExpressionFault) {
    var parser = ExpressionParser(source)
    let node = try parser.parse()
    self.source = source
    program = try ExpressionProgram(node, sets: parser.sets)
    matchers = ExpressionMatchers(program)
  }
}

extension SplitExpression: Hashable {
  package static func == (left: SplitExpression, right: SplitExpression) -> Bool {
    left.source.utf8.elementsEqual(right.source.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Why a regular expression is not read.
package enum ExpressionFault: Error, Hashable, Sendable {
  /// A part that is not read here, as it is written.
  case unsupported(String)

  /// It ends too early, or has a bracket too many.
  case malformed

  /// It has a match of nothing.
  case matchesNothing

  /// It is larger than any honest one.
  case tooLarge

  /// What is wrong, after "the regular expression".
  package var text: Bilingual {
    switch self {
    case .unsupported(let part):
      Bilingual(
        it: "ha \(it: part), che Passo non legge",
        en: "has \(en: part), which Passo does not read"
      )
    case .malformed:
      Bilingual(it: "è incompleta o scritta male", en: "is incomplete or malformed")
    case .matchesNothing:
      Bilingual(it: "corrisponde anche al testo vuoto", en: "matches the empty text too")
    case .tooLarge: Bilingual(it: "è troppo grande", en: "is too large")
    }
  }
}

/// A regular expression as a tree.
indirect enum ExpressionNode: Hashable, Sendable {
  /// One scalar of the set with this number.
  case set(Int)
  case sequence([ExpressionNode])
  case alternatives([ExpressionNode])

  /// As often as possible; a possessive one gives nothing back.
  case repeated(ExpressionNode, least: Int, most: Int?, isPossessive: Bool)

  /// Whether one of the runs of sets follows, or none of them.
  case ahead([[Int]], isNegated: Bool)

  /// Whether it matches a text of no scalars.
  var matchesNothing: Bool {
    switch self {
    case .set: false
    case .sequence(let nodes): nodes.allSatisfy(\.matchesNothing)
    case .alternatives(let nodes): nodes.contains(where: \.matchesNothing)
    case .repeated(let node, let least, _, _): least == 0 || node.matchesNothing
    case .ahead: true
    }
  }
}
