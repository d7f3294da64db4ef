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

  /// The whole line, for messages.
  package let line: String

  package let words: [Word]

  private let command: Command

  /// The whole name of the command, without the colon.
  var commandName: String { command.name }

  package init(_ command: Command, line: String, words: [Word]) {
    self.command = command
    self.line = line
    self.words = words
  }

  /// Cuts a line into words.
  ///
  /// - Throws: `CommandProblem.unfinishedQuote`, with its place.
  package static func split(_ line: String) throws -> [Word] {
    var words: [Word] = []
    let scalars = Array(line.unicodeScalars)
    var index = 0
    while index < scalars.count {
      if scalars[index].properties.isWhitespace {
        index += 1
      } else if scalars[index] == "\"" {
        words.append(try quotedWord(scalars, from: &index, line: line))
      } else {
        words.append(plainWord(scalars, from: &index))
      }
    }
    return words
  }

  private static func quotedWord(
    _ scalars: [Unicode.Scalar],
    from index: inout Int,
    line: String
  ) throws -> Word {
    let start = index
    var text = String.UnicodeScalarView()
    index += 1
    while index < scalars.count, scalars[index] != "\"" {
      if scalars[index] == "\\", index + 1 < scalars.count { index += 1 }
      text.append(scalars[index])
      index += 1
    }
    guard index < scalars.count else {
      throw Placed(CommandProblem.unfinishedQuote, source: line, span: start..<start + 1)
    }
    index += 1
    return Word(text: String(text), span: start..<index, isQuoted: true)
  }

  private static func plainWord(_ scalars: [Unicode.Scalar], from index: inout Int) -> Word {
    let start = index
    var depth = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar.properties.isWhitespace, depth == 0 { break }
      if scalar == "[" { depth += 1 }
      if scalar == "]" { depth = max(0, depth - 1) }
      index += 1
    }
    let text = String(String.UnicodeScalarView(scalars[start..<index]))
    return Word(text: text, span: start..<index, isQuoted: false)
  }
}

// MARK: - What commands ask for

extension Arguments {
  /// The text of the line from the first argument on, as it was typed.
  package var rest: String {
    guard let first = words.first else { return "" }
    let scalars = Array(line.unicodeScalars)[first.span.lowerBound...]
    return String(String.UnicodeScalarView(scalars))
  }

  /// Refuses more words than a command takes.
  package func expect(atMost count: Int) throws {
    guard words.count > count else { return }
    throw placed(
      .tooManyArguments(
        command: command.name,
        found: words[count].text,
        example: command.example
      ),
      words[count]
    )
  }

  /// The first word.
  package func first(_ needs: Bilingual) throws -> Word {
    if let word = words.first { return word }
    throw CommandProblem.missingArgument(
      command: command.name,
      needs: needs,
      example: command.example
    )
  }

  /// A repeat count, 1 if none is given.
  package func count() throws -> Int {
    try expect(atMost: 1)
    return try words.first.map(count) ?? 1
  }

  /// A word as a whole number from 1 up.
  package func count(_ word: Word) throws -> Int {
    guard let count = Int(word.text), (1...1_000_000).contains(count) else {
      throw placed(.notACount(word.text, example: command.example), word)
    }
    return count
  }

  /// A word as a positive number.
  package func positiveNumber(_ word: Word) throws -> Double {
    let text = word.text.replacing(",", with: ".")
    guard let number = Double(text), number > 0, number.isFinite else {
      throw placed(.notANumber(word.text, example: command.example), word)
    }
    return number
  }

  /// Takes words that come in pairs, `clip 1 warmup 5`: a key, or an unambiguous beginning of one,
  /// and its number.
  ///
  /// - Parameters:
  ///   - words: The words to take.
  ///   - keys: What may be set.
  ///   - example: A line for whoever leaves a number out.
  ///   - set: Called with each key and the word behind it.
  /// - Throws: `CommandProblem`, or what `set` throws.
  package func forEachPair(
    in words: ArraySlice<Word>,
    keys: [String],
    example: String,
    set: (String, Word) throws -> Void
  ) throws {
    var words = words
    while let word = words.popFirst() {
      let key = try choice(word, of: keys)
      guard let value = words.popFirst() else {
        throw CommandProblem.missingArgument(
          command: command.name,
          needs: Bilingual(it: "un numero dopo \(key)", en: "a number after \(key)"),
          example: example
        )
      }
      try set(key, value)
    }
  }

  /// A word as one of a few, or as an unambiguous beginning of one.
  package func choice(_ word: Word, of allowed: [String]) throws -> String {
    if allowed.contains(word.text) { return word.text }
    let matches = allowed.filter { $0.hasPrefix(word.text) }
    guard matches.count == 1 else {
      throw placed(.unknownWord(word.text, allowed: allowed), word)
    }
    return matches[0]
  }

  /// A problem with the word underlined.
  package func placed(_ problem: CommandProblem, _ word: Word) -> Placed {
    Placed(problem, source: line, span: word.span)
  }

  /// Any problem, with the word underlined unless the problem has a place of its own.
  package func placing<T>(_ word: Word, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let problem as any Problem where problem.place == nil {
      throw Placed(problem, source: line, span: word.span)
    }
  }
}

/// A problem and where in a line it is.
package struct Placed: Problem {
  package let problem: any Problem
  package let place: Place?

  package init(_ problem: any Problem, source: String, span: Range<Int>) {
    self.problem = problem
    place = Place(source: source, span: span)
  }

  package var message: Bilingual { problem.message }
  package var hint: Bilingual? { problem.hint }

  /// The same place in another text, of which the one so far was a part.
  func moved(to line: String) -> Placed {
    guard let span = place?.span else { return self }
    return Placed(problem, source: line, span: span)
  }
}
