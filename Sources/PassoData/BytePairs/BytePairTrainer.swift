// SPDX-License-Identifier: MIT

/// Byte pair encoding learns its tokens: again and again, the most frequent pair becomes one.
///
/// Each step can be watched: the counts before, the merge, the text after. The merges are those of
/// `BpeTrainer` of Hugging Face `tokenizers` with a byte-level alphabet, also where a token arises
/// a second time from another pair, so that its counts are those of more than one merge.
package struct BytePairTrainer: Sendable {
  /// What is to be learned.
  package struct Plan: Hashable, Sendable {
    /// How many tokens there are to be, with all bytes and the special tokens.
    package var vocabularySize: Int

    /// A pair that comes less often is not merged.
    package var minimumFrequency = 0

    /// Tokens that stand for no text; they have the first ids.
    package var specials: [String] = []

    package init(vocabularySize: Int) { self.vocabularySize = vocabularySize }
  }

  /// One step.
  package struct Merge: Hashable, Sendable {
    /// The two tokens that become one.
    package let pair: TokenPair
    package let token: TokenID

    /// How often the pair came.
    package let count: Int

    /// How many tokens the text had before and has after.
    package let tokensBefore: Int
    package let tokensAfter: Int
  }

  /// A pair, and how often it comes in the text as it is now.
  package struct Count: Hashable, Sendable {
    package let pair: TokenPair
    package let count: Int
  }

  package let plan: Plan

  /// The steps so far.
  package private(set) var merges: [Merge] = []

  /// How many tokens the text has now.
  package private(set) var tokenCount: Int

  private var vocabulary: ByteTable
  private let specialCount: Int
  private var words: TrainingWords
  private var queue = Heap<QueuedPair>()
  private var merger: PieceMerger

  /// Cuts the texts and counts their pairs, with as many threads as given; no step is done yet.
  ///
  /// - Parameters:
  ///   - texts: What is learned from, each a text of its own.
  ///   - plan: What is to be learned.
  ///   - threads: How many threads count.
  /// - Throws: `DataProblem` if there is no text, or less room than bytes.
  package init(texts: [String], plan: Plan, threads: Int = 1) throws(DataProblem) {
    (vocabulary, specialCount) = try Self.alphabet(plan)
    self.plan = plan
    let counts = PieceCounts(texts, threads: threads)
    guard !counts.counts.isEmpty else { throw .noWords(scalars: 0) }
    let byteIDs = BytePairModel.byteIDs(vocabulary)
    merger = PieceMerger(pairs: PairTable(), byteIDs: byteIDs)
    words = TrainingWords(counts, byteIDs: byteIDs)
    tokenCount = words.tokenCount
    words.countAll()
    queueNew()
  }

  private mutating func queueNew() {
    for entry in words.takeNew() { queue.insert(entry) }
    words.settle(&queue)
  }

  private static func alphabet(_ plan: Plan) throws(DataProblem) -> (ByteTable, Int) {
    var vocabulary = ByteTable()
    for (id, special) in plan.specials.enumerated() {
      guard !special.isEmpty else { throw .emptyToken(id: id) }
      let number = vocabulary.insert(Array(special.utf8))
      guard number == id else { throw .duplicateToken(special, first: number, second: id) }
    }
    for byte in ByteSpelling.alphabet {
      _ = vocabulary.insert(Array(String(ByteSpelling.scalars[Int(byte)]).utf8))
    }
    guard plan.vocabularySize >= vocabulary.count else {
      throw .tooFewForBytes(found: plan.vocabularySize, needed: vocabulary.count)
    }
    try Vocabulary.check(count: plan.vocabularySize)
    return (vocabulary, plan.specials.count)
  }

  /// How many tokens there are by now.
  package var vocabularySize: Int { vocabulary.count }

  /// Whether no step is left: there are as many tokens as planned, or no pair comes often enough.
  package var isDone: Bool {
    guard vocabulary.count < plan.vocabularySize, let next = queue.first else { return true }
    return next.count < max(1, plan.minimumFrequency)
  }

  /// Merges the most frequent pair, of equal ones that of the lowest ids; nil if none is left.
  package mutating func step() -> Merge? {
    guard !isDone, let top = queue.first else { return nil }
    _ = queue.popFirst()
    let pair = TokenPair(key: top.key)
    let spelling = Array(vocabulary[Int(pair.left)] + vocabulary[Int(pair.right)])
    let token = TokenID(vocabulary.insert(spelling))
    merger.pairs.set(top.key, UInt64(merges.count) << 32 | UInt64(token))
    let before = tokenCount
    tokenCount -= words.merge(top, into: token)
    queueNew()
    let merge = Merge(
      pair: pair,
      token: token,
      count: top.count,
      tokensBefore: before,
      tokensAfter: tokenCount
    )
    merges.append(merge)
    return merge
  }

  /// Does all steps that are left.
  package mutating func run() {
    while step() != nil {}
  }

  /// The most frequent pairs of the text as it is now, the one that merges next first.
  package func counts(top: Int) -> [Count] { words.counts(top: top) }

  /// How a token is written in figures; nil if no token has this id.
  package func token(of id: TokenID) -> String? {
    guard (0..<vocabulary.count).contains(Int(id)) else { return nil }
    let spelling = String(decoding: vocabulary[Int(id)], as: UTF8.self)
    guard id >= specialCount, let bytes = ByteSpelling.bytes(of: spelling) else { return spelling }
    return ByteSpelling.shown(bytes)
  }

  /// The first whole pieces of a text, of a very long piece a part.
  package static func beginning(of text: String, scalars limit: Int) -> String {
    var text = text
    return text.withUTF8 { bytes in
      let scanner = TextScanner(.gpt2)
      var (end, count) = (0, 0)
      while end < bytes.count {
        let next = scanner.end(of: bytes, from: end)
        let piece = String(decoding: bytes[end..<next], as: UTF8.self).unicodeScalars
        count += piece.count
        if count > limit {
          if end > 0 { break }
          return String(String.UnicodeScalarView(piece.prefix(limit)))
        }
        end = next
      }
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
  }

  /// The ids of any text with the merges so far.
  package func encode(_ text: String) -> [TokenID] {
    var text = text
    return text.withUTF8 { bytes in
      var ids: [TokenID] = []
      for piece in TextScanner(.gpt2).pieces(of: bytes) {
        ids += [TokenID](unsafeUninitializedCapacity: piece.count) { buffer, count in
          guard let start = buffer.baseAddress else { return }
          count = merger.ids(of: UnsafeBufferPointer(rebasing: bytes[piece]), to: start)
        }
      }
      return ids
    }
  }

  /// What has been learned so far.
  package func tokenizer() throws(DataProblem) -> BytePairTokenizer {
    try BytePairTokenizer(
      vocabulary: vocabulary,
      merges: merges.map(\.pair),
      added: plan.specials.enumerated().map {
        AddedToken($0.element, id: TokenID($0.offset), isSpecial: true)
      }
    )
  }
}
