// SPDX-License-Identifier: MIT

import PassoText

/// The words after a command's name.
///
/// Blanks separate words, except inside quotation marks and square brackets, so that
/// `:show blocks.0.attn.pattern[0, :, 2]` has one argument.
package struct Arguments: Sendable {
  /// One argument, and where it stands in the line, in scalars.
  package struct Word: Sendable, Equatable {
    package let text: String
    package let span: Range<Int>
    package let isQuoted: Bool
  }

  /// The line without a comment, for messages.
  package let line: String

  package let words: [Word]

  private let command: Command

  package init(_ command: Command, line: String, words: [Word]) {
    self.command = command
    self.line = line
    self.words = words
  }

  /// Cuts a line into words; from a `#` that begins a word on it is a comment, except in text that
  /// is typed without quotation marks, where a `#` may be part of the text.
  ///
  /// - Throws: `CommandProblem.unfinishedQuote`, with its place.
  package static func split(_ line: String) throws -> [Word] {
    var words: [Word] = []
    let scalars = Array(line.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar.properties.isWhitespace {
        index += 1
      } else if isComment(scalars[index...]), !isFreeText(words) {
        break
      } else if let word = try quotedWord(scalars, from: index, line: line) {
        words.append(word)
        index = word.span.upperBound
      } else {
        words.append(plainWord(scalars, from: &index))
      }
    }
    return withoutSemicolon(words)
  }

  /// Whether a comment begins here; `#418` is how a token without a spelling is written.
  private static func isComment(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
    rest.first == "#" && !(rest.dropFirst().first.map { ("0"..."9").contains($0) } ?? false)
  }

  /// Whether what follows some words is text as it stands: that of a command that takes text, whose
  /// words so far are not all in quotation marks.
  private static func isFreeText(_ words: [Word]) -> Bool {
    guard let first = words.first, !first.isQuoted, first.text.hasPrefix(":"),
      let command = try? CommandTable.find(String(first.text.dropFirst())), command.takesText
    else { return false }
    return words.count == 1 || words.dropFirst().contains { !$0.isQuoted }
  }

  /// A line of another language may end in a semicolon; here it says nothing.
  private static func withoutSemicolon(_ words: [Word]) -> [Word] {
    guard let last = words.last, !last.isQuoted, last.text.hasSuffix(";"),
      words.count == 1 || !isFreeText(words)
    else { return words }
    var text = last.text
    while text.hasSuffix(";") { text.removeLast() }
    let end = last.span.lowerBound + text.unicodeScalars.count
    let rest = Word(text: text, span: last.span.lowerBound..<end, isQuoted: false)
    return words.dropLast() + (text.isEmpty ? [] : [rest])
  }

  /// A line up to the end of its words, if only a comment or a semicolon follows.
  static func withoutComment(_ line: String, _ words: [Word]) -> String {
    let scalars = Array(line.unicodeScalars)
    let end = words.last?.span.upperBound ?? 0
    let next = scalars[min(end, scalars.count)...].first { !$0.properties.isWhitespace }
    guard next == "#" || next == ";" else { return line }
    return String(String.UnicodeScalarView(scalars[..<end]))
  }

  private static func quotedWord(
    _ scalars: [Unicode.Scalar],
    from start: Int,
    line: String
  ) throws -> Word? {
    let open = scalars[start]
    guard !QuotationMarks.ends(of: open).isEmpty else { return nil }
    guard let end = QuotationMarks.end(of: scalars, from: start) else {
      if QuotationMarks.isApostrophe(open) { return nil }
      throw Placed(CommandProblem.unfinishedQuote, source: line, span: start..<start + 1)
    }
    let text = QuotationMarks.content(scalars[start + 1..<end], openedBy: open)
    return Word(text: text, span: start..<end + 1, isQuoted: true)
  }

  private static func plainWord(_ scalars: [Unicode.Scalar], from index: inout Int) -> Word {
    let start = index
    var depth = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar.properties.isWhitespace, depth == 0 { break }
      if depth > 0, !QuotationMarks.ends(of: scalar).isEmpty,
        let end = QuotationMarks.end(of: scalars, from: index)
      {
        index = end
      }
      if scalar == "[" { depth += 1 }
      if scalar == "]" { depth = max(0, depth - 1) }
      index += 1
    }
    var text = String(String.UnicodeScalarView(scalars[start..<index]))
    // A colon of full width begins a command as well.
    if text.hasPrefix("\u{FF1A}") { text = ":" + text.dropFirst() }
    return Word(text: TypedCharacters.number(text), span: start..<index, isQuoted: false)
  }
}

