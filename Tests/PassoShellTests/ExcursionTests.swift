// SPDX-License-Identifier: MIT

import PassoSession
import PassoText
import PassoView
import Testing

@testable import PassoShell

/// What a person tries beside a lesson, how the lesson comes back, and what `:undo` takes back.
struct ExcursionTests {
  /// The lesson on the mask, at its first prediction.
  private func atQuestion(_ language: Language = .en) throws -> ShellProbe {
    let probe = try ShellProbe(language, lessons: LessonFolder.path)
    probe.run(":lesson 6", "b", "d", ":continue", ":continue", ":continue")
    #expect(probe.shell.course.current?.player.openPrediction?.id == "p1")
    return probe
  }

  /// The first lesson, at its first quiz.
  private func atQuiz() throws -> ShellProbe {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.run(":lesson 1", "1389", ":continue", ":continue", "5", ":continue", ":continue")
    #expect(probe.shell.course.current?.player.openQuiz != nil)
    return probe
  }

  private func state(_ probe: ShellProbe) throws -> String { try probe.shell.session.stateDigits }

  // MARK: Going and coming back

  @Test(arguments: [
    ":step", ":text \"La luna sale\"", ":mask none", "let x = 3", ":train 2", ":fork a",
    ":set W_E[0, 0] = 1", ":model gatto seed 3",
  ])
  func aLineOfOnesOwnActsOnACopy(line: String) throws {
    let probe = try atQuestion(.it)
    let lesson = try state(probe)
    #expect(probe.type(line).outcome == .done)
    #expect(probe.shell.promptParts.lesson == "06-mask·prova")
    #expect(probe.shell.hint(for: "") == "Invio torna alla lezione")
    #expect(probe.shell.lineForEnter == ":continue" && probe.shell.course.goesOn)
    #expect(probe.shell.invitation == nil, "no line of the lesson is there to be edited")
    let back = probe.type(":continue")
    #expect(back.output.contains("Quanti 1 contiene"), "the question stands there again")
    #expect(probe.shell.promptParts.lesson == "06-mask")
    #expect(try state(probe) == lesson)
  }

  @Test func whatFollowsIsAsIfNothingHadBeenTried() throws {
    let (probe, other) = try (atQuestion(), atQuestion())
    probe.run(":text \"a b c\"", ":train 3", ":mask none", "15")
    other.run("15")
    #expect(try probe.shell.course.excursion == nil && state(probe) == state(other))
    for line in [":step", ":continue", ":back", ":continue", ":mask none", ":continue"] {
      probe.run(line)
    }
    other.run(":continue", ":continue", ":continue")
    #expect(try state(probe) == state(other))
    #expect(probe.shell.course.findings.isEmpty)
    #expect(probe.shell.course.preparedLine == other.shell.course.preparedLine)
  }

  @Test func thePreparedLineRunsWhereTheLessonIs() throws {
    let (probe, other) = try (atQuestion(), atQuestion())
    probe.run("15", ":text \"a b c\"")
    other.run("15")
    let line = try #require(probe.shell.course.preparedLine)
    #expect(probe.type(line).outcome == .done)
    other.type(line)
    #expect(try probe.shell.course.excursion == nil && state(probe) == state(other))
    #expect(probe.shell.invitation == other.shell.invitation)
  }

  @Test(arguments: [
    ":show W_pos", "W_E[0, 0]", ":where", ":zoom phase", ":hint", ":stats W_E", ":lang it",
  ])
  func whoOnlyLooksStays(line: String) throws {
    let probe = try atQuestion()
    #expect(probe.type(line).outcome == .done)
    #expect(probe.shell.course.excursion == nil)
    probe.run(":text \"a b c\"")
    #expect(probe.run("len(tokens[0])").contains("= 3"), "of the copy")
    #expect(probe.type(line).outcome == .done)
    #expect(probe.shell.course.excursion == .trial, "and is still there")
  }

  @Test(arguments: [
    ":stpe", ":text", ":set W_E[99, 0] = 1", "let x = nothing", ":back", ":until mask",
  ])
  func whatDoesNothingBeginsNothing(line: String) throws {
    let probe = try ShellProbe(.en, lessons: LessonFolder.path)
    probe.run(":lesson 6", "b", "d", ":continue", ":continue")
    let here = line == ":back" ? try ShellProbe(.en, lessons: LessonFolder.path) : probe
    if line == ":back" { here.run(":lesson 6") }
    let depth = here.shell.undoStack.depth
    here.type(line)
    #expect(here.shell.course.excursion == nil && here.shell.undoStack.depth == depth)
  }

  @Test func movesAreNotRepeatedByEnter() throws {
    let probe = try atQuestion()
    probe.run(":back", ":back")
    #expect(probe.shell.lineForEnter == ":continue")
    #expect(probe.type("15").output.hasPrefix("noted"))
    #expect(probe.shell.lineForEnter == ":text \"Il gatto dorme sul divano\"")
  }

