// SPDX-License-Identifier: MIT

extension Lesson {
  /// The same lesson with the options of its questions in another order; their letters follow it.
  ///
  /// - Parameter order: The old places of so many options, in the order in which to show them.
  /// - Returns: The lesson.
  package func withOptions(inOrder order: (Int) -> [Int]) -> Lesson {
    let items = items.map { item in
      LessonItem(content: item.content.withOptions(inOrder: order), line: item.line)
    }
    return Lesson(header: header, items: items, file: file)
  }
}

extension LessonItem.Content {
  fileprivate func withOptions(inOrder order: (Int) -> [Int]) -> LessonItem.Content {
    switch self {
    case .quiz(var quiz):
      quiz.options = quiz.options.inOrder(order)
      return .quiz(quiz)
    case .predict(var prediction):
      guard case .choice(let options) = prediction.kind else { return self }
      prediction.kind = .choice(options.inOrder(order))
      return .predict(prediction)
    default: return self
    }
  }
}

extension [QuizOption] {
  fileprivate func inOrder(_ order: (Int) -> [Int]) -> [QuizOption] {
    let letters = map(\.letter).sorted()
    return zip(order(count), letters).map { place, letter in
      var option = self[place]
      option.letter = letter
      return option
    }
  }
}
