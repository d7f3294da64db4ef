// SPDX-License-Identifier: MIT

/// Encodes one text after the other on one thread; what it learns of one helps with the next.
final class BytePairEncoder {
  private let model: BytePairModel
  private let scanners: [TextScanner]
  private let cache = PieceCache()
  private let merger: PieceMerger

  // Ids that wait to be handed over, many at once.
  private var waiting: UnsafeMutablePointer<TokenID>
  private var capacity: Int
  private var count = 0

  private static let most = 1 << 14

  init(_ model: BytePairModel) {
    self.model = model
    scanners = model.settings.patterns.map(TextScanner.init)
    merger = model.merger
    capacity = Self.most * 2
    waiting = .allocate(capacity: capacity)
  }

  deinit { waiting.deallocate() }

  /// Appends the ids of a text in which no added token is to be found any more.
  ///
  /// - Parameters:
  ///   - text: The text, in well-formed UTF-8.
  ///   - continues: Whether it goes on from another, so that its start gets no blank.
  ///   - ids: Where the ids go.
  func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    continues: Bool = false,
    into ids: inout [TokenID]
  ) {
    cut(text, with: 0, continues: continues, &ids)
    flush(&ids)
  }

  /// Cuts a text with the scanners from one on, then looks for pairs in each piece.
  private func cut(
    _ text: UnsafeBufferPointer<UInt8>,
    with place: Int,
    continues: Bool,
    hasBlank: Bool = false,
    _ ids: inout [TokenID]
  ) {
    let blank = UInt8(ascii: " ")
    if model.settings.blankPlace == place, !hasBlank, !continues, let first = text.first,
      first != blank
    {
      return ([blank] + text).withUnsafeBufferPointer {
        cut($0, with: place, continues: false, hasBlank: true, &ids)
      }
    }
    guard
      place + 1 < scanners.count || model.settings.blankPlace == place + 1
        || model.settings.byteDigits != nil
    else { return encodePieces(of: text, place < scanners.count ? scanners[place] : nil, &ids) }
    guard place < scanners.count else { return encodeByteDigits(text, &ids) }
    var start = 0
    while start < text.count {
      let end = scanners[place].end(of: text, from: start)
      let piece = UnsafeBufferPointer(rebasing: text[start..<end])
      cut(piece, with: place + 1, continues: continues && start == 0, &ids)
      start = end
    }
  }

  /// The innermost cut, which most tokenizers have alone.
  private func encodePieces(
    of text: UnsafeBufferPointer<UInt8>,
    _ scanner: TextScanner?,
    _ ids: inout [TokenID]
  ) {
    var start = 0
    while start < text.count {
      let end = scanner?.end(of: text, from: start) ?? text.count
      encodeBytes(of: text, start, end, &ids)
      start = end
    }
  }

  private func encodeByteDigits(_ text: UnsafeBufferPointer<UInt8>, _ ids: inout [TokenID]) {
    guard let digits = model.settings.byteDigits else { return encodePieces(of: text, nil, &ids) }
    var start = 0
    while start < text.count {
      let end = TextScanner.byteDigitsEnd(text, start, digits)
      encodeBytes(of: text, start, end, &ids)
      start = end
    }
  }

  @inline(__always)
  private func encodeBytes(
    of text: UnsafeBufferPointer<UInt8>,
    _ start: Int,
    _ end: Int,
    _ ids: inout [TokenID]
  ) {
    guard let base = text.baseAddress else { return }
    let length = end &- start
    reserve(length &+ 8, &ids)
    if length <= PieceCache.longest {
      encodeShort(base + start, length, readable: text.count &- start)
    } else {
      encodePiece(UnsafeBufferPointer(start: base + start, count: length))
    }
  }

  @inline(__always)
  private func encodeShort(_ start: UnsafePointer<UInt8>, _ length: Int, readable: Int) {
    let key = cache.key(start, length: length, readable: readable)
    let line = cache.line(of: key)
    if let known = cache.copyIDs(line, if: key, to: waiting + count) {
      count &+= known
      return
    }
    let before = count
    encodePiece(UnsafeBufferPointer(start: start, count: length))
    if count - before <= PieceCache.mostIDs {
      cache.keep(line, key, waiting + before, count: count - before)
    }
  }

  @inline(never)
  private func encodePiece(_ piece: UnsafeBufferPointer<UInt8>) {
    if model.settings.ignoresMerges, let id = model.wholes[Array(piece)] {
      waiting[count] = id
      count += 1
      return
    }
    count += merger.ids(of: piece, to: waiting + count)
  }

  @inline(__always)
  private func reserve(_ more: Int, _ ids: inout [TokenID]) {
    if count &+ more > capacity || count > Self.most { makeRoom(more, &ids) }
  }

  @inline(never)
  private func makeRoom(_ more: Int, _ ids: inout [TokenID]) {
    flush(&ids)
    guard more > capacity else { return }
    waiting.deallocate()
    capacity = more
    waiting = .allocate(capacity: capacity)
  }

  private func flush(_ ids: inout [TokenID]) {
    ids.append(contentsOf: UnsafeBufferPointer(start: waiting, count: count))
    count = 0
    // A piece as long as a book must not be paid for ever after.
    guard capacity > Self.most * 2 else { return }
    waiting.deallocate()
    capacity = Self.most * 2
    waiting = .allocate(capacity: capacity)
  }
}

// It is with one thread at a time: the one that has taken it out.
extension BytePairEncoder: @unchecked Sendable {}
