// SPDX-License-Identifier: MIT

import PassoText

/// One figure in the forms that a notebook can show; it takes the richest that it knows.
package struct FigureForms: Sendable, Hashable {
  /// Lines of text, for every reader; as a terminal of 80 columns shows them, or linear.
  package let text: String

  /// A piece of HTML with the style that it needs; nil for drawings, and for lines of which HTML
  /// would say no more.
  package let html: String?

  /// A drawing; nil for what is text or a table.
  package let svg: String?

  /// Columns of the text.
  private static let columns = 80

  /// Draws a figure in every form that fits it.
  package init(_ figure: Figure, _ language: Language, isPlain: Bool = false) {
    text =
      isPlain
      ? PlainRenderer(language: language).render(figure)
      : TerminalRenderer(width: Self.columns, depth: .none, language: language).render(figure)
    let kind = Self.isPlain(figure, text) ? Kind.plain : Kind(figure)
    html =
      [.text, .both].contains(kind)
      ? Self.html(HTMLRenderer(language: language).elements(figure), language) : nil
    svg =
      [.drawing, .both].contains(kind)
      ? SVGRenderer(theme: .light, language: language).render(figure) : nil
  }

  private static func html(_ elements: [Element], _ language: Language) -> String {
    // Always the light theme, as drawings have it: a notebook does not say what its ground is.
    let colors = Verbatim(".passo { \(PageStyle.variables(.light)) }\n")
    let style = Element("style", colors, PageStyle.resource(PackageResources.notebook_css))
    return Element("div", ["class": "passo", "lang": language.rawValue], style, elements).markup
  }

  /// Whether a figure is nothing but lines that are not marked, each on one line of its own.
  private static func isPlain(_ figure: Figure, _ drawn: String) -> Bool {
    guard case .text(let text) = figure else { return false }
    let isPlain = text.paragraphs.allSatisfy { paragraph in
      !paragraph.runs.isEmpty && paragraph.indent == 0 && paragraph.marker.isEmpty
        && paragraph.runs.allSatisfy { [.plain, .dim].contains($0.role) }
    }
    return isPlain && drawn.count { $0 == "\n" } == text.paragraphs.count
  }

  /// Which forms a figure has.
  private enum Kind {
    /// Lines that are only written.
    case plain

    /// Text and tables of text.
    case text

    /// A picture of nothing but lines.
    case drawing

    /// Numbers with colours: a table says more, a picture can be printed.
    case both

    init(_ figure: Figure) {
      switch figure {
      case .text, .table, .marked: self = .text
      case .curve, .graph, .arcs, .points: self = .drawing
      case .matrix, .bars, .multiples: self = .both
      case .group(_, let figures):
        self = figures.allSatisfy { Kind($0) == .text } ? .text : .both
      }
    }
  }
}
