// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `model` of a `tokenizer.json`, of any kind.
struct PieceModelFile {
  let vocabulary: ByteTable
  let model: PieceModel
  let unknown: TokenID?

  /// How many tokens it has; ids between them may belong to none.
  let count: Int

  /// Reads the model of a file.
  init(_ document: TokenizerDocument) throws(TokenizerFault) {
    if try document.modelType() == "Unigram" {
      self = try Self.unigram(document)
      return
    }
    var vocabulary = ByteTable()
    for token in try document.tokensWithGaps() {
      if let token { _ = vocabulary.insert(Array(token.utf8)) } else { vocabulary.skip() }
    }
    self.vocabulary = vocabulary
    count = document.tokenCount
    let name = document.setting("unk_token")
    let found = name.isNone ? nil : vocabulary.number(of: Array(try name.text().utf8))
    unknown = found.map { TokenID($0) }
    switch try document.modelType() {
    case "BPE":
      guard name.isNone || unknown != nil else { throw Self.unknownFault(name) }
      model = .pairs(try Self.pairs(document, vocabulary, unknown))
    case "WordPiece":
      guard let unknown else { throw Self.unknownFault(name) }
      try Self.checkLengths(vocabulary)
      model = .wordPiece(
        WordPieceModel(
          vocabulary: vocabulary,
          unknown: unknown,
          prefix: Array(try document.setting("continuing_subword_prefix").affix().utf8),
          mostCharacters: try document.setting("max_input_chars_per_word").count()
        )
      )
    case "WordLevel":
      guard let unknown else { throw Self.unknownFault(name) }
      model = .wordLevel(vocabulary, unknown: unknown)
    default:
      throw document.setting("type").unsupported(
        Bilingual(same: "BPE, WordPiece, Unigram, WordLevel")
      )
    }
  }

  private init(vocabulary: ByteTable, model: PieceModel, unknown: TokenID, count: Int) {
    (self.vocabulary, self.model, self.unknown) = (vocabulary, model, unknown)
    self.count = count
  }

  /// Checks tokens that are looked for at every place of a text.
  private static func checkLengths(_ vocabulary: ByteTable) throws(TokenizerFault) {
    do throws(DataProblem) {
      for id in 0..<vocabulary.count { try Vocabulary.check(token: vocabulary[id], id: id) }
    } catch {
      throw .vocabulary(error)
    }
  }

  private static func unknownFault(_ part: TokenizerPart) -> TokenizerFault {
    part.unsupported(Bilingual(it: "un token del vocabolario", en: "a token of the vocabulary"))
  }

  private static func pairs(
    _ document: TokenizerDocument,
    _ vocabulary: ByteTable,
    _ unknown: TokenID?
  ) throws(TokenizerFault) -> CharacterPairs {
    var settings = CharacterPairs.Settings()
    func affix(_ key: String) throws(TokenizerFault) -> [UInt8] {
      let part = document.setting(key)
      return part.isNone ? [] : Array(try part.affix().utf8)
    }
    settings.prefix = try affix("continuing_subword_prefix")
    settings.suffix = try affix("end_of_word_suffix")
    settings.unknown = unknown
    settings.fusesUnknown = try document.flag("fuse_unk")
    settings.ignoresMerges = try document.flag("ignore_merges")
    settings.fallsBack = try document.flag("byte_fallback")
    let merges = try BytePairFile.merges(document, vocabulary)
    do throws(DataProblem) {
      return try CharacterPairs(vocabulary: vocabulary, merges: merges, settings: settings)
    } catch {
      throw .vocabulary(error)
    }
  }

  // MARK: Unigram

  private static func unigram(_ document: TokenizerDocument) throws(TokenizerFault) -> Self {
    let list = document.setting("vocab")
    var vocabulary = ByteTable()
    var tokens: [(token: [UInt8], score: Double)] = []
    for entry in try list.elements() {
      let pair = try entry.elements()
      guard pair.count == 2 else {
        throw entry.unsupported(
          Bilingual(it: "un token e il suo punteggio", en: "a token and its score")
        )
      }
      let token = Array(try pair[0].text().utf8)
      tokens.append((token, try pair[1].double()))
      guard !token.isEmpty, vocabulary.insert(token) == tokens.count - 1 else {
        throw pair[0].unsupported(
          Bilingual(it: "token diversi e non vuoti", en: "tokens that differ and are not empty")
        )
      }
    }
    let unknown = document.setting("unk_id")
    guard let id = TokenID(exactly: try unknown.integer()), tokens.indices.contains(Int(id)) else {
      throw unknownFault(unknown)
    }
    try checkLengths(vocabulary)
    let model = UnigramModel(
      tokens: tokens,
      unknown: id,
      fallsBack: try document.flag("byte_fallback")
    )
    return Self(vocabulary: vocabulary, model: .unigram(model), unknown: id, count: tokens.count)
  }
}

extension TokenizerPart {
  /// What stands before or after tokens; each character of a text may get it.
  fileprivate func affix() throws(TokenizerFault) -> String {
    let text = try text()
    guard text.utf8.count <= 64 else {
      throw unsupported(Bilingual(it: "64 byte al massimo", en: "64 bytes at most"))
    }
    return text
  }

  /// A number, with a point or without.
  func double() throws(TokenizerFault) -> Double {
    switch value {
    case .number(let number): return number
    case .integer(let number): return Double(number)
    default: throw wrong(.number)
    }
  }
}
