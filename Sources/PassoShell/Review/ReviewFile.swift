// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoText

/// How questions were answered that come back: lines of plain text under a title,
/// `2026-11-29 03-shift q1 wrong sure`.
///
/// A question is in it from its first wrong answer on. How sure one was stands at the end where
/// that was said.
package struct ReviewFile: Sendable {
  /// The first answer to a question when it was asked, and when that was.
  struct Entry: Equatable {
    let day: Day
    let question: ReviewQuestion
    let isRight: Bool
    let confidence: Confidence?
  }

  private let path: String

  private static let title = "# passo review 1"

  /// Far more than a person answers.
  private static let largest = 1 << 24

  /// Uses a file, which need not exist.
  package init(path: String) {
    self.path = path
  }

  /// The file of a person; nil without a home.
  package init?(environment: [String: String]) {
    guard let path = StateFile.path("review", environment) else { return nil }
    self.init(path: path)
  }

  /// What was answered, oldest first; nothing if there is no file.
  ///
  /// Lines that are not understood are left alone: a person may write some.
  ///
  /// - Throws: `FileProblem`, or `ReviewFileProblem` if another version has written it.
  func entries() throws -> [Entry] {
    let bytes = try FileScope.own { () throws(FileProblem) in
      try TextFile.isThere(path) ? TextFile.bytes(path: path, limit: Self.largest) : []
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let first = lines.first else { return [] }
    guard first == Self.title else { throw ReviewFileProblem.otherVersion(path) }
    return lines.compactMap(Self.entry)
  }

  /// Adds answers; a file of another version gets another name first.
  ///
  /// - Returns: That name, if there was one.
  /// - Throws: `FileProblem` if it cannot be written.
  func add(_ entries: [Entry]) throws -> String? {
    if let slash = path.lastIndex(of: "/") { try PrivateFolder.make(String(path[..<slash])) }
    return try FileScope.own {
      let aside = try setOtherVersionAside()
      let file = try AppendedFile(path: path, isShared: true)
      // What another process has half written would be taken for a torn line.
      try file.alone { () throws(FileProblem) in
        try file.endLine()
        let title = file.size == 0 ? [Self.title] : []
        try file.append((title + entries.map(Self.line)).flatMap { Array("\($0)\n".utf8) })
      }
      return aside
    }
  }

  private func setOtherVersionAside() throws -> String? {
    do {
      _ = try entries()
      return nil
    } catch is ReviewFileProblem {
      return try AppendedFile(path: path, isShared: true).renameWithDate(path, "kept")
    }
  }

  private static func line(_ entry: Entry) -> String {
    let words = [
      entry.day.text, entry.question.text, entry.isRight ? right : wrong,
      entry.confidence.map { "\($0)" },
    ]
    return words.compactMap(\.self).joined(separator: " ")
  }

  private static func entry(_ line: Substring) -> Entry? {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 4 || words.count == 5, let day = Day(words[0]),
      [right, wrong].contains(words[3])
    else { return nil }
    return Entry(
      day: day,
      question: ReviewQuestion(lesson: words[1], quiz: words[2]),
      isRight: words[3] == right,
      confidence: words.count == 5 ? Confidence(typed: words[4]) : nil
    )
  }

  private static let (right, wrong) = ("right", "wrong")
}

/// Why what is to be asked again is not known.
enum ReviewFileProblem: WordedProblem, Equatable {
  case otherVersion(String)

  var wording: Wording {
    switch self {
    case .otherVersion(let path):
      Bilingual(
        it: "le domande da ripassare sono in \(it: path), scritto da un'altra versione di Passo",
        en: "the questions to review are in \(en: path), which another version of Passo has written"
      ).hint(
        it: "la rilegge quella versione; alla prossima risposta il file prende un altro nome",
        en: "that version reads it; the next answer gives the file another name"
      )
    }
  }
}
