// SPDX-License-Identifier: MIT

/// Joins the characters of a text to pieces as sentencepiece does: always the two whose piece has
/// the highest score, of equal ones the leftmost.
struct SentencePiecePairs {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// Two neighbours whose text is a piece.
  private struct Candidate: Comparable {
    let score: Float
    let left: Int32
    let right: Int32

    /// How many bytes both have: one that has more by now is no neighbour any more.
    let size: Int

    static func < (one: Candidate, other: Candidate) -> Bool {
      one.score > other.score || one.score == other.score && one.left < other.left
    }
  }

  private struct Symbol {
    let start: Int
    var count: Int
    var previous: Int32
    var next: Int32

    /// It is a symbol of its own, which joins nothing.
    let isFixed: Bool
  }

  private let text: Text
  private let table: PieceTable
  private var symbols: [Symbol] = []
  private var queue = Heap<Candidate>()

  // Of what parts a piece was made that is not used, by its id.
  private var parts: [TokenID: (left: Int, right: Int)] = [:]

  init(_ text: Text, _ table: PieceTable) {
    (self.text, self.table) = (text, table)
    var place = 0
    while place < text.count {
      let fixed = table.symbols.end(of: text, from: place)
      let end = fixed ?? min(text.count, place + UTF8.width(ofLead: text[place]))
      let index = Int32(symbols.count)
      symbols.append(
        Symbol(
          start: place,
          count: end - place,
          previous: index - 1,
          next: end < text.count ? index + 1 : -1,
          isFixed: fixed != nil
        )
      )
      place = end
    }
  }

  /// Hands over the pieces in order.
  mutating func pieces(_ use: (Text) -> Void) {
    for right in symbols.indices.dropFirst() { offer(Int32(right - 1), Int32(right)) }
    while let best = queue.popFirst() {
      let (left, right) = (Int(best.left), Int(best.right))
      guard symbols[left].count > 0, symbols[right].count > 0,
        symbols[left].count + symbols[right].count == best.size
      else { continue }
      symbols[left].count = best.size
      symbols[left].next = symbols[right].next
      if symbols[right].next >= 0 { symbols[Int(symbols[right].next)].previous = best.left }
      symbols[right].count = 0
      offer(symbols[left].previous, best.left)
      offer(best.left, symbols[left].next)
    }
    var place: Int32 = symbols.isEmpty ? -1 : 0
    while place >= 0 {
      let symbol = symbols[Int(place)]
      hand(Text(rebasing: text[symbol.start..<symbol.start + symbol.count]), use)
      place = symbol.next
    }
  }

  private mutating func offer(_ left: Int32, _ right: Int32) {
    guard left >= 0, right >= 0 else { return }
    let (one, other) = (symbols[Int(left)], symbols[Int(right)])
    guard !one.isFixed, !other.isFixed else { return }
    let size = one.count + other.count
    let joined = Text(rebasing: text[one.start..<one.start + size])
    guard let id = table.textPiece(joined) else { return }
    queue.insert(Candidate(score: table.scores[Int(id)], left: left, right: right, size: size))
    if table.kinds[Int(id)] == .unused { parts[id] = (one.count, other.count) }
  }

  /// A piece that is not used comes in the parts of which it was made, and they in theirs.
  private func hand(_ piece: Text, _ use: (Text) -> Void) {
    guard !parts.isEmpty else { return use(piece) }
    var waiting = [piece]
    while let next = waiting.popLast() {
      let id = table.id(of: next)
      if table.kinds[Int(id)] == .unused, let (left, right) = parts[id] {
        waiting.append(Text(rebasing: next.suffix(right)))
        waiting.append(Text(rebasing: next.prefix(left)))
      } else {
        use(next)
      }
    }
  }
}

/// Pieces by their bytes, with what is known of each.
struct PieceTable: Sendable {
  private let table: ByteTable
  let scores: [Float]
  let kinds: [SentencePieceModel.PieceKind]
  let unknown: TokenID

  /// Pieces that are never cut.
  let symbols: SymbolMatcher

  /// Whether no piece goes on beyond a mark before which there is something else, so that a text
  /// may be cut there.
  let beginsWithMarks: Bool

  /// - Throws: `DataProblem` if a piece is empty or too long, or comes twice.
  init(_ pieces: [SentencePieceModel.Piece], unknown: TokenID) throws(DataProblem) {
    try Vocabulary.check(count: pieces.count)
    var table = ByteTable()
    for (id, piece) in pieces.enumerated() {
      guard !piece.text.isEmpty else { throw .emptyToken(id: id) }
      try Vocabulary.check(token: piece.text, id: id)
      let known = table.insert(piece.text)
      guard known == id else {
        let text = String(decoding: piece.text, as: UTF8.self)
        throw .duplicateToken(text, first: known, second: id)
      }
    }
    (self.table, self.unknown) = (table, unknown)
    (scores, kinds) = (pieces.map(\.score), pieces.map(\.kind))
    symbols = SymbolMatcher(pieces.filter { $0.kind == .userDefined }.map(\.text))
    // How an unused piece comes apart depends on the whole text.
    beginsWithMarks = pieces.allSatisfy {
      $0.kind != .unused && (!$0.kind.isText || !Self.hasMarkInside($0.text))
    }
  }

  private static func hasMarkInside(_ text: [UInt8]) -> Bool {
    let mark = SentencePieceCleaning.mark
    var rest = text[...]
    while rest.starts(with: mark) { rest = rest.dropFirst(mark.count) }
    return rest.indices.contains { rest[$0...].starts(with: mark) }
  }

  /// The id of a text; that of the unknown piece if it is none.
  func id(of text: UnsafeBufferPointer<UInt8>) -> TokenID {
    table.number(of: text).map { TokenID($0) } ?? unknown
  }

  /// The id of a piece that a text can hold.
  func textPiece(_ text: UnsafeBufferPointer<UInt8>) -> TokenID? {
    guard let number = table.number(of: text), kinds[number].isText else { return nil }
    return TokenID(number)
  }

  func spelling(of id: TokenID) -> ArraySlice<UInt8> { table[Int(id)] }

  var count: Int { table.count }
}
