// SPDX-License-Identifier: MIT

import PassoText

/// What every page has: its head, and the themes of the terminal, on screen and on paper.
enum PageStyle {
  /// A whole document, which asks nobody for anything.
  static func document(
    title: String,
    _ language: Language,
    theme: String,
    styles: [[UInt8]],
    allowsScripts: Bool,
    body: Element
  ) -> String {
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'"
      + (allowsScripts ? "; script-src 'unsafe-inline'" : "")
    let head = Element(
      "head",
      Element("meta", ["charset": "utf-8"]),
      Element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      Element("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      Element("title", title),
      Element("style", Verbatim(themes), styles.map(resource))
    )
    let document = Element(
      "html",
      ["lang": language.rawValue, "data-theme": theme],
      Verbatim("\n"),
      head,
      Verbatim("\n"),
      body
    )
    return "<!DOCTYPE html>\n" + document.markup + "\n"
  }

  /// A file of Passo's own.
  static func resource(_ bytes: [UInt8]) -> Verbatim {
    Verbatim(String(decoding: bytes, as: UTF8.self))
  }

  static let themes = """
    :root, :root[data-theme="light"] { \(variables(.light)) }
    @media (prefers-color-scheme: dark) { :root[data-theme="auto"] { \(variables(.dark)) } }
    :root[data-theme="dark"] { \(variables(.dark)) }
    :root[data-theme="projector"] { \(variables(.projector)) font-size: 130%; }
    @media print { :root, :root[data-theme] { \(variables(.projector)) font-size: 100%; } }

    """

  /// The colours of a theme, by the names that style sheets use.
  static func variables(_ theme: Theme) -> String {
    let scheme = theme == .dark ? "dark" : "light"
    return "color-scheme: \(scheme);"
      + [
        ("background", theme.background), ("ink", theme.ink), ("dim", theme.dim),
        ("code", theme.code), ("good", theme.good), ("bad", theme.bad), ("rule", theme.rule),
      ].map { " --\($0): \($1.hex);" }.joined()
  }
}
