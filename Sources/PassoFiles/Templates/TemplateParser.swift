// SPDX-License-Identifier: MIT

/// Reads the statements of a template.
struct TemplateParser {
  private let parts: [TemplatePart]
  private var at = 0
  private var depth = 0
  private(set) var macros: [TemplateMacro] = []
  private(set) var statements: [TemplateStatement] = []

  /// Statements in one another; more is no honest template.
  private static let deepest = 60

  init(_ template: String) throws(TemplateFault) {
    parts = try TemplateLexer.parts(of: template)
    (statements, _) = try block(until: [], line: 1)
  }

  /// Statements up to one of some names, which is taken too.
  private mutating func block(
    until ends: Set<String>,
    line: Int
  ) throws(TemplateFault) -> (body: [TemplateStatement], end: TemplateExpressionParser) {
    depth += 1
    guard depth <= Self.deepest else { throw .tooLarge(line: line) }
    var body: [TemplateStatement] = []
    while at < parts.count {
      let part = parts[at]
      at += 1
      switch part {
      case .text(let text): body.append(.text(text))
      case .output(let tokens, let line):
        var reader = TemplateExpressionParser(tokens, line: line)
        body.append(.output(try reader.whole()))
      case .statement(let tokens, let line):
        var reader = TemplateExpressionParser(tokens, line: line)
        let name = try reader.name()
        if ends.contains(name) {
          depth -= 1
          return (body, reader.after(name))
        }
        body += try statement(name, &reader)
      }
    }
    guard ends.isEmpty else { throw .syntax(found: ends.sorted()[0], line: line) }
    return (body, TemplateExpressionParser([], line: line))
  }

  private mutating func statement(
    _ name: String,
    _ reader: inout TemplateExpressionParser
  ) throws(TemplateFault) -> [TemplateStatement] {
    switch name {
    case "if": return [try condition(&reader)]
    case "for": return [.loop(try loop(&reader))]
    case "set": return [try set(&reader)]
    case "macro": return [try macro(&reader)]
    case "break", "continue":
      try reader.end()
      return [.leave(isBreak: name == "break")]
    case "generation":
      // A mark of `transformers` for training; it writes nothing.
      try reader.end()
      return try block(until: ["endgeneration"], line: reader.line).body
    default: throw .unsupported("{% \(name) %}", line: reader.line)
    }
  }

  private mutating func condition(
    _ reader: inout TemplateExpressionParser
  ) throws(TemplateFault) -> TemplateStatement {
    var branches: [(TemplateExpression?, [TemplateStatement])] = []
    var test: TemplateExpression? = try reader.whole()
    while true {
      let ends: Set<String> = test == nil ? ["endif"] : ["elif", "else", "endif"]
      var (body, end) = try block(until: ends, line: reader.line)
      branches.append((test, body))
      switch end.ending {
      case "elif": test = try end.whole()
      case "else":
        try end.end()
        test = nil
      default: return .condition(branches)
      }
    }
  }

  private mutating func loop(
    _ reader: inout TemplateExpressionParser
  ) throws(TemplateFault) -> TemplateLoop {
    let targets = try reader.targets()
    guard reader.take("in") else { throw reader.wrong() }
    let sequence = try reader.expression(allowsChoice: false)
    let test = reader.take("if") ? try reader.expression() : nil
    if reader.take("recursive") { throw .unsupported("recursive", line: reader.line) }
    try reader.end()
    let (body, end) = try block(until: ["else", "endfor"], line: reader.line)
    var otherwise: [TemplateStatement] = []
    if end.ending == "else" {
      try end.end()
      otherwise = try block(until: ["endfor"], line: reader.line).body
    }
    return TemplateLoop(
      targets: targets,
      sequence: sequence,
      test: test,
      body: body,
      otherwise: otherwise,
      line: reader.line
    )
  }

  private mutating func set(
    _ reader: inout TemplateExpressionParser
  ) throws(TemplateFault) -> TemplateStatement {
    var targets: [TemplateTarget] = []
    repeat {
      let name = try reader.name()
      targets.append(reader.take(".") ? .member(name, try reader.name()) : .name(name))
    } while reader.take(",")
    if reader.take("=") {
      return .set(targets, try reader.whole(allowsTuple: true), line: reader.line)
    }
    guard targets.count == 1, reader.isAtEnd else { throw reader.wrong() }
    return .capture(
      targets[0],
      try block(until: ["endset"], line: reader.line).body,
      line: reader.line
    )
  }

  private mutating func macro(
    _ reader: inout TemplateExpressionParser
  ) throws(TemplateFault) -> TemplateStatement {
    let name = try reader.name()
    guard reader.take("(") else { throw reader.wrong() }
    var parameters: [(name: String, standard: TemplateExpression?)] = []
    while !reader.take(")") {
      if !parameters.isEmpty, !reader.take(",") { throw reader.wrong() }
      let name = try reader.name()
      parameters.append((name, reader.take("=") ? try reader.expression() : nil))
    }
    try reader.end()
    let body = try block(until: ["endmacro"], line: reader.line).body
    macros.append(TemplateMacro(name: name, parameters: parameters, body: body))
    return .macro(macros.count - 1)
  }
}
