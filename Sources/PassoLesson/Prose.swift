// SPDX-License-Identifier: MIT

/// A run of text in one style.
package struct Inline: Sendable, Hashable {
  package enum Style: Sendable, Hashable {
    case plain
    case emphasis
    case strong
    case code
  }

  package let text: String
  package let style: Style

  package init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }
}

/// A block of prose, without the marks of Markdown.
package indirect enum ProseBlock: Sendable, Hashable {
  case heading(level: Int, [Inline])
  case paragraph([Inline])
  /// The number of the first item where items are numbered.
  case list(start: Int?, items: [[ProseBlock]])
  case code(String)
  case quote([ProseBlock])
  case table(header: [[Inline]], rows: [[[Inline]]])
}

extension Sequence where Element == Inline {
  /// The text alone.
  package var plainText: String { map(\.text).joined() }
}

extension ProseBlock {
  /// The text alone, for counting and searching.
  package var plainText: String {
    switch self {
    case .heading(_, let inlines), .paragraph(let inlines): inlines.plainText
    case .list(_, let items): items.joined().map(\.plainText).joined(separator: " ")
    case .code(let text): text
    case .quote(let blocks): blocks.map(\.plainText).joined(separator: " ")
    case .table(let header, let rows):
      ([header] + rows).joined().map(\.plainText).joined(separator: " ")
    }
  }
}
