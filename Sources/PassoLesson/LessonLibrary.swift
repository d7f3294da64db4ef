// SPDX-License-Identifier: MIT

import FoundationEssentials
import PassoText

/// The lessons of a folder: `NN-topic/lesson.it.md` and `lesson.en.md`.
package struct LessonLibrary: Sendable {
  /// Where the lessons are.
  package let folder: String

  /// The names of the lesson folders, in order.
  package let names: [String]

  /// The folders of the lessons, in order.
  package var folders: [String] { names.map(folder(of:)) }

  /// Looks into a folder.
  ///
  /// Throws `LessonProblem` if no lesson is there.
  package init(folder: String) throws(LessonProblem) {
    self.folder = folder
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    names = entries.sorted().filter { !Self.languages(of: "\(folder)/\($0)").isEmpty }
    if names.isEmpty { throw LessonProblem(.noLessons(folder)) }
  }

  /// The folder of the lesson that a path names; nil for what is no path.
  ///
  /// A path has a slash, or is the name of a folder with a lesson.
  ///
  /// Throws `LessonProblem` if a path leads to no lesson.
  package static func folder(at typed: String) throws(LessonProblem) -> String? {
    var path = typed
    for language in Language.allCases where path.hasSuffix("/lesson.\(language.rawValue).md") {
      path = String(path.dropLast("/lesson.\(language.rawValue).md".count))
    }
    let isPath = typed.contains("/") || typed == "." || typed == ".."
    var folder = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    if folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    if !languages(of: folder).isEmpty { return folder }
    if isPath { throw LessonProblem(.noLessons(typed)) }
    return nil
  }

  /// The folder that somebody means by its name, its number, its topic, or a beginning of one.
  package func name(for typed: String) throws(LessonProblem) -> String {
    let wanted = typed.lowercased()
    if names.contains(wanted) { return wanted }
    if let number = Int(wanted) {
      // A number is whole: 1 does not begin 19.
      let found = names.first { Int($0.prefix { $0.isNumber }) == number }
      if let found { return found }
      throw LessonProblem(.noSuchLesson(typed, known: names))
    }
    let matches = names.filter { name in
      let topic = name.drop { $0.isNumber }.drop { $0 == "-" }
      return !wanted.isEmpty && (name.hasPrefix(wanted) || topic.hasPrefix(wanted))
    }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 { throw LessonProblem(.ambiguousLesson(typed, matches)) }
    throw LessonProblem(.noSuchLesson(typed, known: names))
  }

  /// The folder of a lesson.
  package func folder(of name: String) -> String { "\(folder)/\(name)" }

  /// The file of a folder's lesson in a language, whether it is there or not.
  package static func file(in folder: String, _ language: Language) -> String {
    "\(folder)/lesson.\(language.rawValue).md"
  }

  /// The languages in which a folder holds a lesson, one of them before the others.
  package static func languages(of folder: String, first: Language = .it) -> [Language] {
    ([first] + Language.allCases.filter { $0 != first }).filter {
      FileManager.default.fileExists(atPath: file(in: folder, $0))
    }
  }
}
