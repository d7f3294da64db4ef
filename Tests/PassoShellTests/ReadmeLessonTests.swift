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

  /// A row of the table of statements: its lessons, and the facts that execute it.
  private struct Statement {
    let name: String
    let lessons: [String]
    let facts: [String]

    init?(_ line: String) {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard line.hasPrefix("|"), cells.count == 3, cells[2].hasPrefix("F") else { return nil }
      name = cells[0]
      lessons = cells[1].replacing("`", with: "").components(separatedBy: ", ")
      facts = cells[2].components(separatedBy: ", ")
    }
  }

  private static func facts(of lesson: String, _ language: Language) throws -> Set<String> {
    var ids: Set<String> = []
    for item in try LessonFolder.lesson(lesson, language).items {
      if case .facts(let block) = item.content { ids.formUnion(block.facts.map(\.id)) }
    }
    return ids
  }

  /// The facts themselves are executed by `passo lint` and by `LessonsTests`.
  @Test(arguments: Language.allCases)
  func everyStatementIsExecutedByFactsOfItsLessons(language: Language) throws {
    let statements = text.components(separatedBy: "\n").compactMap(Statement.init)
    #expect(statements.count == 10)
    for statement in statements {
      var known: Set<String> = []
      for lesson in statement.lessons {
        let facts = try Self.facts(of: lesson, language)
        #expect(!facts.isDisjoint(with: statement.facts), "\(statement.name): none of \(lesson)")
        known.formUnion(facts)
      }
      for id in statement.facts { #expect(known.contains(id), "\(statement.name): \(id)") }
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
