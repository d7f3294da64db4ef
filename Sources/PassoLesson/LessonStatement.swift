// SPDX-License-Identifier: MIT

import PassoText

/// What one item of a lesson says that should be true, and what it may take for granted.
package struct LessonStatement: Sendable {
  /// Where the item begins.
  package let line: Int

  /// The numbers that it states.
  package let numbers: [WrittenNumber]

  /// The numbers that a question gives, right and wrong ones.
  package let premises: [WrittenNumber]
}

extension Lesson {
  /// What the lesson states in numbers: prose, replies and feedback.
  ///
  /// What a question gives is a premise of what is said about it; a question about an earlier
  /// lesson speaks of numbers there.
  package var statements: [LessonStatement] {
    let language = header.language
    func numbers(_ texts: [[ProseBlock]]) -> [WrittenNumber] {
      texts.flatMap { blocks in
        WrittenNumber.all(in: LessonText(order: 0, line: 0, blocks: blocks).words, language)
      }
    }
    return items.compactMap { item in
      guard item.content.question?.recalls == nil else { return nil }
      let premises = item.content.premises
      let stated = item.content.texts.filter { !premises.contains($0) }
      return LessonStatement(
        line: item.line,
        numbers: numbers(stated),
        premises: numbers(premises)
      )
    }
  }

  /// The numbers in what can be typed or was seen elsewhere: code in prose.
  package var quotedNumbers: [WrittenNumber] {
    texts.flatMap { text in text.code.flatMap { WrittenNumber.all(in: $0, .en) } }
  }
}

extension Prediction {
  /// The numbers that the question gives.
  package func premises(in language: Language) -> [WrittenNumber] {
    WrittenNumber.all(in: LessonText(order: 0, line: 0, blocks: question).words, language)
  }
}

extension LessonItem.Content {
  /// The texts that set a question up.
  fileprivate var premises: [[ProseBlock]] {
    switch self {
    case .predict(let asked): [asked.question] + asked.kind.options.map { [.paragraph($0.text)] }
    case .quiz(let quiz): [quiz.question] + quiz.options.map { [.paragraph($0.text)] }
    default: []
    }
  }
}
