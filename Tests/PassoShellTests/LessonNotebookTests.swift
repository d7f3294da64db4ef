// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoText
import Testing

@testable import PassoShell

/// Lessons as notebooks: what is in the file.
struct LessonNotebookTests {
  private struct Document: Decodable {
    struct Cell: Decodable {
      struct Metadata: Decodable {
        struct Passo: Decodable {
          let block: String
          let kind: String
        }

        let passo: Passo?
      }

      let id: String
      let cellType: String
      let source: [String]
      let metadata: Metadata

      var text: String { source.joined() }
    }

    let cells: [Cell]
    let nbformat: Int
    let nbformatMinor: Int
  }

  private func document(_ text: String) throws -> Document {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Document.self, from: Data(text.utf8))
  }

  private func notebook(_ lesson: Lesson) -> String {
    LessonNotebook(lesson, named: lesson.name).text
  }

  @Test(arguments: LessonsTests.names, Language.allCases)
  func everyBlockIsACellThatSaysWhatItIs(name: String, language: Language) throws {
    let lesson = try LessonFolder.lesson(name, language)
    let text = notebook(lesson)
    #expect(text == notebook(lesson))
    let document = try document(text)
    #expect(document.nbformat == 4 && document.nbformatMinor == 5)
    let ids = document.cells.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9-]{1,64}/) != nil })
    let marks = document.cells.filter { $0.cellType == "code" }.map { cell in
      LessonCell(firstLine: cell.source.first ?? "")
    }
    #expect(marks.allSatisfy { $0?.lesson == name && $0?.language == language })
    let blocks = marks.compactMap { $0?.level == nil || $0?.level == .worked ? $0?.block : nil }
    #expect(blocks == lesson.places.map(\.id))
  }

  @Test(arguments: LessonsTests.names)
  func answersAreNotInTheFile(name: String) throws {
    let lesson = try LessonFolder.lesson(name, .en)
    let document = try document(notebook(lesson))
    for item in lesson.items {
      let options = item.content.question?.options ?? item.content.prediction?.options ?? []
      for option in options {
        let feedback = ProseMarkdown.text(option.feedback)
        #expect(!document.cells.contains { $0.text.contains(feedback) }, "\(feedback)")
      }
      if let answer = item.content.prediction?.answer?.text, answer.count > 6 {
        let asking = document.cells.filter { $0.id == item.content.prediction?.id }
        #expect(!asking.contains { $0.text.contains(answer) })
      }
    }
    for cell in document.cells where ["quiz", "predict"].contains(cell.metadata.passo?.kind) {
      let typed = cell.source.dropFirst().filter { !$0.hasPrefix("# ") }
      #expect(typed.allSatisfy { $0.allSatisfy(\.isNewline) }, "\(cell.text)")
    }
  }

  @Test func solutionsAreFilledIn() throws {
    let lesson = try LessonFolder.lesson("01-labels", .it)
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    let run = try LessonRun(lesson, with: probe.shell)
    let cells = try document(LessonNotebook(lesson, named: "01-labels", solved: run).text).cells
    func cell(_ id: String) -> String { cells.first { $0.id == id }?.text ?? "" }
    #expect(cell("q1").hasSuffix("\nc") && cell("p2").hasSuffix("\n5"))
    #expect(cell("e1").contains(":set targets[0, 0] = \"La\"\n"))
    #expect(cell("e1").hasSuffix("\n:check"))
  }
}
