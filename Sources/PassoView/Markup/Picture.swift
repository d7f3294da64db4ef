// SPDX-License-Identifier: MIT

import PassoText

/// A drawing that stands in a page, and in a picture for slides.
///
/// Colours are those of the text around it (`currentColor`).
protocol Picture {
  /// In pixels.
  var width: Double { get }
  var height: Double { get }

  /// Lines and texts, from the upper left corner on.
  var body: [Element] { get }

  /// What it shows, in words.
  var name: String { get }
}

extension Picture {
  /// A whole `svg` element, by what the style of a page calls it; a fixed one keeps its width,
  /// whatever the width of the page.
  func element(_ kind: String, isFixed: Bool = false) -> Element {
    Element(
      "svg",
      [
        "class": kind, "viewBox": "0 0 \(width.px) \(height.px)",
        "style": isFixed ? "width:\(width.px)px" : nil, "role": "img", "aria-label": name,
      ],
      body
    )
  }
}

// MARK: - What pictures consist of

extension Element {
  /// Parts that stand to the right of where they would, and below.
  static func moved(_ x: Double, _ y: Double, _ parts: Element...) -> Element {
    moved(x, y, parts)
  }

  static func moved(_ x: Double, _ y: Double, _ parts: [Element]) -> Element {
    Element("g", ["transform": "translate(\(x.px) \(y.px))"], parts)
  }

  /// A text on a base line; with a length it is stretched to it, whatever font there is.
  static func text(
    _ text: String,
    _ x: Double,
    _ y: Double,
    anchor: String,
    size: Int = 12,
    length: Double? = nil
  ) -> Element {
    Element(
      "text",
      [
        "x": x, "y": y, "text-anchor": anchor, "font-size": size, "fill": "currentColor",
        "textLength": length, "lengthAdjust": length.map { _ in "spacingAndGlyphs" },
      ],
      text
    )
  }

  /// A path that is not filled.
  static func stroke(
    _ path: String,
    width: Double? = nil,
    opacity: String? = nil,
    dashes: String? = nil
  ) -> Element {
    Element(
      "path",
      [
        "d": path, "fill": "none", "stroke": "currentColor", "stroke-width": width,
        "stroke-dasharray": dashes, "opacity": opacity,
      ]
    )
  }

  /// A filled rectangle.
  static func rect(
    _ x: Double,
    _ y: Double,
    _ width: Double,
    _ height: Double,
    _ fill: Color
  ) -> Element {
    Element("rect", ["x": x, "y": y, "width": width, "height": height, "fill": fill])
  }
}
