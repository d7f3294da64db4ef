// SPDX-License-Identifier: MIT

/// Pieces as the most probable tokens: each token has a logarithm of its probability, and of all
/// ways to write a piece the one with the largest sum is taken.
package struct UnigramModel: Sendable {
  package typealias Piece = UnsafeBufferPointer<UInt8>

  /// How much less probable an unknown character is than the least probable token.
  private static let unknownPenalty = 10.0

  private let scores: [Double]
  private let unknown: TokenID
  private let unknownScore: Double
  private let byteIDs: [TokenID]?
  private let trie: TokenTrie

  /// - Parameters:
  ///   - tokens: The tokens with their scores, by id; of two alike the later one counts.
  ///   - unknown: The token of what no token writes.
  ///   - fallsBack: Whether that is spelled in bytes, if the vocabulary has all that it takes.
  package init(tokens: [(token: [UInt8], score: Double)], unknown: TokenID, fallsBack: Bool) {
    scores = tokens.map(\.score)
    self.unknown = unknown
    unknownScore = scores.reduce(.infinity, min) - Self.unknownPenalty
    trie = TokenTrie(tokens.map(\.token))
    let trie = trie
    byteIDs =
      fallsBack
      ? (UInt8.min...UInt8.max).map { trie.id(of: Array(ByteToken.spelling($0).utf8)) ?? -1 } : nil
  }

  private struct Node {
    var id: TokenID = -1
    var score = 0.0
    var start = -1
  }

  func append(_ piece: Piece, to ids: inout [TokenID]) {
    var best = Array(repeating: Node(), count: piece.count + 1)
    var start = 0
    while start < piece.count {
      let width = UTF8.width(ofLead: piece[start])
      let before = best[start].score
      func offer(_ id: TokenID, _ score: Double, _ end: Int) {
        if best[end].start < 0 || score > best[end].score {
          best[end] = Node(id: id, score: score, start: start)
        }
      }
      var hasSingle = false
      trie.prefixes(of: piece, from: start) { id, end in
        offer(id, scores[Int(id)] + before, end)
        hasSingle = hasSingle || end == start + width
      }
      if !hasSingle { offer(unknown, unknownScore + before, start + width) }
      start += width
    }
    for range in pieces(best, piece.count) { appendToken(piece, range, &ids) }
  }

  /// The parts of the best way, in order; unknown ones beside each other are one.
  private func pieces(_ best: [Node], _ count: Int) -> [Range<Int>] {
    var (parts, end): ([Range<Int>], Int) = ([], count)
    var unknownEnd: Int?
    while end > 0 {
      let node = best[end]
      if node.id == unknown {
        unknownEnd = unknownEnd ?? end
      } else {
        if let unknownEnd { parts.append(end..<unknownEnd) }
        unknownEnd = nil
        parts.append(node.start..<end)
      }
      end = node.start
    }
    if let unknownEnd { parts.append(0..<unknownEnd) }
    return parts.reversed()
  }

  private func appendToken(_ piece: Piece, _ range: Range<Int>, _ ids: inout [TokenID]) {
    let part = Piece(rebasing: piece[range])
    if let id = trie.id(of: Array(part)) {
      ids.append(id)
    } else if let bytes = byteIDs, part.allSatisfy({ bytes[Int($0)] >= 0 }) {
      ids += part.map { bytes[Int($0)] }
    } else {
      ids.append(unknown)
    }
  }
}
