// SPDX-License-Identifier: MIT

import PassoLesson
import PassoModel
import PassoShell

/// What lessons are made of.
enum SampleLessons {
  static let words = [
    "```passo-run", "```passo-facts", "```passo-predict", "```passo-quiz", "```passo-note",
    "```passo-exercise", "```passo-alt", "```", "---", "id:", "lang:", "title:", "minutes:",
    "requires:", "seed:", "precision:", "locks:", "- [x]", "- [ ]", "> ", "hint:", "number",
    "tolerance", "| a | b |", "**", "`", "[x](y)", "1. ", "# ",
  ]
}

/// Lessons as the parser and the linter read them.
struct LessonTarget: FuzzTarget {
  static let name = "lesson"
  static let words = SampleLessons.words
  static let weight = 20
  let samples: [[UInt8]]

  init(_ place: Workplace) throws { samples = try Workplace.lessons() }

  mutating func take(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    let lesson = try LessonParser.parse(text, file: "lesson.en.md")
    _ = LessonLint.findings(in: lesson) + LessonLint.differences(lesson, lesson)
  }
}

/// Lessons as a person walks them, with Enter and with answers.
struct LessonPlayTarget: FuzzTarget {
  static let name = "lesson-play"
  static let words = SampleLessons.words + LineTarget.words
  static let weight = 3
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    samples = try Workplace.lessons()
  }

  mutating func take(_ input: [UInt8]) throws {
    for language in ["it", "en"] {
      try place.write(input, to: "lessons/01-x/lesson.\(language).md")
    }
    let hostile = try HostileShell(lessons: place.path("lessons"))
    try hostile.type([":lesson 1"])
    let answers = ["b", "3", "negative", ":hint", ":check", ":undo", ":continue"]
    for turn in 0..<30 {
      let line = hostile.shell.lineForEnter ?? ":continue"
      try hostile.type([turn.isMultiple(of: 3) ? answers[turn % answers.count] : line])
    }
  }
}

/// Recorded sessions, replayed.
struct SessionTarget: FuzzTarget {
  static let name = "session"
  static let words = ["# passo session 1", "# state ", "# begins with: "] + LineTarget.words
  static let weight = 12
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    samples = try LineTarget(place).samples.map { Array("# passo session 1\n".utf8) + $0 }
  }

  mutating func take(_ input: [UInt8]) throws {
    let path = try place.write(input, to: "hostile.passo")
    _ = try SessionFile(path: path)
    let hostile = try HostileShell()
    try hostile.within("replay") { try hostile.shell.replay(path) }
  }
}