// MARK: - What commands ask for

extension Arguments {
  /// The text of the line from the first argument on, as it was typed.
  package var rest: String { words.first.map { text(from: $0.span.lowerBound) } ?? "" }

  /// The text of the line from a place on, as it was typed.
  func text(from start: Int) -> String {
    String(String.UnicodeScalarView(line.unicodeScalars.dropFirst(start)))
  }

  var second: Word? { words.dropFirst().first }

  /// Names with more blanks are pages that were pasted; each beginning of them would be looked for.
  private static let mostPathWords = 64

  /// The same words, where the first is a path: a leading `~` is the home folder, and words that
  /// name something that is there together are one path.
  ///
  /// - Throws: `CommandProblem.pathWithBlanks` for words that are neither a path nor known.
  func withPath(or words: [String], then known: [String]?) throws -> Arguments {
    guard let first = self.words.first, !first.isQuoted, !words.contains(first.text),
      !first.text.contains("=")
    else { return self }
    // Options of other programs and sizes are no names of files.
    if !TypedPath.exists(first.text), first.text.hasPrefix("--") || OtherSizes.isSize(first) {
      return self
    }
    let scalars = Array(line.unicodeScalars)
    let plain = self.words.prefix(Self.mostPathWords).prefix { !$0.isQuoted }
    for count in (1...plain.count).reversed() {
      let span = first.span.lowerBound..<plain[count - 1].span.upperBound
      let path = String(String.UnicodeScalarView(scalars[span]))
      guard count > 1 ? TypedPath.exists(path) : true else { continue }
      if count == 1, let known, plain.count > 1, !TypedPath.exists(path),
        !known.contains(where: { $0.hasPrefix(plain[1].text) })
      {
        let rest = plain.dropFirst().prefix { !known.contains($0.text) }
        let all = ([first] + rest).map(\.text).joined(separator: " ")
        let end = rest.last?.span.upperBound ?? first.span.upperBound
        throw pathWithBlanks(all, first.span.lowerBound..<end)
      }
      let word = Word(text: TypedPath.expanded(path), span: span, isQuoted: count > 1)
      return Arguments(command, line: line, words: [word] + self.words.dropFirst(count))
    }
    return self
  }

  func pathWithBlanks(_ path: String, _ span: Range<Int>) -> Placed {
    placed(CommandProblem.pathWithBlanks(command: command.name, path), over: span)
  }

  /// Refuses more words than a command takes.
  package func expect(atMost count: Int) throws {
    guard words.count > count else { return }
    let (name, found) = (command.name, words[count].text)
    throw placed(
      CommandProblem.tooManyArguments(command: name, found: found, example: command.example),
      words[count]
    )
  }

  /// The first word.
  package func first(it: String, en: String) throws -> Word {
    if let word = words.first { return word }
    throw missing(it: it, en: en)
  }

  /// The only word.
  func only(it: String, en: String) throws -> Word {
    try expect(atMost: 1)
    return try first(it: it, en: en)
  }

  /// That something is missing, and a line that has it.
  func missing(it: String, en: String, example: String? = nil) -> CommandProblem {
    .missingArgument(
      command: command.name,
      needs: Bilingual(it: it, en: en),
      example: example ?? command.example
    )
  }

  /// A repeat count, 1 if none is given.
  package func count() throws -> Int {
    // What is wrong with the first word says more than that there is a second.
    let count = try words.first.map { try self.count($0) } ?? 1
    try expect(atMost: 1)
    return count
  }

  /// A word as a whole number from 1 up.
  package func count(_ word: Word, example: String? = nil) throws -> Int {
    guard let count = Int(word.text), (1...1_000_000).contains(count) else {
      let example = example ?? command.example
      throw placed(CommandProblem.notACount(word.text, example: example), word)
    }
    return count
  }

