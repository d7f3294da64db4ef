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

  private var inlines: [Inline] { blocks.flatMap(\.inlines) }

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

extension LessonItem.Content {
  fileprivate var texts: [[ProseBlock]] {
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
  fileprivate var options: [QuizOption] {
    if case .choice(let options) = self { options } else { [] }
  }
}

extension QuizOption {
  fileprivate var texts: [[ProseBlock]] { [[.paragraph(text)], feedback] }
}

extension ProseBlock {
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
