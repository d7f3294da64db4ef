// SPDX-License-Identifier: MIT

/// A part of a template: text as it stands, or what stands between braces.
enum TemplatePart: Sendable {
  case text(String)

  /// `{{ ... }}`
  case output([TemplateToken], line: Int)

  /// `{% ... %}`
  case statement([TemplateToken], line: Int)
}

/// A word of an expression.
struct TemplateToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case name(String)
    case string(String)
    case integer(Int)
    case number(Double)
    case symbol(String)
  }

  let kind: Kind
  let line: Int

  /// How it is written, for a person.
  var text: String {
    switch kind {
    case .name(let name): name
    case .string(let text): PythonText.quoted(text)
    case .integer(let number): String(number)
    case .number(let number): PythonText.number(number)
    case .symbol(let symbol): symbol
    }
  }
}

/// Cuts a template as Jinja does with `trim_blocks` and `lstrip_blocks`, which `transformers` sets.
struct TemplateLexer {
  private let source: [Unicode.Scalar]
  private var at = 0
  private var line = 1
  private var parts: [TemplatePart] = []

  // Whether what was read last ends a line.
  private var isLineStart = true

  private init(_ source: [Unicode.Scalar]) { self.source = source }

  /// The parts of a template.
  static func parts(of template: String) throws(TemplateFault) -> [TemplatePart] {
    // Lines end in one way, and the very last one without a mark.
    var scalars: [Unicode.Scalar] = []
    for scalar in template.unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      scalars.append(scalar)
    }
    for place in scalars.indices where scalars[place] == "\r" { scalars[place] = "\n" }
    if scalars.last == "\n" { scalars.removeLast() }
    var lexer = TemplateLexer(scalars)
    try lexer.run()
    return lexer.parts
  }

  private mutating func run() throws(TemplateFault) {
    while at < source.count {
      let start = at
      while at < source.count, !begins("{{"), !begins("{%"), !begins("{#") { at += 1 }
      let text = source[start..<at]
      guard at < source.count else { return add(text) }
      let isOutput = source[at + 1] == "{"
      let (opening, sign) = (at, at + 2 < source.count ? source[at + 2] : " ")
      add(stripped(text, before: sign, isOutput: isOutput))
      line += text.count { $0 == "\n" }
      isLineStart = false
      at = opening + (sign == "-" || sign == "+" && !isOutput ? 3 : 2)
      switch source[opening + 1] {
      case "{": parts.append(.output(try tokens(until: "}}"), line: line))
      case "%": try statement()
      default: try comment()
      }
    }
  }

  private mutating func add(_ text: ArraySlice<Unicode.Scalar>) {
    if !text.isEmpty { parts.append(.text(String(String.UnicodeScalarView(text)))) }
  }

  /// A text without the white space that the tag behind it takes away.
  private func stripped(
    _ text: ArraySlice<Unicode.Scalar>,
    before sign: Unicode.Scalar,
    isOutput: Bool
  ) -> ArraySlice<Unicode.Scalar> {
    if sign == "-" {
      var text = text
      while let last = text.last, PythonSpace.contains(last) { text.removeLast() }
      return text
    }
    guard sign != "+", !isOutput else { return text }
    let lineStart = text.lastIndex(of: "\n").map { $0 + 1 } ?? text.startIndex
    guard lineStart > text.startIndex || isLineStart else { return text }
    return text[lineStart...].allSatisfy(PythonSpace.contains) ? text[..<lineStart] : text
  }

  private mutating func comment() throws(TemplateFault) {
    let start = line
    while at < source.count, !begins("#}") { advance() }
    guard at < source.count else { throw .syntax(found: "{#", line: start) }
    let sign = at > 0 ? source[at - 1] : " "
    at += 2
    endTag(sign, trims: true)
  }

  private mutating func statement() throws(TemplateFault) {
    let start = line
    let tokens = try tokens(until: "%}")
    guard tokens.first?.kind == .name("raw") else {
      return parts.append(.statement(tokens, line: start))
    }
    let begin = at
    var search = at
    // What follows is no template until the tag that ends it.
    while search < source.count {
      if let end = endRaw(search) {
        add(stripped(source[begin..<search], before: end.sign, isOutput: false))
        line += source[begin..<search].count { $0 == "\n" }
        at = end.close
        return endTag(source[end.close - 3], trims: true)
      }
      search += 1
    }
    throw .syntax(found: "raw", line: start)
  }

  /// The sign of `{% endraw %}` and the place after it, if it stands at a place.
  private func endRaw(_ place: Int) -> (sign: Unicode.Scalar, close: Int)? {
    guard source[place...].starts(with: "{%".unicodeScalars) else { return nil }
    var next = place + 2
    let sign = next < source.count ? source[next] : " "
    if sign == "-" || sign == "+" { next += 1 }
    while next < source.count, PythonSpace.contains(source[next]) { next += 1 }
    guard source[next...].starts(with: "endraw".unicodeScalars) else { return nil }
    next += 6
    while next < source.count, PythonSpace.contains(source[next]) { next += 1 }
    if next < source.count, source[next] == "-" || source[next] == "+" { next += 1 }
    return source[min(next, source.count)...].starts(with: "%}".unicodeScalars)
      ? (sign, next + 2) : nil
  }

  /// Takes away what a tag takes away behind it.
  private mutating func endTag(_ sign: Unicode.Scalar, trims: Bool) {
    isLineStart = false
    if sign == "-" {
      while at < source.count, PythonSpace.contains(source[at]) {
        isLineStart = source[at] == "\n"
        advance()
      }
    } else if trims, sign != "+", at < source.count, source[at] == "\n" {
      isLineStart = true
      advance()
    }
  }

  // MARK: Expressions

  private static let symbols = [
    "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "(", ")", "[", "]",
    "{", "}", ".", ",", ":", "|", "=", ";",
  ]

  private static let longestName = 200

  private static let pairs: [String: String] = ["}": "{", "]": "[", ")": "("]

  private mutating func tokens(until end: String) throws(TemplateFault) -> [TemplateToken] {
    let start = line
    var (tokens, open): ([TemplateToken], [String]) = ([], [])
    while at < source.count {
      while at < source.count, PythonSpace.contains(source[at]) { advance() }
      if open.isEmpty, let sign = endSign(end) {
        at += end.count + (sign == " " ? 0 : 1)
        endTag(sign, trims: end == "%}")
        return tokens
      }
      guard at < source.count else { break }
      let token = try token()
      tokens.append(token)
      guard case .symbol(let symbol) = token.kind else { continue }
      if Self.pairs.values.contains(symbol) { open.append(symbol) }
      if let opening = Self.pairs[symbol] {
        guard open.popLast() == opening else { throw .syntax(found: symbol, line: line) }
      }
    }
    throw .syntax(found: end == "}}" ? "{{" : "{%", line: start)
  }

  private func endSign(_ end: String) -> Unicode.Scalar? {
    if begins(end) { return " " }
    guard at < source.count, source[at] == "-" || source[at] == "+" && end == "%}",
      source[(at + 1)...].starts(with: end.unicodeScalars)
    else { return nil }
    return source[at]
  }

  private mutating func token() throws(TemplateFault) -> TemplateToken {
    let first = source[at]
    if first == "'" || first == "\"" { return try string(first) }
    if first.isASCII, (0x30...0x39).contains(first.value) { return try number() }
    if Self.isNameStart(first) {
      let start = at
      while at < source.count, Self.isNamePart(source[at]) { at += 1 }
      // A name is looked up as often as it is used, all of its letters each time.
      guard at - start <= Self.longestName else { throw .tooLarge(line: line) }
      return TemplateToken(kind: .name(slice(start)), line: line)
    }
    guard let symbol = Self.symbols.first(where: begins) else {
      throw .syntax(found: String(first), line: line)
    }
    at += symbol.unicodeScalars.count
    return TemplateToken(kind: .symbol(symbol), line: line)
  }

  private mutating func number() throws(TemplateFault) -> TemplateToken {
    let start = at
    func isDigit(_ place: Int) -> Bool {
      place < source.count && (source[place] == "_" || (0x30...0x39).contains(source[place].value))
    }
    while isDigit(at) { at += 1 }
    var isWhole = true
    if at < source.count, source[at] == ".", isDigit(at + 1) {
      isWhole = false
      at += 1
      while isDigit(at) { at += 1 }
    }
    let digits = slice(start).filter { $0 != "_" }
    if at < source.count, Self.isNamePart(source[at]) {
      throw .unsupported(slice(start) + String(source[at]), line: line)
    }
    if isWhole, let value = Int(digits) { return TemplateToken(kind: .integer(value), line: line) }
    guard !isWhole, let value = Double(digits) else { throw .unsupported(digits, line: line) }
    return TemplateToken(kind: .number(value), line: line)
  }

  private mutating func string(_ quote: Unicode.Scalar) throws(TemplateFault) -> TemplateToken {
    let start = line
    advance()
    var text = String.UnicodeScalarView()
    while at < source.count, source[at] != quote {
      if source[at] == "\\", at + 1 < source.count {
        advance()
        text.append(contentsOf: escape().unicodeScalars)
      } else {
        text.append(source[at])
        advance()
      }
    }
    guard at < source.count else { throw .syntax(found: String(quote), line: start) }
    at += 1
    return TemplateToken(kind: .string(String(text)), line: start)
  }

  /// What follows a backslash, as in Python.
  private mutating func escape() -> String {
    let letter = source[at]
    advance()
    switch letter {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "a": return "\u{7}"
    case "v": return "\u{B}"
    case "\\", "'", "\"": return String(letter)
    case "\n": return ""
    case "x", "u", "U":
      let width = letter == "x" ? 2 : letter == "u" ? 4 : 8
      let digits = String(String.UnicodeScalarView(source[at...].prefix(width)))
      guard digits.utf8.count == width, let value = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(value)
      else { return "\\" + String(letter) }
      at += width
      return String(scalar)
    case "0"..."7":
      var digits = String(letter)
      while digits.utf8.count < 3, at < source.count, ("0"..."7").contains(source[at]) {
        digits.unicodeScalars.append(source[at])
        at += 1
      }
      return Unicode.Scalar(UInt32(digits, radix: 8) ?? 0).map { String($0) } ?? ""
    default: return "\\" + String(letter)
    }
  }

  // MARK: Scalars

  private func begins(_ text: String) -> Bool { source[at...].starts(with: text.unicodeScalars) }

  private func slice(_ start: Int) -> String {
    String(String.UnicodeScalarView(source[start..<at]))
  }

  private mutating func advance() {
    if source[at] == "\n" { line += 1 }
    at += 1
  }

  private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDStart
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isXIDContinue
  }
}

/// White space, as Python's `str.isspace` has it.
enum PythonSpace {
  static func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1C...0x1F: true
    default: scalar.properties.isWhitespace
    }
  }
}
