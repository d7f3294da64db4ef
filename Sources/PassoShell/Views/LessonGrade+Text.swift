// SPDX-License-Identifier: MIT

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

  /// Grades as comma-separated values after RFC 4180, one row a file.
  package static func table(_ grades: [LessonGrade], _ language: Language) -> [UInt8] {
    let header = [
      "file", "lesson", "sound", "right", "asked", "exercises", "lines", "states", "faults",
      "notes",
    ]
    let rows = [header] + grades.map { $0.row(language) }
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
