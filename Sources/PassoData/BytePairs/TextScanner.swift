// SPDX-License-Identifier: MIT

/// Where a byte-level tokenizer cuts a text before it looks for pairs.
package enum SplitPattern: Hashable, Sendable {
  /// Nowhere.
  case whole

  /// As GPT-2 does.
  case gpt2

  /// As Llama 3 does: numbers in groups of three, line ends with the marks before them.
  case llama3

  /// As Qwen2 does: as Llama 3, but each digit alone.
  case qwen2

  /// Around numbers only, as `Digits` of Hugging Face `tokenizers` does.
  case digits(DigitCut)

  /// As another regular expression does, with what lies between its matches.
  case expression(SplitExpression)

  /// Those that are regular expressions.
  package static let cutting: [SplitPattern] = [.gpt2, .llama3, .qwen2]

  /// The pattern in the notation of regular expressions; nil for none.
  package var regex: String? {
    switch self {
    case .whole: nil
    case .gpt2:
      #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    case .llama3: Self.likeLlama(numbers: #"\p{N}{1,3}"#)
    case .qwen2: Self.likeLlama(numbers: #"\p{N}"#)
    case .digits: nil
    case .expression(let expression): expression.source
    }
  }

  private static func likeLlama(numbers: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + numbers
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }
}

/// What becomes of neighbouring digits, `\p{N}`.
package enum DigitCut: Hashable, Sendable {
  /// They stay together, without what is beside them.
  case runs

  /// Each is alone.
  case single
}

/// Cuts a text as a split pattern does; the usual ones by hand, because a regular expression would
/// be the slowest part.
///
/// The text must be well-formed UTF-8. Every alternative of the patterns looks at the class of a
/// character only, and never back, so that one pass over the bytes is enough. For one thread.
struct TextScanner {
  typealias Text = UnsafeBufferPointer<UInt8>

  let pattern: SplitPattern
  private let classes = ScalarClasses()
  private let matcher: ExpressionMatcher?

  init(_ pattern: SplitPattern) {
    self.pattern = pattern
    matcher =
      if case .expression(let expression) = pattern {
        ExpressionMatcher(expression.program)
      } else {
        nil
      }
  }

  /// Where the piece that begins at `start` ends; `start` lies inside the text.
  @inline(__always)
  func end(of text: Text, from start: Int) -> Int {
    switch pattern {
    case .whole: text.count
    case .gpt2: gpt2End(text, start)
    case .llama3: llama3End(text, start, digits: 3)
    case .qwen2: llama3End(text, start, digits: 1)
    case .digits(let cut): digitsEnd(text, start, cut)
    case .expression: matcher?.piece(of: text, from: start).end ?? text.count
    }
  }

  /// All pieces of a short text.
  func pieces(of text: Text) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let end = end(of: text, from: start)
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }

  // MARK: GPT-2

  @inline(__always)
  private func gpt2End(_ text: Text, _ start: Int) -> Int {
    let first = text[start]
    if first == Self.apostrophe, let end = contraction(text, start, ignoringCase: false) {
      return end
    }
    var at = start
    var (kind, width) = character(text, at)
    if first == Self.blank, start &+ 1 < text.count {
      let (next, nextWidth) = character(text, start &+ 1)
      if next != ScalarClass.space { (at, kind, width) = (start &+ 1, next, nextWidth) }
    }
    if kind == ScalarClass.space { return spaceEnd(text, at) }
    return run(of: kind, in: text, from: at &+ width)
  }

  /// What `\s+(?!\S)|\s+` matches: the last space before a word is left to the word.
  private func spaceEnd(_ text: Text, _ start: Int) -> Int {
    var (last, end) = (start, start)
    while end < text.count {
      let (kind, width) = character(text, end)
      guard kind == ScalarClass.space else { break }
      last = end
      end &+= width
    }
    return end < text.count && last > start ? last : end
  }

  // MARK: Digits

  private func digitsEnd(_ text: Text, _ start: Int, _ cut: DigitCut) -> Int {
    let (first, width) = character(text, start)
    var end = start &+ width
    if first == ScalarClass.number, cut == .single { return end }
    while end < text.count {
      let (kind, width) = character(text, end)
      guard (kind == ScalarClass.number) == (first == ScalarClass.number) else { break }
      end &+= width
    }
    return end
  }

  /// The same of bytes as files spell them, of which some spell other digits than those of ASCII,
  /// as `²`.
  static func byteDigitsEnd(_ text: Text, _ start: Int, _ cut: DigitCut) -> Int {
    let isDigit = isByteDigit(text[start])
    var end = start &+ 1
    if isDigit, cut == .single { return end }
    while end < text.count, isByteDigit(text[end]) == isDigit { end &+= 1 }
    return end
  }

  private static func isByteDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0xB2, 0xB3, 0xB9, 0xBC...0xBE: true
    default: false
    }
  }

  // MARK: Llama 3 and Qwen2

  private func llama3End(_ text: Text, _ start: Int, digits: Int) -> Int {
    let first = text[start]
    if first == Self.apostrophe, let end = contraction(text, start, ignoringCase: true) {
      return end
    }
    let (kind, width) = character(text, start)
    let second = start &+ width
    if kind == ScalarClass.letter { return run(of: kind, in: text, from: second) }
    if kind == ScalarClass.number { return numberEnd(text, second, digits) }
    if !Self.endsLine(first), second < text.count {
      let (next, nextWidth) = character(text, second)
      if next == ScalarClass.letter { return run(of: next, in: text, from: second &+ nextWidth) }
      if first == Self.blank, next == ScalarClass.other {
        return lineEnds(text, run(of: next, in: text, from: second &+ nextWidth))
      }
    }
    if kind == ScalarClass.other { return lineEnds(text, run(of: kind, in: text, from: second)) }
    return llama3SpaceEnd(text, start)
  }

  /// Up to so many digits, of which one ends at `at`.
  private func numberEnd(_ text: Text, _ at: Int, _ digits: Int) -> Int {
    var end = at
    for _ in 1..<digits where end < text.count {
      let (kind, width) = character(text, end)
      guard kind == ScalarClass.number else { break }
      end &+= width
    }
    return end
  }

  private func lineEnds(_ text: Text, _ at: Int) -> Int {
    var end = at
    while end < text.count, Self.endsLine(text[end]) { end &+= 1 }
    return end
  }

  /// What `\s*[\r\n]+|\s+(?!\S)|\s+` matches.
  private func llama3SpaceEnd(_ text: Text, _ start: Int) -> Int {
    let end = run(of: ScalarClass.space, in: text, from: start)
    var lineEnd = end
    while lineEnd > start, !Self.endsLine(text[lineEnd &- 1]) { lineEnd &-= 1 }
    return lineEnd > start ? lineEnd : spaceEnd(text, start)
  }

  private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  // MARK: Both

  private static let apostrophe = UInt8(ascii: "'")
  private static let blank = UInt8(ascii: " ")

  /// Where `'s` and its like end, if one begins here.
  private func contraction(_ text: Text, _ start: Int, ignoringCase: Bool) -> Int? {
    guard start &+ 1 < text.count else { return nil }
    var (first, width) = (text[start &+ 1], 1)
    // With (?i: the long s of old prints is an s too.
    if ignoringCase, first == 0xC5, start &+ 2 < text.count, text[start &+ 2] == 0xBF {
      (first, width) = (UInt8(ascii: "s"), 2)
    }
    let lowered: UInt8 = ignoringCase && first < 0x80 ? 0x20 : 0
    switch first | lowered {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start &+ 1 &+ width
    case let first:
      guard start &+ 2 < text.count else { return nil }
      switch (first, text[start &+ 2] | lowered) {
      case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
        (UInt8(ascii: "l"), UInt8(ascii: "l")):
        return start &+ 3
      default: return nil
      }
    }
  }

  /// The first place from `start` on at which the class is another.
  @inline(__always)
  private func run(of wanted: UInt8, in text: Text, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let (kind, width) = character(text, end)
      guard kind == wanted else { break }
      end &+= width
    }
    return end
  }

  /// The class of the character at a place, and how many bytes it has.
  @inline(__always)
  private func character(_ text: Text, _ at: Int) -> (kind: UInt8, width: Int) {
    let byte = text[at]
    if byte < 0x80 { return (Self.ascii(byte), 1) }
    return wide(text, at)
  }

  private func wide(_ text: Text, _ at: Int) -> (kind: UInt8, width: Int) {
    (classes.of(Self.wideScalar(text, at)), UTF8.width(ofLead: text[at]))
  }

  /// The scalar of several bytes at a place.
  @inline(__always)
  static func wideScalar(_ text: Text, _ at: Int) -> UInt32 {
    let lead = UInt32(text[at])
    func next(_ offset: Int) -> UInt32 { UInt32(text[at &+ offset]) & 0x3F }
    if lead < 0xE0 { return (lead & 0x1F) << 6 | next(1) }
    if lead < 0xF0 { return (lead & 0xF) << 12 | next(1) << 6 | next(2) }
    return (lead & 0x7) << 18 | next(1) << 12 | next(2) << 6 | next(3)
  }

  @inline(__always)
  private static func ascii(_ byte: UInt8) -> UInt8 {
    let lower = byte | 0x20
    if lower &- 0x61 < 26 { return ScalarClass.letter }
    if byte &- 0x30 < 10 { return ScalarClass.number }
    return byte == 0x20 || byte &- 9 < 5 ? ScalarClass.space : ScalarClass.other
  }
}

// It is with one thread at a time: the one that has taken it out.
extension TextScanner: @unchecked Sendable {}
