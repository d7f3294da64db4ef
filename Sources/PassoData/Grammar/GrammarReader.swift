// SPDX-License-Identifier: MIT
import PassoText

/// Takes the lines of a file of rules apart; what the lines mean together others check.
package struct GrammarReader {
  /// A rule as it is written.
  struct Rule {
    let name: String
    let line: Int
    var alternatives: [Alternative] = []
  }

  struct Alternative {
    let line: Int
    var probability: Double?
    var symbols: [Symbol] = []
  }

  enum Symbol {
    case word(TokenID)
    case rule(String)
    case nothing
  }

  /// Where lines that are indented belong to.
  private enum Open {
    case nothing, rule
    case field(String)
    case question(part: String?)
  }

  private(set) var rules: [Rule] = []
  private(set) var fields = GrammarFields()

  /// All words, in the order in which they first stand in rules.
  private(set) var words: [String] = []

  private var ids: [String: TokenID] = [:]
  private var open = Open.nothing

  /// More words than a toy has.
  static let mostWords = 1_000

  /// Reads all lines.
  ///
  /// - Parameter text: The whole file; lines may end as on any system.
  /// - Throws: `GrammarProblem` at the first line that says nothing.
  init(_ text: String) throws(GrammarProblem) {
    var number = 0
    for line in Self.lines(of: text) {
      number += 1
      do throws(GrammarFault) {
        try read(Self.withoutRemark(line), number)
      } catch {
        throw GrammarProblem(error, line: number)
      }
    }
    for rule in rules { try check(rule) }
  }

  /// Lines end with a line feed, a carriage return, or both.
  private static func lines(of text: String) -> [Substring.UnicodeScalarView] {
    var lines: [Substring.UnicodeScalarView] = []
    var rest = text.unicodeScalars[...]
    while let end = rest.firstIndex(where: { $0 == "\n" || $0 == "\r" }) {
      lines.append(rest[..<end])
      let after = rest.index(after: end)
      let isPair = rest[end] == "\r" && after < rest.endIndex && rest[after] == "\n"
      rest = rest[(isPair ? rest.index(after: after) : after)...]
    }
    return lines + [rest]
  }

  /// A line up to a # that stands at its beginning or behind white space, and in no quotation.
  private static func withoutRemark(_ line: Substring.UnicodeScalarView) -> Substring {
    var isQuoted = false
    var before: Unicode.Scalar = " "
    for index in line.indices {
      let scalar = line[index]
      if scalar == "\"" { isQuoted.toggle() }
      if scalar == "#", !isQuoted, before.properties.isWhitespace {
        return Substring(line[..<index])
      }
      before = scalar
    }
    return Substring(line)
  }
}

// MARK: - Lines

extension GrammarReader {
  /// Whether a line of a text begins as a rule does.
  package static func hasRule(_ text: String) -> Bool {
    lines(of: text).contains { line in
      line.first == "<" && GrammarLexer(Substring(line)).beginsRule() != nil
    }
  }

  private mutating func read(_ line: Substring, _ number: Int) throws(GrammarFault) {
    guard let start = line.firstIndex(where: { !$0.isWhitespace }) else { return }
    let content = line[start...]
    if start > line.startIndex { return try continueWith(content, number) }
    if content.first == "<" { return try beginRule(content, number) }
    guard let (name, text) = GrammarFields.split(content) else {
      throw .notALine(String(content))
    }
    guard GrammarFields.names.contains(name) else {
      // Words with a sign among them are no name that was mistyped.
      if name.contains(where: { !$0.isLetter && $0 != " " }) { throw .notALine(String(content)) }
      throw .unknownField(
        name,
        closest: Suggestion.closest(to: name, among: GrammarFields.names)
      )
    }
    try beginField(name, text, number)
  }

  private mutating func beginRule(_ content: Substring, _ number: Int) throws(GrammarFault) {
    var lexer = GrammarLexer(content)
    guard case .name(let name)? = try lexer.next() else { throw .notALine(String(content)) }
    guard lexer.skip("=") else { throw .noEquals(name) }
    rules.append(Rule(name: name, line: number))
    open = .rule
    rules[rules.count - 1].alternatives.append(Alternative(line: number))
    try add(&lexer, number)
  }

  private mutating func beginField(
    _ name: String,
    _ text: String,
    _ number: Int
  ) throws(GrammarFault) {
    if name == GrammarFields.question {
      fields.questions.append(.init(line: number, prefix: text))
      open = .question(part: nil)
      if text.isEmpty { throw .fieldWithoutText(name) }
      return
    }
    if let first = fields.texts[name] { throw .duplicateField(name, first: first.line) }
    fields.texts[name] = .init(text: text, line: number)
    open = .field(name)
  }

