// SPDX-License-Identifier: MIT

/// What a byte-level tokenizer does with a text besides merging.
package struct BytePairSettings: Hashable, Sendable {
  /// Where the text is cut first, and where its pieces are cut then; none for nowhere.
  package var patterns: [SplitPattern] = [.gpt2]

  /// How many of the patterns cut before pieces that begin without a blank get one.
  ///
  /// With 0 the whole text gets it; with nil nothing does.
  package var blankPlace: Int?

  /// How pieces are cut once they are bytes, as `Digits` after `ByteLevel` does it.
  package var byteDigits: DigitCut?

  /// How ids become text again.
  package var decoding = BytePairDecoding.bytes

  /// Whether accents are composed first (NFC).
  package var composes = false

  /// Whether a piece that is a token is one, whatever the merges say.
  package var ignoresMerges = false

  /// The token of bytes that have none; without it they vanish.
  package var unknown: TokenID?

  /// Whether neighbouring unknown bytes are one token.
  package var fusesUnknown = false

  /// Kept for the file; it concerns places in the text only, not ids.
  package var trimsOffsets = true

  /// What stands around a text; `encode` does not add it.
  package var template = TextTemplate()

  package init() {}

  /// One pattern, which may be that of nowhere.
  package init(_ pattern: SplitPattern) { patterns = pattern == .whole ? [] : [pattern] }
}

/// How byte-level tokens become text.
package enum BytePairDecoding: Hashable, Sendable {
  /// The bytes of each token, one after the other: `ByteLevel`.
  case bytes

  /// The bytes of all spellings together, or the spellings if one of them stands for no bytes:
  /// `Fuse` before `ByteLevel`.
  case fused

  /// The spellings as they stand in the file, with something between them: no `ByteLevel`.
  case spellings(separator: String)
}

/// The tokens and merges of a byte-level tokenizer, for reading by many threads.
final class BytePairModel: Sendable {
  let settings: BytePairSettings

  /// The spellings in the file, by id; those of tokens that were only added are last.
  let spellings: ByteTable

  /// How many of them belong to the model itself.
  let modelCount: Int

  /// In the order of their ranks, without those that a later one replaced.
  let merges: [TokenPair]

  let added: [AddedToken]

  /// What merges the bytes of a piece.
  let merger: PieceMerger

  /// What each token stands for.
  let texts: ByteTexts

  /// Whole pieces by their bytes, if the settings need them.
  let wholes: [[UInt8]: TokenID]

  let specials: [TokenID: AddedToken]

  /// How added tokens are spelled.
  let written: [TokenID: [UInt8]]

  /// Those that decoding leaves out.
  let skipped: Set<TokenID>

  /// Takes over what a file or a training says.
  ///
  /// - Parameters:
  ///   - vocabulary: The model's tokens, as files spell them, in the order of their ids.
  ///   - merges: Pairs of spellings, by rank.
  ///   - added: Tokens that are found in a text before it is cut.
  ///   - settings: The rest.
  /// - Throws: `DataProblem` if a merge names what is no token, or an added token has another id
  ///   than it would get.
  init(
    vocabulary: ByteTable,
    merges: [TokenPair],
    added: [AddedToken],
    settings: BytePairSettings
  ) throws(DataProblem) {
    let count = max(vocabulary.count, added.reduce(0) { max($0, Int($1.id)) }) + added.count
    try Vocabulary.check(count: count)
    self.settings = settings
    modelCount = vocabulary.count
    var spellings = vocabulary
    try spellings.add(added)
    self.spellings = spellings
    let pairs: PairTable
    (self.merges, pairs) = try Self.ranked(merges, vocabulary)
    self.added = added
    specials = Dictionary(
      uniqueKeysWithValues: added.filter(\.isSpecial).map { ($0.id, $0) }
    )
    merger = PieceMerger(
      pairs: pairs,
      byteIDs: Self.byteIDs(vocabulary),
      unknown: settings.unknown,
      fusesUnknown: settings.fusesUnknown
    )
    let addedTexts = AddedTokenTexts(added, composed: settings.composes)
    texts = ByteTexts(spellings, addedTexts.written)
    written = addedTexts.written
    skipped = addedTexts.skipped
    wholes = settings.ignoresMerges ? Self.wholes(vocabulary) : [:]
  }

  /// For each byte its id, or -1.
  static func byteIDs(_ vocabulary: ByteTable) -> [TokenID] {
    ByteSpelling.scalars.map { scalar in
      vocabulary.number(of: Array(String(scalar).utf8)).map { TokenID($0) } ?? -1
    }
  }

  private static func ranked(
    _ merges: [TokenPair],
    _ vocabulary: ByteTable
  ) throws(DataProblem) -> ([TokenPair], PairTable) {
    var table = PairTable(capacity: merges.count)
    var joined: [UInt8] = []
    for (rank, pair) in merges.enumerated() {
      joined.removeAll(keepingCapacity: true)
      joined += vocabulary[Int(pair.left)]
      joined += vocabulary[Int(pair.right)]
      guard let id = vocabulary.number(of: joined) else {
        throw .mergeWithoutToken(String(decoding: joined, as: UTF8.self), rank: rank + 1)
      }
      table.set(pair.key, UInt64(rank) << 32 | UInt64(id))
    }
    guard table.count < merges.count else { return (merges, table) }
    let kept = merges.enumerated().filter { table[$0.element.key] >> 32 == UInt64($0.offset) }
    return (kept.map(\.element), table)
  }

  private static func wholes(_ vocabulary: ByteTable) -> [[UInt8]: TokenID] {
    var wholes: [[UInt8]: TokenID] = [:]
    for id in 0..<vocabulary.count {
      let spelling = String(decoding: vocabulary[id], as: UTF8.self)
      if let bytes = ByteSpelling.bytes(of: spelling) { wholes[bytes] = TokenID(id) }
    }
    return wholes
  }
}

/// The bytes that each token stands for, one after the other.
struct ByteTexts: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]

  /// A spelling with a character that stands for no byte is itself the text.
  init(_ spellings: ByteTable, _ written: [TokenID: [UInt8]]) {
    for id in 0..<spellings.count {
      let spelling = written[TokenID(id)]?[...] ?? spellings[id]
      let text = String(decoding: spelling, as: UTF8.self)
      bytes += ByteSpelling.bytes(of: text)?[...] ?? spelling
      starts.append(bytes.count)
    }
  }

  var count: Int { starts.count - 1 }

  subscript(id: TokenID) -> ArraySlice<UInt8> { bytes[starts[Int(id)]..<starts[Int(id) + 1]] }
}
