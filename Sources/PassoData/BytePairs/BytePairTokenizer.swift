// SPDX-License-Identifier: MIT

/// Byte-level byte pair encoding, as in GPT-2: every text has ids, and they give the text back.
///
/// Ids and decoded texts are those of Hugging Face `tokenizers`: added tokens are taken out first,
/// the rest is cut by a pattern, and in each piece the pairs of the lowest rank merge.
package struct BytePairTokenizer: Tokenizer {
  let model: BytePairModel
  private let raw: AddedTokenFinder
  private let normalized: AddedTokenFinder

  // Encoders that nobody uses at the moment; each has memory that is worth keeping.
  private let encoders = Locked<[BytePairEncoder]>([])

  /// Takes over what a file or a training says.
  ///
  /// - Parameters:
  ///   - vocabulary: The model's tokens, as files spell them, in the order of their ids.
  ///   - merges: Pairs by rank; the spellings of both, one after the other, must be a token's.
  ///   - added: Tokens that are found in a text before it is cut; those that the vocabulary lacks
  ///     have the next ids.
  ///   - settings: The rest.
  /// - Throws: `DataProblem` if a merge makes what is no token, or an added token has another id.
  package init(
    vocabulary: ByteTable,
    merges: [TokenPair],
    added: [AddedToken],
    settings: BytePairSettings = BytePairSettings()
  ) throws(DataProblem) {
    model = try BytePairModel(
      vocabulary: vocabulary,
      merges: merges,
      added: added,
      settings: settings
    )
    raw = AddedTokenFinder(added.filter { !$0.isNormalized }, composed: false)
    normalized = AddedTokenFinder(added.filter(\.isNormalized), composed: settings.composes)
  }

  package var kind: TokenizerKind { .bytePairs }

  package var vocabularySize: Int { model.spellings.count }

  package func id(of token: SpecialToken) -> TokenID? {
    let bytes = Array(token.rawValue.utf8)
    return model.added.first { $0.bytes == bytes }?.id
  }

  // MARK: What a file holds

  /// What is done besides merging.
  package var settings: BytePairSettings { model.settings }

  /// The merges, by rank.
  package var merges: [TokenPair] { model.merges }

  /// Tokens that are found in a text before it is cut.
  package var added: [AddedToken] { model.added }

  /// How many tokens belong to the model; those after them were only added.
  package var modelCount: Int { model.modelCount }

  /// How a file spells a token, with `Ġ` for a blank; nil if no token has this id.
  package func spelling(of id: TokenID) -> String? {
    guard contains(id) else { return nil }
    return String(decoding: model.spellings[Int(id)], as: UTF8.self)
  }

  /// The bytes that a token stands for, also if it is special; nil if no token has this id.
  package func bytes(of id: TokenID) -> [UInt8]? {
    contains(id) ? Array(model.texts[id]) : nil
  }

  package func token(of id: TokenID) -> String? {
    guard contains(id) else { return nil }
    if let special = model.specials[id] { return special.content.printable }
    return ByteSpelling.shown(model.texts[id])
  }

  private func contains(_ id: TokenID) -> Bool { (0..<model.texts.count).contains(Int(id)) }

  // MARK: Back to text

  /// The text of the ids; bytes that are not UTF-8 become U+FFFD, special tokens nothing.
  package func decode(_ ids: [TokenID]) throws(DataProblem) -> String {
    String(decoding: try bytes(of: ids), as: UTF8.self)
  }

  /// The bytes of the ids, which need not be UTF-8.
  package func bytes(of ids: [TokenID]) throws(DataProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ids.count * 4)
    for (position, id) in ids.enumerated() {
      guard contains(id) else {
        throw .unknownID(id, position: position, known: vocabularySize)
      }
      if !model.skipped.contains(id) { bytes += model.texts[id] }
    }
    return bytes
  }
}

// MARK: - To ids

