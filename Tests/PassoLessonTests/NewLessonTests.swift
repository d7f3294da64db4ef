// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import Testing

/// A lesson to begin with.
struct NewLessonTests {
  private func lesson(_ name: String, title: String? = nil) throws -> (it: Lesson, en: Lesson) {
    let new = try NewLesson(name: name, title: title, besides: ["16-bigger"])
    return (
      try LessonParser.parse(new.text(.it), file: "\(name)/lesson.it.md"),
      try LessonParser.parse(new.text(.en), file: "\(name)/lesson.en.md")
    )
  }

  @Test(arguments: ["01-a", "02-b", "03-three-words", "21-attention", "99-2x"])
  func nothingIsWrongWithIt(name: String) throws {
    let (it, en) = try lesson(name)
    for lesson in [it, en] {
      let findings = LessonLint.findings(in: lesson)
      #expect(findings.isEmpty, "\(findings.map { $0.text(.en) })")
      #expect(lesson.header.id == "L" + name.prefix(2))
    }
    #expect(LessonLint.differences(it, en).isEmpty)
    let prose = it.items.map(\.content).filter { if case .prose = $0 { true } else { false } }
    #expect(prose.count > 5)
  }

  @Test func everyKindOfBlockIsThere() throws {
    let text = try NewLesson(name: "21-attention", title: nil, besides: []).text(.it)
    for block in [
      "passo-run id=r1\n", " yours\n", "passo-facts", "type=number", "type=sign", "type=choice",
      "passo-quiz id=q1\n", "recalls=L20", "recalls=L18", "passo-exercise id=e1 minutes=",
      " fade\n", "passo-alt", "passo-note clock=", "hint:", "wrong:", "mistake:", "forbid:",
      "solution:", "with 1:", "requires: L20\n", "F21.1",
    ] { #expect(text.contains(block), "\(block)") }
    #expect(!text.contains("{{") && !text.contains("}}"))
    #expect(text.contains("title: Attention\n") && text.contains("# Attention\n"))
  }

  @Test func aFirstLessonRecallsNone() throws {
    let first = try NewLesson(name: "01-a", title: nil, besides: []).text(.en)
    #expect(!first.contains("recalls") && first.contains("\nrequires:\n"))
    let second = try NewLesson(name: "02-b", title: nil, besides: []).text(.en)
    #expect(second.contains("recalls=L01") && !second.contains("recalls=L00"))
  }

  @Test func aTitleIsOneLine() throws {
    let (it, en) = try lesson("17-x", title: " La testa:\nuna ")
    #expect(it.header.title == "La testa: una" && en.header.title == it.header.title)
    #expect(try lesson("17-x", title: "  ").it.header.title == "X")
  }

  @Test(arguments: [
    "", "attention", "17", "17-", "7-x", "017-x", "00-x", "17-X", "17-a b", "17-à", "17--a",
    "17-a-",
    "..", "17-a/b", "17_a", "١٧-a",
  ])
  func aBadNameIsRefused(name: String) throws {
    let problem = #expect(throws: NewLessonProblem.badName(name)) {
      try NewLesson(name: name, title: nil, besides: [])
    }
    #expect(problem?.hint?.en.contains("21-attention") == true)
  }

  @Test func aNumberIsTakenOnce() {
    #expect(throws: NewLessonProblem.takenNumber("16", by: "16-bigger")) {
      try NewLesson(name: "16-x", title: nil, besides: ["16-bigger"])
    }
  }
}
