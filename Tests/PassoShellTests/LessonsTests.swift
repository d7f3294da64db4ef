// SPDX-License-Identifier: MIT

import PassoLesson
import PassoShell
import PassoText
import Testing

/// The lessons that ship hold what they say.
struct LessonsTests {
  static let names = ["01-data", "02-mask", "03-gradient"]

  @Test func everyLessonFolderIsTested() throws {
    #expect(try LessonLibrary(folder: LessonFolder.path).names == Self.names)
  }

  @Test(arguments: LessonsTests.names, Language.allCases)
  func everyFactHolds(name: String, language: Language) throws {
    let lesson = try LessonLibrary(folder: LessonFolder.path).lesson(name, language)
    let probe = try ShellProbe(language)
    probe.shell.session = try Session(lesson)
    let findings = LessonAutoPlay.play(lesson, in: probe.shell)
    #expect(findings.isEmpty, "\(findings.map { $0.text(.en) })")
    #expect(LessonLint.findings(in: lesson).isEmpty)
  }

  @Test(arguments: LessonsTests.names)
  func bothLanguagesDoTheSame(name: String) throws {
    let library = try LessonLibrary(folder: LessonFolder.path)
    let findings = LessonLint.differences(
      try library.lesson(name, .it),
      try library.lesson(name, .en)
    )
    #expect(findings.isEmpty, "\(findings.map { $0.text(.en) })")
  }

  /// A person who only presses Enter and answers gets to the end.
  @Test(arguments: LessonsTests.names, Language.allCases)
  func theWholeWayWithEnterAndAnswers(name: String, language: Language) throws {
    let probe = try ShellProbe(language, lessons: LessonFolder.path)
    #expect(probe.type(":lesson \(name)").outcome == .done)
    var shown = ""
    for _ in 0..<200 {
      guard let course = probe.shell.course.current else { break }
      if let line = probe.shell.lineForEnter {
        let reply = probe.type(line)
        #expect(reply.outcome == .done, "\(line): \(reply.errors)")
        shown += reply.output
      } else {
        #expect(course.player.isAsking)
        for answer in ["+", "5", "a", "b", "c", "d"] where probe.shell.course.couldAnswer(answer) {
          shown += probe.type(answer).output
        }
      }
    }
    #expect(probe.shell.course.current == nil, "the lesson has not ended")
    #expect(shown.contains(language == .it ? "fine della lezione" : "end of the lesson"))
    #expect(!shown.contains(language == .it ? "si aspettava" : "the lesson expected"))
  }

  @Test func aLessonStaysOpenWhileAPersonLooksAround() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.type(":lesson 1")
    #expect(probe.shell.lineForEnter == ":text \"Il gatto dorme sul divano\"")
    probe.type(":step")
    #expect(probe.shell.lineForEnter == ":step", "a typed move is repeated")
    probe.type("W_E[0, 0]")
    #expect(probe.shell.lineForEnter == ":text \"Il gatto dorme sul divano\"")
    #expect(probe.type(":continue").output.hasPrefix("> :text"))
    probe.type(":continue")
    #expect(probe.type(":answer molti").errors.contains("serve un numero, trovato «molti»"))
    #expect(probe.type("5").output.hasPrefix("annotato"))
  }

  @Test func theLanguageCanChangeWithinALesson() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.type(":lesson 2")
    probe.type(":lang en")
    probe.type(":continue")
    probe.type(":continue")
    #expect(probe.type(":continue").output.contains("Rows are the positions that look"))
  }

  @Test func unknownLessonsAreNamed() throws {
    let probe = try ShellProbe(.en, lessons: LessonFolder.path)
    #expect(
      probe.type(":lesson 9").errors == """
        :lesson 9
                ^
        error: no lesson is called '9'
        hint: the lessons are 01-data, 02-mask, 03-gradient

        """
    )
    #expect(try ShellProbe(.en, lessons: "/nowhere").type(":lessons").outcome == .failed)
    #expect(probe.type(":continue").errors.contains("no lesson is open"))
    #expect(probe.type(":answer a").errors.contains("no question is open"))
  }
}