  @Test func whereEnterIsNotSeenTheTrialIsSaidOnce() throws {
    let probe = try atQuestion()
    #expect(probe.run(":back").contains("this is a trial") && !probe.run(":back").contains("trial"))
    probe.shell.console.showsHints = true
    probe.run(":continue")
    #expect(!probe.run(":mask none").contains("trial"), "the prompt shows it")
  }

  // MARK: :play

  @Test func onlyResumeEndsPlay() throws {
    let probe = try atQuestion(.it)
    let lesson = try state(probe)
    probe.run(":mask none", ":play")
    #expect(probe.shell.promptParts.lesson == "06-mask·play")
    let refused = probe.type(":continue")
    #expect(refused.outcome == .failed && refused.errors.contains(":resume"))
    #expect(probe.type("15").output.contains("15 = 15"))
    probe.run(":step")
    #expect(probe.shell.lineForEnter == ":step" && !probe.shell.course.goesOn)
    #expect(probe.type(":resume").outcome == .done)
    #expect(try state(probe) == lesson && probe.shell.course.excursion == nil)
  }

  // MARK: Undo

  @Test func undoTakesBackAnOwnLineAnAnswerAndAPreparedLine() throws {
    let probe = try atQuestion()
    let (start, question) = (try state(probe), ":mask none")
    probe.run("15")
    probe.run(question)
    #expect(probe.type(":undo").output.hasPrefix("taken back: :mask none"))
    #expect(try probe.shell.course.excursion == nil && state(probe) == start)
    let answer = probe.type(":undo").output
    #expect(answer.hasPrefix("taken back: 15\n") && answer.contains("How many ones"))
    #expect(probe.shell.course.isAsking)
    #expect(probe.type(":undo").output.hasPrefix("taken back: :show mask"))
    #expect(probe.shell.course.preparedLine == ":show mask")
    #expect(probe.type(":undo").output.hasPrefix("taken back: :until mask\n"))
    #expect(probe.shell.course.preparedLine == ":until mask")
    #expect(probe.shell.session.timeline.moment.step == 0)
  }

  @Test func anAnswerThatIsTakenBackWasNoAttempt() throws {
    let probe = try atQuiz()
    let score = probe.shell.course.current?.player.score
    #expect(probe.type("a").output.contains("✗"))
    let undone = probe.type(":undo").output
    #expect(undone.contains("annullato: a") && undone.contains("Chi ha scritto il target"))
    probe.type("c")
    probe.type(":undo")
    #expect(probe.shell.course.current?.player.score.right == score?.right)
    probe.type("c")
    #expect(probe.shell.course.current?.player.score.right == (score?.right ?? 0) + 1)
  }

  @Test func theFirstMoveOfATrialIsTakenBackWithTheOthers() throws {
    let probe = try atQuestion()
    let start = try state(probe)
    probe.run(":back", ":back", ":undo")
    #expect(try state(probe) == start && probe.shell.course.excursion == nil)
  }

  @Test func aTrialThatWasLeftByMistakeComesBack() throws {
    let probe = try atQuestion()
    probe.run(":text \"a b c\"")
    let tried = try state(probe)
    probe.run(":continue", ":undo")
    #expect(try probe.shell.course.excursion == .trial && state(probe) == tried)
    probe.run("15", ":undo")
    #expect(probe.shell.course.excursion == .trial && probe.shell.course.isAsking)
  }

  // MARK: The whole screen

  @Test func aThemeColorsTheWholeScreen() throws {
    let probe = try ShellProbe(.it)
    var chosen: [String?] = []
    probe.shell.console.colorScreen = { chosen.append($0?.name) }
    probe.run(":theme projector", ":theme projector", ":theme", ":theme terminal")
    #expect(chosen == ["projector", nil])
  }

  // MARK: The question stands there again

  @Test func afterAnExperimentTheQuestionStandsThereAgain() throws {
    let probe = try atQuiz()
    probe.type("a")
    #expect(probe.shell.lineForEnter == ":pairs")
    let shown = probe.type(":pairs").output
    let reminder = try #require(shown.range(of: "? domanda"))
    #expect(shown[reminder.upperBound...].contains("a  "), "with its options")
    #expect(shown.contains("Chi ha scritto il target"), "with what is asked")
    #expect(!probe.type(":tokens").output.contains("? domanda"), "not after every look")
  }

  @Test func whoHadEnoughOfTheOutputStillSeesTheQuestion() throws {
    let probe = try atQuestion()
    var (left, paged) = (false, "")
    probe.shell.console.page = { text, _ in if !left { paged += text } }
    probe.shell.console.resumePaging = {
      defer { left = false }
      return left
    }
    left = true
    probe.type(":show W_pos")
    #expect(paged.contains("? predict\n") && paged.contains("How many ones"), "\(paged)")
    paged = ""
    probe.type(":show W_pos")
    #expect(!paged.contains("? predict"))
  }
}
