// SPDX-License-Identifier: MIT

/// Reads the notation of regular expressions, in the dialect of Oniguruma that `tokenizers` uses.
struct ExpressionParser {
  /// More than any honest expression has.
  private static let (longest, deepest, mostRepeats) = (20_000, 40, 255)

  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var depth = 0
  private(set) var sets: [ScalarSet] = []
  private var numbers: [ScalarSet: Int] = [:]

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  /// Reads all of it.
  mutating func parse() throws(ExpressionFault) -> ExpressionNode {
    guard scalars.count <= Self.longest else { throw .tooLarge }
    let node = try alternatives(ignoringCase: false)
    guard at == scalars.count else { throw .malformed }
    return node
  }

  // MARK: Groups

  private mutating func alternatives(ignoringCase: Bool) throws(ExpressionFault) -> ExpressionNode {
    depth += 1
    guard depth <= Self.deepest else { throw .tooLarge }
    var ignoringCase = ignoringCase
    var branches = [try sequence(&ignoringCase)]
    while peek == "|" {
      at += 1
      branches.append(try sequence(&ignoringCase))
    }
    depth -= 1
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence(
    _ ignoringCase: inout Bool
  ) throws(ExpressionFault) -> ExpressionNode {
    var nodes: [ExpressionNode] = []
    // The letter before, where case does not count: some pairs are one character as well.
    var letter: Unicode.Scalar?
    while let next = peek, next != "|", next != ")" {
      if take("(?i)") {
        // It holds for the alternatives after it too, which are in it.
        guard nodes.isEmpty else { throw .unsupported("(?i)") }
        ignoringCase = true
        continue
      }
      let start = at
      let atom = try atom(ignoringCase)
      let written = ignoringCase && at == start + 1 ? next : nil
      if let letter, let written, Self.isLigature(letter, written) {
        throw .unsupported("(?i:\(letter)\(written))")
      }
      letter = written
      let whole = try quantified(atom)
      if whole != atom { letter = nil }
      nodes.append(whole)
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func atom(_ ignoringCase: Bool) throws(ExpressionFault) -> ExpressionNode {
    guard let next = peek else { throw .malformed }
    switch next {
    case "(": return try group(ignoringCase)
    case "[": return set(try bracket(ignoringCase))
    case ".":
      at += 1
      return set(ScalarSet([.range(0x0A, 0x0A)], isNegated: true))
    case "^", "$": throw .unsupported(String(next))
    case "*", "+", "?": throw .malformed
    case "\\": return set(ScalarSet([try escape(ignoringCase)]))
    default:
      at += 1
      return set(ScalarSet(Self.parts(next, ignoringCase)))
    }
  }

  private mutating func group(_ ignoringCase: Bool) throws(ExpressionFault) -> ExpressionNode {
    for (opening, isNegated) in [("(?!", true), ("(?=", false)] where take(opening) {
      let inside = try alternatives(ignoringCase: ignoringCase)
      guard take(")") else { throw .malformed }
      guard let runs = Self.runs(inside) else { throw .unsupported(opening) }
      return .ahead(runs, isNegated: isNegated)
    }
    var ignoringCase = ignoringCase
    if take("(?i:") {
      ignoringCase = true
    } else if !take("(?:") {
      at += 1
      if peek == "?" || peek == "*" {
        throw .unsupported("(" + String(String.UnicodeScalarView(scalars[at...].prefix(2))))
      }
    }
    let inside = try alternatives(ignoringCase: ignoringCase)
    guard take(")") else { throw .malformed }
    return inside
  }

  /// The alternatives of a look ahead, if each is a run of single scalars.
  private static func runs(_ node: ExpressionNode) -> [[Int]]? {
    switch node {
    case .set(let number): return [[number]]
    case .alternatives(let nodes):
      let runs = nodes.map { Self.runs($0) }
      return runs.contains { $0 == nil } ? nil : runs.compactMap(\.self).flatMap(\.self)
    case .sequence(let nodes):
      let sets = nodes.compactMap { if case .set(let number) = $0 { number } else { nil } }
      return sets.count == nodes.count && !sets.isEmpty ? [sets] : nil
    default: return nil
    }
  }

  private mutating func quantified(_ node: ExpressionNode) throws(ExpressionFault) -> ExpressionNode
  {
    var (least, most): (Int, Int?)
    var isInterval = false
    switch peek {
    case "*": (least, most) = (0, nil)
    case "+": (least, most) = (1, nil)
    case "?": (least, most) = (0, 1)
    case "{":
      guard let interval = interval() else { return node }
      (least, most, isInterval) = (interval.least, interval.most, true)
      at -= 1
    default: return node
    }
    at += 1
    if case .ahead = node { throw .unsupported("(?!...)*") }
    guard least <= Self.mostRepeats, most ?? 0 <= Self.mostRepeats, most ?? least >= least else {
      throw .tooLarge
    }
    let isPossessive = peek == "+"
    if peek == "?" || peek == "*" || peek == "{" || isPossessive && isInterval {
      let mark = peek.map { String($0) } ?? ""
      throw .unsupported((isInterval ? "{...}" : String(scalars[at - 1])) + mark)
    }
    if isPossessive {
      at += 1
      if peek == "?" || peek == "*" || peek == "+" { throw .malformed }
    }
    return .repeated(node, least: least, most: most, isPossessive: isPossessive)
  }

  /// Reads `{1,3}`; a brace that begins no interval is itself.
  private mutating func interval() -> (least: Int, most: Int?)? {
    guard let end = scalars[at...].prefix(20).firstIndex(of: "}") else { return nil }
    let text = String(String.UnicodeScalarView(scalars[(at + 1)..<end]))
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = numbers.map { Int($0) }
    let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ",") }
    guard digits, (1...2).contains(numbers.count), values.contains(where: { $0 != nil }) else {
      return nil
    }
    at = end + 1
    if numbers.count == 1 { return (values[0] ?? 0, values[0]) }
    return (values[0] ?? 0, values[1])
  }

  // MARK: Sets

  private mutating func bracket(_ ignoringCase: Bool) throws(ExpressionFault) -> ScalarSet {
    depth += 1
    guard depth <= Self.deepest else { throw .tooLarge }
    at += 1
    let isNegated = take("^")
    if ignoringCase, isNegated { throw .unsupported("(?i:[^") }
    var (set, others): (ScalarSet, [ScalarSet]) = (ScalarSet(), [])
    while true {
      guard let next = peek else { throw .malformed }
      if next == "]" {
        guard !set.parts.isEmpty else { throw .unsupported("[]") }
        at += 1
        break
      }
      if take("&&") {
        set.simplify()
        others.append(set)
        set = ScalarSet()
      } else if next == "[" {
        if at + 1 < scalars.count, scalars[at + 1] == ":" { throw .unsupported("[:") }
        set.parts.append(.set(try bracket(ignoringCase)))
      } else {
        set.parts += try element(ignoringCase)
      }
    }
    depth -= 1
    set.simplify()
    set.others = others
    set.isNegated = isNegated
    return set
  }

  /// A scalar, a range of them, or an escape.
  private mutating func element(_ ignoringCase: Bool) throws(ExpressionFault) -> [ScalarSet.Part] {
    guard let first = try single(ignoringCase) else {
      return [try escape(ignoringCase, word: .wordInBrackets)]
    }
    let isRange =
      peek == "-" && at + 1 < scalars.count && scalars[at + 1] != "]" && scalars[at + 1] != "["
    guard isRange else { return Self.parts(first, ignoringCase) }
    at += 1
    guard let last = try single(ignoringCase) else { throw .unsupported("\(first)-\\") }
    guard first <= last else { throw .malformed }
    if !ignoringCase { return [.range(first.value, last.value)] }
    guard last.isASCII else { throw .unsupported("(?i:[\(first)-\(last)]") }
    return (first.value...last.value).compactMap(Unicode.Scalar.init)
      .flatMap { Self.parts($0, true) }
  }

  /// A scalar that stands for itself, or is written by an escape; nil before another escape.
  private mutating func single(_ ignoringCase: Bool) throws(ExpressionFault) -> Unicode.Scalar? {
    guard let next = peek else { throw .malformed }
    if next != "\\" {
      at += 1
      return next
    }
    let start = at
    if case .range(let first, let last) = try escape(false), first == last {
      return Unicode.Scalar(first)
    }
    at = start
    return nil
  }

  private mutating func escape(
    _ ignoringCase: Bool,
    word: ScalarSet.Part = .word
  ) throws(ExpressionFault) -> ScalarSet.Part {
    guard at + 1 < scalars.count else { throw .malformed }
    let letter = scalars[at + 1]
    at += 2
    func one(_ value: UInt32) -> ScalarSet.Part { .range(value, value) }
    switch letter {
    case "s": return .space
    case "S": return .set(ScalarSet([.space], isNegated: true))
    case "w": return word
    case "W": return .set(ScalarSet([word], isNegated: true))
    case "d": return try named("Nd")
    case "D": return .set(ScalarSet([try named("Nd")], isNegated: true))
    case "n": return one(0x0A)
    case "r": return one(0x0D)
    case "t": return one(0x09)
    case "f": return one(0x0C)
    case "v": return one(0x0B)
    case "p", "P":
      if ignoringCase { throw .unsupported("(?i:\\\(letter){") }
      return try property(isNegated: letter == "P")
    case "x", "u": return one(try number(letter))
    default:
      guard !letter.isASCII || !TextCuts.isWord(UInt8(ascii: letter)) else {
        throw .unsupported("\\\(letter)")
      }
      return one(letter.value)
    }
  }

  private func named(_ name: String) throws(ExpressionFault) -> ScalarSet.Part {
    guard let part = ScalarSet.part(named: name) else { throw .unsupported("\\p{\(name)}") }
    return part
  }

  /// `{L}` after `\p`, or `{^L}`.
  private mutating func property(isNegated: Bool) throws(ExpressionFault) -> ScalarSet.Part {
    guard take("{"), let end = scalars[at...].prefix(40).firstIndex(of: "}") else {
      throw .unsupported("\\p")
    }
    var name = String(String.UnicodeScalarView(scalars[at..<end]))
    at = end + 1
    var isNegated = isNegated
    if name.hasPrefix("^") {
      name.removeFirst()
      isNegated.toggle()
    }
    let part = try named(name)
    return isNegated ? .set(ScalarSet([part], isNegated: true)) : part
  }

  /// `41` or `{41}` after `\x`, `0041` after `\u`.
  private mutating func number(_ letter: Unicode.Scalar) throws(ExpressionFault) -> UInt32 {
    var digits: ArraySlice<Unicode.Scalar>
    if letter == "x", take("{") {
      digits = scalars[at...].prefix(8).prefix { $0 != "}" }
      at += digits.count
      guard take("}") else { throw .malformed }
    } else {
      digits = scalars[at...].prefix(letter == "x" ? 2 : 4)
      at += digits.count
    }
    let text = String(String.UnicodeScalarView(digits))
    // By bytes two digits above 7F would be one byte of several.
    guard digits.allSatisfy(\.properties.isASCIIHexDigit), let value = UInt32(text, radix: 16),
      Unicode.Scalar(value) != nil,
      value < 0x80 || letter == "u" || text.utf8.count > 2
    else { throw .unsupported("\\\(letter)\(text)") }
    return value
  }

  // MARK: Letters of either case

  private static func parts(
    _ scalar: Unicode.Scalar,
    _ ignoringCase: Bool
  ) -> [ScalarSet.Part] {
    guard ignoringCase, scalar.isASCII, TextCuts.isLetter(UInt8(ascii: scalar)) else {
      return [.range(scalar.value, scalar.value)]
    }
    let lower = scalar.value | 0x20
    var parts: [ScalarSet.Part] = [.range(lower, lower), .range(lower ^ 0x20, lower ^ 0x20)]
    // The long s of old prints, and the sign of the unit kelvin.
    if lower == 0x73 { parts.append(.range(0x17F, 0x17F)) }
    if lower == 0x6B { parts.append(.range(0x212A, 0x212A)) }
    return parts
  }

  /// Whether two letters are one character too, where case does not count: ﬁ is fi.
  private static func isLigature(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
    let pair = String(first).lowercased() + String(second).lowercased()
    return ["ss", "st", "ff", "fi", "fl"].contains(pair) || !second.isASCII || !first.isASCII
  }

  // MARK: Scalars

  private var peek: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard scalars[at...].starts(with: text.unicodeScalars) else { return false }
    at += text.unicodeScalars.count
    return true
  }

  private mutating func set(_ set: ScalarSet) -> ExpressionNode {
    if let known = numbers[set] { return .set(known) }
    numbers[set] = sets.count
    sets.append(set)
    return .set(sets.count - 1)
  }
}
