// SPDX-License-Identifier: MIT

import PassoText

// The file as it is written, which a lesson that was read has forgotten.
extension LessonLint {
  /// More than this does not fit beside a prompt, or on a projector.
  private static let maxColumns = 72

  /// What is wrong with the lines of a file.
  package static func findings(inText text: String, file: String) -> [LessonFinding] {
    var scanner = FenceScanner()
    var findings: [LessonFinding] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.last == "\r" ? line.dropLast() : line
      let wording = scanner.read(line).map(Self.fence) ?? (scanner.isProse ? long(line) : nil)
      guard let wording else { continue }
      findings.append(LessonFinding(.form, file: file, line: index + 1, message: wording))
    }
    guard let open = scanner.open else { return findings }
    return findings + [
      LessonFinding(.form, file: file, line: text.count { $0 == "\n" }, message: fence(open))
    ]
  }

  private static func long(_ line: Substring) -> Bilingual? {
    guard line.count > maxColumns else { return nil }
    return Bilingual(
      it: "\(line.count) colonne: al più \(maxColumns)",
      en: "\(line.count) columns: at most \(maxColumns)"
    )
  }

  private static func fence(_ open: String) -> Bilingual {
    Bilingual(
      it: "il blocco «\(open)» non è chiuso: manca una riga con ```",
      en: "the block '\(open)' is not closed: a line with ``` is missing"
    )
  }
}

/// Follows the fences of a file.
private struct FenceScanner {
  /// What the open block is; nil outside.
  private(set) var open: String?

  /// Whether the last line was one that is read, not carried out.
  private(set) var isProse = false

  private var isHeader = false

  /// Lines that are carried out stand as they are.
  private static let keys = [
    "check:", "mistake:", "forbid:", "start:", "solution:", "answer:", "wrong:", "line:", "with 1:",
    "with 2:", "hides:", "  - run:",
  ]

  /// Reads the next line.
  ///
  /// - Returns: The block that should have been closed before it, if one should.
  mutating func read(_ line: Substring) -> String? {
    isProse = false
    if line == "---", open == nil {
      isHeader.toggle()
      return nil
    }
    guard line.hasPrefix("```") else {
      isProse = !isHeader && isRead(line)
      return nil
    }
    let info = line.drop { $0 == "`" }
    guard let before = open else {
      open = info.isEmpty ? "```" : String(info)
      return nil
    }
    open = info.isEmpty ? nil : String(info)
    return info.isEmpty ? nil : before
  }

  private func isRead(_ line: Substring) -> Bool {
    guard let open else { return true }
    guard open.hasPrefix("passo-"), !open.hasPrefix("passo-run"), !open.hasPrefix("passo-facts")
    else { return false }
    return !Self.keys.contains { line.hasPrefix($0) }
  }
}
