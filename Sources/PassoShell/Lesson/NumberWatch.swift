// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

/// Gathers, while a lesson is taken, the numbers that its texts may state.
///
/// A number with three digits or more in prose, in a reply or in feedback rounds one that the
/// lesson shows when it is taken, or stands in a line that it carries out, a fact, a check or an
/// answer, or in the question that it is said of. Not held against anything are:
/// - numbers of one or two digits, which stand everywhere;
/// - what a question supposes, and its options, most of which are wrong;
/// - questions about earlier lessons, whose numbers those lessons show;
/// - code, which may quote what was seen elsewhere, and what is said of the numbers in it;
/// - `worldly` numbers, which no lesson can compute;
/// - notes, which are the teacher's.
struct NumberWatch {
  /// Sizes of GPT-2, merges of its tokenizer, its vocabulary, parameters in millions; and the
  /// verses of Dante's first canto.
  private static let worldly: Set<Double> = [50_000, 50_257, 124, 136]

  private static let fewestDigits = 3

  /// A fact about more numbers than this names none of them.
  private static let mostOfFact = 16

  /// A number, and how many digits behind the mark are known of it; nil for all of them.
  private struct Known: Hashable {
    let value: Double
    var decimals: Int?
  }

  private var known: Set<Known> = []

  /// The facts whose numbers are known.
  private var facts: FactsBlock?

  /// Takes what a lesson does and quotes for granted.
  init(_ lesson: Lesson) {
    let sources = LessonSkeleton.lines(of: lesson).flatMap { WrittenNumber.all(in: $0.text, .en) }
    add(sources + lesson.quotedNumbers)
    for number in Self.worldly { known.insert(Known(value: number)) }
  }

  /// Takes what lines have shown.
  mutating func look(at shell: Shell, _ shown: [ShownNumbers]) {
    for one in shown { add(one.numbers) }
    let player = (shell.course.current ?? shell.course.finished)?.player
    guard let block = player?.latestFacts, block != facts else { return }
    facts = block
    let sides = block.facts.map { shell.session.sides(of: $0) }
    for value in sides.filter({ $0.count <= Self.mostOfFact }).joined() {
      known.insert(Known(value: abs(value)))
    }
  }

  private mutating func add(_ numbers: [WrittenNumber]) {
    for number in numbers {
      known.insert(Known(value: number.value, decimals: number.decimals))
    }
  }

  /// The numbers in the texts of a lesson that follow from nothing.
  func findings(in lesson: Lesson) -> [LessonFinding] {
    lesson.statements.flatMap { statement in
      let premises = statement.premises.map { Known(value: $0.value, decimals: $0.decimals) }
      let wanted = statement.numbers.filter { $0.digits >= Self.fewestDigits }
      return wanted.filter { number in
        !known.union(premises).contains { number.rounds($0.value, knownTo: $0.decimals) }
      }.map { number in
        LessonFinding(
          .numbers,
          file: lesson.file,
          line: statement.line,
          message: Bilingual(
            it: "\(number.text): niente di quel che la lezione mostra o calcola dà questo numero",
            en: "\(number.text): nothing that the lesson shows or computes gives this number"
          )
        )
      }
    }
  }
}

/// What a line has shown, as numbers.
struct ShownNumbers {
  let line: String
  let numbers: [WrittenNumber]

  init(_ entry: Transcript.Entry) {
    line = entry.line
    let renderer = PlainRenderer(language: .en)
    numbers = entry.ownFigures.flatMap { WrittenNumber.all(in: renderer.render($0), .en) }
  }
}
