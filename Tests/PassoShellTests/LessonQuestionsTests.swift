// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoSession
import PassoShell
import PassoText
import PassoView
import Testing

/// The questions of lessons, read back from what is written for other platforms.
struct LessonQuestionsTests {
  private static let lessons = zip(LessonsTests.names, 0...).map {
    ($0, $1.isMultiple(of: 2) ? Language.it : .en)
  }

  private func read(_ bank: QuestionBank, _ language: Language) throws -> [[ReadQuestion]] {
    let gift = try #require(QuestionFormat.named("gift")).text(bank, language)
    let xml = try #require(QuestionFormat.named("moodle-xml")).text(bank, language)
    return [try GIFTReader.questions(gift), try #require(MoodleXMLReader.questions(xml))]
  }

  /// Both formats say of every question what the lesson says, and of every prediction the number
  /// that a person sees who types the lesson's lines.
  @Test(arguments: lessons)
  func everyQuestionIsReadBack(name: String, language: Language) throws {
    let lesson = try LessonFolder.lesson(name, language)
    let values = Self.long.contains(name) ? [:] : try TypedLesson(lesson).values
    let probe = try ShellProbe(language, lessons: LessonFolder.path)
    let bank = QuestionBank([try LessonRun(lesson, with: probe.shell)])
    let told = /(?:previsto|predicted) 0, (?:trovato|it is) ([-−+0-9]\S*)/
    let revealed = probe.written.matches(of: told).map { String($0.1).replacing("−", with: "-") }
    let asked = lesson.items.filter { $0.content.isQuestion }
    for questions in try read(bank, language) {
      #expect(questions.count == asked.count)
      #expect(Set(questions.map(\.name)).count == asked.count)
      #expect(Set(questions.map(\.category)).count == 1)
      expect(questions, revealed)
      for (item, question) in zip(asked, questions) {
        #expect(question.category.hasPrefix("$course$/top/Passo/\(name) "))
        #expect(spoken(question.afterwards).contains("passo lesson \(name)"))
        switch item.content {
        case .quiz(let quiz): expect(question, quiz.id, quiz.question, quiz.options)
        case .predict(let prediction): try expect(question, prediction, values, lesson)
        default: Issue.record("no question")
        }
      }
    }
  }

  /// The right answers are those that the lesson told who predicted 0 every time.
  private func expect(_ questions: [ReadQuestion], _ revealed: [String]) {
    let computed = questions.filter { $0.isNumber || $0.answers.first?.text == "<p>+</p>" }
    #expect(computed.count == revealed.count)
    for (question, shown) in zip(computed, revealed) {
      let right = question.answers.first { $0.weight == 100 }
      guard question.isNumber else {
        #expect(right?.text == "<p>\(shown)</p>")
        continue
      }
      let told = Double(shown.replacing(",", with: ".")) ?? .nan
      let written = right.flatMap { Double($0.text) } ?? .nan
      let tolerance = (right?.tolerance ?? 0) / 1000
      #expect(abs(written - told) <= tolerance + 1e-5 * abs(told), "\(question.name)")
    }
  }

  /// Lessons that train for a long time: their lines are not typed once more.
  private static let long: Set = [
    "06-mask", "11-floor", "12-generation", "13-memorizing", "14-inside", "16-bigger",
    "17-circuits", "18-questions",
  ]

  private func expect(
    _ question: ReadQuestion,
    _ id: String,
    _ text: [ProseBlock],
    _ options: [QuizOption]
  ) {
    #expect(question.name.hasSuffix(" \(id)") && !question.isNumber)
    for block in text { #expect(spoken(question.text).contains(words(block)), "\(id)") }
    #expect(question.answers.map { spoken($0.text) } == options.map { words(.paragraph($0.text)) })
    #expect(question.answers.map(\.weight) == options.map { $0.isRight ? 100 : 0 })
    #expect(question.answers.count { $0.weight == 100 } == 1)
    for (answer, option) in zip(question.answers, options) {
      for block in option.feedback { #expect(spoken(answer.feedback).contains(words(block))) }
      guard let command = option.command?.text, !option.isRight else { continue }
      #expect(spoken(answer.feedback).hasSuffix(spoken(command)))
    }
  }

  private func expect(
    _ question: ReadQuestion,
    _ prediction: Prediction,
    _ values: [String: Double],
    _ lesson: Lesson
  ) throws {
    for block in prediction.question { #expect(spoken(question.text).contains(words(block))) }
    for line in lesson.run(prediction.locks) { #expect(spoken(question.text).contains(line)) }
    switch prediction.kind {
    case .choice(let options): expect(question, prediction.id, prediction.question, options)
    case .sign:
      #expect(question.answers.map { spoken($0.text) } == ["+", "-", "0"])
      #expect(question.answers.count { $0.weight == 100 } == 1)
      for reply in prediction.replies {
        let answer = question.answers.first { spoken($0.text) == reply.expression.text }
        let feedback = answer.map { spoken($0.feedback) } ?? ""
        for block in reply.text { #expect(feedback.contains(words(block))) }
      }
    case .number(let expression, let tolerance):
      let expected = [expression] + prediction.replies.map(\.expression)
      #expect(question.isNumber && question.answers.count == expected.count)
      for (index, (answer, line)) in zip(question.answers, expected).enumerated() {
        let read = try #require(Double(answer.text))
        #expect(answer.weight == (index == 0 ? 100 : 0) && !answer.feedback.isEmpty)
        guard let value = values["\(prediction.id) \(line.text)"] else {
          #expect(values.isEmpty)
          continue
        }
        #expect(abs(read - value) <= tolerance / 1000, "\(line.text): \(answer.text)")
        // Two computations of a number without an end agree as closely as a fact's `~9` says.
        let rounding = value.rounded() == value ? 0 : 1e-9 * max(1, abs(value))
        #expect(answer.tolerance == max(tolerance, rounding), "\(line.text)")
      }
      for (answer, reply) in zip(question.answers.dropFirst(), prediction.replies) {
        for block in reply.text { #expect(spoken(answer.feedback).contains(words(block))) }
      }
    }
  }

  /// The words of a lesson as a page shows them.
  private func words(_ block: ProseBlock) -> String {
    block.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ").unquoted
  }

  // MARK: Texts of strangers

  private static let hostile = [
    "~ = # { } : \\", "\\~ \\\\ \\n", "[html] %50% ->", "// comment", "::name::", "####", "}",
    "</text></question> ]]> &amp; <script>alert(1)</script>", "\"'`$CATEGORY: x", "\u{1B}[2J",
  ]

  @Test func nothingInATextIsObeyed() throws {
    let texts = Self.hostile.map { TextFigure([.init([Run($0)])]) }
    let options = texts.enumerated().map { index, text in
      BankQuestion.Option(text: text, isRight: index == 3, feedback: text)
    }
    let numbers = zip([-1.5, 1e-5, 1e300, 0.1, 12_345_678], texts).map { value, text in
      BankQuestion.Number(value: value, tolerance: 1e-9, isRight: value == 0.1, feedback: text)
    }
    let kinds: [BankQuestion.Kind] = [.choice(options, isOrdered: true), .number(numbers)]
    let categories = kinds.map { kind in
      QuestionBank.Category(
        name: "a/b & <c>",
        questions: zip(Self.hostile, texts).map { name, text in
          BankQuestion(name: name, text: text, kind: kind, hints: [text], afterwards: text)
        }
      )
    }
    let expected = Self.hostile.map { $0.visible }
    for questions in try read(QuestionBank(categories), .en) {
      #expect(questions.map { shown($0.text) } == expected + expected)
      #expect(questions.map(\.name) == expected + expected)
      #expect(Set(questions.map(\.category)) == ["$course$/top/Passo/a//b & <c>"])
      for (index, question) in questions.enumerated() {
        #expect(shown(question.afterwards).contains(expected[index % expected.count]))
        #expect(question.isNumber == (index >= expected.count))
        guard question.isNumber else {
          #expect(question.answers.map { shown($0.text) } == expected)
          #expect(question.answers.map { shown($0.feedback) } == expected)
          #expect(question.answers.firstIndex { $0.weight == 100 } == 3)
          continue
        }
        #expect(question.answers.map { Double($0.text) } == numbers.map(\.value))
        #expect(question.answers.map { shown($0.feedback) } == Array(expected.prefix(5)))
      }
    }
  }

  // MARK: Where a question stands

  private static let blocks = """
    # Title

    Words before.

    ```passo-run id=r0
    :text "A b c"
    :pairs
    ```

    ```passo-run id=r1
    :text "Il gatto dorme"
    :step
    ```

    ```passo-alt for=r1
    Three pairs.
    ```

    Words between.

    ```passo-quiz id=q1
    Which?
    - [x] a  This.
    - [ ] b  That.
      - Not that.
      - run: 1 + 1
    hint: Look.
    ```

    ```passo-predict id=p1 type=number tolerance=0.5 locks=r2
    How many?
    answer: \(answer)
    wrong: 2
      Too few.
    ```

    ```passo-run id=r2
    :text "Il gatto"
    ```
    """

  private static let answer = "count(targets >= 0) + 1/3"

  private func question(_ index: Int, _ blocks: String) throws -> ReadQuestion {
    let own = try OwnLesson(blocks)
    let bank = QuestionBank([try LessonRun(own.lesson, with: own.probe.shell)])
    let read = try read(bank, .en)
    #expect(read[0].count == read[1].count && bank.count == read[0].count)
    return read[1][index]
  }

  @Test func aQuestionBringsWhatItSpeaksOf() throws {
    let quiz = try question(0, Self.blocks)
    #expect(
      shown(quiz.text)
        == "This was run: :text \"Il gatto dorme\" :step Three pairs. Words between. Which?"
    )
    #expect(quiz.hints.map(shown) == ["Look."])
    let prediction = try question(1, Self.blocks)
    #expect(shown(prediction.text).hasSuffix("How many? Then this is run: :text \"Il gatto\""))
    #expect(prediction.answers.map(\.text) == ["2.333", "2"])
    #expect(shown(prediction.afterwards).hasPrefix("\(Self.answer) = 2.33333"))
    // A question about an earlier lesson has nothing to do with what was run in this one.
    let recalling = Self.blocks.replacing("id=q1", with: "id=q1 recalls=L01")
    #expect(shown(try question(0, recalling).text) == "Which?")
  }

  @Test func anAnswerThatIsNoNumberIsNamed() throws {
    let blocks = Self.blocks.replacing("answer: \(Self.answer)", with: "answer: targets")
    let own = try OwnLesson(blocks)
    let error = #expect(throws: (any Error).self) {
      try LessonRun(own.lesson, with: own.probe.shell)
    }
    let problem = error as? any Problem
    #expect(problem?.message.en.hasPrefix("the answer 'targets' cannot be computed") == true)
    #expect(problem?.place?.line != nil)
  }
}

/// A lesson of which a person types the prepared lines, and passes over the rest.
private struct TypedLesson {
  /// The values of the answers and the usual mistakes, by prediction and expression.
  private(set) var values: [String: Double] = [:]

  init(_ lesson: Lesson) throws {
    let probe = try ShellProbe(.en, lessons: LessonFolder.path)
    let shell = probe.shell
    try shell.open(lesson)
    var open = lesson.items.compactMap { item in
      if case .predict(let asked) = item.content { asked } else { nil }
    }
    while let player = shell.course.current?.player {
      let reply = probe.type(player.preparedCommand?.text ?? ":skip")
      #expect(reply.outcome == .done, "\(reply.errors)")
      guard let player = shell.course.current?.player ?? shell.course.finished?.player else {
        break
      }
      for prediction in open where player.hasRun(prediction.locks) && player.openExercise == nil {
        let mistakes = if case .number = prediction.kind { prediction.replies } else { [Reply]() }
        for line in [prediction.answer].compactMap(\.self) + mistakes.map(\.expression) {
          values["\(prediction.id) \(line.text)"] = try shell.session.value(of: line.text)
        }
        open.removeAll { $0.id == prediction.id }
      }
    }
    #expect(open.isEmpty)
  }
}

extension LessonItem.Content {
  fileprivate var isQuestion: Bool {
    switch self {
    case .quiz, .predict: true
    default: false
    }
  }
}

extension Lesson {
  /// The lines of a run block.
  fileprivate func run(_ id: String) -> [String] {
    items.flatMap { item -> [String] in
      guard case .run(let block) = item.content, block.id == id else { return [] }
      return block.commands.map(\.text)
    }
  }
}
