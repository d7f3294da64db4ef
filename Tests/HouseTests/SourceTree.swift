// SPDX-License-Identifier: MIT

import Foundation

/// A file of the project, as it is on the disk now.
struct SourceFile: Sendable {
  /// Below the project's folder.
  let path: String
  let text: String

  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The folder of its target, or of its lesson.
  var folder: String { String(path.split(separator: "/").dropFirst().first ?? "") }

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The modules that it imports.
  var imports: Set<String> {
    Set(
      lines.compactMap { line in
        let words = line.split(separator: " ")
        guard words.first == "import" || words.first == "@testable" else { return nil }
        return words.last.map(String.init)
      }
    )
  }
}

/// The project that this test stands in.
enum SourceTree {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../..").standardized

  static let sources = files(in: "Sources", ["swift"])
  static let tests = files(in: "Tests", ["swift"])
  static let others = ["Sources", "Tests"].flatMap { files(in: $0, ["py", "sh", "c", "h", "js"]) }
  static let lessons = files(in: "lessons", ["md"])

  /// All that people write by hand, this test aside: it names what must not be there.
  static let everything =
    files(in: "Sources", ["swift", "c", "h", "css", "js"]) + lessons
    + tests.filter { !$0.path.hasPrefix("Tests/HouseTests/") }
    + [file("README.md"), file("Package.swift")]

  static let tokens = sources.map { ($0, SourceLexer.tokens(of: $0.text)) }

  static func file(_ path: String) -> SourceFile {
    let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    return SourceFile(path: path, text: text ?? "")
  }

  static func files(in path: String, _ kinds: Set<String>) -> [SourceFile] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: path).path)
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { kinds.contains(String($0.split(separator: ".").last ?? "")) }
      .sorted()
      .map { file("\(path)/\($0)") }
  }
}

/// A target as the manifest declares it.
struct Target: Sendable {
  let name: String
  let dependencies: Set<String>

  /// Its files; of C targets none.
  var files: [SourceFile] {
    (SourceTree.sources + SourceTree.tests).filter { $0.folder == name }
  }

  /// All targets, in the manifest's order.
  static let all: [Target] = {
    let tokens = SourceLexer.tokens(of: SourceTree.file("Package.swift").text)
    let kinds: Set = ["target", "testTarget", "executableTarget", "systemLibrary"]
    let starts = tokens.indices.filter {
      kinds.contains(tokens[$0].text) && tokens[$0 + 1].text == "("
    }
    return starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : tokens.count
      return Target(tokens[starts[index]..<end])
    }
  }()

  private init(_ tokens: ArraySlice<SourceToken>) {
    name = tokens.first { $0.kind == .text }?.text ?? ""
    let list = tokens.drop { $0.text != "dependencies" }.prefix { $0.text != "]" }
    // Of `.product(name: "ArgumentParser", package: "…")` only the name is a module.
    var found: Set<String> = []
    var label = ""
    for token in list {
      if token.kind == .word { label = token.text }
      if token.kind == .text, label != "package" { found.insert(token.text) }
      if token.text == ")" { label = "" }
    }
    dependencies = found
  }
}
