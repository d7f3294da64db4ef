// SPDX-License-Identifier: MIT

/// Writes the text of a template, with limits: whatever a stranger's template asks for ends.
struct TemplateRenderer {
  /// More than any honest template asks for: steps, bytes written or in one text, values in a
  /// list, calls in one another.
  private static let (mostSteps, mostBytes, deepestCall) = (2_000_000, 16 << 20, 50)

  let macros: [TemplateMacro]

  // Names by scope, the innermost last.
  private var scopes: [[String: TemplateValue]]
  private(set) var namespaces: [[String: TemplateValue]] = []
  private var output = ""
  private var steps = 0
  private var depth = 0

  /// The line that is being worked on.
  var line = 1

  /// Whether a loop is being left: nil for not.
  private var isLeaving: Bool?

  init(macros: [TemplateMacro], names: [String: TemplateValue]) {
    self.macros = macros
    scopes = [names]
  }

  /// The text of some statements.
  mutating func text(of statements: [TemplateStatement]) throws(TemplateFault) -> String {
    try run(statements)
    return output
  }

  // MARK: Limits

  /// Counts work.
  mutating func work(_ amount: Int = 1) throws(TemplateFault) {
    steps += amount
    guard steps <= Self.mostSteps else { throw .tooLarge(line: line) }
  }

  /// Counts the work of making a text.
  mutating func made(_ text: String) throws(TemplateFault) -> TemplateValue {
    guard text.utf8.count <= Self.mostBytes else { throw .tooLarge(line: line) }
    try work(1 + text.utf8.count >> 6)
    return .string(text)
  }

  func operation(_ what: String) -> TemplateFault { .operation(what, line: line) }

  func unsupported(_ what: String) -> TemplateFault { .unsupported(what, line: line) }

  /// How a value stands in a text.
  func written(_ value: TemplateValue) throws(TemplateFault) -> String {
    guard value.isWritable else { throw unsupported("{{ <generator> }}") }
    return value.text
  }

  // MARK: Statements

  private mutating func write(_ text: String) throws(TemplateFault) {
    try work(1 + text.utf8.count >> 6)
    guard output.utf8.count + text.utf8.count <= Self.mostBytes else { throw .tooLarge(line: line) }
    output += text
  }

  private mutating func run(_ statements: [TemplateStatement]) throws(TemplateFault) {
    for statement in statements {
      try work()
      try run(statement)
      if isLeaving != nil { return }
    }
  }

  private mutating func run(_ statement: TemplateStatement) throws(TemplateFault) {
    switch statement {
    case .text(let text): try write(text)
    case .output(let expression): try write(written(value(of: expression)))
    case .condition(let branches):
      for (test, body) in branches {
        guard let test, try !value(of: test).isTrue else { return try run(body) }
      }
    case .loop(let loop): try run(loop)
    case .set(let targets, let expression, let line):
      let value = try value(of: expression)
      self.line = line
      if targets.count == 1 { return try set(targets[0], value) }
      for (target, value) in zip(targets, try elements(value, count: targets.count)) {
        try set(target, value)
      }
    case .capture(let target, let body, let line):
      let before = output
      output = ""
      scopes.append([:])
      try run(body)
      scopes.removeLast()
      let text = output
      output = before
      self.line = line
      try set(target, .string(text))
    case .macro(let number):
      // There it would see the names of the loop, or of the macro around it.
      guard scopes.count == 1 else { throw unsupported("{% for %}{% macro %}") }
      scopes[0][macros[number].name] = .macro(number)
    case .leave(let isBreak): isLeaving = isBreak
    }
  }

  private mutating func set(
    _ target: TemplateTarget,
    _ value: TemplateValue
  ) throws(TemplateFault) {
    switch target {
    case .name(let name): scopes[scopes.count - 1][name] = value
    case .member(let name, let member):
      guard case .namespace(let number) = lookUp(name) else {
        throw operation("\(name).\(member) = ...: \(name) is no namespace")
      }
      namespaces[number][member] = value
    }
  }

  private func elements(
    _ value: TemplateValue,
    count: Int
  ) throws(TemplateFault) -> [TemplateValue] {
    guard let values = iterated(value), values.count == count else {
      throw operation("\(count) names for \(value.kind)")
    }
    return values
  }

