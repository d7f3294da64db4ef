// SPDX-License-Identifier: MIT

import FoundationEssentials
import PassoText

/// Paths as a person types them.
enum TypedPath {
  /// A path with the home folder in the place of a leading `~`, as shells have it.
  static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"),
      let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty
    else { return path }
    return home + path.dropFirst()
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: expanded(path))
  }

  // Only a folder has a place in itself; links to folders do too.
  private static func isFolder(_ path: String) -> Bool { exists(path + "/.") }

  /// What can stand in the place of a beginning: whole paths, in order; folders end in a slash.
  ///
  /// Hidden files are offered if a point is typed first. Where no name begins as typed, case does
  /// not count.
  ///
  /// - Parameters:
  ///   - typed: The beginning.
  ///   - kind: What is wanted; the way to a file leads through folders.
  /// - Returns: The paths.
  static func completions(of typed: String, kind: PathKind) -> [String] {
    let name = typed.lastIndex(of: "/").map { typed[typed.index(after: $0)...] } ?? typed[...]
    let folder = String(typed[..<name.startIndex])
    let place = folder.isEmpty ? "." : expanded(folder)
    let all = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    let seen = all.filter { name.hasPrefix(".") || !$0.hasPrefix(".") }.sorted()
    var names = seen.filter { $0.hasPrefix(name) }
    if names.isEmpty {
      let wanted = name.lowercased()
      names = seen.filter { $0.lowercased().hasPrefix(wanted) }
    }
    return names.compactMap { name in
      if isFolder(folder + name) { return folder + name + "/" }
      return kind == .file ? folder + name : nil
    }
  }
}

/// What a path leads to.
package enum PathKind: Sendable {
  case file
  case folder
}

extension Completion {
  /// Paths in the place of the word at the end of a line, in quotation marks where they need them.
  static func path(_ word: TypedWord, kind: PathKind) -> Completion {
    let paths = TypedPath.completions(of: word.text, kind: kind)
    let quotes = word.isQuoted || paths.contains(where: needsQuotes)
    let only = paths.count == 1 ? paths.first : nil
    return Completion(
      replacing: word.count,
      candidates: paths.map { quotes ? quoted($0) : $0 },
      suffix: only?.hasSuffix("/") ?? false ? "" : quotes && only != nil ? "\" " : " "
    )
  }

  private static func needsQuotes(_ path: String) -> Bool {
    let first = path.unicodeScalars.first.map { $0 == "#" || !QuotationMarks.ends(of: $0).isEmpty }
    return (first ?? false) || path.hasSuffix(";")
      || path.contains { $0.isWhitespace || "\"\\[]".contains($0) }
  }

  /// The quotation stays open: a folder is only the beginning of a path.
  private static func quoted(_ path: String) -> String {
    "\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}

/// The word at the end of a line that is being typed.
struct TypedWord {
  /// What it says so far.
  var text: String

  /// How many scalars it takes, with its quotation mark.
  var count: Int

  var isQuoted: Bool

  /// The last word of a line; empty after a blank.
  init(endOf line: String) {
    let scalars = Array(line.unicodeScalars)
    var start = 0
    var index = 0
    var depth = 0
    var open: Int?
    while index < scalars.count {
      let scalar = scalars[index]
      let mayQuote = index == start || depth > 0
      if mayQuote, !QuotationMarks.ends(of: scalar).isEmpty {
        if let end = QuotationMarks.end(of: scalars, from: index) {
          index = end
        } else if !QuotationMarks.isApostrophe(scalar) {
          open = index
          break
        }
      }
      if scalar == "[" { depth += 1 }
      if scalar == "]" { depth = max(0, depth - 1) }
      index += 1
      if scalar.properties.isWhitespace, depth == 0 { start = index }
    }
    let inside = open.map { QuotationMarks.content(scalars[($0 + 1)...], openedBy: scalars[$0]) }
    text = inside ?? String(String.UnicodeScalarView(scalars[start...]))
    count = scalars.count - (open ?? start)
    isQuoted = open != nil
  }

  /// A word as it stands, without quotation marks.
  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    text = String(String.UnicodeScalarView(scalars))
    count = scalars.count
    isQuoted = false
  }
}
