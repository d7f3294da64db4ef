// SPDX-License-Identifier: MIT

import PassoModel
import PassoText

/// What can stand in the place of the word before the cursor.
package struct Completion: Sendable, Equatable {
  /// How many scalars before the cursor a candidate replaces.
  package var replacing: Int

  /// The whole words, in the order in which to show them.
  package var candidates: [String]

  /// What follows the word when there is only one: a blank, a point, a quotation mark.
  package var suffix: String

  /// Describes a completion; nothing can stand there by default.
  package init(replacing: Int = 0, candidates: [String] = [], suffix: String = " ") {
    (self.replacing, self.candidates, self.suffix) = (replacing, candidates, suffix)
  }
}

extension Shell {
  /// What Tab can add to a text that ends at the cursor.
  package func completion(of text: String) -> Completion {
    completion(of: text, listing: true)
  }

  /// Folders are not read for a hint, which is asked for after every key.
  private func completion(of text: String, listing: Bool) -> Completion {
    let isCommand = text.hasPrefix(":")
    guard isCommand, let blank = text.firstIndex(of: " ") else {
      return isCommand
        ? Self.completion(of: text, among: CommandTable.all.map { ":\($0.name)" })
        : completionInExpression(text)
    }
    let name = String(text[text.index(after: text.startIndex)..<blank])
    guard let command = try? CommandTable.find(name) else { return Completion() }
    let rest = String(text[text.index(after: blank)...])
    if case .path(let kind, let words, _) = command.completion {
      let completion = Self.completion(of: rest, among: words)
      return completion.candidates.isEmpty && listing ? Self.path(rest, kind) : completion
    }
    let word = TypedWord(endOf: rest)
    if command.completion.takesValues, word.isQuoted { return completionOfToken(word) }
    if case .lesson = command.completion, listing, word.text.contains("/") {
      return .path(word, kind: .folder)
    }
    if case .lesson = command.completion { return completionOfLesson(rest, word.text) }
    return completion(of: word.text, kind: command.completion)
  }

  /// What to show dimly behind a text: what Tab would add, and for "" what Enter would do.
  package func hint(for text: String) -> String? {
    if text.isEmpty { return hintForEnter }
    let completion = completion(of: text, listing: false)
    guard completion.candidates.count == 1 else { return nil }
    let added = completion.candidates[0].unicodeScalars.dropFirst(completion.replacing)
    return added.isEmpty ? nil : String(String.UnicodeScalarView(added))
  }

  private func completion(of word: String, kind: ArgumentKind) -> Completion {
    switch kind {
    case .none: Completion()
    case .words(let words): Self.completion(of: word, among: words)
    case .command:
      Self.completion(of: word, among: CommandTable.all.map(\.name) + ["expressions"])
    case .path: Completion()
    case .lesson: Completion()
    case .value(let words): completionOfValue(word, and: words)
    }
  }

  /// A lesson, or a block of the one that is open.
  private func completionOfLesson(_ rest: String, _ word: String) -> Completion {
    guard rest.contains(" ") else {
      let words = course.current == nil ? [] : ["goto"]
      return Self.completion(of: word, among: course.lessonNames + words)
    }
    let isGoto = rest.hasPrefix("goto ")
    let blocks = course.current?.lesson.places.map(\.id) ?? []
    return Self.completion(of: word, among: isGoto ? blocks : ["restart"])
  }

  /// The last name in an expression: a value, or what `let` has named, or a function.
  private func completionInExpression(_ text: String) -> Completion {
    let typed = TypedWord(endOf: text)
    if typed.isQuoted { return completionOfToken(typed) }
    let word = text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
    guard !word.isEmpty else { return Completion() }
    let others = session.bindings.keys.sorted() + ExpressionCommand.functionNames
    var completion = completionOfValue(String(word.reversed()), and: others)
    completion.suffix = ""
    return completion
  }

  /// A token as the label of a place: `W_E["ga` can become `W_E["gatto"`.
  private func completionOfToken(_ word: TypedWord) -> Completion {
    let tokens = session.vocabularyTokens.filter { !$0.contains("\"") && !$0.contains("\\") }
    var completion = Self.completion(of: word.text, among: tokens)
    completion.suffix = "\""
    return completion
  }

  /// A path: all that follows the command if that leads somewhere, else the last word of it.
  private static func path(_ rest: String, _ kind: PathKind) -> Completion {
    let word = TypedWord(endOf: rest)
    guard !word.isQuoted, rest.contains(where: \.isWhitespace) else {
      return .path(word, kind: kind)
    }
    let whole = Completion.path(TypedWord(Array(rest.unicodeScalars)[...]), kind: kind)
    return whole.candidates.isEmpty ? .path(word, kind: kind) : whole
  }

  /// Names one part at a time: `blocks.` offers `blocks.0.` and `blocks.1.`, not two hundred names.
  private func completionOfValue(_ word: String, and others: [String]) -> Completion {
    let names = session.timeline.plan.program.allNames.filter { $0.hasPrefix(word) }
    var parts: [String] = []
    for name in names {
      let rest = name.dropFirst(word.count)
      let end = rest.firstIndex(of: ".").map { rest.index(after: $0) } ?? rest.endIndex
      parts.append(word + rest[..<end])
    }
    var completion = Self.completion(of: word, among: parts + others)
    if completion.candidates.first?.hasSuffix(".") ?? false { completion.suffix = "" }
    return completion
  }

  private static func completion(of word: String, among words: [String]) -> Completion {
    var seen: Set<String> = []
    let candidates = words.filter { $0.hasPrefix(word) && seen.insert($0).inserted }
    return Completion(replacing: word.unicodeScalars.count, candidates: candidates)
  }
}