extension BytePairTokenizer {
  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var ids: [TokenID] = []
    var text = text
    text.withUTF8 { encodeValid($0, into: &ids) }
    return ids
  }

  package func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    encodeValid(text, into: &ids)
  }

  package func encode(
    continuing text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    encodeValid(text, continues: true, into: &ids)
  }

  /// Appends the ids of a text, which must be well-formed UTF-8; nothing can go wrong then.
  package func encodeValid(
    _ text: UnsafeBufferPointer<UInt8>,
    continues: Bool = false,
    into ids: inout [TokenID]
  ) {
    let encoder = encoders.access { $0.popLast() } ?? BytePairEncoder(model)
    encode(text, continues, encoder, &ids)
    encoders.access { $0.append(encoder) }
  }

  private func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    _ continues: Bool,
    _ encoder: BytePairEncoder,
    _ ids: inout [TokenID]
  ) {
    if raw.isEmpty { return encodeRest(text, continues, encoder, &ids) }
    raw.parts(of: text) { part in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        let goesOn = continues && range.lowerBound == 0
        encodeRest(UnsafeBufferPointer(rebasing: text[range]), goesOn, encoder, &ids)
      }
    }
  }

  /// A part without raw added tokens: normalize it, and look for the others.
  private func encodeRest(
    _ text: UnsafeBufferPointer<UInt8>,
    _ continues: Bool,
    _ encoder: BytePairEncoder,
    _ ids: inout [TokenID]
  ) {
    if settings.composes, let composed = ComposedText.bytes(of: text) {
      composed.withUnsafeBufferPointer { encodeNormalized($0, continues, encoder, &ids) }
    } else {
      encodeNormalized(text, continues, encoder, &ids)
    }
  }

  private func encodeNormalized(
    _ text: UnsafeBufferPointer<UInt8>,
    _ continues: Bool,
    _ encoder: BytePairEncoder,
    _ ids: inout [TokenID]
  ) {
    if normalized.isEmpty { return encodePlain(text, continues, encoder, &ids) }
    normalized.parts(of: text) { part in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        let goesOn = continues && range.lowerBound == 0
        encodePlain(UnsafeBufferPointer(rebasing: text[range]), goesOn, encoder, &ids)
      }
    }
  }

  private func encodePlain(
    _ text: UnsafeBufferPointer<UInt8>,
    _ continues: Bool,
    _ encoder: BytePairEncoder,
    _ ids: inout [TokenID]
  ) {
    guard settings.addsPrefixSpace, !continues, let first = text.first, first != UInt8(ascii: " ")
    else {
      return encoder.encode(text, into: &ids)
    }
    let prefixed = [UInt8(ascii: " ")] + text
    prefixed.withUnsafeBufferPointer { encoder.encode($0, into: &ids) }
  }
}

// MARK: - On several threads

extension BytePairTokenizer {
  /// Appends the ids of a text, which threads encode in parts; the ids are those of one thread.
  package func encodeValid(
    _ text: UnsafeBufferPointer<UInt8>,
    threads: Int,
    into ids: inout [TokenID]
  ) {
    let cuts = threads > 1 ? safeCuts(text, parts: threads * 4) : []
    guard !cuts.isEmpty else { return encodeValid(text, into: &ids) }
    encodeParts(of: text, endingAt: cuts + [text.count], threads: threads, into: &ids)
  }

  /// Appends the ids of parts of a text, each a text of its own, in order.
  package func encodeParts(
    of text: UnsafeBufferPointer<UInt8>,
    endingAt ends: [Int],
    threads: Int,
    into ids: inout [TokenID]
  ) {
    guard threads > 1, ends.count > 1 else {
      for (start, end) in zip([0] + ends, ends) {
        encodeValid(UnsafeBufferPointer(rebasing: text[start..<end]), into: &ids)
      }
      return
    }
    let results = Locked<[[TokenID]]>(Array(repeating: [], count: ends.count))
    let nextPart = Locked(0)
    nonisolated(unsafe) let text = text
    Threads.run(min(threads, ends.count)) { _ in
      while true {
        let part = nextPart.access { next in
          next += 1
          return next - 1
        }
        guard part < ends.count else { return }
        let start = part == 0 ? 0 : ends[part - 1]
        var found: [TokenID] = []
        encodeValid(UnsafeBufferPointer(rebasing: text[start..<ends[part]]), into: &found)
        results.access { $0[part] = found }
      }
    }
    for part in results.access({ $0 }) { ids += part }
  }

  /// Where a text may be cut; no added token lies across, as `allowsCuts` knows.
  ///
  /// A part that begins with a blank gets no other one. Short texts are not worth a thread.
  private func safeCuts(_ text: UnsafeBufferPointer<UInt8>, parts: Int) -> [Int] {
    guard settings.pattern != .whole, raw.allowsCuts, normalized.allowsCuts else { return [] }
    return SafeCuts.of(text, size: max(1 << 15, text.count / max(1, parts)))
  }
}