  private mutating func continueWith(
    _ content: Substring,
    _ number: Int
  ) throws(GrammarFault) {
    switch open {
    case .nothing: throw .notALine(String(content))
    case .rule:
      var lexer = GrammarLexer(content)
      if let name = lexer.beginsRule() { throw .indentedRule(name) }
      try add(&lexer, number)
    case .field(let name): fields.texts[name]?.text += " \(content)"
    case .question(let part):
      let last = fields.questions.count - 1
      if let (name, text) = GrammarFields.split(content), GrammarFields.parts.contains(name) {
        if let first = fields.questions[last].parts[name] {
          throw .duplicateField(name, first: first.line)
        }
        fields.questions[last].parts[name] = .init(text: text, line: number)
        open = .question(part: name)
      } else if let part {
        fields.questions[last].parts[part]?.text += " \(content)"
      } else {
        throw .notALine(String(content))
      }
    }
  }
}

// MARK: - Alternatives

extension GrammarReader {
  /// Adds what stands in a line to the last rule.
  private mutating func add(_ lexer: inout GrammarLexer, _ number: Int) throws(GrammarFault) {
    let rule = rules.count - 1
    while let piece = try lexer.next() {
      let last = rules[rule].alternatives.count - 1
      switch piece {
      case .bar:
        rules[rule].alternatives.append(Alternative(line: number))
      case .nothing: rules[rule].alternatives[last].symbols.append(.nothing)
      case .name(let name):
        if SpecialToken(rawValue: "<\(name)>") != nil { throw .specialToken("<\(name)>") }
        rules[rule].alternatives[last].symbols.append(.rule(name))
      case .quoted(let text): try addWords(text, rule)
      case .bare(let text):
        let isFirst =
          rules[rule].alternatives[last].symbols.isEmpty
          && rules[rule].alternatives[last].probability == nil
        if isFirst, let probability = try Self.probability(text) {
          rules[rule].alternatives[last].probability = probability
        } else {
          try addWords(text, rule)
        }
      }
    }
  }

  /// Adds words as the tokenizer of words makes them of a text.
  private mutating func addWords(_ text: String, _ rule: Int) throws(GrammarFault) {
    if SpecialToken(rawValue: text) != nil { throw .specialToken(text) }
    let parts = WordSplitter.words(of: text).map(\.text)
    guard !parts.isEmpty else { throw .notAWord(text) }
    let last = rules[rule].alternatives.count - 1
    for word in parts {
      let id = ids[word] ?? TokenID(Grammar.firstWord + words.count)
      if ids.updateValue(id, forKey: word) == nil { words.append(word) }
      guard words.count <= Self.mostWords else { throw .tooManyWords(limit: Self.mostWords) }
      rules[rule].alternatives[last].symbols.append(.word(id))
    }
  }

  /// Less than this is a slip, or will never be drawn.
  private static let leastProbability = 1e-9

  /// The probability that a word is; nil for a word.
  private static func probability(_ text: String) throws(GrammarFault) -> Double? {
    let lowered = text.lowercased()
    let unsigned = lowered.drop { "+-.,".contains($0) }
    let isNumber = unsigned.unicodeScalars.first.map { "0"..."9" ~= $0 } ?? false
    guard isNumber || ["nan", "inf"].contains(unsigned) else { return nil }
    let parts = lowered.replacing(",", with: ".").split(
      separator: "/",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    let numbers = parts.compactMap { part in
      part.allSatisfy { "0123456789.e+-".contains($0) } ? Double(part) : nil
    }
    guard numbers.count == parts.count, let first = numbers.first else {
      throw .badProbability(text)
    }
    let probability = numbers.count == 2 ? first / numbers[1] : first
    guard probability >= leastProbability, probability <= 1 else { throw .badProbability(text) }
    return probability
  }

  private func check(_ rule: Rule) throws(GrammarProblem) {
    if SpecialToken(rawValue: "<\(rule.name)>") != nil {
      throw GrammarProblem(.specialToken("<\(rule.name)>"), line: rule.line)
    }
    if let empty = rule.alternatives.first(where: { $0.symbols.isEmpty }) {
      throw GrammarProblem(.emptyAlternative(rule.name), line: empty.line)
    }
    let numbered = rule.alternatives.count { $0.probability != nil }
    guard numbered == 0 || numbered == rule.alternatives.count else {
      throw GrammarProblem(.mixedProbabilities(rule.name), line: rule.line)
    }
  }
}
