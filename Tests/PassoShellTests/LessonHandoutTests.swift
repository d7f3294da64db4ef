// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoShell
import PassoText
import PassoView
import Testing

/// A lesson on paper: everything that is asked, with room, and no answer before the answer sheet.
struct LessonHandoutTests {
  /// The sheet and the answers of a page.
  private func parts(_ lesson: Lesson, _ shell: Shell) throws -> (sheet: String, answers: String) {
    let html = Handout(try LessonRun(lesson, with: shell)).html(lesson.header.language)
    let parts = html.components(separatedBy: "<section class=\"answers\">")
    #expect(parts.count == 2)
    return (parts[0], parts[1])
  }

  /// The texts of blocks, each item of a list by itself.
  private func words(_ blocks: [ProseBlock]) -> [String] {
    blocks.flatMap { block -> [String] in
      if case .list(_, let items) = block { return items.flatMap(words) }
      let words = block.plainText.split(whereSeparator: \.isWhitespace)
      return [words.joined(separator: " ").unquoted]
    }
  }

  /// Notes the text only, not the page.
  private func expect(_ isSo: Bool, _ text: String, line: Int = #line) {
    #expect(isSo, "line \(line): \(text)")
  }

  @Test(arguments: ["03-shift", "09-backward"], Language.allCases)
  func whatIsAskedStandsOnTheSheet(name: String, language: Language) throws {
    let lesson = try LessonFolder.lesson(name, language)
    let shell = try ShellProbe(language, lessons: LessonFolder.path).shell
    let (sheet, answers) = try parts(lesson, shell)
    let (paper, key) = (spoken(sheet), spoken(answers))
    #expect(sheet.contains("<html lang=\"\(language.rawValue)\""))
    #expect(!sheet.contains("<script") && !answers.contains("<script"))
    #expect(sheet.components(separatedBy: "http").count == 2, "only the policy names http")
    #expect(paper.contains(lesson.header.title.unquoted))
    var number = 0
    for item in lesson.items {
      switch item.content {
      case .quiz(let quiz):
        number += 1
        for text in words(quiz.question) { expect(paper.contains(text), text) }
        for option in quiz.options {
          let text = words([.paragraph(option.text)])[0]
          expect(paper.contains(text), text)
          for text in words(option.feedback) {
            expect(key.contains(text) && !paper.contains(text), text)
          }
        }
        let right = quiz.options.first { $0.isRight }?.letter ?? ""
        let heading = "\(number) · \(language == .it ? "domanda" : "question")"
        expect(key.contains(heading) && key.contains("✓ \(right)"), heading)
      case .predict(let prediction):
        number += 1
        for text in words(prediction.question) { expect(paper.contains(text), text) }
        for reply in prediction.replies {
          for text in words(reply.text) {
            expect(key.contains(text) && !paper.contains(text), text)
          }
        }
      case .exercise(let exercise):
        number += 1
        for text in words(exercise.text) { expect(paper.contains(text), text) }
        for line in exercise.task?.solution ?? [] {
          expect(key.contains(line.text), line.text)
        }
        for hint in exercise.hints.flatMap(words) { expect(key.contains(hint), hint) }
      case .prose(let blocks):
        for text in words(blocks) { expect(paper.contains(text), text) }
      case .run(let block):
        for line in block.commands { expect(paper.contains(line.text), line.text) }
      case .alternative(_, let blocks):
        for text in words(blocks) { #expect(paper.contains(text), "for a screen reader") }
      case .note(let note):
        for text in words(note.text) { expect(!paper.contains(text), text) }
      case .facts: break
      }
    }
    let isLast = key.contains("\(number) · ") && !key.contains("\(number + 1) · ")
    #expect(number > 5 && isLast)
  }

  private static let blocks = """
    # Title

    ```passo-predict id=p1 type=number tolerance=0 locks=r1
    How many?
    answer: count(targets >= 0)
    wrong: 7
      Too many.
    ```

    ```passo-run id=r1
    :text "Il gatto dorme"
    tokens[0]
    ```

    Words that come after the line, not from it.

    ```passo-run id=r2
    :show mask
    ```

    ```passo-exercise id=e1 fade
    Fill in.
    line: let n = ⟦1⟧ + ⟦2⟧
    ```
    """

  @Test func aLineStandsAboveWhatItHasReallyShown() throws {
    let own = try OwnLesson(Self.blocks)
    let (sheet, answers) = try parts(own.lesson, own.probe.shell)
    let fresh = try ShellProbe(.en)
    fresh.type(":text \"Il gatto dorme\"")
    let tokens = fresh.type("tokens[0]").output.split(whereSeparator: \.isNewline)
    let listing = sheet.components(separatedBy: "<section class=\"listing\">").dropFirst()
      .map { spoken($0.components(separatedBy: "</section>")[0]) }
    #expect(listing.count == 3)
    #expect(listing[1].hasPrefix("tokens[0]") && tokens.count > 0)
    for word in tokens[0].split(separator: " ") { #expect(listing[1].contains(word)) }
    #expect(!listing[1].contains("Words that come after"))
    #expect(sheet.contains("<table class=\"matrix\">"), "the mask, as a table")
    #expect(spoken(answers).contains("✓ 3") && spoken(answers).contains("✗ 7 · Too many."))
    #expect(sheet.components(separatedBy: "class=\"fold\"").count == 2, "before r1 only")
  }

  @Test func blanksAreLeftToWriteIn() throws {
    let own = try OwnLesson(Self.blocks)
    let (sheet, answers) = try parts(own.lesson, own.probe.shell)
    let (paper, key) = (spoken(sheet), spoken(answers))
    let blank = String(repeating: "_", count: 24)
    #expect(paper.contains("let n = 1 + 2 Complete:"))
    #expect(paper.contains("let n = \(blank) + 2"))
    #expect(paper.contains("let n = \(blank) + \(blank)"))
    #expect(key.contains("let n = 1 + 2") && !paper.contains("⟦"))
  }

  /// On A4, black on white, the answers on a new sheet, nothing torn apart that can stand together.
  @Test func paperIsThoughtOf() throws {
    let own = try OwnLesson(Self.blocks)
    let (sheet, _) = try parts(own.lesson, own.probe.shell)
    for rule in [
      "size: A4", "counter(page)", ".answers { break-before: page",
      ".task, .listing, .answer, li { break-inside: avoid; }", "--ink: #000000",
      "--background: #ffffff", "default-src 'none'",
    ] { #expect(sheet.contains(rule), "\(rule)") }
    #expect(!sheet.contains("script-src"))
  }
}
