// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoShell
import PassoText
import Testing

/// What the README says of lessons is what there is.
struct ReadmeLessonTests {
  private let text: String

  init() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../README.md").standardized
    text = try String(contentsOf: path, encoding: .utf8)
  }

  // MARK: Statements and facts

  /// A row of the table of statements: lessons and the facts that execute it.
  private var statements: [(name: String, lessons: [String], facts: [String])] {
    text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, cells[2].wholeMatch(of: /F\d\d\.\d+(, F\d\d\.\d+)*/) != nil else {
        return nil
      }
      let lessons = cells[1].split(separator: ", ").map { $0.replacing("`", with: "") }
      return (cells[0], lessons, cells[2].split(separator: ", ").map(String.init))
    }
  }

  /// The facts themselves are executed by `passo lint` and by `LessonsTests`.
  @Test(arguments: Language.allCases)
  func everyStatementIsExecutedByFactsOfItsLessons(language: Language) throws {
    #expect(statements.count == 10)
    for (name, lessons, ids) in statements {
      let facts = try lessons.map { lesson in
        Set(
          try LessonFolder.lesson(lesson, language).items.flatMap { item in
            if case .facts(let block) = item.content { block.facts.map(\.id) } else { [] }
          }
        )
      }
      for id in ids {
        #expect(facts.contains { $0.contains(id) }, "\(name): \(id) is in none of \(lessons)")
      }
      for (lesson, known) in zip(lessons, facts) {
        #expect(!known.isDisjoint(with: ids), "\(name): no fact of \(lesson)")
      }
    }
  }

  // MARK: The small lesson

  private var example: String {
    get throws {
      let start = try #require(text.range(of: "````markdown\n"))
      let end = try #require(text.range(of: "\n````\n", range: start.upperBound..<text.endIndex))
      return String(text[start.upperBound..<end.lowerBound])
    }
  }

  @Test func theSmallLessonHasEverythingThatTheParserKnows() throws {
    let lines = try example.components(separatedBy: "\n")
    func begins(_ key: String) -> Bool { lines.contains { $0.hasPrefix(key + ":") } }
    for key in LessonForm.headerKeys { #expect(begins(key), "\(key)") }
    for (block, attributes) in LessonForm.attributes {
      let infos = lines.filter { $0.hasPrefix("```\(block)") }.map { $0.split(separator: " ") }
      for attribute in attributes {
        #expect(
          infos.contains { $0.contains { $0.prefix { $0 != "=" } == attribute } },
          "\(block) \(attribute)"
        )
      }
    }
    let keys =
      LessonForm.quizKeys + LessonForm.predictionKeys + LessonForm.taskKeys + LessonForm.fadeKeys
    for key in keys { #expect(begins(key), "\(key)") }
    #expect(lines.contains { $0.hasPrefix("  - run:") })
  }

  @Test func theSmallLessonCanBeTaken() throws {
    let blocks = try #require(try example.components(separatedBy: "\n---\n").last)
    let findings = try OwnLesson(blocks + "\n").findings(triesOwnTexts: true)
    #expect(findings.isEmpty, "\(findings)")
  }
}
