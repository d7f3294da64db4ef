// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoShell
import PassoText
import Testing

/// The lessons that ship hold what they say.
struct LessonsTests {
  static let names = [
    "01-labels", "02-tokens", "03-shift", "04-embeddings",
    "05-head", "06-mask", "07-block", "08-loss",
    "09-backward", "10-optimizer", "11-floor", "12-generation",
    "13-memorizing", "14-inside", "15-objectives", "16-bigger",
    "17-circuits", "18-questions",
  ]

  @Test func everyLessonFolderIsTested() throws {
    #expect(try LessonLibrary(folder: LessonFolder.path).names == Self.names)
  }

  /// A person who only presses Enter and answers gets to the end, and finds what the lesson says.
  @Test(arguments: LessonsTests.names, Language.allCases)
  func theWholeWayEveryFactHolds(name: String, language: Language) throws {
    let lesson = try LessonFolder.lesson(name, language)
    let probe = try ShellProbe(language, lessons: LessonFolder.path)
    let shell = probe.shell
    try shell.open(lesson)
    var untouched: UntouchedBlock?
    repeat {
      let player = shell.course.current?.player
      if let player {
        let otherwise = player.openExercise?.task == nil ? ":continue" : ":check"
        #expect(shell.lineForEnter == player.preparedCommand?.text ?? otherwise)
      }
      if let block = untouched, player?.hasRun(block.id) != false {
        let isSaid = Self.unchanged.contains("\(name) \(block.id)")
        #expect(
          try isSaid || !block.held || block.state == shell.session.stateDigits,
          "\(block.id)"
        )
        untouched = nil
      }
      untouched = try UntouchedBlock(lesson, shell) ?? untouched
    } while try SimulatedLearner(shell, .wrongFirst).takeTurn()
    #expect(shell.course.current == nil, "the lesson has not ended")
    let findings = shell.course.findings
    #expect(findings.isEmpty, "\(findings.map { $0.text(.en) })")
    #expect(LessonLint.findings(in: lesson).isEmpty)
    #expect(probe.written.contains(language == .it ? "fine della lezione" : "end of the lesson"))
    #expect(!probe.written.contains(language == .it ? "si aspettava" : "the lesson expected"))
  }

  /// Blocks of which the lesson says what their lines leave as it was.
  private static let unchanged: Set = ["02-tokens r2", "07-block r9", "14-inside r8"]

  /// A block of lines before the first of them.
  ///
  /// If they change the session, something that the lesson says of them does not hold yet. The
  /// first block sets the stage, which may stand already; of what a learner types all that is said
  /// must hold for other lines too.
  private struct UntouchedBlock {
    let id: String
    let state: String

    /// Whether all that is said of it holds already.
    let held: Bool

    init?(_ lesson: Lesson, _ shell: Shell) throws {
      let line = shell.course.current?.player.preparedCommand
      let runs = lesson.items.compactMap { item in
        if case .run(let block) = item.content { block } else { nil }
      }
      guard let run = runs.dropFirst().first(where: { $0.commands.first == line && !$0.isYours })
      else {
        return nil
      }
      let facts = lesson.items.flatMap { item -> [Fact] in
        if case .facts(let block) = item.content, block.runID == run.id { block.facts } else { [] }
      }
      guard !facts.isEmpty else { return nil }
      id = run.id
      state = try shell.session.stateDigits
      held = facts.allSatisfy { (try? shell.session.check($0))?.holds == true }
    }
  }

  @Test func aLessonStaysOpenWhileAPersonLooksAround() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.run(":lesson 1", "1389", ":continue", ":continue")
    #expect(probe.type(":answer molti").errors.contains("con un numero, non con «molti»"))
    #expect(probe.type("5").output.hasPrefix("annotato"))
    #expect(probe.shell.lineForEnter == ":text \"Il gatto dorme sul divano\"")
    probe.type(":step")
    #expect(probe.shell.lineForEnter == ":continue", "in a lesson Enter goes on with it")
    probe.type(":undo")
    probe.type("W_E[0, 0]")
    #expect(probe.shell.lineForEnter == ":text \"Il gatto dorme sul divano\"")
    #expect(probe.type(":continue").output.hasPrefix("> :text"))
  }

  @Test func whoAnswersAwkwardlyLearnsHowToAnswer() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.run(":lesson 1", "1389", ":continue", ":continue")
    for (line, problem) in [
      ("cinque", "si risponde con un numero, non con «cinque»"),
      ("b", "si risponde con un numero, non con «b»"),
    ] {
      let errors = probe.type(line).errors
      #expect(errors.contains(problem) && errors.contains("in cifre"), "\(errors)")
    }
    #expect(probe.type("W_E[0, 0]").outcome == .done, "looking around is no answer")
    #expect(probe.type("W_E[0, 90]").errors.contains("l'asse"), "nor is a wrong look")
    probe.run("5,0", ":continue", ":continue")
    #expect(probe.type("non so").errors.contains("si risponde con una lettera fra a, b, c, d"))
    #expect(probe.shell.lineForEnter == ":continue" && probe.shell.hint(for: "") == nil)
    #expect(probe.type(":continue").output.contains("Chi ha scritto il target"))
    #expect(probe.type("a)").output.contains("✗ non è la risposta giusta"))
    #expect(probe.shell.lineForEnter == ":pairs", "the experiment that disproves it")
    #expect(probe.type("(C)").output.contains("✓ giusto"))
  }

  @Test func undoTakesTheLessonBackToo() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.run(":lesson 1", "1389", ":continue", ":continue", "5", ":continue")
    #expect(probe.shell.lineForEnter == ":pairs")
    probe.type(":undo")
    #expect(probe.shell.lineForEnter == ":text \"Il gatto dorme sul divano\"")
    probe.type(":lesson 6")
    #expect(probe.shell.session.experiment.precision == .f64)
    let undone = probe.type(":undo").output
    #expect(undone.contains("annullato: :lesson 6"))
    #expect(probe.shell.promptParts.lesson == "01-labels")
    #expect(probe.shell.session.experiment.precision == .f32)
    let answers = (0..<5).map { _ in probe.type(":undo").output }
    #expect(answers[0].contains("annullato: 5") && answers[4].contains("annullato: :lesson 1"))
    #expect(probe.shell.promptParts.lesson == nil)
    #expect(probe.type(":undo").errors.contains("non c'è nulla da annullare"))
  }

  @Test func theEndOfALessonOffersTheNext() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    try SimulatedLearner(probe.shell, .wrongFirst).take(probe.shell.course.lesson("1", .it))
    #expect(probe.shell.lineForEnter == ":lesson 02-tokens")
    #expect(probe.type(":lesson 02-tokens").outcome == .done)
    #expect(probe.shell.course.current?.player.openQuiz?.recalls == "L01")
  }

  @Test func theLanguageCanChangeWithinALesson() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.run(":lesson 6", ":lang en", "b", "d", ":continue", ":continue")
    #expect(probe.type(":continue").output.contains("Rows are the positions that look"))
  }

  @Test func unknownLessonsAreNamed() throws {
    let probe = try ShellProbe(.en, lessons: LessonFolder.path)
    #expect(
      probe.type(":lesson 99").errors == """
        :lesson 99
                ^^
        error: no lesson is called '99'
        hint: the lessons are \(Self.names.joined(separator: ", "))

        """
    )
    #expect(try ShellProbe(.en, lessons: "/nowhere").type(":lessons").outcome == .failed)
    #expect(probe.type(":continue").errors.contains("no lesson is open"))
    #expect(probe.type(":answer a").errors.contains("no question is open"))
  }
}
