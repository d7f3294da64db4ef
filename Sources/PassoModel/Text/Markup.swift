// SPDX-License-Identifier: MIT

import PassoText

/// A language of marks in which texts are written for other programs: read as plain text it is
/// learned with all of them.
package enum Markup: String, CaseIterable, Sendable {
  case html, xml, rtf

  /// Bytes at the start of a file that tell.
  private static let start = 512

  /// Looks at the beginning of a text; nil for plain text, which may have a mark here and there.
  package init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(Self.start), as: UTF8.self).lowercased()
      .drop(while: \.isWhitespace)
    if text.hasPrefix("{\\rtf") {
      self = .rtf
    } else if ["<!doctype html", "<html", "<head>", "<body"].contains(where: text.hasPrefix) {
      self = .html
    } else if text.hasPrefix("<?xml") || text.hasPrefix("<!doctype") {
      // A page may begin as XML.
      self = text.contains("<html") ? .html : .xml
    } else {
      return nil
    }
  }

  /// What it is, with its article.
  package var name: Bilingual {
    switch self {
    case .html: Bilingual(it: "una pagina HTML", en: "an HTML page")
    case .xml: Bilingual(it: "un file XML", en: "an XML file")
    case .rtf: Bilingual(it: "un documento RTF", en: "an RTF document")
    }
  }

  /// A command that takes the plain text out of a file.
  package func command(for file: String) -> String {
    switch self {
    case .html, .rtf: "pandoc --to plain \(file.inShell) --output \("\(file).txt".inShell)"
    case .xml: "xmllint --xpath 'string(/)' \(file.inShell) > \("\(file).txt".inShell)"
    }
  }
}
