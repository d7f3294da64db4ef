// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime

/// A row of questions, and how probable it is that an objective makes it of a text.
package struct AskedRow: Sendable {
  package var example: Example
  package var probability: Double

  /// How much each of its questions weighs.
  package var weight = 1.0
}

/// Every row that an objective can make of a text, written down one by one: what the floors compute
/// in another way.
package struct AskedRows {
  /// The objectives, as they are typed.
  package static let objectives = [
    "ahead 0", "causal", "ahead 2", "ahead 3", "ahead 5", "prefix", "span", "middle", "any-order",
    "masked", "masked always", "replaced",
  ]

  private let language: ToyLanguage

  /// One that has all tokens of the rows.
  package let tokenizer: WordTokenizer

  package init(_ language: ToyLanguage) {
    self.language = language
    tokenizer = language.tokenizer(with: Objectives.all.flatMap { $0.specials })
  }

  private func id(_ token: SpecialToken) -> TokenID { tokenizer.id(of: token) ?? 0 }

  /// The ids of ordinary words.
  private var ordinary: [TokenID] {
    (0..<TokenID(language.tokenizer.vocabularySize)).filter {
      SpecialToken(rawValue: language.tokenizer.token(of: $0) ?? "") == nil
    }
  }

  /// The rows of one sentence.
  ///
  /// - Parameters:
  ///   - objective: As it is typed.
  ///   - sentence: Its words and its `<end>`.
  /// - Returns: Rows whose probabilities sum to 1; none where nothing can be asked.
  package func rows(_ objective: String, of sentence: [TokenID]) -> [AskedRow] {
    let words = Array(sentence.dropLast())
    if objective.hasPrefix("ahead"), let distance = Int(objective.dropFirst(6)) {
      return ahead(distance, sentence)
    }
    switch objective {
    case "causal": return ahead(1, sentence)
    case "prefix": return prefix(sentence)
    case "span": return span(words)
    case "middle": return middle(words)
    case "any-order": return anyOrder(sentence)
    case "masked": return masked(words, covers: false)
    case "masked always": return masked(words, covers: true)
    default: return replaced(words)
    }
  }

  // MARK: One after the other

  private func ahead(_ distance: Int, _ sentence: [TokenID]) -> [AskedRow] {
    let row = [id(.start)] + sentence
    guard row.count > distance else { return [] }
    let example = Example(inputs: row.dropLast(distance), targets: Array(row.dropFirst(distance)))
    return [AskedRow(example: example, probability: 1)]
  }

  private func prefix(_ sentence: [TokenID]) -> [AskedRow] {
    let cuts = min(2, sentence.count)...sentence.count
    return cuts.map { cut in
      let targets = sentence.enumerated().map { $0 < cut - 1 ? ignoredTarget : $1 }
      let inputs = [id(.start)] + sentence.dropLast()
      return AskedRow(
        example: Example(inputs: inputs, targets: targets, prefix: cut),
        probability: 1 / Double(cuts.count)
      )
    }
  }

  private func middle(_ words: [TokenID]) -> [AskedRow] {
    let cuts = (0..<words.count).flatMap { first in
      (first + 1...words.count).map { (first, $0) }
    }
    return cuts.map { first, last in
      let row =
        [id(.fillPrefix)] + words[..<first] + [id(.fillSuffix)] + words[last...]
        + [id(.fillMiddle)] + words[first..<last] + [id(.end)]
      return AskedRow(
        example: Example(inputs: row.dropLast(), targets: Array(row.dropFirst())),
        probability: 1 / Double(cuts.count)
      )
    }
  }

  // MARK: Hidden

  /// All subsets of so many of some numbers.
  private func subsets(_ size: Int, of count: Int) -> [[Int]] {
    if size == 0 { return [[]] }
    if size > count { return [] }
    return subsets(size, of: count - 1) + subsets(size - 1, of: count - 1).map { $0 + [count - 1] }
  }

  /// Fifteen per cent, and one at least.
  private func hidden(of count: Int) -> Int { max(1, Int((0.15 * Double(count)).rounded())) }

  private func span(_ words: [TokenID]) -> [AskedRow] {
    let size = min(hidden(of: words.count), words.count - 1)
    let gaps = min(
      max(1, Int((Double(size) / 3).rounded())),
      16,
      size,
      words.count - size
    )
    let layouts = subsets(size, of: words.count).filter { places in
      places.count { !places.contains($0 - 1) } == gaps
    }
    return layouts.map { places in
      var (question, answer): ([TokenID], [TokenID]) = ([], [])
      var gap = 0
      for (place, word) in words.enumerated() {
        guard places.contains(place) else {
          question.append(word)
          continue
        }
        if !places.contains(place - 1) {
          question.append(id(.span(gap)))
          answer.append(id(.span(gap)))
          gap += 1
        }
        answer.append(word)
      }
      let row = question + answer + [id(.span(gap))]
      let targets = row.indices.dropFirst().map { $0 <= question.count ? ignoredTarget : row[$0] }
      return AskedRow(
        example: Example(inputs: row.dropLast(), targets: targets, prefix: question.count),
        probability: 1 / Double(layouts.count)
      )
    }
  }

  private func anyOrder(_ sentence: [TokenID]) -> [AskedRow] {
    let length = Oracle(language).rowLength
    let row = sentence + Array(repeating: id(.end), count: length - sentence.count)
    return (1...length).flatMap { size in
      let all = subsets(size, of: length)
      return all.map { places in
        var (inputs, targets) = (row, row.map { _ in ignoredTarget })
        for place in places { (inputs[place], targets[place]) = (id(.mask), row[place]) }
        let weight = Double(length) / Double(size)
        return AskedRow(
          example: Example(
            inputs: inputs,
            targets: targets,
            prefix: length,
            weights: row.map { _ in weight }
          ),
          probability: 1 / Double(length * all.count),
          weight: weight
        )
      }
    }
  }

  private func masked(_ words: [TokenID], covers: Bool) -> [AskedRow] {
    let all = subsets(hidden(of: words.count), of: words.count)
    return all.flatMap { places in
      let plain = Example(
        inputs: words,
        targets: words.indices.map { places.contains($0) ? words[$0] : ignoredTarget },
        prefix: words.count
      )
      let start = [AskedRow(example: plain, probability: 1 / Double(all.count))]
      return places.reduce(start) { rows, place in
        rows.flatMap { row in
          seen(words[place], covers: covers).map { row.showing($0, at: place) }
        }
      }
    }
  }

  /// What may stand in the place of a word that was chosen.
  private func seen(_ word: TokenID, covers: Bool) -> [(TokenID, Double)] {
    if covers { return [(id(.mask), 1)] }
    return [(id(.mask), 0.8), (word, 0.1)]
      + ordinary.map { ($0, 0.1 / Double(ordinary.count)) }
  }

  private func replaced(_ words: [TokenID]) -> [AskedRow] {
    words.indices.flatMap { place in
      let shown =
        [(words[place], 0.5)] + ordinary.map { ($0, 0.5 / Double(ordinary.count)) }
      return shown.map { word, share in
        var (inputs, targets) = (words, words.map { _ in ignoredTarget })
        (inputs[place], targets[place]) = (word, id(word == words[place] ? .original : .replaced))
        return AskedRow(
          example: Example(inputs: inputs, targets: targets, prefix: words.count),
          probability: share / Double(words.count)
        )
      }
    }
  }
}

