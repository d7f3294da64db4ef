// SPDX-License-Identifier: MIT

/// A text of a lesson that a learner reads, wherever it stands.
struct LessonText {
  /// Its place among the texts.
  let order: Int

  /// Where the block begins that it belongs to.
  let line: Int

  let blocks: [ProseBlock]

  /// The text without what is typed: names of values and commands are no words.
  var words: String { inlines.filter { $0.style != .code }.plainText }

  /// What stands in it as code: names, commands, lines to type.
  var code: [String] { inlines.filter { $0.style == .code }.map(\.text) }

  private var inlines: [Inline] { blocks.flatMap(\.inlines) }

  /// How many words one reads.
  var wordCount: Int { inlines.plainText.split(whereSeparator: \.isWhitespace).count }

  /// Whether one of some words stands in it, at the beginning of a word.
  func uses(_ wanted: [String]) -> Bool { Self.text(words, has: wanted) }

  /// Whether one of some words stands in it in bold.
  func stresses(_ wanted: [String]) -> Bool {
    inlines.contains { $0.style == .strong && Self.text($0.text, has: wanted) }
  }

  private static func text(_ text: String, has wanted: [String]) -> Bool {
    let text = text.lowercased()
    return wanted.contains { word in
      text.ranges(of: word).contains { range in
        guard range.lowerBound > text.startIndex else { return true }
        return !text[text.index(before: range.lowerBound)].isLetter
      }
    }
  }
}

extension Lesson {
  /// All that a learner reads in the order of the file; notes are the teacher's.
  var texts: [LessonText] {
    items.flatMap { item in item.content.texts.map { (item.line, $0) } }.enumerated().map {
      LessonText(order: $0.offset, line: $0.element.0, blocks: $0.element.1)
    }
  }
}

extension Lesson {
  /// What texts give as code, each with the line where its block begins.
  package var codeInTexts: [SourceLine] { code(in: texts) }

  /// What hints give as code.
  package var codeInHints: [SourceLine] {
    code(
      in: items.flatMap { item in
        item.content.hints.map { LessonText(order: 0, line: item.line, blocks: $0) }
      }
    )
  }

  private func code(in texts: [LessonText]) -> [SourceLine] {
    texts.flatMap { text in text.code.map { SourceLine(text: $0, line: text.line) } }
  }

  /// The numbers that one has read up to a line.
  package func numbersRead(before line: Int) -> [(line: Int, number: WrittenNumber)] {
    texts.filter { $0.line < line }.flatMap { text in
      WrittenNumber.all(in: text.words, header.language).map { (text.line, $0) }
    }
  }
}

extension LessonItem.Content {
  fileprivate var hints: [[ProseBlock]] {
    switch self {
    case .predict(let asked): asked.hints
    case .quiz(let quiz): quiz.hints
    case .exercise(let exercise): exercise.hints
    default: []
    }
  }

  var texts: [[ProseBlock]] {
    switch self {
    case .prose(let blocks), .alternative(_, let blocks): [blocks]
    case .run, .facts, .note: []
    case .predict(let asked):
      [asked.question] + asked.kind.options.flatMap(\.texts) + asked.replies.map(\.text)
        + asked.hints
    case .quiz(let quiz): [quiz.question] + quiz.options.flatMap(\.texts) + quiz.hints
    case .exercise(let exercise):
      [exercise.text] + (exercise.task?.mistakes.map(\.text) ?? []) + exercise.hints
    }
  }
}

extension Prediction.Kind {
  var options: [QuizOption] {
    if case .choice(let options) = self { options } else { [] }
  }
}

extension QuizOption {
  fileprivate var texts: [[ProseBlock]] { [[.paragraph(text)], feedback] }
}

extension ProseBlock {
  /// Its words in the language of the lesson: no code, and no examples, which are emphasized.
  var ownWords: [String] {
    let own = inlines.map { [.plain, .strong].contains($0.style) ? $0.text : " " }.joined()
    return own.split { !$0.isLetter }.map(String.init)
  }

  /// Its runs of text, with a blank between parts.
  fileprivate var inlines: [Inline] {
    switch self {
    case .heading(_, let inlines), .paragraph(let inlines): inlines + [Inline(" ")]
    case .list(_, let items): items.joined().flatMap(\.inlines)
    case .code(let text): [Inline(text, .code)]
    case .quote(let blocks): blocks.flatMap(\.inlines)
    case .table(let header, let rows):
      ([header] + rows).joined().flatMap { $0 + [Inline(" ")] }
    }
  }
}