  /// A word as a number of a range.
  package func number(_ word: Word, _ range: NumberRange = .positive) throws -> Double {
    let text = word.text.replacing(",", with: ".")
    guard let number = Double(text), range.contains(number) else {
      let problem = CommandProblem.notANumber(word.text, range, example: command.example)
      throw placed(problem, word)
    }
    return number
  }

  /// Takes words that come in pairs, `clip 1 warmup 5`: a key, or an unambiguous beginning of one,
  /// and its value.
  ///
  /// - Parameters:
  ///   - words: The words to take.
  ///   - keys: What may be set.
  ///   - example: A line for those who leave a value out.
  ///   - value: What has to follow each key.
  ///   - set: Called with each key and the word behind it.
  /// - Throws: `CommandProblem`, or what `set` throws.
  package func forEachPair(
    in words: ArraySlice<Word>,
    keys: [String],
    example: String,
    needing value: Bilingual = Bilingual(it: "un numero", en: "a number"),
    set: (String, Word) throws -> Void
  ) throws {
    var words = words
    while let word = words.popFirst() {
      let (name, joined) = Self.pair(word)
      let key = try choice(name, of: keys)
      guard let second = joined ?? words.popFirst() else {
        throw missing(
          it: "\(value.it) dopo \(key)",
          en: "\(value.en) after \(key)",
          example: example
        )
      }
      try set(key, second)
    }
  }

  /// `clip=1` as its two words.
  static func pair(_ word: Word) -> (name: Word, value: Word?) {
    guard !word.isQuoted, let sign = word.text.firstIndex(of: "="), sign > word.text.startIndex
    else { return (word, nil) }
    let value = word.text[word.text.index(after: sign)...]
    guard !value.isEmpty else { return (word, nil) }
    let start = word.span.upperBound - value.unicodeScalars.count
    let name = Word(
      text: String(word.text[..<sign]),
      span: word.span.lowerBound..<start - 1,
      isQuoted: false
    )
    return (name, Word(text: String(value), span: start..<word.span.upperBound, isQuoted: false))
  }

  /// A word as one of a few, or as an unambiguous beginning of one; `--top_k` is `top-k`.
  package func choice(_ word: Word, of allowed: [String]) throws -> String {
    try choice(word, of: allowed, by: \.self)
  }

  /// The same of what has names.
  func choice<T>(_ word: Word, of all: [T], by name: (T) -> String) throws -> T {
    let names = all.map(name)
    let isOption = word.text.hasPrefix("-") || word.text.contains("_")
    let plain = isOption ? OptionNames.plain(word.text) : word.text
    let exact = names.firstIndex(of: word.text) ?? names.firstIndex(of: plain)
    if let exact { return all[exact] }
    let matches = names.indices.filter { names[$0].hasPrefix(word.text) }
    guard matches.count == 1 else {
      let isFirst = words.first?.span == word.span
      let behind = isFirst ? command.name : nil
      throw placed(CommandProblem.unknownWord(word.text, allowed: names, behind: behind), word)
    }
    return all[matches[0]]
  }

  /// A word as yes or no.
  func isOn(_ word: Word) throws -> Bool { try choice(word, of: ["on", "off"]) == "on" }

  /// Whether what is there may be replaced, as the second word says.
  func replaces() throws -> Bool { try second.map { try choice($0, of: ["replace"]) } != nil }

  /// A problem with the word underlined.
  package func placed(_ problem: any Problem, _ word: Word) -> Placed {
    placed(problem, over: word.span)
  }

  /// A problem with a part of the line underlined.
  func placed(_ problem: any Problem, over span: Range<Int>) -> Placed {
    Placed(problem, source: line, span: span)
  }

  /// Any problem, with the word underlined unless the problem has a place of its own.
  package func placing<T>(_ word: Word, _ body: () throws -> T) throws -> T {
    try Placed.problems(of: body, source: line, span: word.span)
  }
}

extension Command {
  /// Arguments as the command wants them.
  func understood(_ arguments: Arguments) throws -> Arguments {
    guard case .path(_, let words, let known) = description.completion else { return arguments }
    return try arguments.withPath(or: words, then: known)
  }
}
