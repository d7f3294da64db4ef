// SPDX-License-Identifier: MIT

import PassoLesson
import PassoShell
import PassoText

/// Records of lessons, graded as a stranger's and gone on with as one's own.
struct LessonRecordTarget: FuzzTarget {
  static let name = "lesson-record"
  static let words =
    [
      "# passo session 1", "# lesson 01-data ", "# record ", "# processor ", "# state ",
      "# result 2/2", "# seal ", "# stopped by Ctrl-C: ", ":lesson goto r2",
      "# stopped by Ctrl-C before it had moved: ", "# not repeated, it is for the terminal: ",
      "# order 1f", "# confidence is asked", ":review", ":lesson 01-data restart",
    ] + LineTarget.words
  static let weight = 4
  let samples: [[UInt8]]
  private let place: Workplace
  private let lessons: String

  init(_ place: Workplace) throws {
    self.place = place
    lessons = place.path("lessons")
    try Self.writeLesson(place)
    samples = try [Self.taken(place, lines: 2), Self.taken(place, lines: 4)]
  }

  /// Writes the one lesson of the folder `lessons`.
  static func writeLesson(_ place: Workplace) throws {
    for language in Language.allCases {
      try place.write(lesson(language), to: "lessons/01-data/lesson.\(language.rawValue).md")
    }
  }

  private static func lesson(_ language: Language) -> String {
    """
    ---
    id: L01
    lang: \(language.rawValue)
    title: x
    minutes: 5
    ---
    One.

    ```passo-run id=r1
    :text "Il gatto"
    ```

    ```passo-predict id=p1 type=number tolerance=0 locks=r2
    How many?
    answer: count(tokens)
    ```

    ```passo-run id=r2
    :pairs
    ```

    ```passo-quiz id=q1
    Which?

    - [x] a  one
      - yes
    - [ ] b  two
      - no
    ```
    """
  }

  /// What a person leaves who has carried out some lines.
  private static func taken(_ place: Workplace, lines count: Int) throws -> [UInt8] {
    let hostile = try HostileShell(lessons: place.path("lessons"))
    note(hostile.shell, place.path("taken-\(count)"))
    let lines = [":lesson 01-data", ":text \"Il gatto\"", "2", ":pairs", "a", ":run"]
    try hostile.type(lines.prefix(count))
    return try place.read("taken-\(count)/01-data.passo")
  }

  private static func note(_ shell: Shell, _ folder: String) {
    shell.course.records = LessonRecords(folder: folder)
    shell.course.reviews = ReviewFile(path: "\(folder)/review")
    shell.course.notesProgress = true
  }

  mutating func take(_ input: [UInt8]) throws {
    let path = try place.write(input, to: "records/01-data.passo")
    var grader = LessonGrader(limit: .milliseconds(50)) { [lessons] _ in
      try HostileShell(lessons: lessons).shell
    }
    let grade = try grader.grade(path)
    for language in Language.allCases where grade.text(language).isObeyedByTerminals {
      throw FuzzFault("a terminal would obey: \(grade.text(language).debugDescription)")
    }
    let hostile = try HostileShell(lessons: lessons)
    Self.note(hostile.shell, place.path("records"))
    try hostile.type([":lesson 01-data", ":continue", ":progress"])
  }
}
