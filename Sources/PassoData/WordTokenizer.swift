// SPDX-License-Identifier: MIT
import PassoText

/// One token for each word and for each mark of punctuation, as on paper.
///
/// Case and accents count: `Il` and `il` are two tokens. Where a text spells an added token, such
/// as `<start>`, it is that token, as for byte pairs. For every text that it can encode,
/// `encode(decode(ids))` gives the `ids` of its words again; the text itself may come back with
/// other spaces. A vocabulary that has `<unk>` takes it for every word that it does not have.
///
/// Ids and decoded texts are those of Hugging Face `tokenizers` with the file that `TokenizerFile`
/// writes.
package struct WordTokenizer: Tokenizer {
  /// The words, with their ids.
  package let vocabulary: Vocabulary

  /// Tokens that are found in a text before it is cut; those that the vocabulary lacks have the
  /// next ids.
  package let added: [AddedToken]

  /// Whether punctuation clings to its neighbour when a text is put together again.
  package let clings: Bool

  package let template: TextTemplate

  // By id, as they are written when ids become text.
  private let spellings: [String]
  private let skipped: Set<TokenID>
  private var splitter: AddedTokenSplitter

  /// Uses words that are already numbered; the special tokens among them are added tokens.
  package init(vocabulary: Vocabulary) {
    let tokens = vocabulary.tokens
    self.init(vocabulary, Self.specials(of: tokens), spellings: tokens)
  }

  /// Takes over what a file says.
  ///
  /// - Parameters:
  ///   - vocabulary: The words, with their ids.
  ///   - added: Tokens that are found in a text before it is cut.
  ///   - clings: Whether punctuation clings to its neighbour.
  ///   - template: What stands around a text.
  /// - Throws: `DataProblem` if an added token has another id than it would get.
  package init(
    vocabulary: Vocabulary,
    added: [AddedToken],
    clings: Bool,
    template: TextTemplate = TextTemplate()
  ) throws(DataProblem) {
    var table = ByteTable()
    for token in vocabulary.tokens { _ = table.insert(Array(token.utf8)) }
    try table.add(added)
    let spellings = (0..<table.count).map { String(decoding: table[$0], as: UTF8.self) }
    self.init(vocabulary, added, spellings: spellings, clings: clings, template: template)
  }

  private init(
    _ vocabulary: Vocabulary,
    _ added: [AddedToken],
    spellings: [String],
    clings: Bool = true,
    template: TextTemplate = TextTemplate()
  ) {
    let texts = AddedTokenTexts(added, composed: true)
    var spellings = spellings
    for (id, bytes) in texts.written { spellings[Int(id)] = String(decoding: bytes, as: UTF8.self) }
    self.vocabulary = vocabulary
    self.added = added
    self.clings = clings
    self.template = template
    self.spellings = spellings
    skipped = texts.skipped
    splitter = AddedTokenSplitter(added, composes: true)
  }

  /// Numbers the words of the texts in order of first appearance, after the special tokens.
  ///
  /// A text may be empty, as lines of a file are; all of them may not.
  package init(
    texts: [String],
    specials: [SpecialToken] = [.start]
  ) throws(DataProblem) {
    var tokens = specials.map(\.rawValue)
    let splitter = AddedTokenSplitter(Self.specials(of: tokens), composes: true)
    var seen = Set(tokens.map { Array($0.utf8) })
    var spelled = false
    for var text in texts {
      text.withUTF8 { bytes in
        splitter.parts(of: bytes) { part in
          guard case .text(let text, _) = part else {
            spelled = true
            return
          }
          for word in WordSplitter.words(ofNormalized: text)
          where seen.insert(Array(word.text.utf8)).inserted {
            tokens.append(word.text)
          }
        }
      }
    }
    guard tokens.count > specials.count else {
      if spelled { throw .onlySpecialText }
      throw .noWords(scalars: texts.reduce(0) { $0 + $1.unicodeScalars.count })
    }
    self.init(vocabulary: try Vocabulary(tokens))
  }

  /// A word that is not known is better seen than missed, so `<unk>` stands for text.
  private static func specials(of tokens: [String]) -> [AddedToken] {
    tokens.enumerated().compactMap { id, token in
      SpecialToken(rawValue: token).map {
        AddedToken(token, id: TokenID(id), isSpecial: $0 != .unknown)
      }
    }
  }

  package var vocabularySize: Int { spellings.count }

  package var kind: TokenizerKind { .words }

  package var cuts: TextCuts { splitter.allowsCuts ? .beforeSpace : .nowhere }

  package func id(of token: SpecialToken) -> TokenID? {
    let bytes = Array(token.rawValue.utf8)
    return added.first { $0.bytes == bytes }?.id ?? vocabulary.id(of: token)
  }

  package var readingSpecialsAsText: any Tokenizer {
    var copy = self
    copy.splitter = AddedTokenSplitter(added.filter { !$0.isSpecial }, composes: true)
    return copy
  }

  package func token(of id: TokenID) -> String? {
    spellings.indices.contains(Int(id)) ? spellings[Int(id)].printable : nil
  }

  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    try check(ids)
    var words: [String] = []
    for id in ids {
      if keepingSpecials || !skipped.contains(id) { words.append(spellings[Int(id)]) }
    }
    return clings ? WordSplitter.joined(words) : words.joined(separator: " ")
  }
}

extension WordTokenizer: Equatable {
  package static func == (one: Self, other: Self) -> Bool {
    one.vocabulary == other.vocabulary && one.added == other.added && one.clings == other.clings
      && one.template == other.template
  }
}

// MARK: - To ids

extension WordTokenizer {
  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var ids: [TokenID] = []
    var missing: Int?
    var text = text
    text.withUTF8 { missing = append($0, to: &ids) }
    if let missing { throw unknownWord(missing, in: text) }
    return ids
  }

  package func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    guard let missing = append(text, to: &ids) else { return }
    throw unknownWord(missing, in: String(decoding: text, as: UTF8.self))
  }

  /// The number of the first word without an id, from 1, if there is one.
  private func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) -> Int? {
    let unknown = vocabulary.id(of: .unknown)
    let before = ids.count
    var missing: Int?
    splitter.parts(of: text) { part in
      guard missing == nil else { return }
      switch part {
      case .token(let id): ids.append(id)
      case .text(let text, _):
        for word in WordSplitter.words(ofNormalized: text) {
          guard let id = vocabulary.id(of: word.text) ?? unknown else {
            missing = ids.count - before + 1
            return
          }
          ids.append(id)
        }
      }
    }
    return missing
  }

  private func unknownWord(_ number: Int, in text: String) -> DataProblem {
    var (text, shown, count) = (text, "", 0)
    var found: WordSplitter.Word?
    text.withUTF8 { bytes in
      splitter.parts(of: bytes) { part in
        switch part {
        case .token(let id):
          shown += spellings[Int(id)]
          count += 1
        case .text(let text, _):
          let words = WordSplitter.words(ofNormalized: text)
          if found == nil, count < number, number <= count + words.count {
            let start = shown.unicodeScalars.count
            let word = words[number - count - 1]
            let span = word.span.lowerBound + start..<word.span.upperBound + start
            found = WordSplitter.Word(text: word.text, span: span)
          }
          count += words.count
          shown += String(decoding: text, as: UTF8.self)
        }
      }
    }
    return .unknownWord(
      found?.text ?? "",
      number: number,
      known: vocabularySize,
      closest: vocabulary.closest(to: found?.text ?? ""),
      place: Place(of: found?.span ?? 0..<0, in: shown)
    )
  }
}
