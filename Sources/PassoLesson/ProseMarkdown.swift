// SPDX-License-Identifier: MIT

import PassoText

/// Writes prose as Markdown again, for programs that show it themselves, as notebooks do.
///
/// What is plain text here stays plain text there: marks of Markdown, tags and the dollars of
/// formulas are escaped.
package enum ProseMarkdown {
  /// Blocks with an empty line between them, without one at the end.
  package static func text(_ blocks: [ProseBlock]) -> String {
    blocks.map(text).joined(separator: "\n\n")
  }

  /// Runs of text on one line.
  package static func text(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline.style {
      case .plain: escaped(inline.text)
      case .emphasis: around("*", inline.text)
      case .strong: around("**", inline.text)
      case .code: code(inline.text)
      }
    }.joined()
  }

  /// A text as a span of code, whatever it holds.
  package static func code(_ text: String) -> String {
    let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: longest + 1)
    let needsRoom = text.hasPrefix("`") || text.hasSuffix("`")
    return needsRoom ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  /// A text in which nothing is a mark.
  package static func escaped(_ text: String) -> String {
    var output = ""
    for character in text {
      switch character {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "$", "|", "~", "#": output += "\\\(character)"
      default: output.append(character)
      }
    }
    return startOfLine(output)
  }

  private static func text(_ block: ProseBlock) -> String {
    switch block {
    case .heading(let level, let inlines):
      String(repeating: "#", count: max(1, min(level, 6))) + " " + text(inlines)
    case .paragraph(let inlines): text(inlines)
    case .list(let start, let items):
      items.enumerated().map { index, blocks in
        item(text(blocks), marker: start.map { "\($0 + index). " } ?? "- ")
      }.joined(separator: "\n")
    case .code(let code): fenced(code)
    case .quote(let blocks): prefixed(text(blocks), first: "> ", rest: "> ")
    case .table(let header, let rows):
      ([header, header.map { _ in [Inline("---", .code)] }] + rows).enumerated()
        .map { row($0.element, isRule: $0.offset == 1) }.joined(separator: "\n")
    }
  }

  private static func item(_ text: String, marker: String) -> String {
    prefixed(text, first: marker, rest: String(repeating: " ", count: marker.count))
  }

  private static func prefixed(_ text: String, first: String, rest: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { number, line in
      // Blanks at the end of a line would mean something.
      number == 0 ? first + line : line.isEmpty && rest != "> " ? "" : rest + line
    }.joined(separator: "\n")
  }

  private static func fenced(_ code: String) -> String {
    let longest = code.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return fence + "\n" + code + (code.hasSuffix("\n") ? "" : "\n") + fence
  }

  private static func row(_ cells: [[Inline]], isRule: Bool) -> String {
    let texts = isRule ? cells.map { _ in "---" } : cells.map { text($0) }
    return "| " + texts.joined(separator: " | ") + " |"
  }

  /// Marks stand at a word, or they are none.
  private static func around(_ mark: String, _ text: String) -> String {
    let inside = text.trimmed
    guard !inside.isEmpty else { return text }
    let before = text.prefix { $0.isWhitespace }
    let after = String(text.reversed().prefix { $0.isWhitespace }.reversed())
    return before + mark + escaped(inside) + mark + after
  }

  /// A number or a dash at the beginning would begin a list.
  private static func startOfLine(_ text: String) -> String {
    if let first = text.first, "-+=".contains(first) { return "\\" + text }
    let digits = text.prefix { $0.isNumber }
    guard !digits.isEmpty, let next = text.dropFirst(digits.count).first, ".)".contains(next)
    else { return text }
    return digits + "\\" + text.dropFirst(digits.count)
  }
}
