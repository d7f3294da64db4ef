// SPDX-License-Identifier: MIT

/// Writes the text of a template, with limits: whatever a stranger's template asks for ends.
struct TemplateRenderer {
  /// More than any honest template asks for: steps, bytes written or in one text, macros in one
  /// another, whatever calls for another in one another, values in one another.
  private static let (mostSteps, mostBytes) = (2_000_000, 16 << 20)
  private static let (deepestMacro, deepest, deepestValue) = (50, 500, 100)

  let macros: [TemplateMacro]

  /// The steps after which it is refused.
  var mostSteps = Self.mostSteps

  // Names by scope, the innermost last.
  private var scopes: [[String: TemplateValue]]
  private(set) var namespaces: [[String: TemplateValue]] = []
  private var output = ""
  private var steps = 0
  private var (depth, macroDepth) = (0, 0)

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

  // MARK: Statements

  private mutating func write(_ text: String) throws(TemplateFault) {
    try read(text)
    guard output.utf8.count + text.utf8.count <= Self.mostBytes else { throw tooLarge }
    output += text
  }

  private mutating func run(_ statements: [TemplateStatement]) throws(TemplateFault) {
    try enter()
    defer { leave() }
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
      try set(targets, value(of: expression), line)
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
    _ targets: [TemplateTarget],
    _ value: TemplateValue,
    _ line: Int
  ) throws(TemplateFault) {
    self.line = line
    if targets.count == 1 { return try set(targets[0], value) }
    for (target, value) in zip(targets, try elements(value, count: targets.count)) {
      try set(target, value)
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

  private mutating func elements(
    _ value: TemplateValue,
    count: Int
  ) throws(TemplateFault) -> [TemplateValue] {
    guard let values = try elements(of: value), values.count == count else {
      throw operation("\(count) names for \(value.kind)")
    }
    return values
  }

  private mutating func run(_ loop: TemplateLoop) throws(TemplateFault) {
    let sequence = try value(of: loop.sequence)
    line = loop.line
    guard var values = try elements(of: sequence) else {
      throw operation("for ... in \(sequence.kind)")
    }
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
  mutating func elements(of value: TemplateValue) throws(TemplateFault) -> [TemplateValue]? {
    switch value {
    case .undefined: return []
    case .sequence(let list): return list.values
    case .mapping(let mapping):
      try work(mapping.entries.count)
      return mapping.entries.map(\.key)
    case .string(let text):
      try work(text.utf8.count)
      return text.unicodeScalars.map { .string(String($0)) }
    default: return nil
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
    _ call: TemplateCall
  ) throws(TemplateFault) -> TemplateValue {
    macroDepth += 1
    guard macroDepth <= Self.deepestMacro else { throw tooLarge }
    defer { macroDepth -= 1 }
    guard call.positional.count <= macro.parameters.count else {
      throw operation("\(macro.name)(...): \(call.positional.count) arguments")
    }
    for (name, _) in call.named where !macro.parameters.contains(where: { $0.name == name }) {
      throw operation("\(macro.name)(\(name)=...)")
    }
    // A macro sees what the template sees, not what its caller does.
    let (callers, before, leaving) = (scopes, output, isLeaving)
    scopes = [scopes[0], [:]]
    output = ""
    for (place, parameter) in macro.parameters.enumerated() {
      try work()
      if let given = call.argument(place, parameter.name) {
        scopes[1][parameter.name] = given
      } else if let standard = parameter.standard {
        scopes[1][parameter.name] = try value(of: standard)
      } else {
        scopes[1][parameter.name] = .undefined
      }
    }
    try run(macro.body)
    let text = output
    (scopes, output, isLeaving) = ([scopes[0]] + callers.dropFirst(), before, leaving)
    return .string(text)
  }
}

// MARK: - Limits

extension TemplateRenderer {
  var tooLarge: TemplateFault { .tooLarge(line: line) }

  func operation(_ what: String) -> TemplateFault { .operation(what, line: line) }

  func unsupported(_ what: String) -> TemplateFault { .unsupported(what, line: line) }

  /// Goes deeper into what calls for another; `leave` comes back.
  mutating func enter() throws(TemplateFault) {
    depth += 1
    guard depth <= Self.deepest else { throw tooLarge }
  }

  mutating func leave() { depth -= 1 }

  /// Counts work.
  mutating func work(_ amount: Int = 1) throws(TemplateFault) {
    steps += amount
    guard steps <= mostSteps else { throw tooLarge }
  }

  /// Counts the work of going through a text once.
  mutating func read(_ text: String) throws(TemplateFault) { try work(1 + text.utf8.count >> 6) }

  /// Counts the work of looking at each letter of a text, which takes far longer.
  mutating func readLetters(_ text: String) throws(TemplateFault) {
    try work(1 + text.utf8.count >> 4)
  }

  /// Counts the work of asking what kind each letter of a text is.
  mutating func readKinds(_ text: String) throws(TemplateFault) {
    try work(1 + text.utf8.count >> 2)
  }

  /// Counts the work of going through all parts of a value, before it is done.
  mutating func walk(_ value: TemplateValue) throws(TemplateFault) {
    let size = value.extent.size
    guard size <= Self.mostBytes else { throw tooLarge }
    try work(size >> 4)
  }

  /// Checks a number of bytes before there are any.
  func check(bytes: Int) throws(TemplateFault) {
    guard bytes <= Self.mostBytes else { throw tooLarge }
  }

  /// Checks the bytes of some texts in a row, with one in between, before they are joined.
  func check(
    joined texts: [String],
    separator: String
  ) throws(TemplateFault) {
    var bytes = 0
    for text in texts {
      bytes += text.utf8.count + separator.utf8.count
      try check(bytes: bytes - separator.utf8.count)
    }
  }

  /// Counts the work of making a text.
  mutating func made(_ text: String) throws(TemplateFault) -> TemplateValue {
    try check(bytes: text.utf8.count)
    try read(text)
    return .string(text)
  }

  /// Counts the work of making a list.
  mutating func made(
    _ values: [TemplateValue],
    _ form: TemplateListForm = .list
  ) throws(TemplateFault) -> TemplateValue {
    try work(values.count)
    return .list(values, form)
  }

  /// Checks a value that was made.
  func checked(_ value: TemplateValue) throws(TemplateFault) -> TemplateValue {
    guard value.extent.depth <= Self.deepestValue else { throw tooLarge }
    return value
  }

  /// How a value stands in a text.
  mutating func written(_ value: TemplateValue) throws(TemplateFault) -> String {
    switch value {
    case .undefined: return ""
    case .string(let text): return text
    default:
      guard value.extent.isWritable else { throw unsupported("{{ <generator> }}") }
      try walk(value)
      return value.representation
    }
  }

  /// How values stand in a text, each.
  mutating func written(_ values: [TemplateValue]) throws(TemplateFault) -> [String] {
    var (texts, bytes) = ([String](), 0)
    for value in values {
      texts.append(try written(value))
      bytes += texts.last?.utf8.count ?? 0
      try check(bytes: bytes)
    }
    return texts
  }

  /// Whether two values are equal.
  mutating func areEqual(
    _ one: TemplateValue,
    _ other: TemplateValue
  ) throws(TemplateFault) -> Bool {
    try workOfComparing(one, other)
    return TemplateValue.isEqual(one, other)
  }

  /// Whether a value comes before another one; nil if they cannot be compared.
  mutating func isLess(
    _ one: TemplateValue,
    _ other: TemplateValue
  ) throws(TemplateFault) -> Bool? {
    try workOfComparing(one, other)
    return TemplateValue.isLess(one, other)
  }

  private mutating func workOfComparing(
    _ one: TemplateValue,
    _ other: TemplateValue
  ) throws(TemplateFault) {
    switch (one, other) {
    case (.string(let one), .string(let other)):
      try work(1 + min(one.utf8.count, other.utf8.count) >> 4)
    case (.sequence, .sequence), (.mapping, .mapping):
      // Which of two comes first is looked for at each depth anew.
      let (one, other) = (one.extent, other.extent)
      try work((one.size + other.size) >> 4 * min(one.depth, other.depth))
    default: try work()
    }
  }

  /// The value of a key; nil for a key that a mapping cannot have.
  mutating func value(
    of key: TemplateValue,
    in mapping: TemplateMapping
  ) throws(TemplateFault) -> TemplateValue? {
    guard key.isKey else { return nil }
    try walk(key)
    return mapping[key]
  }
}
