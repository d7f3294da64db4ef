// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoText

/// A recorded session that is the record of one lesson.
///
///     # passo session 1
///     # lesson 02-mask 5d8c2e0f6b1a9c34
///     # record 90f3ab5510c77e21
///     ...
///     :lesson 02-mask
///     ...
///     # result 3/4 e1 2/3
///     # seal 0a61b7c3d9e25f48
///
/// The seal is a fingerprint of all lines before it: it tells a file that was edited from one that
/// was not, and protects from nobody who computes it anew. What counts is that the lines, carried
/// out again, lead to the same states, in the same places, and to the same result.
struct LessonRecordFile {
  let session: SessionFile
  let heading: LessonRecordHeading

  /// What the file says came of the lesson, and where; nil if it was not taken to its end.
  let result: (line: Int, text: String)?

  /// Whether the last line is the fingerprint of those before.
  let isSealed: Bool

  /// More than a person types in a lesson.
  static let largest = 1 << 22

  /// Reads a file.
  ///
  /// - Throws: `FileProblem`, `SessionFileProblem` or `LessonRecordProblem`.
  init(path: String) throws {
    try self.init(path: path, bytes: TextFile.bytes(path: path, limit: Self.largest))
  }

  /// Reads what was read from a file.
  ///
  /// - Throws: `SessionFileProblem` or `LessonRecordProblem`.
  init(path: String, bytes: [UInt8]) throws {
    session = try SessionFile(path: path, bytes: bytes)
    let comments = session.lines.enumerated().compactMap { index, line in
      line.hasPrefix("# ") ? (line: index + 1, words: Self.words(line)) : nil
    }
    func all(_ name: String) -> [(line: Int, text: String)] {
      comments.filter { $0.words.name == name }.map { ($0.line, $0.words.rest) }
    }
    guard let heading = LessonRecordHeading({ all($0).first?.text }) else {
      throw LessonRecordProblem.notARecord(file: path)
    }
    self.heading = heading
    result = all(Self.result).first
    let last = session.lines.lastIndex { !$0.isEmpty } ?? 0
    isSealed = session.lines[last] == Self.seal(of: session.lines[..<last])
  }

  private static func words(_ line: String) -> (name: String, rest: String) {
    let words = line.dropFirst(2).split(separator: " ", maxSplits: 1).map(String.init)
    return (words.first ?? "", words.count > 1 ? words[1] : "")
  }

  static let (lesson, record, taught, result) = ("lesson", "record", "taught", "result")

  static let sealPrefix = "# seal "

  /// The line that ends a file.
  static func seal(of lines: some Sequence<String>) -> String {
    var hash = ContentHash()
    for line in lines { hash.add(line) }
    return sealPrefix + ContentHash.digits(hash.value)
  }

  /// The last state in the file.
  var lastState: String? {
    session.items.lazy.reversed().compactMap { item -> String? in
      if case .state(let digits) = item.item { digits } else { nil }
    }.first
  }
}

/// What a record is of, and whose.
struct LessonRecordHeading: Equatable {
  let lesson: String

  /// That of the lesson's commands, facts and answers.
  let version: String

  /// Tells this record from all others.
  let id: String

  /// Whether somebody taught it to a class, whose result is nobody's.
  let isOfClass: Bool

  /// Begins the record of a lesson.
  init(_ lesson: Lesson, isOfClass: Bool) {
    self.lesson = lesson.name
    version = lesson.version
    id = ContentHash.digits(.random(in: .min ... .max))
    self.isOfClass = isOfClass
  }

  /// What the comments of a file say; nil if one is missing.
  fileprivate init?(_ comment: (String) -> String?) {
    let words = comment(LessonRecordFile.lesson)?.split(separator: " ").map(String.init) ?? []
    guard words.count == 2, let id = comment(LessonRecordFile.record), !id.isEmpty else {
      return nil
    }
    (lesson, version, self.id) = (words[0], words[1], id)
    isOfClass = comment(LessonRecordFile.taught) != nil
  }

  /// The comments that say it.
  var comments: [String] {
    let taught = isOfClass ? ["\(LessonRecordFile.taught) to a class"] : []
    return [
      "\(LessonRecordFile.lesson) \(lesson) \(version)", "\(LessonRecordFile.record) \(id)",
    ] + taught
  }
}

extension Lesson {
  /// A fingerprint of all that the lesson does: its commands, facts and answers, not its prose.
  var version: String {
    var hash = ContentHash()
    let says = ["prose", "note", "alt", "minutes", "requires", "objectives"]
    for line in LessonSkeleton.lines(of: self) {
      let word = line.text.prefix { $0 != " " }
      if !says.contains(String(word)) { hash.add(line.text) }
    }
    return ContentHash.digits(hash.value)
  }
}

extension LessonScore {
  /// What came of the lesson, as a record says it: `3/4 e1 2/3`.
  var text: String { (["\(right)/\(asked)"] + exerciseTexts).joined(separator: " ") }

  /// The points of each exercise, as `e1 2/3`.
  var exerciseTexts: [String] { exercises.map { "\($0.id) \($0.points)/\($0.worth)" } }
}

/// Why a file is not the record of a lesson that can be gone on with.
enum LessonRecordProblem: WordedProblem, Equatable {
  case notARecord(file: String)

  /// It belongs to a lesson that does other things.
  case otherVersion(lesson: String)

  case otherLesson(String, wanted: String)

  var wording: Wording {
    switch self {
    case .notARecord(let file):
      Bilingual(
        it: "\(it: file) non è il diario di una lezione",
        en: "\(en: file) is not the record of a lesson"
      ).hint(
        it: "una lezione finita al terminale dice dove l'ha messo",
        en: "a lesson that is finished at a terminal says where it is"
      )
    case .otherVersion(let lesson):
      Bilingual(
        it: "è di un'altra versione della lezione \(it: lesson)",
        en: "it is of another version of the lesson \(en: lesson)"
      ).hint(nil)
    case .otherLesson(let lesson, let wanted):
      Bilingual(
        it: "è della lezione \(it: lesson), non di \(it: wanted)",
        en: "it is of the lesson \(en: lesson), not of \(en: wanted)"
      ).hint(nil)
    }
  }
}