extension AskedRow {
  fileprivate func showing(_ word: (TokenID, Double), at place: Int) -> AskedRow {
    var copy = self
    copy.example.inputs[place] = word.0
    copy.probability *= word.1
    return copy
  }
}

// MARK: - What is known of the answers

/// How probable each answer is, by all that can be seen where it is asked.
package struct KnownAnswers {
  private struct Sight: Hashable {
    let position: Int
    let prefix: Int
    let tokens: ArraySlice<TokenID>
  }

  private var masses: [Sight: [TokenID: Double]] = [:]

  package init() {}

  /// Counts what a row asks.
  package mutating func add(_ row: AskedRow, probability: Double) {
    let mass = probability * row.probability * row.weight
    for (sight, target) in Self.questions(row) {
      masses[sight, default: [:]][target, default: 0] += mass
    }
  }

  private static func questions(_ row: AskedRow) -> [(Sight, TokenID)] {
    let example = row.example
    let asked = example.targets.enumerated().filter { $0.element != ignoredTarget }
    return asked.map { place, target in
      let seen = example.inputs.prefix(example.visibleCount(from: place))
      return (Sight(position: place, prefix: example.prefix, tokens: seen), target)
    }
  }

  /// What is asked of one sentence, by weight.
  package var asked: Double { masses.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

  /// The loss of whoever knows all these probabilities and sees what there is to see.
  package var entropy: Double {
    masses.values.reduce(0) { sum, answers in
      let all = answers.values.reduce(0, +)
      return sum - answers.values.reduce(0) { $0 + $1 * Double.logarithm($1 / all) }
    }
  }

  /// The loss, on these answers, of whoever believes in others.
  package func loss(of believed: KnownAnswers) -> Double {
    masses.reduce(0) { sum, entry in
      let answers = believed.masses[entry.key] ?? [:]
      let all = answers.values.reduce(0, +)
      return entry.value.reduce(sum) { sum, answer in
        sum - answer.value * Double.logarithm((answers[answer.key] ?? 0) / all)
      }
    }
  }
}
