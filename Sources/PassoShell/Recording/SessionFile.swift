// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoSession
import PassoText

/// A recorded session: lines as a person typed them, and as comments the states that they led to.
///
///     # passo session 1
///     :mask none
///     # state 5d8c2e0f6b1a9c34
///
/// A comment of another kind says something to people only.
package struct SessionFile {
  /// A line to carry out, or a state to compare.
  enum Item: Equatable {
    case line(String)
    case state(String)

    case partly(PartialLine)

    /// What changes in how lessons that begin from here on ask their questions.
    case manner(QuestionManner.Change)
  }

  /// How the file was named.
  let path: String

  /// All lines, without what ends them.
  let lines: [String]

  /// What the lines mean, each with its number from 1.
  private(set) var items: [(number: Int, item: Item)] = []

  /// The number of a last line that nothing ends: a writer may have been stopped in its middle.
  private(set) var openLine: Int?

  /// Whether that line was left out, because it is not whole.
  private(set) var isTorn = false

  static let version = "1"
  static let title = "# passo session "
  static let statePrefix = "# state "

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: How it was named.
  ///   - place: Where it is; the same, unless a line of a lesson named it.
  /// - Throws: `FileProblem` or `SessionFileProblem`.
  package init(path: String, in place: String? = nil) throws {
    try self.init(path: path, bytes: TextFile.bytes(path: place ?? path))
  }

  /// Reads what was read from a file.
  ///
  /// - Throws: `SessionFileProblem`.
  init(path: String, bytes: [UInt8]) throws {
    self.path = path
    lines = try Self.lines(bytes, path)
    try checkTitle(lines[0])
    // After the last line end comes one more line, which is empty in a whole file.
    if lines.last?.isEmpty == false { openLine = lines.count }
    for (index, line) in lines.enumerated().dropFirst() {
      if index + 1 == openLine, Self.isTornState(line) {
        isTorn = true
        continue
      }
      if let item = try item(line, number: index + 1) { add(item, number: index + 1) }
    }
  }

  /// Whether a file is a recorded session, of any version; so is one that is still empty.
  static func isOne(at path: String) -> Bool {
    guard let bytes = try? TextFile.beginning(path: path, title.utf8.count) else { return false }
    return bytes.isEmpty || bytes.elementsEqual(title.utf8)
  }

  /// The lines of a file of text, at least one.
  private static func lines(_ bytes: [UInt8], _ path: String) throws -> [String] {
    var lines: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      // Files from Windows end their lines with two characters.
      let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let text = String(validating: content, as: UTF8.self), !text.contains("\u{0}") else {
        throw SessionFileProblem.notText(file: path, line: lines.count + 1)
      }
      lines.append(text)
    }
    return lines
  }

  /// Whether a line is the beginning of one with a state.
  private static func isTornState(_ line: String) -> Bool {
    guard line.hasPrefix(statePrefix) else { return statePrefix.hasPrefix(line) }
    let digits = line.dropFirst(statePrefix.count)
    return digits.utf8.count < 16 && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  private func checkTitle(_ line: String) throws {
    guard line.hasPrefix(Self.title) else { throw SessionFileProblem.notASession(file: path) }
    let found = line.dropFirst(Self.title.count).prefix { !$0.isWhitespace }
    guard found == Self.version else {
      throw SessionFileProblem.otherVersion(String(found), file: path)
    }
  }

  /// Adds an item; the moves behind a line that was stopped belong to it.
  private mutating func add(_ item: Item, number: Int) {
    if case .line(let move) = item, case .partly(var line)? = items.last?.item, line.take(move) {
      items[items.count - 1] = (number, .partly(line))
    } else {
      items.append((number, item))
    }
  }

  private func item(_ line: String, number: Int) throws -> Item? {
    guard let start = line.firstIndex(where: { !$0.isWhitespace }) else { return nil }
    guard line[start] == "#" else {
      if let name = Self.nestedCommand(line) {
        throw SessionFileProblem.nested(name, file: path, line: number)
      }
      return .line(line)
    }
    guard line.hasPrefix(Self.statePrefix) else {
      if let line = PartialLine(comment: line) { return .partly(line) }
      let comment = String(line.dropFirst().drop { $0 == " " })
      return QuestionManner.Change(comment: comment).map(Item.manner)
    }
    let digits = line.dropFirst(Self.statePrefix.count).prefix { !$0.isWhitespace }
    guard digits.count == 16, UInt64(digits, radix: 16) != nil else {
      throw SessionFileProblem.notAState(String(digits), file: path, line: number)
    }
    return .state(digits.lowercased())
  }

  /// The command that a recording cannot hold, if the line is one.
  static func nestedCommand(_ line: String) -> String? {
    guard let command = Command.named(in: line) else { return nil }
    return [Command.record.name, Command.replay.name].first { $0 == command.name }
  }
}

extension Command {
  /// The command that a line begins with; nil for an expression and for a mistake.
  static func named(in line: String) -> Command? {
    guard let word = (try? Arguments.split(line))?.first, !word.isQuoted, word.text.hasPrefix(":")
    else { return nil }
    return try? CommandTable.find(String(word.text.dropFirst()))
  }
}

/// Why a file is no recorded session.
package enum SessionFileProblem: WordedProblem, Equatable {
  case notASession(file: String)
  case otherVersion(String, file: String)
  case notText(file: String, line: Int)
  case notAState(String, file: String, line: Int)
  case nested(String, file: String, line: Int)

  package var wording: Wording {
    switch self {
    case .notASession:
      Bilingual(
        it: "una sessione comincia con la riga «# passo session 1», qui non c'è",
        en: "a session begins with the line '# passo session 1', which is not here"
      ).hint(Self.recording)
    case .otherVersion(let found, _):
      Bilingual(
        it: "la sessione è di versione \(it: found): qui si legge la \(SessionFile.version)",
        en: "needs a session of version \(SessionFile.version), got \(en: found)"
      ).hint(
        it: "la rilegge la versione di Passo che l'ha scritta",
        en: "the version of Passo that wrote it reads it"
      )
    case .notText:
      Bilingual(
        it: "il testo dev'essere in UTF-8, e qui ci sono byte che non lo sono",
        en: "needs text in UTF-8, got bytes that are not"
      ).hint(Self.recording)
    case .notAState(let found, _, _):
      Bilingual(
        it: "dopo «# state» vanno 16 cifre esadecimali, non \(it: found)",
        en: "'# state' needs 16 hexadecimal digits, got \(en: found)"
      ).hint(it: "togli la riga", en: "take the line out")
    case .nested(let command, _, _):
      Bilingual(
        it: "una sessione registrata non può contenere \(it: ":\(command)")",
        en: "a recorded session cannot contain \(en: ":\(command)")"
      ).hint(it: "togli la riga", en: "take the line out")
    }
  }

  private static let recording =
    Bilingual(it: ":record FILE ne scrive una", en: ":record FILE writes one")

  package var place: Place? {
    switch self {
    case .notASession(let file), .otherVersion(_, let file): Place(file: file, line: 1)
    case .notText(let file, let line), .notAState(_, let file, let line),
      .nested(_, let file, let line):
      Place(file: file, line: line)
    }
  }
}
