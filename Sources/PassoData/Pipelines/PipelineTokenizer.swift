// SPDX-License-Identifier: MIT

import Synchronization

/// A tokenizer of stages, as Hugging Face `tokenizers` has them: normalizers, pre-tokenizers, a
/// model, decoders.
///
/// Byte-level byte pairs have a quicker one of their own, `BytePairTokenizer`.
package struct PipelineTokenizer: Tokenizer {
  private let stages: PipelineStages
  private let isReadingSpecials: Bool
  private let raw: AddedTokenFinder
  private let normalized: AddedTokenFinder

  /// Takes over what a file says.
  package init(_ stages: PipelineStages) { self.init(stages, readingSpecials: true) }

  private init(_ stages: PipelineStages, readingSpecials: Bool) {
    self.stages = stages
    isReadingSpecials = readingSpecials
    let added = stages.added.filter { readingSpecials || !$0.isSpecial }
    raw = AddedTokenFinder(added.filter { !$0.isNormalized })
    normalized = AddedTokenFinder(added.filter(\.isNormalized), spelling: stages.written)
  }

  package var readingSpecialsAsText: any Tokenizer {
    PipelineTokenizer(stages, readingSpecials: false)
  }

  package var kind: TokenizerKind { .pieces }

  package var vocabularySize: Int { stages.spellings.count }

  package var template: TextTemplate { stages.template }

  package var cuts: TextCuts { .nowhere }

  /// The file, for whoever writes it again.
  package var source: [UInt8] { stages.source }

  package func id(of token: SpecialToken) -> TokenID? {
    if token == .unknown { return stages.unknown }
    let bytes = Array(token.rawValue.utf8)
    return stages.added.first { $0.bytes == bytes }?.id
  }

  /// How a file spells a token; nil if no token has this id.
  package func spelling(of id: TokenID) -> String? {
    stages.spelling(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  package func token(of id: TokenID) -> String? {
    guard let spelling = stages.spelling(of: id) else { return nil }
    let text = String(decoding: spelling, as: UTF8.self)
    if stages.skipped.contains(id) { return text.printable }
    if stages.spellsBytes, let bytes = ByteSpelling.bytes(of: text) {
      return ByteSpelling.shown(bytes)
    }
    return ByteSpelling.shown(Array(text.replacing("\u{2581}", with: " ").utf8))
  }

  // MARK: To ids

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var text = text
    let found = text.withUTF8 { bytes in
      Result { () throws(DataProblem) in try ids(of: bytes) }
    }
    return try found.get()
  }

  private func ids(
    of text: UnsafeBufferPointer<UInt8>
  ) throws(DataProblem) -> [TokenID] {
    var ids: [TokenID] = []
    var room = GrowthRoom(text.count)
    try raw.parts(of: text) { (part) throws(DataProblem) in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        let scalars = String(decoding: text[range], as: UTF8.self).unicodeScalars
        let lead = range.lowerBound == 0 ? 1 : 0
        var rest = NormalizedText(Array(scalars), lead: lead)
        for normalizer in stages.normalizers { try normalizer.apply(to: &rest, in: &room) }
        room.endPart()
        let (bytes, leadBytes) = rest.utf8
        try bytes.withUnsafeBufferPointer { (bytes) throws(DataProblem) in
          try append(bytes, lead: leadBytes, &room, &ids)
        }
      }
    }
    return ids
  }

  /// Appends the ids of a normalized text.
  private func append(
    _ text: UnsafeBufferPointer<UInt8>,
    lead: Int,
    _ room: inout GrowthRoom,
    _ ids: inout [TokenID]
  ) throws(DataProblem) {
    try normalized.parts(of: text) { (part) throws(DataProblem) in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        var pieces = TextPieces(Array(text[range]), lead: max(0, lead - range.lowerBound))
        for preTokenizer in stages.preTokenizers {
          try preTokenizer.apply(to: &pieces, in: &room)
        }
        room.endPart()
        pieces.bytes.withUnsafeBufferPointer { bytes in
          for range in pieces.ranges {
            stages.model.append(UnsafeBufferPointer(rebasing: bytes[range]), to: &ids)
          }
        }
      }
    }
  }

  // MARK: Back to text

  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    try check(ids)
    var tokens = ids.filter { keepingSpecials || !stages.skipped.contains($0) }
      .compactMap { stages.spelling(of: $0) }
    guard let decoders = stages.decoders else {
      return String(decoding: Array(tokens.joined(separator: [0x20])), as: UTF8.self)
    }
    var room = GrowthRoom(tokens.reduce(0) { $0 + $1.count })
    for decoder in decoders { tokens = try decoder.apply(to: tokens, in: &room) }
    return String(decoding: Array(tokens.joined()), as: UTF8.self)
  }
}

