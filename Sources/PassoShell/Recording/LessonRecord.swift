// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoSession
import PassoText

/// Where what a person does in lessons is kept: a file for each lesson that was begun, and beside
/// it those of lessons that were finished.
package final class LessonRecords {
  private let folder: String

  /// The records that this process has, until it ends.
  private var held: [String: LessonRecord] = [:]

  /// Uses a folder, which need not exist.
  package init(folder: String) {
    self.folder = folder
  }

  /// The folder of a person, or of the classes that a person teaches; nil without a home.
  package convenience init?(environment: [String: String], ofClasses: Bool = false) {
    let name = ofClasses ? "classes" : "lessons"
    guard let folder = StateFile.path(name, environment) else { return nil }
    self.init(folder: folder)
  }

  /// Takes the record of a lesson for this process.
  ///
  /// - Throws: `FileProblem` if another process has it, or it cannot be written.
  func open(_ lesson: String) throws(FileProblem) -> LessonRecord {
    if let record = held[lesson], record.isOpen { return record }
    let record = try FileScope.own { () throws(FileProblem) in
      let root = folder.lastIndex(of: "/").map { String(folder[..<$0]) }
      try PrivateFolder.make(folder, below: root)
      return try LessonRecord(path(of: lesson))
    }
    held[lesson] = record
    return record
  }

  /// Whether a lesson was begun and not finished.
  func isBegun(_ lesson: String) -> Bool { TextFile.exists(path(of: lesson)) }

  private func path(of lesson: String) -> String { "\(folder)/\(lesson).passo" }
}

/// The record of a lesson while a person takes it, written line by line.
package final class LessonRecord {
  /// The file, without its ending.
  private let stem: String

  /// Nil once the lesson is finished, or something could not be written.
  private var file: AppendedFile?
  private var recorder: Recorder?

  /// The bytes of the whole lines that were there.
  private var wholeSize = 0

  private var path: String { stem + ".passo" }

  var isOpen: Bool { file != nil }

  fileprivate init(_ path: String) throws(FileProblem) {
    stem = String(path.dropLast(".passo".count))
    file = try Self.open(path)
  }

  /// Who had the file may have given it another name before it could be locked.
  private static func open(_ path: String) throws(FileProblem) -> AppendedFile {
    while true {
      let file = try AppendedFile(path: path)
      if file.isCurrent { return file }
    }
  }

  /// What was done before; nil if nothing was.
  ///
  /// A line that nothing ends does not count: its writer was stopped in the middle.
  ///
  /// - Throws: `FileProblem`, `SessionFileProblem` or `LessonRecordProblem`.
  func kept() throws -> LessonRecordFile? {
    guard let file, file.size > 0 else { return nil }
    guard file.size <= LessonRecordFile.largest else {
      throw LessonRecordProblem.notARecord(file: path)
    }
    var bytes = try FileScope.own { () throws(FileProblem) in try file.contents() }
    if let end = bytes.lastIndex(of: UInt8(ascii: "\n")), end + 1 < bytes.count {
      bytes.removeSubrange((end + 1)...)
    }
    wholeSize = bytes.count
    return try LessonRecordFile(path: path, bytes: bytes)
  }

  /// Begins with what a lesson is, and whether it is taught to a class.
  func begin(
    _ lesson: Lesson,
    _ manner: QuestionManner,
    _ session: Session,
    isOfClass: Bool
  ) throws {
    guard let file else { return }
    let fresh = try Session()
    recorder = Recorder(path: path, file, state: try fresh.stateDigits)
    let heading = LessonRecordHeading(lesson, isOfClass: isOfClass)
    let comments = heading.comments + manner.comments()
    try recorder?.append(try SessionFile.beginning(with: fresh, comments))
    try recorder?.write([":lesson \(lesson.name)"], session)
  }

  /// Goes on where what was kept ends, with the state that it has led to.
  func goOn(after kept: LessonRecordFile, state: String) throws(FileProblem) {
    guard let file else { return }
    try file.cut(to: wholeSize)
    let recorder = Recorder(path: path, file, state: state)
    self.recorder = recorder
    guard kept.result == nil else { return }
    // Who was stopped between a line and its state has left the line alone.
    if kept.lastState != state { try recorder.append([SessionFile.statePrefix + state]) }
  }

  /// Keeps lines, and the state that they led to.
  func note(_ lines: [String], _ session: Session) throws(FileProblem) {
    try recorder?.write(lines, session)
  }

  /// Keeps what came of the lesson, and gives the file the name of a result; what was done of that
  /// before stays.
  ///
  /// - Returns: That name; nil if the record was over before.
  func finish(_ result: String) throws -> String? {
    guard let file, let recorder else { return nil }
    if try kept()?.result == nil {
      try recorder.append(["# \(LessonRecordFile.result) \(result)"])
    }
    if let kept = try kept(), !kept.isSealed {
      try recorder.append([LessonRecordFile.seal(of: kept.session.lines.dropLast())])
    }
    defer { close() }
    return try rename(file, "passo")
  }

  /// Nothing more is kept.
  func close() { (file, recorder) = (nil, nil) }

  /// Gives the file another name, and takes an empty one.
  ///
  /// - Returns: The other name.
  func setAside() throws(FileProblem) -> String {
    guard let file else { return path }
    let name = try rename(file, "kept")
    self.file = try FileScope.own { () throws(FileProblem) in try Self.open(path) }
    return name
  }

  private func rename(_ file: AppendedFile, _ ending: String) throws(FileProblem) -> String {
    try FileScope.own { () throws(FileProblem) in
      try file.renameWithDate(stem, ending)
    }
  }
}
