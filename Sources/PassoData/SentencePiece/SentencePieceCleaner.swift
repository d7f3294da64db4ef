// SPDX-License-Identifier: MIT

extension SentencePieceCleaning {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// The cleaned text.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8.
  ///   - symbols: Pieces that stay as they are.
  ///   - room: How long it may become.
  /// - Returns: Well-formed UTF-8.
  /// - Throws: `DataProblem` if it becomes longer.
  func cleaned(
    _ text: Text,
    keeping symbols: SymbolMatcher,
    in room: inout GrowthRoom
  ) throws(DataProblem) -> [UInt8] {
    guard let map else {
      let parts = SentencePieceParts(text, nil, Text(start: nil, count: 0), symbols)
      return try cleaned(parts, &room)
    }
    return try map.texts.withUnsafeBufferPointer { (others) throws(DataProblem) in
      try cleaned(SentencePieceParts(text, map, others, symbols), &room)
    }
  }

  private func cleaned(
    _ parts: SentencePieceParts,
    _ room: inout GrowthRoom
  ) throws(DataProblem) -> [UInt8] {
    var place = removesBlanks ? parts.firstPlace : 0
    if place == parts.text.count { return [] }
    let blank = marksBlanks ? Self.mark : [0x20]
    var all: [UInt8] = []
    all.reserveCapacity(parts.text.count + parts.text.count / 2)
    if addsBlank, !endsWithMark { all += blank }
    // What is put in and goes again takes its time as well.
    var (isAfterBlank, read) = (removesBlanks, 0)
    while place < parts.text.count {
      let (part, end) = parts.next(place)
      read += part.count
      try room.ask(max(read, all.count))
      let rest = isAfterBlank ? Text(rebasing: part.drop { $0 == 0x20 }) : part
      for byte in rest {
        if byte == 0x20 { all += blank } else { all.append(byte) }
      }
      if let last = rest.last { isAfterBlank = removesBlanks && last == 0x20 }
      place = end
    }
    room.endPart()
    if removesBlanks {
      while all.suffix(blank.count).elementsEqual(blank) { all.removeLast(blank.count) }
    }
    if addsBlank, endsWithMark { all += blank }
    return all
  }
}

/// What stands for the characters of a text, one part after the other.
private struct SentencePieceParts {
  typealias Text = UnsafeBufferPointer<UInt8>

  let text: Text
  private let map: PrecompiledMap?
  private let others: Text
  private let symbols: SymbolMatcher

  /// - Parameters:
  ///   - text: The text.
  ///   - map: What is replaced by what; nil for nothing.
  ///   - others: The texts to put there.
  ///   - symbols: Pieces that stay as they are.
  init(_ text: Text, _ map: PrecompiledMap?, _ others: Text, _ symbols: SymbolMatcher) {
    (self.text, self.map, self.others, self.symbols) = (text, map, others, symbols)
  }

  /// What stands for the next characters, and where those after them begin.
  @inline(__always)
  func next(_ place: Int) -> (part: Text, end: Int) {
    if let end = symbols.end(of: text, from: place) {
      return (Text(rebasing: text[place..<end]), end)
    }
    if let (other, end) = map?.longest(in: text, from: place) {
      return (Text(rebasing: others[other]), end)
    }
    let end = min(text.count, place + UTF8.width(ofLead: text[place]))
    return (Text(rebasing: text[place..<end]), end)
  }

  /// Where the first part stands that is no blank.
  var firstPlace: Int {
    var place = 0
    while place < text.count {
      let (part, end) = next(place)
      guard part.count == 1, part[0] == 0x20 else { break }
      place = end
    }
    return place
  }
}
