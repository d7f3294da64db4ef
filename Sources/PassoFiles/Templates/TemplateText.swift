// SPDX-License-Identifier: MIT

/// What Python does with texts, by scalars and not by what a person sees as characters.
enum TemplateText {
  /// The place of a part from a place on, in scalars.
  static func find(_ part: String, in text: String, from start: Int = 0) -> Int? {
    let (needle, scalars) = (Array(part.unicodeScalars), Array(text.unicodeScalars))
    guard needle.count + start <= scalars.count else { return nil }
    return (start...scalars.count - needle.count).first { place in
      scalars[place..<place + needle.count].elementsEqual(needle)
    }
  }

  /// The parts between a separator, which is not empty; `most` cuts at most, from the left.
  static func split(_ text: String, _ separator: String, most: Int = .max) -> [String] {
    let (needle, scalars) = (Array(separator.unicodeScalars), Array(text.unicodeScalars))
    var (parts, start, at): ([String], Int, Int) = ([], 0, 0)
    while at + needle.count <= scalars.count, parts.count < most {
      if scalars[at..<at + needle.count].elementsEqual(needle) {
        parts.append(string(scalars[start..<at]))
        at += needle.count
        start = at
      } else {
        at += 1
      }
    }
    return parts + [string(scalars[start...])]
  }

  /// The same from the right.
  static func splitFromRight(_ text: String, _ separator: String, most: Int) -> [String] {
    func reversed(_ text: String) -> String { string(ArraySlice(text.unicodeScalars.reversed())) }
    return split(reversed(text), reversed(separator), most: most).map(reversed).reversed()
  }

  /// The words between white space.
  static func words(_ text: String, most: Int = .max) -> [String] {
    var words: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    rest = rest.drop(while: PythonSpace.contains)
    while !rest.isEmpty {
      if words.count >= most {
        while let last = rest.last, PythonSpace.contains(last) { rest.removeLast() }
        return words + [string(rest)]
      }
      words.append(string(rest.prefix { !PythonSpace.contains($0) }))
      rest = rest.drop { !PythonSpace.contains($0) }.drop(while: PythonSpace.contains)
    }
    return words
  }

  static func lines(_ text: String) -> [String] {
    var (lines, line): ([String], String.UnicodeScalarView) = ([], String.UnicodeScalarView())
    var before: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      let isEnd: Bool
      switch scalar.value {
      case 0xA where before == "\r":
        before = scalar
        continue
      case 0xA...0xD, 0x1C...0x1E, 0x85, 0x2028, 0x2029: isEnd = true
      default: isEnd = false
      }
      before = scalar
      if isEnd {
        lines.append(String(line))
        line = String.UnicodeScalarView()
      } else {
        line.append(scalar)
      }
    }
    return line.isEmpty ? lines : lines + [String(line)]
  }

  static func stripped(
    _ text: String,
    _ characters: String?,
    left: Bool,
    right: Bool
  ) -> String {
    let set = characters.map { Set($0.unicodeScalars) }
    func isStripped(_ scalar: Unicode.Scalar) -> Bool {
      set.map { $0.contains(scalar) } ?? PythonSpace.contains(scalar)
    }
    var rest = Array(text.unicodeScalars)[...]
    if left { rest = rest.drop(while: isStripped) }
    if right { while let last = rest.last, isStripped(last) { rest.removeLast() } }
    return string(rest)
  }

  static func replaced(_ text: String, _ part: String, by other: String, most: Int) -> String {
    guard !part.isEmpty else {
      // Python puts it between all characters.
      var all = ""
      for (place, scalar) in text.unicodeScalars.enumerated() {
        if place < most { all += other }
        all.unicodeScalars.append(scalar)
      }
      return text.unicodeScalars.count < most ? all + other : all
    }
    return split(text, part, most: most).joined(separator: other)
  }

  /// The first letter large, the others small.
  static func capitalized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "" }
    return first.properties.titlecaseMapping
      + string(Array(text.unicodeScalars.dropFirst())[...]).lowercased()
  }

  /// Every word of letters with a large first letter.
  static func titled(_ text: String) -> String {
    var (all, isInside) = ("", false)
    for scalar in text.unicodeScalars {
      let isCased = scalar.properties.isCased
      switch (isCased, isInside) {
      case (false, _): all.unicodeScalars.append(scalar)
      case (true, true): all += scalar.properties.lowercaseMapping
      case (true, false): all += scalar.properties.titlecaseMapping
      }
      isInside = isCased
    }
    return all
  }

  static func begins(_ text: String, _ part: String) -> Bool {
    text.unicodeScalars.starts(with: part.unicodeScalars)
  }

  static func ends(_ text: String, _ part: String) -> Bool {
    text.unicodeScalars.reversed().starts(with: part.unicodeScalars.reversed())
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
