// SPDX-License-Identifier: MIT

/// Writes the source of a manual page, as groff and mandoc read it: the macros of man(7).
struct Roff {
  private(set) var text = ""

  /// Begins a page.
  ///
  /// - Parameters:
  ///   - title: The name of the page.
  ///   - day: The day of what it describes, as 2026-11-30.
  ///   - source: What it describes, with its version.
  ///   - manual: What the page is a part of.
  init(title: String, day: String, source: String, manual: String) {
    // Of the day the minus signs are no text.
    let words = [title, "1"].map(Self.escaped) + [day] + [source, manual].map(Self.escaped)
    macro("TH " + words.map { "\"\($0)\"" }.joined(separator: " "))
    // Hyphens would be those of English, and a command with one could not be copied.
    macro("nh")
    macro("ad l")
  }

  mutating func section(_ title: String) { macro("SH \"\(Self.escaped(title))\"") }

  mutating func subsection(_ title: String) { macro("SS \"\(Self.escaped(title))\"") }

  /// A paragraph that follows another.
  mutating func paragraph(_ text: String) {
    macro("PP")
    line(text)
  }

  /// A name, and what there is to say of it, further in.
  mutating func item(_ runs: [Run], text: String) {
    macro("TP")
    // The name is one line of the source: of a long one the rest stands below.
    if runs.map(\.roff).joined().utf8.count <= Self.width {
      line(runs)
    } else {
      line(Array(runs.prefix(1)))
      line(Array(runs.dropFirst()))
      macro("br")
    }
    line(text)
  }

  /// Lines as they are typed.
  mutating func listing(_ lines: [String]) {
    macro("PP")
    macro("RS 4")
    macro("nf")
    for line in lines { text += Self.guarded(Self.escaped(line)) + "\n" }
    macro("fi")
    macro("RE")
  }

  /// Text, which is filled with what stands around it.
  mutating func line(_ text: String) { line([.plain(text)]) }

  /// The same, in several types.
  mutating func line(_ runs: [Run]) {
    var line = ""
    for word in runs.map(\.roff).joined().split(separator: " ") {
      if !line.isEmpty, line.utf8.count + word.utf8.count >= Self.width {
        text += Self.guarded(line) + "\n"
        line = ""
      }
      line += line.isEmpty ? word : " \(word)"
    }
    text += Self.guarded(line) + "\n"
  }

  /// As long as checkers want lines of the source to be at most.
  private static let width = 78

  /// A point at the start of a line would begin a macro.
  private static func guarded(_ line: String) -> String {
    (line.hasPrefix(".") ? "\\&" : "") + line
  }

  private mutating func macro(_ words: String) { text += ".\(words)\n" }

  /// A piece of a line in one type.
  enum Run {
    case plain(String)
    case bold(String)
    case italic(String)

    fileprivate var roff: String {
      switch self {
      case .plain(let text): Roff.escaped(text)
      case .bold(let text): "\\fB\(Roff.escaped(text))\\fR"
      case .italic(let text): "\\fI\(Roff.escaped(text))\\fR"
      }
    }
  }

  /// A text in which nothing is a command, all of it ASCII: a minus stays one, a quotation mark
  /// straight, and other letters do not depend on how a file is decoded.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "\"": "\\(dq"
      case "`": "\\(ga"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case "\n": " "
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u\(hexadecimal(scalar))]"
      }
    }.joined()
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
