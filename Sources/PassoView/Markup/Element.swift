// SPDX-License-Identifier: MIT

import PassoText

/// What a page or picture consists of: elements, and the texts inside them.
protocol Markup {
  /// Appends it as HTML and XML are written.
  func writeMarkup(to output: inout String)
}

extension Markup {
  /// As HTML and XML are written.
  var markup: String {
    var output = ""
    writeMarkup(to: &output)
    return output
  }
}

/// An element of HTML or SVG with what is inside; no text can get out of it.
struct Element: Markup {
  /// Names with values; what is nil is left out.
  typealias Attributes = KeyValuePairs<String, (any AttributeValue)?>

  let name: String
  var attributes: Attributes = [:]
  let children: [any Markup]

  /// Those of SVG that hold nothing: XML has a short form for them.
  private static let empty: Set = ["circle", "line", "path", "rect"]

  /// Those of HTML that have no end.
  private static let void: Set = ["input", "meta"]

  func writeMarkup(to output: inout String) {
    output += "<\(name)"
    for case (let name, let value?) in attributes {
      output += " \(name)=\""
      value.attributeText.writeMarkup(to: &output)
      output += "\""
    }
    if children.isEmpty, Self.empty.contains(name) {
      output += "/>"
      return
    }
    output += ">"
    for child in children { child.writeMarkup(to: &output) }
    if !Self.void.contains(name) { output += "</\(name)>" }
  }
}

extension Element {
  init(_ name: String, _ attributes: Attributes, _ children: any Markup...) {
    self.init(name: name, attributes: attributes, children: children)
  }

  init(_ name: String, _ children: any Markup...) { self.init(name: name, children: children) }
}

extension Array: Markup where Element: Markup {
  func writeMarkup(to output: inout String) {
    for part in self { part.writeMarkup(to: &output) }
  }
}

extension Optional: Markup where Wrapped: Markup {
  func writeMarkup(to output: inout String) { self?.writeMarkup(to: &output) }
}

/// The text of a person, a file or Passo.
extension String: Markup {
  /// Appends the text with everything that a browser would obey shown instead.
  ///
  /// Control characters first, as on a terminal; what no XML document may hold becomes a mark.
  /// Attributes stand between double quotation marks, so a single one means nothing.
  func writeMarkup(to output: inout String) {
    for scalar in visible.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
  }
}

/// Style and script of Passo's own, in which nothing is escaped: never a text of anybody else.
struct Verbatim: Markup {
  let text: String

  init(_ text: String) { self.text = text }

  func writeMarkup(to output: inout String) { output += text }
}

/// What an attribute can say: a text, a length in pixels, a whole number.
protocol AttributeValue {
  var attributeText: String { get }
}

extension String: AttributeValue {
  var attributeText: String { self }
}

extension Int: AttributeValue {
  var attributeText: String { String(self) }
}

extension Double: AttributeValue {
  var attributeText: String { px }

  /// A length in pixels, short.
  var px: String { NumberText.code((self * 10).rounded() / 10) }
}

extension Color: AttributeValue {
  var attributeText: String { hex }

  /// As a page writes it: `#fee838`.
  package var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
