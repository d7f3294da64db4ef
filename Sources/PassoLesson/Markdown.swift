// SPDX-License-Identifier: MIT

import CCmark

/// A parsed CommonMark document; owns the tree of the C library.
final class Markdown {
  private let document: OpaquePointer?

  /// Parses a text, with tables and task lists.
  ///
  /// The C library copes with any bytes; a NUL would end the text there, and is replaced before.
  init(_ text: String) {
    cmark_gfm_core_extensions_ensure_registered()
    let parser = cmark_parser_new(CMARK_OPT_DEFAULT)
    for name in ["table", "tasklist"] {
      if let found = cmark_find_syntax_extension(name) {
        cmark_parser_attach_syntax_extension(parser, found)
      }
    }
    var bytes = Array(text.utf8)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        cmark_parser_feed(parser, $0.baseAddress, $0.count)
      }
    }
    document = cmark_parser_finish(parser)
    cmark_parser_free(parser)
  }

  deinit {
    if let document { cmark_node_free(document) }
  }

  /// The blocks of the document.
  var blocks: [Node] { document.map { Node($0, owner: self).children } ?? [] }

  /// One node of the tree; keeps the tree alive.
  struct Node {
    private let pointer: OpaquePointer
    private let owner: Markdown

    fileprivate init(_ pointer: OpaquePointer, owner: Markdown) {
      self.pointer = pointer
      self.owner = owner
    }

    /// `paragraph`, `heading`, `code_block`, `list`, `item`, `tasklist`, `table`, and so on.
    var type: String { String(cString: cmark_node_get_type_string(pointer)) }

    var children: [Node] {
      var nodes: [Node] = []
      var next = cmark_node_first_child(pointer)
      while let node = next {
        nodes.append(Node(node, owner: owner))
        next = cmark_node_next(node)
      }
      return nodes
    }

    var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
    var fenceInfo: String { cmark_node_get_fence_info(pointer).map { String(cString: $0) } ?? "" }
    var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
    var isOrdered: Bool { cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST }
    var listStart: Int { Int(cmark_node_get_list_start(pointer)) }
    var isChecked: Bool { cmark_gfm_extensions_get_tasklist_item_checked(pointer) }

    /// From 1.
    var firstLine: Int { Int(cmark_node_get_start_line(pointer)) }
  }
}

extension Markdown.Node {
  /// The node as prose; nil for what has no place in a terminal, as rules have not.
  ///
  /// Nesting stops at a depth that no reader would follow, so that no input can exhaust the stack.
  func prose(depth: Int = 0) -> ProseBlock? {
    guard depth < 12 else { return nil }
    func inner(_ nodes: [Markdown.Node]) -> [ProseBlock] {
      nodes.compactMap { $0.prose(depth: depth + 1) }
    }
    switch type {
    case "heading": return .heading(level: headingLevel, inlines())
    case "paragraph": return .paragraph(inlines())
    case "code_block": return .code(literal)
    // A line with nothing but <start> is a token here, never a tag.
    case "html_block": return .paragraph([Inline(literal.trimmed)])
    case "block_quote": return .quote(inner(children))
    case "list":
      return .list(start: isOrdered ? listStart : nil, items: children.map { inner($0.children) })
    case "table":
      let rows = children.map { row in row.children.map { $0.inlines() } }
      return .table(header: rows.first ?? [], rows: Array(rows.dropFirst()))
    default: return nil
    }
  }

  /// The text of the node in runs; line breaks become blanks, so that what is emphasized across one
  /// is one run.
  func inlines(_ style: Inline.Style = .plain, depth: Int = 0) -> [Inline] {
    pieces(style, depth: depth).reduce(into: []) { runs, piece in
      if let last = runs.last, last.style == piece.style {
        runs[runs.count - 1] = Inline(last.text + piece.text, last.style)
      } else {
        runs.append(piece)
      }
    }
  }

  private func pieces(_ style: Inline.Style, depth: Int) -> [Inline] {
    guard depth < 12 else { return [] }
    return children.flatMap { node -> [Inline] in
      switch node.type {
      case "text": [Inline(node.literal, style)]
      case "code": [Inline(node.literal, .code)]
      case "softbreak", "linebreak": [Inline(" ", style)]
      case "emph": node.inlines(.emphasis, depth: depth + 1)
      case "strong": node.inlines(.strong, depth: depth + 1)
      // Inline HTML such as <start> is a token here, never a tag.
      case "html_inline": [Inline(node.literal, style)]
      default: node.inlines(style, depth: depth + 1)
      }
    }
  }
}
