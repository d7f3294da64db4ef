// SPDX-License-Identifier: MIT

/// Questions that platforms for teaching read: each with its answers, and what is said of them.
package struct QuestionBank: Sendable {
  /// Questions that belong together, under a name.
  package struct Category: Sendable {
    package let name: String
    package let questions: [BankQuestion]

    package init(name: String, questions: [BankQuestion]) {
      self.name = name
      self.questions = questions
    }
  }

  package let categories: [Category]

  package init(_ categories: [Category]) {
    self.categories = categories
  }

  /// How many questions there are.
  package var count: Int { categories.reduce(0) { $0 + $1.questions.count } }
}

/// One question of a bank.
package struct BankQuestion: Sendable {
  package enum Kind: Sendable {
    /// One option is right; they come in any order unless they have one.
    case choice([Option], isOrdered: Bool)

    /// The first number that fits decides; what fits none is wrong.
    case number([Number])
  }

  package struct Option: Sendable {
    package let text: TextFigure
    package let isRight: Bool
    package let feedback: TextFigure

    package init(text: TextFigure, isRight: Bool, feedback: TextFigure) {
      self.text = text
      self.isRight = isRight
      self.feedback = feedback
    }
  }

  package struct Number: Sendable {
    package let value: Double

    /// How far an answer may be from the value.
    package let tolerance: Double

    package let isRight: Bool
    package let feedback: TextFigure

    package init(value: Double, tolerance: Double, isRight: Bool, feedback: TextFigure) {
      self.value = value
      self.tolerance = tolerance
      self.isRight = isRight
      self.feedback = feedback
    }
  }

  package let name: String
  package let text: TextFigure
  package let kind: Kind

  /// What helps, the lightest first.
  package let hints: [TextFigure]

  /// What is said in the end, whatever the answer was.
  package let afterwards: TextFigure

  package init(
    name: String,
    text: TextFigure,
    kind: Kind,
    hints: [TextFigure],
    afterwards: TextFigure
  ) {
    self.name = name
    self.text = text
    self.kind = kind
    self.hints = hints
    self.afterwards = afterwards
  }
}
