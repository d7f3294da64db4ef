// SPDX-License-Identifier: MIT

/// The colours of a page: the themes of the terminal, on screen and on paper.
enum PageStyle {
  static let themes = """
    :root, :root[data-theme="light"] { \(variables(.light)) }
    @media (prefers-color-scheme: dark) { :root[data-theme="auto"] { \(variables(.dark)) } }
    :root[data-theme="dark"] { \(variables(.dark)) }
    :root[data-theme="projector"] { \(variables(.projector)) font-size: 130%; }
    @media print { :root, :root[data-theme] { \(variables(.projector)) font-size: 100%; } }

    """

  private static func variables(_ theme: Theme) -> String {
    let scheme = theme == .dark ? "dark" : "light"
    return "color-scheme: \(scheme);"
      + [
        ("background", theme.background), ("ink", theme.ink), ("dim", theme.dim),
        ("code", theme.code), ("good", theme.good), ("bad", theme.bad), ("rule", theme.rule),
      ].map { " --\($0): \($1.hex);" }.joined()
  }
}
