// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// Each rule of the lint that needs a lesson to be taken, on a lesson of a few lines.
struct LintRuleTests {
  private static let opening = """
    ```passo-run id=r1
    :text "Il gatto dorme"
    100 + 217
    ```

    """

  /// The findings in a lesson that begins with two lines.
  private func findings(_ blocks: String, _ language: Language) throws -> [LessonFinding] {
    let own = try OwnLesson(Self.opening + blocks, language)
    return try SimulatedLearner.findings(in: own.lesson, with: own.probe.shell)
  }

  private func rules(_ blocks: String, _ language: Language = .en) throws -> [String] {
    try findings(blocks, language).map { finding in
      let message = finding.message.en
      let end = message.firstRange(of: ": nothing")?.lowerBound ?? message.endIndex
      return "\(finding.rule) \(message[..<end])"
    }
  }

  // MARK: Numbers

  @Test func aNumberInProseFollowsFromSomething() throws {
    #expect(try rules("That makes 317, and 12 besides.") == [])
    #expect(try rules("That makes 318.") == ["numbers 318"])
    #expect(try rules("Sono 3,17 e 317.", .it) == ["numbers 3,17"])
    #expect(try rules("That is 316.9.") == ["numbers 316.9"])
    #expect(try rules("GPT-2 has 50,257 tokens, gatto-1000 and F02.345.") == [])
  }

  @Test func whatRoundsANumberThatWasShownFollowsFromIt() throws {
    let run = "```passo-run id=r2\n10000 / 7\n```\n"
    #expect(try rules(run + "About 1429, or 1428.6.") == [])
    #expect(try rules(run + "About 1430.") == ["numbers 1430"])
  }

  @Test func aFactVouchesForANumber() throws {
    let facts = "```passo-facts for=r1\nF1  =  len(tokens[0]) * 111 == 333\n```\n"
    #expect(try rules(facts + "In all 333 or 111.") == [])
    #expect(try rules(facts + "In all 334.") == ["numbers 334"])
  }

  @Test func whatAQuestionSupposesIsNoClaimAndItsFeedbackIs() throws {
    let quiz = { (feedback: String) in
      """
      ```passo-quiz id=q1
      Of 471 sentences?
      - [ ] a  912
        - \(feedback)
      - [x] b  471
      ```
      """
    }
    #expect(try rules(quiz("There are 471.")) == [])
    #expect(try rules(quiz("There are 472.")) == ["numbers 472"])
    let recalled = quiz("There are 472.").replacing("id=q1", with: "id=q1 recalls=L01")
    #expect(try rules(recalled) == [])
  }

  @Test func theTranslationIsHeldAgainstTheSameNumbers() throws {
    let italian = try OwnLesson(Self.opening + "Sono 317.", .it)
    let english = try OwnLesson(Self.opening + "That makes 371.", .en)
    let found = try SimulatedLearner.findings(
      in: italian.lesson,
      english.lesson,
      with: italian.probe.shell
    )
    #expect(found.map(\.rule) == [.numbers] && found.first?.file == english.lesson.file)
    for language in Language.allCases {
      #expect(found.first?.text(language).hasSuffix(" [numbers]") == true)
    }
  }

  // MARK: Spoilers

  private func asked(_ answer: String, tolerance: String = "0", locks line: String) -> String {
    """
    ```passo-predict id=p1 type=number tolerance=\(tolerance) locks=r9
    How many?
    answer: \(answer)
    ```

    ```passo-run id=r9
    \(line)
    ```

    ```passo-facts for=r9
    F9  ~9  \(answer) == \(answer)
    ```
    """
  }

  @Test func textThatALockedLineShowsGivesAnAnswerAway() throws {
    let asked = asked("count(targets >= 0)", locks: "targets")
    #expect(try rules(asked) == [])
    let told = "```passo-run id=r2\n:pairs\n```\n\n" + asked
    #expect(try rules(told) == ["spoilers :pairs already shows the answer to p1"])
  }

  @Test func aNumberThatIsPrintedGivesAnAnswerAway() throws {
    let asked = asked("317 + 0 * len(tokens[0])", locks: ":where")
    #expect(try rules(asked).first == "spoilers 100 + 217 already shows the answer to p1")
  }

  @Test func proseGivesAnAnswerAway() throws {
    let asked = asked("234 + len(tokens[0])", tolerance: "0.5", locks: ":where")
    #expect(try rules(asked) == [])
    let told = try rules("You will see 237.\n\n" + asked)
    #expect(told.contains("spoilers 237 already shows the answer to p1"), "\(told)")
  }

  // MARK: Commands and time

  @Test func whatATextTellsToTypeExists() throws {
    let own = { (text: String) in try OwnLesson(Self.opening + text).lesson }
    let quiz = { (hint: String) in
      "```passo-quiz id=q1\n?\n- [ ] a  x\n  - x\n- [x] b  y\nhint: \(hint)\n```"
    }
    for text in ["See `:pairs` and `:zip`.", quiz("`max(W_E[0]`"), quiz("`:text \"Il`")] {
      let found = LessonLint.unknownLines(in: try own(text))
      #expect(found.map(\.rule) == [.commands], "\(text)")
      #expect(found.first?.text(.it).hasSuffix("[commands]") == true)
    }
    for text in ["`:pairs`, `W_E`, `<start>`", quiz("`:set W_E[…] = 1`"), quiz("`1 0 1`")] {
      #expect(LessonLint.unknownLines(in: try own(text)).isEmpty, "\(text)")
    }
  }

  @Test(arguments: ["```passo-run id=r2\n:train 900000\n```", task])
  func aLineThatComputesForTooLongIsStoppedAndNamed(blocks: String) throws {
    let budget = TurnBudget(.milliseconds(100))
    let probe = try ShellProbe(.en, lessons: "/nowhere") { budget.isUsedUp() }
    let found = try SimulatedLearner.findings(
      in: OwnLesson(Self.opening + blocks).lesson,
      with: probe.shell,
      budget: budget
    )
    #expect(found.map(\.rule) == [.time] && budget.isSpent, "\(found)")
    #expect(found.first?.message.en.contains("computes for more than") == true)
  }

  private static let task = """
    ```passo-exercise id=e1
    Train.
    check: loss < 0.1
    solution: :train 900000
    ```
    """

  // MARK: Threads

  @Test func theFindingsAreTheSameWithAnyNumberOfThreads() throws {
    let scratch = try Scratch()
    let folders = try (1...5).map { number in
      let folder = scratch.path("0\(number)-x")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for language in Language.allCases {
        let header = "---\nid: x\nlang: \(language.rawValue)\ntitle: T\nminutes: 1\n---\n"
        let text = header + Self.opening + "Fino a 31\(number + 2)."
        let file = LessonLibrary.file(in: folder, language)
        try text.write(toFile: file, atomically: false, encoding: .utf8)
      }
      return folder
    }
    let runs = try [1, 2, 5].map { threads in
      try CourseLint(.en, cache: nil).findings(in: folders, threads: threads).map { $0.text(.en) }
    }
    #expect(runs[0] == runs[1] && runs[0] == runs[2])
    #expect(runs[0].count { $0.hasSuffix("[numbers]") } == 8)
  }
}
