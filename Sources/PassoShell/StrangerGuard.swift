// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText
import Synchronization

/// Who wrote a line that is carried out.
enum LineAuthor: Equatable {
  /// The person who types it.
  case person

  /// A lesson; what belongs to it lies in its folder.
  case lesson(folder: String)

  /// A recorded session; what belongs to it lies beside it.
  case session(folder: String)

  /// Where a stranger's line may read; nil for a person, who may read anywhere.
  fileprivate var folder: String? {
    switch self {
    case .person: nil
    case .lesson(let folder), .session(let folder): folder
    }
  }
}

// The one guard of all lines: typed, of a lesson, of a recording.
// A stranger's line reads what lies beside it, writes into a sandbox, and steers no other lines;
// whatever goes further a person is asked about, if one is there. Commands come to files through
// `reading` and `writing` alone; below them a `FileScope` refuses what they forget.
extension CommandContext {
  /// Carries out a command within what the author of its line may do.
  func guarded(_ command: Command, _ body: () throws -> Void) throws {
    if case .lesson = author, command.steers {
      throw StrangerProblem.steers(command.name)
    }
    let reading = author == .person ? FileScope.Reach.everywhere : .within(roots)
    try FileScope(reading: reading, writing: .within([])).around(body)
  }

  /// Where a stranger's line may read.
  private var roots: [String] { [author.folder, sandbox.made].compactMap(\.self) }

  /// Does something with files that a line names to be read.
  ///
  /// - Parameters:
  ///   - paths: The files or folders, as the line names them.
  ///   - body: Gets the same files where they really are.
  /// - Returns: What `body` gives.
  /// - Throws: `StrangerProblem` if the line may not read one, or what `body` throws.
  func reading<Result>(_ paths: [String], _ body: ([String]) throws -> Result) throws -> Result {
    var scope = FileScope.current
    let places = try paths.map { path in
      let place = try placeToRead(path)
      if place.isAgreed { scope.reading = scope.reading.with(place.path) }
      return place.path
    }
    return try scope.around { try body(places) }
  }

  /// Does something with a file or a folder that a line names to be written.
  ///
  /// - Parameters:
  ///   - path: The file or folder, as the line names it.
  ///   - body: Gets the place where it is to be written.
  /// - Returns: What `body` gives.
  /// - Throws: `StrangerProblem` if the line may not write there, or what `body` throws.
  func writing<Result>(_ path: String, _ body: (String) throws -> Result) throws -> Result {
    console.transcript.isReport()
    guard author != .person else {
      return try FileScope(reading: .everywhere, writing: .everywhere).around { try body(path) }
    }
    var scope = FileScope.current
    if try agrees(.write, path) {
      scope.writing = .within([path])
      scope.reading = scope.reading.with(path)
      return try scope.around { try body(path) }
    }
    guard Sandbox.holds(path) else {
      throw isAsking ? StrangerProblem.declined : .writes(path, author)
    }
    let folder = try sandbox.folder()
    scope.writing = .within([folder])
    scope.reading = scope.reading.with(folder)
    return try scope.around { try body("\(folder)/\(path)") }
  }

  /// Whether a place is one where nothing of a person's can be lost.
  func isInSandbox(_ path: String) -> Bool {
    sandbox.made.map { path.hasPrefix($0 + "/") } ?? false
  }

  private func placeToRead(_ path: String) throws -> (path: String, isAgreed: Bool) {
    guard let folder = author.folder else { return (path, false) }
    if !path.hasPrefix("/") {
      for root in [sandbox.made, folder].compactMap(\.self) {
        let inside = "\(root)/\(path)"
        if FileScope.Reach.within([root]).contains(inside), TextFile.exists(inside) {
          return (inside, false)
        }
      }
    } else if FileScope.Reach.within(roots).contains(path) {
      return (path, false)
    }
    // What is nowhere is no secret: what opens it says so.
    let candidates = path.hasPrefix("/") ? [path] : [path, "\(folder)/\(path)"]
    let found = FileScope.own { candidates.first(where: TextFile.exists) }
    guard let found else { return (path, false) }
    if try agrees(.read, found) { return (found, true) }
    throw isAsking ? StrangerProblem.declined : .reads(path, author)
  }
}

// MARK: - Asking

extension CommandContext {
  fileprivate enum Wish { case read, write }

