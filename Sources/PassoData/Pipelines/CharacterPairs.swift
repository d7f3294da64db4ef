// SPDX-License-Identifier: MIT

/// Byte pair encoding over characters: pieces begin as characters, or as the bytes of those
/// that the vocabulary lacks.
package struct CharacterPairs: Sendable {
  package typealias Piece = UnsafeBufferPointer<UInt8>

  /// What a file says besides tokens and merges.
  package struct Settings: Hashable, Sendable {
    /// Stands before every character of a piece but the first, as `##`.
    package var prefix: [UInt8] = []

    /// Stands after the last character of a piece, as `</w>`.
    package var suffix: [UInt8] = []
    package var unknown: TokenID?
    package var fusesUnknown = false
    package var ignoresMerges = false

    /// Whether unknown characters are spelled in bytes.
    package var fallsBack = false

    package init() {}
  }

  private let vocabulary: ByteTable
  private let pairs: PairTable
  private let settings: Settings

  // By byte, the id of `<0x0A>`, or -1; nil without byte fallback.
  private let byteIDs: [TokenID]?

  /// - Parameters:
  ///   - vocabulary: The tokens by id.
  ///   - merges: Pairs by rank; of two alike the later one counts.
  ///   - settings: The rest.
  /// - Throws: `DataProblem` if a merge makes what is no token.
  package init(
    vocabulary: ByteTable,
    merges: [TokenPair],
    settings: Settings
  ) throws(DataProblem) {
    var pairs = PairTable(capacity: merges.count)
    for (rank, pair) in merges.enumerated() {
      let right = vocabulary[Int(pair.right)].dropFirst(settings.prefix.count)
      let joined = Array(vocabulary[Int(pair.left)] + right)
      guard let id = vocabulary.number(of: joined) else {
        throw .mergeWithoutToken(String(decoding: joined, as: UTF8.self), rank: rank + 1)
      }
      pairs.set(pair.key, UInt64(rank) << 32 | UInt64(id))
    }
    (self.vocabulary, self.pairs, self.settings) = (vocabulary, pairs, settings)
    byteIDs = settings.fallsBack ? ByteToken.ids(in: vocabulary) : nil
  }

  func append(_ piece: Piece, to ids: inout [TokenID]) {
    if settings.ignoresMerges, let id = vocabulary.number(of: piece) {
      return ids.append(TokenID(id))
    }
    var symbols = characters(piece)
    let count = symbols.withUnsafeMutableBufferPointer { PieceMerger.merge($0, pairs) }
    ids += symbols.prefix(count)
  }

  private func characters(_ piece: Piece) -> [TokenID] {
    var symbols: [TokenID] = []
    symbols.reserveCapacity(piece.count)
    var waiting: TokenID?
    var (at, spelling): (Int, [UInt8]) = (0, [])
    while at < piece.count {
      let end = at + UTF8.width(ofLead: piece[at])
      spelling.removeAll(keepingCapacity: true)
      if at > 0 { spelling += settings.prefix }
      spelling += piece[at..<end]
      if end == piece.count { spelling += settings.suffix }
      at = end
      if let id = vocabulary.number(of: spelling) {
        if let unknown = waiting { symbols.append(unknown) }
        waiting = nil
        symbols.append(TokenID(id))
      } else if let bytes = byteIDs, spelling.allSatisfy({ bytes[Int($0)] >= 0 }) {
        symbols += spelling.map { bytes[Int($0)] }
      } else if let unknown = settings.unknown {
        if waiting != nil, !settings.fusesUnknown { symbols.append(unknown) }
        waiting = unknown
      }
    }
    if let unknown = waiting { symbols.append(unknown) }
    return symbols
  }
}

/// The tokens that stand for single bytes, `<0x0A>`.
package enum ByteToken {
  /// By byte, the id, or -1.
  static func ids(in vocabulary: ByteTable) -> [TokenID] {
    (UInt8.min...UInt8.max).map { byte in
      vocabulary.number(of: Array(spelling(byte).utf8)).map { TokenID($0) } ?? -1
    }
  }

  package static func spelling(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x" + (digits.count == 1 ? "0" : "") + digits + ">"
  }

  /// The byte of a spelling, read as generously as `tokenizers` does.
  static func byte(_ spelling: some Collection<UInt8>) -> UInt8? {
    let bytes = Array(spelling)
    guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: bytes[3...4], as: UTF8.self), radix: 16)
  }
}
