// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoText

extension LessonGrade {
  /// The grade as lines of plain text: what came of it, then each fault and each note.
  package func text(_ language: Language) -> String {
    let mark = isSound ? "✓" : "✗"
    let what = [lesson, score?.text].compactMap(\.self).joined(separator: " ")
    let heading = "\(mark) \(file)" + (what.isEmpty ? "" : ": \(what)")
    let lines = [heading] + (faults + notes).map { "  " + $0[language] }
    return lines.map(\.visible).joined(separator: "\n")
  }

  private static let columns = [
    "file", "lesson", "sound", "right", "asked", "exercises", "lines", "states", "faults", "notes",
  ]

  /// Refuses to put a table in the place of a file that is none, such as one of the results.
  ///
  /// - Throws: `ExportProblem.otherFile`, or `FileProblem` if the file cannot be read.
  package static func expectTable(at path: String) throws {
    guard try TextFile.isThere(path) else { return }
    let header = columns.joined(separator: ",").utf8
    let beginning = try TextFile.beginning(path: path, header.count)
    guard beginning.isEmpty || beginning.elementsEqual(header) else {
      throw ExportProblem.otherFile(path)
    }
  }

  /// Grades as comma-separated values after RFC 4180, one row a file.
  package static func table(_ grades: [LessonGrade], _ language: Language) -> [UInt8] {
    let rows = [columns] + grades.map { $0.row(language) }
    return rows.flatMap { Array(($0.map(CSVTable.field).joined(separator: ",") + "\n").utf8) }
  }

  private func row(_ language: Language) -> [String] {
    func list(_ texts: [Bilingual]) -> String { texts.map { $0[language] }.joined(separator: "; ") }
    return [
      file, lesson ?? "", isSound ? "yes" : "no", score.map { "\($0.right)" } ?? "",
      score.map { "\($0.asked)" } ?? "", score?.exerciseTexts.joined(separator: "; ") ?? "",
      "\(lines)", "\(states)", list(faults), list(notes),
    ].map(\.visible)
  }
}