  /// Whether a person is there who can agree; a replay asks for nothing.
  private var isAsking: Bool { console.confirm != nil && !isReplaying }

  /// Whether a person agrees that a stranger's line opens a file.
  private func agrees(_ wish: Wish, _ path: String) throws -> Bool {
    guard isAsking, let confirm = console.confirm else { return false }
    let whole = FileScope.own { FileScope.Reach.real(path) } ?? path
    // The whole of it: what is cut off could be the part that matters.
    let shown = whole.visible
    let question =
      switch wish {
      case .read:
        Bilingual(
          it: "Questa riga è della lezione, non tua, e legge «\(shown)». Va bene?",
          en: "This line is the lesson's, not yours, and reads '\(shown)'. Is that all right?"
        )
      case .write:
        Bilingual(
          it: "Questa riga è della lezione, non tua, e scrive «\(shown)». Va bene?",
          en: "This line is the lesson's, not yours, and writes '\(shown)'. Is that all right?"
        )
      }
    return confirm(question)
  }
}

/// A private folder for what lessons write, made when it is first needed; it goes with the shell.
package final class Sandbox {
  /// The folder, once there is one.
  private(set) var made: String?

  /// Whether a path is a plain name, which can lie nowhere but in the folder.
  static func holds(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix(".") && !path.hasPrefix("~")
      && path.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "/") }
  }

  /// The folder.
  ///
  /// - Throws: `FileProblem` if there is no room for one.
  func folder() throws -> String {
    if let made { return made }
    let folder = try PrivateFolder.temporary()
    made = folder
    Self.all.withLock { $0 += [folder] }
    return folder
  }

  deinit {
    if let made { PrivateFolder.remove(made) }
  }

  private static let all = Mutex<[String]>([])

  /// Removes the folders of all shells: a program that ends lets go of nothing.
  package static func removeAll() {
    all.withLock { $0 }.forEach(PrivateFolder.remove)
  }
}

/// Why a line that somebody else wrote is not carried out.
enum StrangerProblem: WordedProblem, Equatable {
  case writes(String, LineAuthor)
  case reads(String, LineAuthor)
  case steers(String)

  /// The person has said no.
  case declined

  var wording: Wording {
    switch self {
    case .writes(let path, let author):
      (Self.subject(author) + Bilingual(it: " non può scrivere ", en: " may not write ")
        + .quoted(path)).hint(
          it:
            "un nome semplice, come «modello», finisce in una cartella provvisoria; altrove, se ti"
            + " fidi, scrivi tu la riga",
          en: "a simple name, as 'modello', goes to a temporary folder; anywhere else, if you trust"
            + " it, type the line yourself"
        )
    case .reads(let path, let author):
      (Self.subject(author) + Bilingual(it: " non può leggere ", en: " may not read ")
        + .quoted(path)).hint(Self.placeToRead(author))
    case .steers(let command):
      Bilingual(
        it: "«:\(command)» può scriverlo solo una persona, non una lezione",
        en: "':\(command)' can be typed by a person only, not by a lesson"
      ).hint(it: "togli la riga", en: "take the line out")
    case .declined:
      Bilingual(it: "non hai dato il permesso", en: "you have not agreed").hint(nil)
    }
  }

  private static func placeToRead(_ author: LineAuthor) -> Bilingual {
    if case .session = author {
      return Bilingual(
        it: "metti il file accanto alla sessione; passo < FILE la esegue come se la scrivessi tu,"
          + " se ti fidi",
        en: "put the file beside the session; passo < FILE runs it as if you typed it, if you trust"
          + " it"
      )
    }
    return Bilingual(
      it: "metti il file nella cartella della lezione, o, se ti fidi, scrivi tu la riga",
      en: "put the file into the lesson's folder, or, if you trust it, type the line yourself"
    )
  }

  /// Whether a problem is that a person has said no.
  static func isDeclined(_ problem: any Problem) -> Bool {
    ((problem as? Placed)?.problem ?? problem) as? StrangerProblem == .declined
  }

  private static func subject(_ author: LineAuthor) -> Bilingual {
    switch author {
    case .session: Bilingual(it: "una sessione registrata", en: "a recorded session")
    case .lesson, .person: Bilingual(it: "una lezione", en: "a lesson")
    }
  }
}
