// SPDX-License-Identifier: MIT
import PassoData

/// Rules as a tree, which writes itself as a file and lists its own sentences: what reads such
/// files has no part in it.
indirect enum GrammarTree {
  case word(String)
  case sequence([GrammarTree])
  case choice([(Double, GrammarTree)])

  static let nothing = GrammarTree.sequence([])

  /// One of several words, each with its probability.
  static func words(_ words: [String], _ probabilities: [Double]) -> GrammarTree {
    .choice(zip(probabilities, words).map { ($0, .word($1)) })
  }

  /// Every sentence with its probability; one that comes about in several ways stands there once.
  var sentences: [[String]: Double] {
    switch self {
    case .word(let word): [[word]: 1]
    case .choice(let branches):
      branches.reduce(into: [:]) { all, branch in
        for (words, probability) in branch.1.sentences {
          all[words, default: 0] += branch.0 * probability
        }
      }
    case .sequence(let parts):
      parts.reduce([[]: 1]) { before, part in
        var after: [[String]: Double] = [:]
        for (words, probability) in part.sentences {
          for (start, share) in before { after[start + words, default: 0] += share * probability }
        }
        return after
      }
    }
  }

  /// The text of a file of rules.
  var rules: String {
    var lines: [String] = []
    let sentence = write(&lines)
    return "<sentence> = \(sentence)\n" + lines.joined(separator: "\n")
  }

  /// What stands for the tree in a rule; choices become rules of their own.
  private func write(_ lines: inout [String]) -> String {
    switch self {
    case .word(let word): return word
    case .sequence(let parts):
      return parts.isEmpty ? "()" : parts.map { $0.write(&lines) }.joined(separator: " ")
    case .choice(let branches):
      let place = lines.count
      lines.append("")
      let ways = branches.map { "\($0) \($1.write(&lines))" }
      lines[place] = "<r\(place)> = " + ways.joined(separator: "\n  | ")
      return "<r\(place)>"
    }
  }

  /// A tree in which many alternatives begin with the same words.
  ///
  /// - Parameters:
  ///   - random: Decides it.
  ///   - depth: Choices inside of choices.
  ///   - mayBeEmpty: Whether it may stand for no word.
  /// - Returns: The tree.
  static func random(
    _ random: inout SeededRandom,
    depth: Int,
    mayBeEmpty: Bool = false
  ) -> GrammarTree {
    let first = GrammarTree.word(["a", "b", "c"].randomElement(using: &random) ?? "a")
    guard depth > 0 else { return first }
    let count = Int.random(in: 2...3, using: &random)
    let weights = (0..<count).map { _ in Double.random(in: 0.1...1, using: &random) }
    let sum = weights.reduce(0, +)
    return .choice(
      weights.enumerated().map { place, weight in
        if mayBeEmpty, place == 0 { return (weight / sum, .nothing) }
        var parts = Bool.random(using: &random) ? [first] : []
        parts.append(Self.random(&random, depth: depth - 1))
        if Bool.random(using: &random) {
          parts.append(Self.random(&random, depth: depth - 1, mayBeEmpty: true))
        }
        return (weight / sum, .sequence(parts))
      }
    )
  }
}

/// All sentences of a language with its probability, written down one by one.
struct WrittenLanguage {
  /// Sentences with their `<end>`.
  let sentences: [(words: [String], probability: Double)]
  let language: ToyLanguage

  init(_ tree: GrammarTree, name: String) throws {
    sentences = tree.sentences.map { ($0.key + ["<end>"], $0.value) }
      .sorted { $0.words.joined(separator: " ") < $1.words.joined(separator: " ") }
    language = try ToyLanguage(name: name, rules: tree.rules)
  }

  func ids(_ words: [String]) -> [TokenID] {
    words.compactMap { language.tokenizer.vocabulary.id(of: $0) }
  }
}
