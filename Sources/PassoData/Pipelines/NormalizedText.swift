// SPDX-License-Identifier: MIT

/// A text on its way through normalizers.
struct NormalizedText {
  var scalars: [Unicode.Scalar]

  /// How many scalars at the beginning stand for the very first of the text, which some
  /// tokenizers treat otherwise; none if that one is gone, or the text is not the first part.
  var lead: Int

  init(_ scalars: [Unicode.Scalar], lead: Int) {
    self.scalars = scalars
    self.lead = min(lead, scalars.count)
  }

  /// Puts scalars for each one.
  mutating func map(_ change: (Unicode.Scalar, inout [Unicode.Scalar]) -> Void) {
    var (all, lead): ([Unicode.Scalar], Int) = ([], 0)
    all.reserveCapacity(scalars.count)
    for (place, scalar) in scalars.enumerated() {
      change(scalar, &all)
      if place < self.lead { lead = all.count }
    }
    (scalars, self.lead) = (all, lead)
  }

  /// Takes a normal form of the whole.
  mutating func form(_ normal: ([Unicode.Scalar]) -> [Unicode.Scalar]) {
    if lead > 0 { lead = max(1, normal(Array(scalars.prefix(lead))).count) }
    scalars = normal(scalars)
    lead = min(lead, scalars.count)
  }

  /// Puts a text in the place of each match.
  ///
  /// - Throws: `DataProblem` if the whole becomes longer than there is room for.
  mutating func replace(
    _ matches: [Range<Int>],
    by content: String,
    in room: inout GrowthRoom
  ) throws(DataProblem) {
    guard !matches.isEmpty else { return }
    // Before anything is made of it: both may be as long as a file.
    let content = Array(content.unicodeScalars)
    try room.ask(scalars.count + matches.count * content.count)
    var (all, lead, place): ([Unicode.Scalar], Int, Int) = ([], 0, 0)
    for match in matches {
      all += scalars[place..<match.lowerBound]
      if place < self.lead { lead = all.count - max(0, match.lowerBound - self.lead) }
      all += content
      // What is put there stands for the last of what was there.
      if match.upperBound <= self.lead { lead = all.count }
      place = match.upperBound
    }
    if place < self.lead { lead = all.count + self.lead - place }
    all += scalars[place...]
    (scalars, self.lead) = (all, lead)
  }

  /// - Throws: `DataProblem` if the whole becomes longer than there is room for.
  mutating func prepend(
    _ content: String,
    in room: inout GrowthRoom
  ) throws(DataProblem) {
    guard !scalars.isEmpty else { return }
    try room.ask(scalars.count + content.utf8.count)
    let content = Array(content.unicodeScalars)
    scalars = content + scalars
    if lead > 0 { lead += content.count }
  }

  mutating func strip(left: Bool, right: Bool) {
    if left {
      let count = scalars.prefix { $0.properties.isWhitespace }.count
      scalars.removeFirst(count)
      lead = max(0, lead - count)
    }
    if right {
      while scalars.last?.properties.isWhitespace ?? false { scalars.removeLast() }
      lead = min(lead, scalars.count)
    }
  }

  /// The bytes, and how many of them belong to `lead`.
  var utf8: (bytes: [UInt8], lead: Int) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    var leadBytes = 0
    for (place, scalar) in scalars.enumerated() {
      bytes += UTF8.encode(scalar).map(Array.init) ?? []
      if place < lead { leadBytes = bytes.count }
    }
    return (bytes, leadBytes)
  }
}
