// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoModel
import PassoText

extension LessonLibrary {
  /// Far more than anybody reads in one go.
  private static let sizeLimit = 1 << 20

  /// Reads the lesson of a folder, in the other language if it exists in that one only.
  ///
  /// - Throws: `FileProblem`, or `LessonProblem` with file and line.
  package static func lesson(in folder: String, _ language: Language) throws -> Lesson {
    try read(file(in: folder, languages(of: folder, first: language).first ?? language))
  }

  /// Reads a lesson file.
  ///
  /// A link that leads out of the lesson's folder is not followed: lessons come from strangers.
  ///
  /// - Throws: `FileProblem`, or `LessonProblem` with file and line.
  package static func read(_ path: String) throws -> Lesson { try textAndLesson(path).lesson }

  /// Reads a lesson file, and keeps it as it is written.
  ///
  /// - Throws: As `read`.
  static func textAndLesson(_ path: String) throws -> (text: String, lesson: Lesson) {
    let text = try text(path)
    return (text, try LessonParser.parse(text, file: path))
  }

  private static func text(_ path: String) throws -> String {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    // Of what is not there, the opener says why.
    if TextFile.exists(path), !FileScope.Reach.within([folder]).contains(path) {
      throw LessonFileProblem(file: path)
    }
    return try TextFile.exactText(path: path, limit: sizeLimit)
  }
}

/// Why the file of a lesson is not opened: it is a link to a place outside the lesson's folder.
package struct LessonFileProblem: WordedProblem, Hashable {
  let file: String

  package var wording: Wording {
    Bilingual(
      it: "la lezione è un collegamento che esce dalla sua cartella",
      en: "the lesson is a link that leads out of its folder"
    ).hint(
      it: "se ti fidi di dove porta, copia il file al suo posto",
      en: "if you trust where it leads, copy the file in its place"
    )
  }

  package var place: Place? { Place(file: file) }
}
