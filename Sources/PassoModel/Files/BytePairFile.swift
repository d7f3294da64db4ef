// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// Byte-level byte pair encoding in a `tokenizer.json`.
enum BytePairFile {
  /// The tokenizer of a file whose model is `BPE`.
  static func tokenizer(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> BytePairTokenizer {
    for key in ["truncation", "padding"] { try document.expectNone(key) }
    var settings = BytePairSettings()
    settings.composes = try composes(document.part("normalizer"))
    try BytePairPreTokenizer.read(document.part("pre_tokenizer"), into: &settings)
    settings.template = try PostProcessorFile.template(document.part("post_processor"))
    try checkDecoder(document.part("decoder"))
    let tokens = try document.tokens()
    var vocabulary = ByteTable()
    for token in tokens { _ = vocabulary.insert(Array(token.utf8)) }
    try readModel(document, vocabulary, &settings)
    let merges = try merges(document, vocabulary)
    let added = try AddedTokenList.read(document)
    do {
      return try BytePairTokenizer(
        vocabulary: vocabulary,
        merges: merges,
        added: added,
        settings: settings
      )
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
    let dropout = document.setting("dropout")
    switch dropout.value {
    case .null, .number(0), .integer(0): break
    case .number, .integer: throw dropout.unsupported(Bilingual(same: "null"))
    default: throw dropout.wrong(.number)
    }
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

  private static func merges(
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

  private static func checkDecoder(_ part: TokenizerPart) throws(TokenizerFault) {
    guard !part.isNone else { throw part.unsupported(Bilingual(same: "ByteLevel")) }
    switch try part.type() {
    case "ByteLevel": _ = try ByteLevelFlags(part)
    case "Sequence":
      let list = try part.member("decoders")
      let parts = try list.elements()
      guard parts.count == 1 else { throw list.unsupported(Bilingual(same: "[ByteLevel]")) }
      try checkDecoder(parts[0])
    default: throw part.unsupported(Bilingual(same: "ByteLevel"))
    }
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
      ("pre_tokenizer", preTokenizer(settings)),
      ("post_processor", settings.template.source ?? "null"),
      ("decoder", byteLevel(prefix: true, trims: true, cuts: true)), ("model", model(tokenizer)),
    ]
  }

  private static func byteLevel(prefix: Bool, trims: Bool, cuts: Bool) -> String {
    JSONText.object([
      ("type", "\"ByteLevel\""), ("add_prefix_space", "\(prefix)"), ("trim_offsets", "\(trims)"),
      ("use_regex", "\(cuts)"),
    ])
  }

  private static func preTokenizer(_ settings: BytePairSettings) -> String {
    let bytes = byteLevel(
      prefix: settings.addsPrefixSpace,
      trims: settings.trimsOffsets,
      cuts: settings.pattern == .gpt2
    )
    guard settings.pattern != .gpt2, let regex = settings.pattern.regex else { return bytes }
    let split = JSONText.object([
      ("type", "\"Split\""), ("pattern", JSONText.object([("Regex", JSONText.string(regex))])),
      ("behavior", "\"Isolated\""), ("invert", "false"),
    ])
    return #"{"type":"Sequence","pretokenizers":[\#(split),\#(bytes)]}"#
  }

  private static func model(_ tokenizer: BytePairTokenizer) -> String {
    let spellings = (0..<TokenID(tokenizer.modelCount)).map { id in
      JSONText.string(tokenizer.spelling(of: id) ?? "")
    }
    let vocabulary = spellings.enumerated().map { "\($0.element):\($0.offset)" }
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
      ("merges", "[" + merges.joined(separator: ",") + "]"),
    ])
  }
}
