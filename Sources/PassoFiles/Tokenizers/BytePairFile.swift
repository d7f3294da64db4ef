// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// Byte-level byte pair encoding in a `tokenizer.json`.
enum BytePairFile {
  /// The tokenizer of a file whose model is `BPE`, and what is good to know of it.
  static func tokenizer(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> (tokenizer: BytePairTokenizer, notes: [TokenizerNote]) {
    var settings = BytePairSettings()
    settings.composes = try composes(document.part("normalizer"))
    try BytePairPreTokenizer.read(document.part("pre_tokenizer"), into: &settings)
    settings.template = try PostProcessorFile.template(document.part("post_processor"))
    settings.decoding = try decoding(document.part("decoder"))
    var vocabulary = ByteTable()
    for token in try document.tokensWithGaps() {
      if let token { _ = vocabulary.insert(Array(token.utf8)) } else { vocabulary.skip() }
    }
    try readModel(document, vocabulary, &settings)
    let merges = try merges(document, vocabulary)
    let added = try AddedTokenList(document, vocabulary, count: document.tokenCount)
    var notes = try document.lengthNotes() + added.notes + document.dropoutNotes()
    if case .spellings = settings.decoding { notes.append(.noDecoder) }
    do {
      let tokenizer = try BytePairTokenizer(
        vocabulary: vocabulary,
        merges: merges,
        added: added.tokens,
        settings: settings
      )
      return (tokenizer, notes)
    } catch {
      throw .vocabulary(error)
    }
  }

  // MARK: Settings of the model

  private static func readModel(
    _ document: TokenizerDocument,
    _ vocabulary: ByteTable,
    _ settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      let affix = document.setting(key)
      let text = affix.isNone ? "" : try affix.text()
      if !text.isEmpty {
        throw affix.unsupported(Bilingual(same: "null"))
      }
    }
    settings.ignoresMerges = try document.flag("ignore_merges")
    settings.fusesUnknown = try document.flag("fuse_unk")
    let fallsBack = try document.flag("byte_fallback")
    let name = document.setting("unk_token")
    let unknown = name.isNone ? nil : vocabulary.number(of: Array(try name.text().utf8))
    settings.unknown = unknown.map { TokenID($0) }
    // With all bytes in the vocabulary nothing is unknown, and the rest does not matter.
    let isWhole = ByteSpelling.scalars.allSatisfy {
      vocabulary.number(of: Array(String($0).utf8)) != nil
    }
    if isWhole { return }
    if fallsBack { throw document.setting("byte_fallback").unsupported(Bilingual(same: "false")) }
    guard name.isNone || unknown != nil else {
      throw name.unsupported(
        Bilingual(it: "un token del vocabolario o null", en: "a token of the vocabulary or null")
      )
    }
  }

  /// The merges by rank, as ids.
  static func merges(
    _ document: TokenizerDocument,
    _ vocabulary: ByteTable
  ) throws(TokenizerFault) -> [TokenPair] {
    let listed = try document.listedMerges()
    var merges: [TokenPair] = []
    merges.reserveCapacity(listed.count)
    func id(_ token: String, _ number: Int) throws(TokenizerFault) -> TokenID {
      guard let id = vocabulary.number(of: Array(token.utf8)) else {
        throw .mergedToken(token, number: number)
      }
      return TokenID(id)
    }
    for (index, merge) in listed.enumerated() {
      guard let merge else { throw .merge(number: index + 1) }
      merges.append(
        TokenPair(try id(merge.left, index + 1), try id(merge.right, index + 1))
      )
    }
    return merges
  }

  // MARK: What surrounds the model

  private static func composes(_ part: TokenizerPart) throws(TokenizerFault) -> Bool {
    if part.isNone { return false }
    switch try part.type() {
    case "NFC": return true
    case "Sequence":
      var composes = false
      for element in try part.member("normalizers").elements() {
        guard !element.isNone else { throw element.wrong(.object) }
        if try Self.composes(element) { composes = true }
      }
      return composes
    default: throw part.unsupported(Bilingual(same: "null, NFC"))
    }
  }

  /// How `tokenizers` makes text of ids: without a decoder, with blanks between the tokens.
  private static func decoding(_ part: TokenizerPart) throws(TokenizerFault) -> BytePairDecoding {
    if part.isNone { return .spellings(separator: " ") }
    let parts = try part.flattened("decoders")
    var (fuses, decoding) = (false, BytePairDecoding.spellings(separator: ""))
    for part in parts {
      switch try part.type() {
      case "Fuse": fuses = true
      case "ByteLevel" where decoding == .spellings(separator: ""):
        _ = try ByteLevelFlags(part)
        decoding = fuses ? .fused : .bytes
      default:
        throw part.unsupported(
          Bilingual(it: "un ByteLevel, anche con Fuse", en: "one ByteLevel, with Fuse too")
        )
      }
    }
    return decoding
  }
}

// MARK: - Writing

extension BytePairFile {
  /// The members of the file.
  static func encoded(_ tokenizer: BytePairTokenizer) -> [(key: String, value: String)] {
    let settings = tokenizer.settings
    return [
      ("added_tokens", AddedTokenList.json(tokenizer.added)),
      ("normalizer", settings.composes ? #"{"type":"NFC"}"# : "null"),
      ("pre_tokenizer", BytePairPreTokenizer.json(settings)),
      ("post_processor", settings.template.source ?? "null"),
      ("decoder", json(settings.decoding)), ("model", model(tokenizer)),
    ]
  }

  private static func json(_ decoding: BytePairDecoding) -> String {
    let byteLevel = BytePairPreTokenizer.byteLevel(prefix: true, trims: true, cuts: true)
    return switch decoding {
    case .bytes: byteLevel
    case .fused: #"{"type":"Sequence","decoders":[{"type":"Fuse"},\#(byteLevel)]}"#
    case .spellings(let separator): separator.isEmpty ? #"{"type":"Fuse"}"# : "null"
    }
  }

  private static func model(_ tokenizer: BytePairTokenizer) -> String {
    let spellings = (0..<TokenID(tokenizer.modelCount)).map { id in
      JSONText.string(tokenizer.spelling(of: id) ?? "")
    }
    // An id of no token has no spelling.
    let vocabulary = spellings.enumerated().compactMap { id, spelling in
      tokenizer.spelling(of: TokenID(id)).map { _ in "\(spelling):\(id)" }
    }
    let merges = tokenizer.merges.map {
      "[\(spellings[Int($0.left)]),\(spellings[Int($0.right)])]"
    }
    let unknown = tokenizer.settings.unknown.map { spellings[Int($0)] }
    return JSONText.object([
      ("type", "\"BPE\""), ("dropout", "null"), ("unk_token", unknown ?? "null"),
      ("continuing_subword_prefix", "null"), ("end_of_word_suffix", "null"),
      ("fuse_unk", "\(tokenizer.settings.fusesUnknown)"), ("byte_fallback", "false"),
      ("ignore_merges", "\(tokenizer.settings.ignoresMerges)"),
      ("vocab", "{" + vocabulary.joined(separator: ",") + "}"),
      ("merges", JSONText.list(merges)),
    ])
  }
}
