// SPDX-License-Identifier: MIT

import PassoText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The lessons of a folder: `NN-topic/lesson.it.md` and `lesson.en.md`.
package struct LessonLibrary: Sendable {
  /// Where the lessons are.
  package let folder: String

  /// The names of the lesson folders, in order.
  package let names: [String]

  /// Looks into a folder.
  ///
  /// Throws `LessonProblem` if no lesson is there.
  package init(folder: String) throws(LessonProblem) {
    self.folder = folder
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    names = entries.sorted().filter { name in
      Language.allCases.contains {
        FileManager.default.fileExists(atPath: Self.path(folder, name, $0))
      }
    }
    if names.isEmpty { throw LessonProblem(.noLessons(folder)) }
  }

  /// The lesson that a path names, with the folder in which it stands; nil for what is no path.
  ///
  /// A path has a slash, or is the name of a folder with a lesson.
  ///
  /// Throws `LessonProblem` if a path leads to no lesson.
  package static func lesson(
    at typed: String
  ) throws(LessonProblem) -> (library: LessonLibrary, name: String)? {
    var path = typed
    for language in Language.allCases where path.hasSuffix("/lesson.\(language.rawValue).md") {
      path = String(path.dropLast("/lesson.\(language.rawValue).md".count))
    }
    let isPath = typed.contains("/") || typed == "." || typed == ".."
    let url = URL(filePath: path).standardizedFileURL
    let name = url.lastPathComponent
    var folder = url.deletingLastPathComponent().path(percentEncoded: false)
    if folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let isThere = Language.allCases.contains {
      FileManager.default.fileExists(atPath: Self.path(folder, name, $0))
    }
    guard isThere else {
      if isPath { throw LessonProblem(.noLessons(typed)) }
      return nil
    }
    return (try LessonLibrary(folder: folder), name)
  }

  /// The folder that somebody means by its name, its number, its topic, or a beginning of one.
  package func name(for typed: String) throws(LessonProblem) -> String {
    let wanted = typed.lowercased()
    if names.contains(wanted) { return wanted }
    if let number = Int(wanted),
      let found = names.first(where: { Int($0.prefix { $0.isNumber }) == number })
    {
      return found
    }
    let matches = names.filter { name in
      let topic = name.drop { $0.isNumber }.drop { $0 == "-" }
      return !wanted.isEmpty && (name.hasPrefix(wanted) || topic.hasPrefix(wanted))
    }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 { throw LessonProblem(.ambiguousLesson(typed, matches)) }
    throw LessonProblem(.noSuchLesson(typed, known: names))
  }

  /// The file of a lesson, in the other language if it exists in that one only.
  package func file(_ name: String, _ language: Language) -> String {
    let paths = [language] + Language.allCases.filter { $0 != language }
    return paths.map { path(name, $0) }
      .first { FileManager.default.fileExists(atPath: $0) } ?? path(name, language)
  }

  /// The file of a lesson in a language, whether it is there or not.
  package func path(_ name: String, _ language: Language) -> String {
    Self.path(folder, name, language)
  }

  private static func path(_ folder: String, _ name: String, _ language: Language) -> String {
    "\(folder)/\(name)/lesson.\(language.rawValue).md"
  }
}
