// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoText

/// A lesson in both languages as lines, to be damaged.
struct LessonDraft {
  /// A fenced block: the same number is the same block in both languages.
  struct Block {
    let info: String
    var lines: Range<Int>

    var kind: String { info.split(separator: " ").first.map(String.init) ?? "" }
    var id: String? { value("id") ?? value("for") }

    func value(_ key: String) -> String? {
      info.split(separator: " ").first { $0.hasPrefix("\(key)=") }.map {
        String($0.dropFirst(key.count + 1))
      }
    }
  }

  let name: String
  var lines: [Language: [String]] = [:]

  init(_ name: String) throws {
    self.name = name
    for language in Language.allCases {
      let path = LessonLibrary.file(in: "\(LessonFolder.path)/\(name)", language)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      lines[language] = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)
    }
  }

  func blocks(_ language: Language) -> [Block] {
    var (blocks, start): ([Block], Int?) = ([], nil)
    for (index, line) in (lines[language] ?? []).enumerated() where line.hasPrefix("```") {
      if let first = start {
        let info = lines[language]?[first].dropFirst(3) ?? ""
        blocks.append(Block(info: String(info), lines: first..<index + 1))
        start = nil
      } else {
        start = index
      }
    }
    return blocks
  }

  /// The numbers of the blocks of a kind.
  func numbers(of kind: String) -> [Int] {
    let blocks = blocks(.it)
    return blocks.indices.filter { blocks[$0].kind == "passo-\(kind)" }
  }

  /// What stands in a block, with its fences.
  func text(_ number: Int, _ language: Language = .it) -> [String] {
    Array(lines[language]?[blocks(language)[number].lines] ?? [])
  }

  /// Writes a block anew.
  mutating func edit(
    _ number: Int,
    in languages: [Language] = Language.allCases,
    _ change: ([String]) -> [String]
  ) {
    for language in languages {
      let (range, new) = (blocks(language)[number].lines, change(text(number, language)))
      lines[language]?.replaceSubrange(range, with: new)
    }
  }

  /// The first block that trains or draws many sentences: what lies behind takes long to reach.
  var firstCostly: Int {
    let slow = /^(\w+: )?:(train|eval|oracle|corpus|goto|generate|lens|model|tokenizer)\b.*/
    let blocks = blocks(.it)
    return blocks.indices.first { number in
      text(number).contains { $0.wholeMatch(of: slow) != nil }
    } ?? blocks.count
  }

  /// Writes both files, and what else the lesson has, into a folder; gives the lesson's own.
  func write(into folder: String) throws -> String {
    let (from, to) = ("\(LessonFolder.path)/\(name)", "\(folder)/\(name)")
    if !FileManager.default.fileExists(atPath: to) {
      try FileManager.default.copyItem(atPath: from, toPath: to)
    }
    for (language, lines) in lines {
      let path = LessonLibrary.file(in: to, language)
      try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
    }
    return to
  }
}
