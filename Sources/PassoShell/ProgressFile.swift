// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

/// Which lessons a person has finished: lines of plain text, `2026-11-24 02-mask 3/4`.
///
/// The date is that of the place where it was; 3 of 4 questions were answered rightly at the first
/// attempt. Lines that are not understood are left alone: a person may write some.
package struct ProgressFile: Sendable {
  /// A lesson that was taken to its end.
  package struct Entry: Hashable, Sendable {
    package let date: String
    package let lesson: String
    package let right: Int
    package let asked: Int
  }

  private let path: String

  /// Uses a file, which need not exist.
  package init(path: String) {
    self.path = path
  }

  /// The file of a person; nil without a home.
  package init?(environment: [String: String]) {
    guard let path = StateFile.path("progress", environment) else { return nil }
    self.init(path: path)
  }

  /// What was noted, oldest first; nothing if there is no file.
  ///
  /// - Throws: `FileProblem` if there is one and it cannot be read.
  package func entries() throws(FileProblem) -> [Entry] {
    let bytes = try FileScope.own { () throws(FileProblem) in
      try TextFile.isThere(path) ? TextFile.bytes(path: path) : []
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split(separator: "\n").compactMap(Self.entry)
  }

  private static func entry(_ line: Substring) -> Entry? {
    let words = line.split(separator: " ")
    guard words.count == 3 else { return nil }
    let score = words[2].split(separator: "/").map { Int($0) }
    guard score.count == 2, let right = score[0], let asked = score[1], right >= 0, right <= asked
    else { return nil }
    return Entry(date: String(words[0]), lesson: String(words[1]), right: right, asked: asked)
  }

  /// Notes a lesson as finished today.
  ///
  /// - Throws: `FileProblem` if the file cannot be written.
  package func add(_ lesson: String, right: Int, asked: Int) throws(FileProblem) {
    if let slash = path.lastIndex(of: "/") { try PrivateFolder.make(String(path[..<slash])) }
    let line = "\(Day.today.text) \(lesson) \(right)/\(asked)\n"
    try FileScope.own { () throws(FileProblem) in
      let file = try AppendedFile(path: path, isShared: true)
      // What another process has half written would be taken for a torn line.
      try file.alone { () throws(FileProblem) in
        try file.endLine()
        try file.append(Array(line.utf8))
      }
    }
  }
}
