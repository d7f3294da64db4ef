// SPDX-License-Identifier: MIT

/// A function or a computed property, and how many lines it takes.
struct FunctionSize {
  let name: String
  let line: Int
  let lineCount: Int

  /// Whether it is a table of words: what it gives is chosen by case and says something.
  let isTable: Bool

  private static let tables: Set = ["Bilingual", "Wording", "ValueCard"]

  static func all(in tokens: [SourceToken]) -> [FunctionSize] {
    tokens.indices.compactMap { function(at: $0, tokens) }
  }

  private static func function(at start: Int, _ tokens: [SourceToken]) -> FunctionSize? {
    let kind = tokens[start].text
    guard tokens[start].kind == .word, tokens.indices.contains(start + 1),
      ["func", "init", "subscript", "var"].contains(kind),
      start == 0 || tokens[start - 1].text != ".",
      let open = body(of: start, tokens), let close = end(of: open, tokens)
    else { return nil }
    return FunctionSize(
      name: kind == "func" || kind == "var" ? tokens[start + 1].text : kind,
      line: tokens[start].line,
      lineCount: tokens[close].line - tokens[start].line + 1,
      isTable: kind == "var" && tables.contains(tokens[start + 3].text)
    )
  }

  /// Where the body of a declaration opens; nil if it has none.
  private static func body(of start: Int, _ tokens: [SourceToken]) -> Int? {
    var depth = 0
    for index in tokens.indices.suffix(from: start + 1) {
      let token = tokens[index]
      switch token.text {
      case _ where token.kind == .text: continue
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return index
      case "}" where depth == 0, "func" where depth == 0, "var" where depth == 0: return nil
      default: break
      }
      if depth < 0 { return nil }
      // A property with a value, or without a body.
      let isProperty = tokens[start].text == "var"
      if isProperty, depth == 0, token.text == "=" || token.line > tokens[start].line {
        return nil
      }
    }
    return nil
  }

  private static func end(of open: Int, _ tokens: [SourceToken]) -> Int? {
    var depth = 0
    for index in tokens.indices.suffix(from: open) where tokens[index].kind == .mark {
      if tokens[index].text == "{" { depth += 1 }
      if tokens[index].text == "}" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }
}
