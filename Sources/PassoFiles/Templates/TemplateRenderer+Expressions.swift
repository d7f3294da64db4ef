// SPDX-License-Identifier: MIT

// What expressions are worth.
extension TemplateRenderer {
  /// What an expression is worth, with limits on how deep it and its value are.
  mutating func value(of expression: TemplateExpression) throws(TemplateFault) -> TemplateValue {
    try enter()
    defer { leave() }
    try work()
    line = expression.line
    // In two steps: a copy of the renderer that waits for the value would copy all that it holds.
    let value = try value(of: expression.kind)
    return try checked(value)
  }

  private mutating func value(
    of kind: TemplateExpression.Kind
  ) throws(TemplateFault) -> TemplateValue {
    switch kind {
    case .value(let value): return value
    case .name(let name): return lookUp(name)
    case .list, .mapping, .joined: return try collection(kind)
    case .unary, .binary, .comparison, .choice: return try operation(kind)
    case .attribute(let object, let name): return try member(value(of: object), name)
    case .item(let object, let index): return try item(value(of: object), value(of: index))
    case .slice(let object, let bounds): return try slice(value(of: object), bounds)
    case .call(let function, let arguments):
      return try TemplateFunctions.call(value(of: function), evaluated(arguments), &self)
    case .filter(let value, let name, let arguments):
      return try TemplateFilters.apply(name, self.value(of: value), evaluated(arguments), &self)
    case .test(let value, let name, let arguments, let isNegated):
      let value = try self.value(of: value)
      let others = try values(of: arguments.positional)
      return .boolean(try TemplateTests.holds(name, value, others, &self) != isNegated)
    }
  }

  private mutating func collection(
    _ kind: TemplateExpression.Kind
  ) throws(TemplateFault) -> TemplateValue {
    switch kind {
    case .list(let elements, let form): return try made(values(of: elements), form)
    case .mapping(let entries):
      var mapping = TemplateMapping()
      for (key, each) in entries {
        let (key, each) = (try value(of: key), try value(of: each))
        guard key.isKey else { throw operation("{\(key.kind): ...}") }
        try walk(key)
        mapping.set(key, each)
      }
      return .mapping(mapping)
    case .joined(let parts):
      // One after the other: what cannot be written is found before the rest is worked out.
      var text = ""
      for part in parts {
        text += try written(value(of: part))
        try check(bytes: text.utf8.count)
      }
      return try made(text)
    default: return .undefined
    }
  }

  private mutating func operation(
    _ kind: TemplateExpression.Kind
  ) throws(TemplateFault) -> TemplateValue {
    switch kind {
    case .unary(let symbol, let operand):
      return try TemplateOperators.unary(symbol, value(of: operand), self)
    case .binary("and", let left, let right):
      let value = try value(of: left)
      return try value.isTrue ? self.value(of: right) : value
    case .binary("or", let left, let right):
      let value = try value(of: left)
      return try value.isTrue ? value : self.value(of: right)
    case .binary(let symbol, let left, let right):
      return try TemplateOperators.binary(symbol, value(of: left), value(of: right), &self)
    case .comparison(let first, let others): return try comparison(first, others)
    case .choice(let yes, if: let test, else: let no):
      if try value(of: test).isTrue { return try value(of: yes) }
      guard let no else { return .undefined }
      return try value(of: no)
    default: return .undefined
    }
  }

  private mutating func values(
    of expressions: [TemplateExpression]
  ) throws(TemplateFault) -> [TemplateValue] {
    var values: [TemplateValue] = []
    for expression in expressions { values.append(try value(of: expression)) }
    return values
  }

  private mutating func evaluated(
    _ arguments: TemplateArguments
  ) throws(TemplateFault) -> TemplateCall {
    let start = line
    var call = TemplateCall(positional: try values(of: arguments.positional))
    for (name, expression) in arguments.named {
      call.named.append((name, try value(of: expression)))
    }
    line = start
    return call
  }

  private mutating func comparison(
    _ first: TemplateExpression,
    _ others: [(symbol: String, value: TemplateExpression)]
  ) throws(TemplateFault) -> TemplateValue {
    var left = try value(of: first)
    for (symbol, expression) in others {
      let right = try value(of: expression)
      guard try TemplateOperators.holds(symbol, left, right, &self) else { return .boolean(false) }
      left = right
    }
    return .boolean(true)
  }

