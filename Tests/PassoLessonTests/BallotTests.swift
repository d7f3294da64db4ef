// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import Testing

/// Hands of a class, as a teacher types them.
struct BallotTests {
  private static let header = "---\nid: x\nlang: en\ntitle: T\nminutes: 5\n---\n"
  private static let run = "\n```passo-run id=r1\n:step\n```\n"
  private static let quiz = """
    ```passo-quiz id=q1
    Which?
    - [ ] a  A
      - no
    - [x] b  B
      - yes
    - [ ] c  C
      - no
    ```
    """
  private static let sign = """
    ```passo-predict id=p1 type=sign locks=r1
    Up or down?
    answer: loss
    wrong: -
      No.
    ```
    """ + run
  private static let number = """
    ```passo-predict id=p1 type=number tolerance=0.1 locks=r1
    How many?
    answer: loss
    wrong: 1
      No.
    ```
    """ + run

  private func ballot(_ blocks: String) throws -> Ballot {
    var player = LessonPlayer(try LessonParser.parse(Self.header + blocks, file: "lesson.en.md"))
    _ = player.advance()
    return try #require(Ballot(player))
  }

  private func hands(_ typed: String, _ blocks: String) throws -> [String] {
    try ballot(blocks).vote(typed).lines.map { "\($0.label):\($0.hands)" }
  }

  @Test(arguments: [
    "a 12 b 5 c 3", "12 5 3", "12, 5, 3", "b 5 c 3 a 12", "a=12 b=5 c=3", "A 12; (b) 5; c. 3",
    "a: 12, b: 5, c: 3",
  ])
  func optionsAreCountedByLetterOrInOrder(typed: String) throws {
    #expect(try hands(typed, Self.quiz) == ["a:12", "b:5", "c:3"])
  }

  @Test func whatIsNotNamedHadNoHands() throws {
    #expect(try hands("b 5", Self.quiz) == ["a:0", "b:5", "c:0"])
    #expect(try hands("0 4", Self.sign) == ["+:0", "-:0", "0:4"])
  }

  @Test(arguments: [
    "+ 12 - 5 0 3", "12 5 3", "0 3 + 12 - 5", "più 12 meno 5 zero 3", "− 5 + 12 0 3",
  ])
  func signsAreCountedByNameOrInOrder(typed: String) throws {
    #expect(try hands(typed, Self.sign) == ["+:12", "-:5", "0:3"])
  }

  @Test func numbersAreCountedInPairs() throws {
    #expect(try hands("3 12  5 4", Self.number) == ["3:12", "5:4"])
    #expect(try hands("0,25 12 -1 4", Self.number) == ["0.25:12", "-1:4"])
  }

  @Test func whatCannotBeAVoteIsSaid() throws {
    let names = ["a", "b", "c"]
    func problem(_ typed: String, _ blocks: String) throws -> PollProblem? {
      let ballot = try ballot(blocks)
      do throws(PollProblem) {
        _ = try ballot.vote(typed)
        return nil
      } catch {
        return error
      }
    }
    #expect(try problem("12 5", Self.quiz) == .otherNumber(of: names, found: 2))
    #expect(try problem("12 5 3 1", Self.quiz) == .otherNumber(of: names, found: 4))
    #expect(try problem("12", Self.quiz)?.message.en.hasSuffix(" and 1 count") == true)
    #expect(try problem("e 12", Self.quiz) == .noSuchAnswer("e", names: names))
    #expect(try problem("a 12 e 3", Self.quiz) == .noSuchAnswer("e", names: names))
    #expect(try problem("a 12 b", Self.quiz) == .noCount(for: "b"))
    #expect(try problem("a 12 a 3", Self.quiz) == .twice("a"))
    for word in ["-1", "1001", "99999999999999999999", "2.5", "many"] {
      #expect(try problem("12 5 \(word)", Self.quiz) == .notHands(word))
      #expect(try problem("a \(word)", Self.quiz) == .notHands(word))
    }
    #expect(try problem("0 0 0", Self.quiz) == .noHands)
    #expect(try problem("a 0", Self.quiz) == .noHands)
    #expect(try problem("x 12", Self.number) == .notANumber("x"))
    #expect(try problem("3 12 5", Self.number) == .noCount(for: "5"))
    #expect(try problem("3 12 3.0 5", Self.number) == .twice("3.0"))
    #expect(try problem("nan 3", Self.number) == .notANumber("nan"))
    #expect(try problem("x 3", Self.sign) == .noSuchAnswer("x", names: ["+", "-", "0"]))
  }

  @Test func everyProblemSaysHowToGoOnInBothLanguages() {
    let problems: [PollProblem] = [
      .nothingAsked, .otherNumber(of: ["a", "b", "c", "d"], found: 2),
      .noSuchAnswer("e", names: ["a", "b"]), .notANumber("x"), .noCount(for: "b"), .twice("a"),
      .notHands("-1"), .noHands,
    ]
    for problem in problems {
      for language in Language.allCases {
        let lines = problem.text(language).split(separator: "\n")
        #expect(lines.count == 2, "\(problem)")
      }
    }
  }

  @Test func adviceFollowsTheShareOfRightAnswers() throws {
    let ballot = try ballot(Self.quiz)
    func advice(_ typed: String) throws -> PollAdvice {
      PollAdvice(share: try ballot.vote(typed).share { ballot.isRight($0, value: nil) ?? false })
    }
    #expect(try advice("8 2 0") == .explain)
    #expect(try advice("7 3 0") == .discuss)
    #expect(try advice("3 7 0") == .discuss)
    #expect(try advice("2 8 0") == .goOn)
  }

  @Test func numbersAndSignsNeedTheirValue() throws {
    let (number, sign) = try (ballot(Self.number), ballot(Self.sign))
    #expect(number.isRight(.number(PredictedNumber(3.05)), value: 3) == true)
    #expect(number.isRight(.number(PredictedNumber(3.2)), value: 3) == false)
    #expect(number.isRight(.number(PredictedNumber(3)), value: nil) == nil)
    #expect(sign.isRight(.sign(-1), value: -0.5) == true)
    #expect(sign.isRight(.sign(0), value: 0.5) == false)
    #expect(sign.isRight(.sign(1), value: nil) == nil)
  }

  @Test func withoutAnOpenQuestionThereIsNoBallot() throws {
    let lesson = try LessonParser.parse(Self.header + Self.run, file: "lesson.en.md")
    var player = LessonPlayer(lesson)
    #expect(Ballot(player) == nil)
    _ = player.advance()
    #expect(Ballot(player) == nil)
  }

  @Test func segmentsLastFromNoteToNote() throws {
    let blocks = """
      ```passo-note clock=0:00
      One.
      ```

      ```passo-note
      Without a time.
      ```

      ```passo-note clock=2:30
      Two.
      ```
      """ + Self.run
    let lesson = try LessonParser.parse(Self.header + blocks, file: "lesson.en.md")
    #expect(lesson.segments.map(\.planned) == [0..<150, 150..<300])
    var player = LessonPlayer(lesson)
    #expect(player.segment == nil)
    var seen: [String] = []
    while case .note(let note) = player.advance() {
      seen.append("\(note.text.first?.plainText ?? "") \(player.segment ?? -1)")
    }
    #expect(seen == ["One. 0", "Without a time. 0", "Two. 1"])
    #expect(player.preparedCommand?.text == ":step")
  }
}
