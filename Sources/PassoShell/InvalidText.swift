// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

/// Texts that are not UTF-8, at every command that reads texts.
enum InvalidText {
  /// The word behind the files that lets them be read all the same.
  static let word = "replace-invalid"

  /// Whether a word is that one, as a person or another program's user writes it.
  static func isAsked(by word: Arguments.Word) -> Bool {
    !word.isQuoted && OptionNames.plain(word.text) == Self.word
  }

  /// Does something with files; a text that can be read all the same says what to type.
  ///
  /// - Parameters:
  ///   - line: The line that names the files.
  ///   - body: What reads them.
  /// - Returns: What `body` gives.
  /// - Throws: What `body` throws.
  static func reading<Result>(in line: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let problem as FileProblem {
      let again = "\(line.trimmed) \(word)"
      let wayOn = Bilingual(it: "\(again) lo legge com'è", en: "\(again) reads it as it is")
      throw ReplaceableText(problem, wayOn: wayOn) ?? problem as any Problem
    }
  }
}

extension String {
  fileprivate var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { start[...$0] } ?? start
  }
}
