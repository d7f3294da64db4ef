// SPDX-License-Identifier: MIT

/// Cuts a text into the most probable pieces as sentencepiece does, with sums of 32 bits over the
/// whole text, since their rounding can decide.
struct SentencePieceUnigram: Sendable {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// How much less probable an unknown character is than the least probable piece.
  private static let unknownPenalty: Float = 10

  /// What each byte but the first of a symbol of its own is worth, so that it is always taken.
  private static let symbolBonus: Float = 0.1

  private let trie: TokenTrie
  private let scores: [Float]
  private let kinds: [SentencePieceModel.PieceKind]
  private let unknown: TokenID
  private let unknownScore: Float

  init(_ pieces: [SentencePieceModel.Piece], unknown: TokenID) {
    trie = TokenTrie(pieces.map { $0.kind.isText ? $0.text : [] })
    (scores, kinds) = (pieces.map(\.score), pieces.map(\.kind))
    self.unknown = unknown
    let normal = pieces.filter { $0.kind == .normal }.map(\.score)
    unknownScore = normal.reduce(.greatestFiniteMagnitude, min) - Self.unknownPenalty
  }

  private struct Node {
    var id: TokenID = -1
    var score: Float = 0
    var start = -1
  }

  /// Hands over the pieces with their ids, in order.
  func pieces(of text: Text, _ use: (Text, TokenID) -> Void) {
    var best = Array(repeating: Node(), count: text.count + 1)
    best.withUnsafeMutableBufferPointer { best in
      var start = 0
      while start < text.count {
        let next = min(text.count, start + UTF8.width(ofLead: text[start]))
        let before = best[start].score
        var hasSingle = false
        trie.prefixes(of: text, from: start) { id, end in
          let kind = kinds[Int(id)]
          if kind == .unused { return }
          let score =
            kind == .userDefined
            ? Float(end &- start) * Self.symbolBonus - Self.symbolBonus : scores[Int(id)]
          let sum = score + before
          if best[end].start < 0 || sum > best[end].score {
            best[end] = Node(id: id, score: sum, start: start)
          }
          if end == next { hasSingle = true }
        }
        if !hasSingle {
          let sum = unknownScore + before
          if best[next].start < 0 || sum > best[next].score {
            best[next] = Node(id: unknown, score: sum, start: start)
          }
        }
        start = next
      }
      // From the end to the beginning, then handed over the other way round.
      var (end, ends): (Int, [Int]) = (text.count, [])
      while end > 0 {
        ends.append(end)
        end = best[end].start
      }
      for end in ends.reversed() {
        use(Text(rebasing: text[best[end].start..<end]), best[end].id)
      }
    }
  }
}
