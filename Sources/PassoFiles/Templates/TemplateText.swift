// SPDX-License-Identifier: MIT

/// What Python does with texts, by scalars and not by what a person sees as characters.
enum TemplateText {
  /// The place of a part, in scalars: the first, or the last from the right.
  static func find(_ part: String, in text: String, fromRight: Bool = false) -> Int? {
    let bytes = Array(text.utf8)
    guard let place = places(of: part, in: bytes, most: 1, fromRight: fromRight).first else {
      return nil
    }
    // Bytes that go on with a scalar begin with the bits 10.
    return bytes[..<place].count { $0 & 0xC0 != 0x80 }
  }

  /// How often a part is in a text; nothing is between all scalars, and around them.
  static func count(_ part: String, in text: String) -> Int {
    if part.isEmpty { return text.unicodeScalars.count + 1 }
    return places(of: part, in: Array(text.utf8), most: .max).count
  }

  /// The parts between a separator, which is not empty; `most` cuts at most, from one side.
  static func split(
    _ text: String,
    _ separator: String,
    most: Int = .max,
    fromRight: Bool = false
  ) -> [String] {
    let bytes = Array(text.utf8)
    var (parts, start): ([String], Int) = ([], 0)
    for place in places(of: separator, in: bytes, most: most, fromRight: fromRight) {
      parts.append(string(bytes[start..<place]))
      start = place + separator.utf8.count
    }
    return parts + [string(bytes[start...])]
  }

  /// Where a part begins in some bytes, from the left to the right, none over another one.
  ///
  /// No byte is looked at twice, however the part repeats itself (Knuth, Morris and Pratt): what
  /// has been matched tells how far the part may already have begun anew.
  private static func places(
    of part: String,
    in text: [UInt8],
    most: Int,
    fromRight: Bool = false
  ) -> [Int] {
    guard !part.isEmpty else { return most > 0 ? [fromRight ? text.count : 0] : [] }
    let needle = fromRight ? part.utf8.reversed() : Array(part.utf8)
    guard needle.count <= text.count else { return [] }
    let restarts = restarts(of: needle)
    var (places, matched): ([Int], Int) = ([], 0)
    for step in text.indices where places.count < most {
      let byte = text[fromRight ? text.count - 1 - step : step]
      while matched > 0, needle[matched] != byte { matched = Int(restarts[matched - 1]) }
      if needle[matched] == byte { matched += 1 }
      if matched == needle.count {
        places.append(fromRight ? text.count - 1 - step : step + 1 - needle.count)
        matched = 0
      }
    }
    return fromRight ? places.reversed() : places
  }

  /// For each beginning of a part, the longest shorter one that it ends with.
  private static func restarts(of needle: [UInt8]) -> [Int32] {
    var (restarts, matched) = ([Int32](repeating: 0, count: needle.count), 0)
    for place in needle.indices.dropFirst() {
      while matched > 0, needle[matched] != needle[place] { matched = Int(restarts[matched - 1]) }
      if needle[matched] == needle[place] { matched += 1 }
      restarts[place] = Int32(matched)
    }
    return restarts
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
    let scalars = text.unicodeScalars
    var (lines, start, at): ([String], String.Index, String.Index) =
      ([], scalars.startIndex, scalars.startIndex)
    while at < scalars.endIndex {
      let (place, scalar) = (at, scalars[at])
      at = scalars.index(after: at)
      switch scalar.value {
      case 0xA...0xD, 0x1C...0x1E, 0x85, 0x2028, 0x2029: break
      default: continue
      }
      lines.append(String(scalars[start..<place]))
      if scalar == "\r", at < scalars.endIndex, scalars[at] == "\n" {
        at = scalars.index(after: at)
      }
      start = at
    }
    return start < at ? lines + [String(scalars[start...])] : lines
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
    var rest = text.unicodeScalars[...]
    if left { rest = rest.drop(while: isStripped) }
    if right { while let last = rest.last, isStripped(last) { rest = rest.dropLast() } }
    return String(rest)
  }

  static func replaced(_ text: String, _ part: String, by other: String, most: Int) -> String {
    guard !part.isEmpty else {
      // Python puts it between all characters.
      var (all, place) = ("", 0)
      for scalar in text.unicodeScalars {
        if place < most { all += other }
        all.unicodeScalars.append(scalar)
        place += 1
      }
      return place < most ? all + other : all
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
    text.utf8.starts(with: part.utf8)
  }

  static func ends(_ text: String, _ part: String) -> Bool {
    text.utf8.reversed().starts(with: part.utf8.reversed())
  }

  /// The text of some bytes of a text, which are whole scalars.
  static func string(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  // MARK: Numbers

  /// The whole number that Python reads in a text; nil for none.
  static func whole(_ text: String) -> Int? { digits(text).flatMap { Int($0) } }

  /// The number that Python reads in a text; nil for none.
  static func number(_ text: String) -> Double? {
    // Python has no digits of base 16 here, Swift does.
    digits(text).flatMap { $0.contains(where: "xXpP(".contains) ? nil : Double($0) }
  }

  /// A text without the white space around it and the lines between digits.
  private static func digits(_ text: String) -> String? {
    let bytes = Array(stripped(text, nil, left: true, right: true).utf8)
    // Python reads no more digits than these either.
    guard bytes.count <= 4_300 else { return nil }
    for place in bytes.indices where bytes[place] == UInt8(ascii: "_") {
      guard place > 0, place + 1 < bytes.count,
        [bytes[place - 1], bytes[place + 1]].allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
    }
    return string(bytes.filter { $0 != UInt8(ascii: "_") })
  }
}