  /// `object.name`: a method or an attribute, else the value of a key.
  func member(_ object: TemplateValue, _ name: String) throws(TemplateFault) -> TemplateValue {
    switch object {
    case .undefined: throw operation("undefined.\(name)")
    case .namespace(let number): return namespaces[number][name] ?? .undefined
    case .mapping(let mapping):
      // Methods come first, as in Python; a loop has none but one.
      if TemplateMethods.ofMappings.contains(name), mapping["revindex0"] == nil {
        return .method(object, name)
      }
      if name == "cycle", mapping["revindex0"] != nil { return .method(object, name) }
      return mapping[name] ?? .undefined
    case .string where TemplateMethods.ofTexts.contains(name),
      .sequence where TemplateMethods.ofLists.contains(name):
      return .method(object, name)
    default: return .undefined
    }
  }

  private mutating func item(
    _ object: TemplateValue,
    _ index: TemplateValue
  ) throws(TemplateFault) -> TemplateValue {
    switch (object, index) {
    case (.undefined, _): throw operation("undefined[\(try written(index))]")
    case (.mapping(let mapping), _):
      if let value = try value(of: index, in: mapping) { return value }
      guard case .string(let name) = index else { return .undefined }
      return try member(object, name)
    case (_, .string(let name)): return try member(object, name)
    case (.sequence(let list), _):
      guard list.form.hasPlaces, let place = index.whole else { return .undefined }
      let found = place < 0 ? place + list.values.count : place
      return list.values.indices.contains(found) ? list.values[found] : .undefined
    case (.string(let text), _):
      guard let place = index.whole else { return .undefined }
      try read(text)
      let scalars = Array(text.unicodeScalars)
      let found = place < 0 ? place + scalars.count : place
      return scalars.indices.contains(found) ? .string(String(scalars[found])) : .undefined
    default: return .undefined
    }
  }

  private mutating func slice(
    _ object: TemplateValue,
    _ bounds: [TemplateExpression?]
  ) throws(TemplateFault) -> TemplateValue {
    var numbers: [Int?] = []
    for bound in bounds { numbers.append(try self.bound(bound)) }
    numbers += Array(repeating: nil, count: 3 - numbers.count)
    func sliced(_ count: Int) throws(TemplateFault) -> PythonSlice {
      guard let slice = PythonSlice(of: count, numbers[0], numbers[1], numbers[2] ?? 1) else {
        throw operation("[::0]")
      }
      return slice
    }
    switch object {
    case .sequence(let list) where list.form.hasPlaces:
      let slice = try sliced(list.values.count)
      return try made(slice.places.map { list.values[$0] }, list.form.sliced(slice))
    case .string(let text):
      try readLetters(text)
      let scalars = text.unicodeScalars
      let slice = try sliced(scalars.count)
      guard slice.step == 1 else {
        let all = Array(scalars)
        return try made(String(String.UnicodeScalarView(slice.places.map { all[$0] })))
      }
      let chosen = scalars.dropFirst(slice.first).prefix(max(0, slice.last - slice.first))
      return try made(String(chosen))
    default: throw operation("\(object.kind)[...:...]")
    }
  }

  /// The number at which a slice begins or ends.
  private mutating func bound(_ bound: TemplateExpression?) throws(TemplateFault) -> Int? {
    guard let bound else { return nil }
    let value = try value(of: bound)
    if case .none = value { return nil }
    guard let whole = value.whole else { throw operation("[\(value.kind):...]") }
    return whole
  }
}

/// What a function is called with.
struct TemplateCall {
  var positional: [TemplateValue] = []
  var named: [(name: String, value: TemplateValue)] = []

  /// The argument at a place, or of a name.
  func argument(_ place: Int, _ name: String) -> TemplateValue? {
    place < positional.count ? positional[place] : named.first { $0.name == name }?.value
  }
}

/// The places of a slice.
struct PythonSlice {
  let first: Int
  let last: Int
  let step: Int

  /// Nil for a step of 0.
  init?(of count: Int, _ start: Int?, _ end: Int?, _ step: Int) {
    guard step != 0 else { return nil }
    func bounded(_ value: Int?, _ standard: Int) -> Int {
      guard let value else { return standard }
      let place = value < 0 ? value &+ count : value
      return step > 0 ? min(max(place, 0), count) : min(max(place, -1), count - 1)
    }
    first = bounded(start, step > 0 ? 0 : count - 1)
    last = bounded(end, step > 0 ? count : -1)
    // A larger step takes one as well.
    self.step = max(-count - 1, min(count + 1, step))
  }

  var places: [Int] { Array(stride(from: first, to: last, by: step)) }
}

extension TemplateListForm {
  /// What a part of it is: of a range a range, whose numbers are small, since it has elements.
  fileprivate func sliced(_ slice: PythonSlice) -> TemplateListForm {
    guard case .range(let start, _, let step) = self else { return self }
    return .range(
      start: start &+ slice.first &* step,
      end: start &+ slice.last &* step,
      step: step &* slice.step
    )
  }
}
