// SPDX-License-Identifier: MIT
import PassoText

extension Grammar {
  /// Puts rules together that were read, and checks that they make sentences.
  ///
  /// - Throws: `GrammarProblem` for the first rule that does not.
  init(_ read: GrammarReader) throws(GrammarProblem) {
    guard let first = read.rules.first else { throw GrammarProblem(.noRules, line: nil) }
    let names = try Self.names(read.rules)
    guard let start = names[Self.sentence] else {
      let closest = Suggestion.closest(to: Self.sentence, among: read.rules.map(\.name))
      throw GrammarProblem(.noSentence(closest: closest), line: first.line)
    }
    var rules: [Rule] = []
    for rule in read.rules { rules.append(try Self.rule(rule, names)) }
    self.init(words: read.words, rules: rules, start: start)
    try checkUse()
    try checkEnd()
    try checkRecursion()
  }

  private static func names(_ rules: [GrammarReader.Rule]) throws(GrammarProblem) -> [String: Int] {
    var names: [String: Int] = [:]
    for (index, rule) in rules.enumerated() {
      if let first = names.updateValue(index, forKey: rule.name) {
        let fault = GrammarFault.duplicateRule(rule.name, first: rules[first].line)
        throw GrammarProblem(fault, line: rule.line)
      }
    }
    return names
  }

  private static func rule(
    _ rule: GrammarReader.Rule,
    _ names: [String: Int]
  ) throws(GrammarProblem) -> Rule {
    let usual = 1 / Double(rule.alternatives.count)
    var alternatives: [Alternative] = []
    for alternative in rule.alternatives {
      var symbols: [Symbol] = []
      for symbol in alternative.symbols {
        switch symbol {
        case .word(let id): symbols.append(.word(id))
        case .nothing: symbols.append(.nothing)
        case .rule(let name):
          guard let index = names[name] else {
            let closest = Suggestion.closest(to: name, among: names.keys.sorted())
            throw GrammarProblem(.unknownRule(name, closest: closest), line: alternative.line)
          }
          symbols.append(.rule(index))
        }
      }
      alternatives.append(
        Alternative(
          probability: alternative.probability ?? usual,
          symbols: symbols == [.nothing] ? [] : symbols,
          line: alternative.line
        )
      )
    }
    try normalize(&alternatives, of: rule)
    return Rule(name: rule.name, line: rule.line, alternatives: alternatives)
  }

  /// Divides probabilities by their sum, where it is off by more than rounding: of numbers with a
  /// few digits a person means that they sum to 1.
  private static func normalize(
    _ alternatives: inout [Alternative],
    of rule: GrammarReader.Rule
  ) throws(GrammarProblem) {
    let sum = alternatives.reduce(0) { $0 + $1.probability }
    guard abs(sum - 1) <= 1e-6 else {
      throw GrammarProblem(.sum(rule.name, sum), line: rule.line)
    }
    guard abs(sum - 1) > 1e-12 else { return }
    for index in alternatives.indices { alternatives[index].probability /= sum }
  }
}

// MARK: - What rules do together

extension Grammar {
  /// The rules that an alternative names.
  private static func rules(in alternative: Alternative) -> [Int] {
    alternative.symbols.compactMap { if case .rule(let rule) = $0 { rule } else { nil } }
  }

  /// Every rule takes part in some sentence.
  private func checkUse() throws(GrammarProblem) {
    var isUsed = Array(repeating: false, count: rules.count)
    var waiting = [start]
    isUsed[start] = true
    while let rule = waiting.popLast() {
      for next in rules[rule].alternatives.flatMap(Self.rules) where !isUsed[next] {
        isUsed[next] = true
        waiting.append(next)
      }
    }
    if let rule = zip(rules, isUsed).first(where: { !$0.1 })?.0 {
      throw GrammarProblem(.unusedRule(rule.name), line: rule.line)
    }
  }

  /// Every rule can come to an end.
  private func checkEnd() throws(GrammarProblem) {
    let ends = rules(thatCanDoWith: { _ in true })
    if let rule = zip(rules, ends).first(where: { !$0.1 })?.0 {
      throw GrammarProblem(.endlessRule(rule.name), line: rule.line)
    }
  }

  /// The rules with an alternative of nothing but what is allowed, and of other such rules.
  private func rules(thatCanDoWith allows: (TokenID) -> Bool) -> [Bool] {
    // For each rule the alternatives that wait for it, once for each time that they name it.
    var waiting: [[(rule: Int, alternative: Int)]] = Array(repeating: [], count: rules.count)
    var missing: [[Int]] = rules.map { rule in rule.alternatives.map { _ in 0 } }
    var can = Array(repeating: false, count: rules.count)
    var found: [Int] = []
    for (index, rule) in rules.enumerated() {
      for (number, alternative) in rule.alternatives.enumerated() {
        let isOut = alternative.symbols.contains { symbol in
          if case .word(let id) = symbol { !allows(id) } else { false }
        }
        if isOut { continue }
        let needed = Self.rules(in: alternative)
        missing[index][number] = needed.count
        for other in needed { waiting[other].append((index, number)) }
        if needed.isEmpty, !can[index] {
          can[index] = true
          found.append(index)
        }
      }
    }
    while let rule = found.popLast() {
      for (index, number) in waiting[rule] {
        missing[index][number] -= 1
        if missing[index][number] == 0, !can[index] {
          can[index] = true
          found.append(index)
        }
      }
    }
    return can
  }

  /// A rule comes back to itself at the end of an alternative only, and with a word before: else
  /// what may still come would grow without limit, or never begin.
  private func checkRecursion() throws(GrammarProblem) {
    let canBeEmpty = rules { _ in false }
    if canBeEmpty[start] { throw GrammarProblem(.emptySentence, line: rules[start].line) }
    let circles = Components(count: rules.count) { rules[$0].alternatives.flatMap(Self.rules) }
    var wordless: [[Int]] = Array(repeating: [], count: rules.count)
    for (index, rule) in rules.enumerated() {
      for alternative in rule.alternatives {
        var isEmpty = true
        for (place, symbol) in alternative.symbols.enumerated() {
          guard case .rule(let next) = symbol else {
            if case .word = symbol { isEmpty = false }
            continue
          }
          if circles.group[next] == circles.group[index] {
            guard place == alternative.symbols.count - 1 else {
              let fault = GrammarFault.recursionInside(rule.name, through: rules[next].name)
              throw GrammarProblem(fault, line: alternative.line)
            }
            if isEmpty { wordless[index].append(next) }
          }
          isEmpty = isEmpty && canBeEmpty[next]
        }
      }
    }
    let bare = Components(count: rules.count) { wordless[$0] }
    let isOnCircle = { (rule: Int) in
      bare.groups[bare.group[rule]].count > 1 || wordless[rule].contains(rule)
    }
    if let index = rules.indices.first(where: isOnCircle) {
      throw GrammarProblem(.recursionWithoutWords(rules[index].name), line: rules[index].line)
    }
  }
}
