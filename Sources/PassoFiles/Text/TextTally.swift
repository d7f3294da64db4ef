// SPDX-License-Identifier: MIT

import PassoText

/// What was found in the files of a text, and what was mended.
package struct TextTally: Sendable, Hashable {
  /// Bytes of the files, as they are.
  package internal(set) var bytes = 0

  /// Unicode scalars of the text, after mending.
  package internal(set) var scalars = 0

  /// Runs of bytes that are not UTF-8, each replaced by U+FFFD.
  package internal(set) var replaced = 0

  /// NUL bytes, dropped.
  package internal(set) var nuls = 0

  /// Line ends of two bytes, CR and LF, made one LF.
  package internal(set) var crlfs = 0

  /// Line ends of one CR, made LF.
  package internal(set) var crs = 0

  /// Byte order marks at the start of a file, dropped.
  package internal(set) var boms = 0

  /// Lines, also those that are blank, and the last if nothing ends it.
  package internal(set) var lines = 0

  /// Texts that hold anything.
  package internal(set) var documents = 0

  /// Cuts in a run so long without white space that a token may have been cut in two.
  package internal(set) var hardCuts = 0

  package init() {}

  /// Every count under its name in files.
  static let names: [(name: String, path: WritableKeyPath<TextTally, Int> & Sendable)] = [
    ("bytes", \.bytes), ("scalars", \.scalars), ("replaced", \.replaced), ("nuls", \.nuls),
    ("crlfs", \.crlfs), ("crs", \.crs), ("boms", \.boms), ("lines", \.lines),
    ("documents", \.documents), ("hard_cuts", \.hardCuts),
  ]
}

extension TextTally {
  /// What was mended, in one sentence; nil if the text was clean.
  package var report: Bilingual? {
    let parts = [
      part(
        replaced,
        ("sequenza non UTF-8 sostituita con U+FFFD", "sequenze non UTF-8 sostituite con U+FFFD"),
        (
          "sequence that is not UTF-8 replaced by U+FFFD",
          "sequences that are not UTF-8 replaced by U+FFFD"
        )
      ),
      part(nuls, ("NUL tolto", "NUL tolti"), ("NUL dropped", "NULs dropped")),
      part(boms, ("BOM tolto", "BOM tolti"), ("BOM dropped", "BOMs dropped")),
      part(crlfs, ("CRLF reso LF", "CRLF resi LF"), ("CRLF made LF", "CRLFs made LF")),
      part(crs, ("CR reso LF", "CR resi LF"), ("CR made LF", "CRs made LF")),
    ].compactMap(\.self)
    guard !parts.isEmpty else { return nil }
    let label = Bilingual(it: "testo ripulito: ", en: "text mended: ")
    let list = Bilingual(
      it: parts.map(\.it).joined(separator: ", "),
      en: parts.map(\.en).joined(separator: ", ")
    )
    return label + list
  }

  /// What was cut where no token may end, in one sentence; nil if nothing was.
  package var cutReport: Bilingual? {
    part(
      hardCuts,
      (
        "taglio in un testo lunghissimo senza spazi: un token può esserne diviso",
        "tagli in un testo lunghissimo senza spazi: dei token possono esserne divisi"
      ),
      (
        "cut in a very long text without white space: a token may be divided by it",
        "cuts in a very long text without white space: tokens may be divided by them"
      )
    )
  }

  private func part(
    _ count: Int,
    _ it: (one: String, many: String),
    _ en: (one: String, many: String)
  ) -> Bilingual? {
    guard count > 0 else { return nil }
    let number = Bilingual(same: NumberText.count(count) + " ")
    return number + Bilingual(it: count == 1 ? it.one : it.many, en: count == 1 ? en.one : en.many)
  }
}
