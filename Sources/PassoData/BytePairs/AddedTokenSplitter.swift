// SPDX-License-Identifier: MIT

/// Takes added tokens out of a text as `tokenizers` does: first those of the text as it stands,
/// then, in what is left and normalized, the others.
struct AddedTokenSplitter: Sendable {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// A part of a text.
  enum Part {
    /// Normalized, with no added token in it; valid inside the call only. Whether the whole text
    /// begins with it.
    case text(Text, isFirst: Bool)
    case token(TokenID)
  }

  private let raw: AddedTokenFinder
  private let normalized: AddedTokenFinder
  private let composes: Bool

  /// - Parameters:
  ///   - added: What is looked for.
  ///   - composes: Whether normalizing composes accents (NFC); it does nothing otherwise.
  init(_ added: [AddedToken], composes: Bool) {
    raw = AddedTokenFinder(added.filter { !$0.isNormalized })
    normalized = AddedTokenFinder(added.filter(\.isNormalized)) {
      composes ? ComposedText.composed($0.bytes) : $0.bytes
    }
    self.composes = composes
  }

  /// Whether a text may be cut before white space, as `TextCuts` says, and the parts be looked
  /// through one by one.
  var allowsCuts: Bool { raw.allowsCuts && normalized.allowsCuts }

  /// The parts of a text in well-formed UTF-8, in order.
  func parts(of text: Text, _ use: (Part) -> Void) {
    if raw.isEmpty { return rest(text, isFirst: true, use) }
    raw.parts(of: text) { part in
      switch part {
      case .token(let id): use(.token(id))
      case .text(let range):
        rest(Text(rebasing: text[range]), isFirst: range.lowerBound == 0, use)
      }
    }
  }

  private func rest(_ text: Text, isFirst: Bool, _ use: (Part) -> Void) {
    if composes, let composed = ComposedText.bytes(of: text) {
      composed.withUnsafeBufferPointer { others($0, isFirst: isFirst, use) }
    } else {
      others(text, isFirst: isFirst, use)
    }
  }

  private func others(_ text: Text, isFirst: Bool, _ use: (Part) -> Void) {
    if normalized.isEmpty { return use(.text(text, isFirst: isFirst)) }
    normalized.parts(of: text) { part in
      switch part {
      case .token(let id): use(.token(id))
      case .text(let range):
        use(.text(Text(rebasing: text[range]), isFirst: isFirst && range.lowerBound == 0))
      }
    }
  }
}

/// What added tokens are when ids become text again.
struct AddedTokenTexts: Sendable {
  /// How each is written: normalized, if it is looked for so.
  let written: [TokenID: [UInt8]]

  /// Those that decoding leaves out.
  let skipped: Set<TokenID>

  /// `tokenizers` takes a special token for none if its accents were not composed.
  init(_ added: [AddedToken], composed: Bool) {
    self.init(added) { composed ? ComposedText.composed($0) : $0 }
  }

  init<Fault: Error>(
    _ added: [AddedToken],
    spelling: ([UInt8]) throws(Fault) -> [UInt8]
  ) throws(Fault) {
    var written: [TokenID: [UInt8]] = [:]
    for token in added {
      written[token.id] = token.isNormalized ? try spelling(token.bytes) : token.bytes
    }
    self.written = written
    let specials = Set(added.filter(\.isSpecial).map(\.bytes))
    skipped = Set(written.filter { specials.contains($0.value) }.keys)
  }
}

extension ByteTable {
  /// Gives added tokens that are not there yet their numbers.
  ///
  /// - Throws: `DataProblem` if one has another id than it has there already, comes twice, or
  ///   is too long.
  mutating func add(_ added: [AddedToken]) throws(DataProblem) {
    var seen: Set<TokenID> = []
    for token in added {
      guard !token.bytes.isEmpty else { throw .emptyToken(id: Int(token.id)) }
      try Vocabulary.check(token: token.bytes, id: Int(token.id))
      let known = number(of: token.bytes)
      guard (known ?? Int(token.id)) == Int(token.id) else {
        throw .addedTokenID(token.content, found: Int(token.id), needed: known ?? 0)
      }
      guard seen.insert(token.id).inserted else {
        throw .duplicateToken(token.content, first: Int(token.id), second: Int(token.id))
      }
      // Below the last number its own spelling counts, which `AddedTokenTexts` has.
      guard known == nil, token.id >= count else { continue }
      while count < token.id { skip() }
      _ = insert(token.bytes)
    }
  }
}