/// What a file says of such a tokenizer.
package final class PipelineStages: Sendable {
  let normalizers: [TextNormalizer]
  let preTokenizers: [PreTokenizer]
  let model: PieceModel

  /// Nil if tokens become text with blanks between them.
  let decoders: [TokenDecoder]?
  let added: [AddedToken]
  let template: TextTemplate

  /// The token of what cannot be written.
  let unknown: TokenID?
  let source: [UInt8]

  /// The tokens by id; those that were only added are last.
  let spellings: ByteTable

  /// Those that decoding leaves out.
  let skipped: Set<TokenID>
  private let written: [TokenID: [UInt8]]

  /// Whether tokens are bytes as visible characters.
  let spellsBytes: Bool

  /// - Parameters:
  ///   - vocabulary: The tokens of the model by id.
  ///   - model: What makes tokens of a piece.
  ///   - added: Tokens that are found in a text before it is cut.
  ///   - unknown: The token of what cannot be written, if there is one.
  ///   - surroundings: What stands around the model.
  ///   - source: The file.
  /// - Throws: `DataProblem` if an added token has another id than it would get, or becomes longer
  ///   than honest stages make it.
  package init(
    vocabulary: ByteTable,
    model: PieceModel,
    added: [AddedToken],
    unknown: TokenID?,
    surroundings: PipelineSurroundings,
    source: [UInt8]
  ) throws(DataProblem) {
    let count = max(vocabulary.count, added.reduce(0) { max($0, Int($1.id)) }) + added.count
    try Vocabulary.check(count: count)
    normalizers = surroundings.normalizers
    preTokenizers = surroundings.preTokenizers
    decoders = surroundings.decoders
    template = surroundings.template
    (self.model, self.added, self.unknown, self.source) = (model, added, unknown, source)
    var spellings = vocabulary
    try spellings.add(added)
    self.spellings = spellings
    var room = GrowthRoom(added.reduce(0) { $0 + $1.bytes.count })
    let texts = try AddedTokenTexts(added) { (bytes) throws(DataProblem) in
      try Self.normalized(bytes, surroundings.normalizers, in: &room)
    }
    (written, skipped) = (texts.written, texts.skipped)
    spellsBytes = surroundings.spellsBytes
  }

  func spelling(of id: TokenID) -> [UInt8]? {
    guard (0..<spellings.count).contains(Int(id)) else { return nil }
    if let written = written[id] { return written }
    return spellings.isSkipped(Int(id)) ? nil : Array(spellings[Int(id)])
  }

  /// How an added token is written in a text.
  func written(_ token: AddedToken) -> [UInt8] { written[token.id] ?? token.bytes }

  /// What the normalizers make of a spelling.
  private static func normalized(
    _ bytes: [UInt8],
    _ normalizers: [TextNormalizer],
    in room: inout GrowthRoom
  ) throws(DataProblem) -> [UInt8] {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    var text = NormalizedText(Array(scalars), lead: 1)
    for normalizer in normalizers { try normalizer.apply(to: &text, in: &room) }
    room.endPart()
    return text.utf8.bytes
  }
}

/// What stands around a model.
package struct PipelineSurroundings: Sendable {
  package var normalizers: [TextNormalizer] = []
  package var preTokenizers: [PreTokenizer] = []
  package var decoders: [TokenDecoder]?
  package var template = TextTemplate()

  package init() {}

  /// Whether bytes are visible characters when they come to the model.
  var spellsBytes: Bool {
    preTokenizers.contains { if case .byteLevel = $0 { true } else { false } }
      || normalizers.contains { if case .byteLevel = $0 { true } else { false } }
  }
}