  private mutating func run(_ loop: TemplateLoop) throws(TemplateFault) {
    let sequence = try value(of: loop.sequence)
    line = loop.line
    guard var values = iterated(sequence) else { throw operation("for ... in \(sequence.kind)") }
    try work(values.count)
    scopes.append([:])
    defer { scopes.removeLast() }
    if let test = loop.test {
      var kept: [TemplateValue] = []
      for each in values {
        try bind(loop.targets, each)
        if try value(of: test).isTrue { kept.append(each) }
      }
      values = kept
    }
    for place in values.indices {
      // What `loop` says of a place is made anew each time.
      try work(20)
      scopes[scopes.count - 1] = ["loop": Self.loopValue(values, place)]
      try bind(loop.targets, values[place])
      try run(loop.body)
      let isBreak = isLeaving
      isLeaving = nil
      if isBreak == true { break }
    }
    if values.isEmpty {
      scopes[scopes.count - 1] = [:]
      try run(loop.otherwise)
    }
  }

  private mutating func bind(
    _ targets: [String],
    _ value: TemplateValue
  ) throws(TemplateFault) {
    let values = targets.count == 1 ? [value] : try elements(value, count: targets.count)
    for (name, value) in zip(targets, values) { scopes[scopes.count - 1][name] = value }
  }

  private static func loopValue(_ values: [TemplateValue], _ place: Int) -> TemplateValue {
    let count = values.count
    return .mapping(
      TemplateMapping(texts: [
        ("index", .integer(place + 1)), ("index0", .integer(place)),
        ("revindex", .integer(count - place)), ("revindex0", .integer(count - place - 1)),
        ("first", .boolean(place == 0)), ("last", .boolean(place == count - 1)),
        ("length", .integer(count)), ("depth", .integer(1)), ("depth0", .integer(0)),
        ("previtem", place > 0 ? values[place - 1] : .undefined),
        ("nextitem", place + 1 < count ? values[place + 1] : .undefined),
      ])
    )
  }

  /// What a loop goes through; nil for what has no elements.
  func iterated(_ value: TemplateValue) -> [TemplateValue]? {
    switch value {
    case .undefined: []
    case .list(let values, _): values
    case .mapping(let mapping): mapping.entries.map(\.key)
    case .string(let text): text.unicodeScalars.map { .string(String($0)) }
    default: nil
    }
  }

  // MARK: Names

  func lookUp(_ name: String) -> TemplateValue {
    for scope in scopes.reversed() {
      if let value = scope[name] { return value }
    }
    return TemplateFunctions.globals.contains(name) ? .function(name) : .undefined
  }

  mutating func makeNamespace(_ members: [String: TemplateValue]) -> TemplateValue {
    namespaces.append(members)
    return .namespace(namespaces.count - 1)
  }

  /// The text of a macro for some arguments.
  mutating func call(
    _ macro: TemplateMacro,
    _ positional: [TemplateValue],
    _ named: [(name: String, value: TemplateValue)]
  ) throws(TemplateFault) -> TemplateValue {
    depth += 1
    guard depth <= Self.deepestCall else { throw .tooLarge(line: line) }
    defer { depth -= 1 }
    guard positional.count <= macro.parameters.count else {
      throw operation("\(macro.name)(...): \(positional.count) arguments")
    }
    // A macro sees what the template sees, not what its caller does.
    let (callers, before, leaving) = (scopes, output, isLeaving)
    scopes = [scopes[0], [:]]
    output = ""
    for (place, parameter) in macro.parameters.enumerated() {
      var argument: TemplateValue
      if place < positional.count {
        argument = positional[place]
      } else if let given = named.first(where: { $0.name == parameter.name }) {
        argument = given.value
      } else {
        argument =
          try parameter.standard.map { (it) throws(TemplateFault) in try value(of: it) }
          ?? .undefined
      }
      scopes[1][parameter.name] = argument
    }
    for (name, _) in named where !macro.parameters.contains(where: { $0.name == name }) {
      throw operation("\(macro.name)(\(name)=...)")
    }
    try run(macro.body)
    let text = output
    (scopes, output, isLeaving) = ([scopes[0]] + callers.dropFirst(), before, leaving)
    return .string(text)
  }
}
