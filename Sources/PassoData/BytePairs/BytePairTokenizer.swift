// SPDX-License-Identifier: MIT

import Dispatch
import PassoRuntime
import PassoText
import Synchronization

/// Byte-level byte pair encoding, as in GPT-2: every text has ids, and they give the text back.
///
/// Ids and decoded texts are those of Hugging Face `tokenizers`: added tokens are taken out first,
/// the rest is cut by a pattern, and in each piece the pairs of the lowest rank merge.
package struct BytePairTokenizer: Tokenizer {
  let model: BytePairModel
  private let splitter: AddedTokenSplitter

  private let encoders = IdleWorkers<BytePairEncoder>()

  private init(_ model: BytePairModel, finding added: [AddedToken]) {
    self.model = model
    splitter = AddedTokenSplitter(added, composes: model.settings.composes)
  }

  package var readingSpecialsAsText: any Tokenizer {
    BytePairTokenizer(model, finding: model.added.filter { !$0.isSpecial })
  }

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
    splitter = AddedTokenSplitter(added, composes: settings.composes)
  }

  package var kind: TokenizerKind { .bytePairs }

  package var vocabularySize: Int { model.spellings.count }

  package var template: TextTemplate { settings.template }

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
    guard contains(id), !model.spellings.isSkipped(Int(id)) else { return nil }
    return String(decoding: model.spellings[Int(id)], as: UTF8.self)
  }

  /// The bytes that a token stands for, also if it is special; nil if no token has this id.
  package func bytes(of id: TokenID) -> [UInt8]? {
    contains(id) ? Array(model.texts[id]) : nil
  }

  package func token(of id: TokenID) -> String? {
    guard contains(id) else { return nil }
    if let special = model.specials[id] { return special.content.printable }
    return isToken(id) ? ByteSpelling.shown(model.texts[id]) : nil
  }

  /// Whether an id in the range stands for a token: a file may leave numbers out.
  private func isToken(_ id: TokenID) -> Bool {
    !model.spellings.isSkipped(Int(id)) || model.written[id] != nil
  }

  private func contains(_ id: TokenID) -> Bool { (0..<model.texts.count).contains(Int(id)) }

  // MARK: Back to text

  /// The text of the ids; bytes that are not UTF-8 become U+FFFD, ids of no token nothing.
  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    switch settings.decoding {
    case .bytes:
      return String(decoding: try bytes(of: ids, keepingSpecials: keepingSpecials), as: UTF8.self)
    case .fused:
      let all = try spellings(of: ids, keepingSpecials: keepingSpecials).joined()
      return ByteSpelling.bytes(of: all).map { String(decoding: $0, as: UTF8.self) } ?? all
    case .spellings(let separator):
      return try spellings(of: ids, keepingSpecials: keepingSpecials)
        .joined(separator: separator)
    }
  }

  /// The bytes of the ids, which need not be UTF-8.
  package func bytes(
    of ids: [TokenID],
    keepingSpecials: Bool = false
  ) throws(DataProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ids.count * 4)
    for id in try kept(ids, keepingSpecials: keepingSpecials) { bytes += model.texts[id] }
    return bytes
  }

  /// The tokens of the ids as files spell them, without what is left out.
  private func spellings(
    of ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> [String] {
    try kept(ids, keepingSpecials: keepingSpecials).filter(isToken).map { id in
      let bytes = model.written[id]?[...] ?? model.spellings[Int(id)]
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The ids that stand for something in a text.
  private func kept(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> [TokenID] {
    try check(ids)
    return keepingSpecials ? ids : ids.filter { !model.skipped.contains($0) }
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
    let encoder = encoders.take() ?? BytePairEncoder(model)
    splitter.parts(of: text) { part in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let text, let isFirst):
        encoder.encode(text, continues: continues && isFirst, into: &ids)
      }
    }
    encoders.put(encoder)
  }
}

// MARK: - On several threads

extension BytePairTokenizer {
  /// Appends the ids of parts of a text in order, each a text of its own.
  package func encodeParts(
    of text: UnsafeBufferPointer<UInt8>,
    endingAt ends: [Int],
    threads: Int,
    into ids: inout [TokenID]
  ) {
    guard threads > 1, ends.count > 1 else {
      for (start, end) in zip([0] + ends, ends) {
        let part = UnsafeBufferPointer(rebasing: text[start..<end])
        encodeValid(part, into: &ids)
      }
      return
    }
    let results = Mutex<[[TokenID]]>(Array(repeating: [], count: ends.count))
    let nextPart = Mutex(0)
    nonisolated(unsafe) let text = text
    DispatchQueue.concurrentPerform(iterations: min(threads, ends.count)) { _ in
      while true {
        let part = nextPart.withLock { next in
          next += 1
          return next - 1
        }
        guard part < ends.count else { return }
        let start = part == 0 ? 0 : ends[part - 1]
        var found: [TokenID] = []
        encodeValid(UnsafeBufferPointer(rebasing: text[start..<ends[part]]), into: &found)
        results.withLock { $0[part] = found }
      }
    }
    for part in results.withLock({ $0 }) { ids += part }
  }

  package var cuts: TextCuts {
    // A piece in the middle of a text may get a blank, which it would not get at a cut.
    guard splitter.allowsCuts, (settings.blankPlace ?? 0) == 0 else { return .nowhere }
    let cutting = settings.patterns.filter { if case .digits = $0 { false } else { true } }
    // Where the match of any expression ends nobody knows.
    let areKnown = cutting.allSatisfy { SplitPattern.cutting.contains($0) }
    if cutting.isEmpty || !areKnown { return .nowhere }
    return cutting == [.gpt2] ? .beforeSpace : .beforeBlanks
  }
}
