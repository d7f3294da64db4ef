// SPDX-License-Identifier: MIT

import Glibc
import PassoData
import PassoRuntime
import PassoText

/// Files in which the rules of a toy language stand.
extension ToyLanguage {
  /// Many times more than anybody writes by hand.
  private static let largestFile = 1 << 20

  /// How far rules are looked for in a file of any name.
  private static let beginning = 1 << 16

  /// The end of the name of a file that holds rules and nothing else.
  package static let fileEnding = ".grammar"

  /// Reads the rules of a language.
  ///
  /// - Parameter path: The file; its name is that of the language.
  /// - Throws: `FileProblem` if it cannot be read, or is no text; `GrammarProblem` if what stands
  ///   in it are no rules; `Interrupted`.
  package init(path: String) throws {
    let text = try TextFile.exactText(path: path, limit: Self.largestFile)
    do {
      // A few rules may ask for a second of work.
      self = try Interruption.attending { try ToyLanguage(name: path.lastName, rules: text) }
    } catch var problem as GrammarProblem {
      problem.file = path
      throw problem
    }
    origin = Origin(path: path, contentHash: contentHash)
  }

  /// Whether a file holds rules, not a text to learn from: it is called so, or one of its first
  /// lines begins as a rule does.
  package static func isFile(at path: String) -> Bool {
    if path.hasSuffix(fileEnding) { return true }
    // Who writes into a pipe must not find that its reader has gone.
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let bytes = try? TextFile.beginning(path: path, beginning)
    else { return false }
    return GrammarReader.hasRule(
      String(decoding: ByteOrderMark.dropped(from: bytes), as: UTF8.self)
    )
  }

  /// A fingerprint of all words and of every way from word to word: of what is learned, not of
  /// how it is written.
  private var contentHash: UInt64 {
    var hash = ContentHash()
    for token in tokenizer.tokens { hash.add(token) }
    for ways in automaton.states {
      hash.add(UInt64(ways.count))
      for way in ways {
        hash.add(UInt64(way.token))
        hash.add(way.probability.bitPattern)
        hash.add(UInt64(way.next))
      }
    }
    return hash.value
  }
}
