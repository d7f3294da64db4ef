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
    try readPreTokenizer(document.part("pre_tokenizer"), &settings)
    settings.postProcessor = try postProcessor(document.part("post_processor"))
    guard document.part("decoder")["type"] == .string("ByteLevel") else {
      throw .unsupported("decoder", document.part("decoder"), Bilingual(same: "ByteLevel"))
    }
    let tokens = try document.tokens()
    var vocabulary = ByteTable()
    for token in tokens { _ = vocabulary.insert(Array(token.utf8)) }
    try readModel(document, vocabulary, &settings)
    let merges = try merges(document, vocabulary)
    let added = try AddedTokenList.read(document.part("added_tokens"))
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
    switch document.setting("dropout") {
    case .null, .number(0): break
    case let found: throw .unsupported("model.dropout", found, Bilingual(same: "null"))
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      switch document.setting(key) {
      case .null, .string(""): break
      case let found: throw .unsupported("model.\(key)", found, Bilingual(same: "null"))
      }
    }
    settings.ignoresMerges = try document.flag("ignore_merges")
    settings.fusesUnknown = try document.flag("fuse_unk")
    let isWhole = ByteSpelling.scalars.allSatisfy {
      vocabulary.number(of: Array(String($0).utf8)) != nil
    }
    // With all bytes in the vocabulary nothing is unknown, and the rest does not matter.
    if isWhole {
      settings.unknown = known(document.setting("unk_token"), vocabulary)
      return
    }
    if try document.flag("byte_fallback") {
      throw .unsupported("model.byte_fallback", .boolean(true), Bilingual(same: "false"))
    }
    let unknown = document.setting("unk_token")
    settings.unknown = known(unknown, vocabulary)
    if unknown != .null, settings.unknown == nil {
      throw .unsupported(
        "model.unk_token",
        unknown,
        Bilingual(it: "un token del vocabolario o null", en: "a token of the vocabulary or null")
      )
    }
  }

  private static func known(_ token: JSONValue, _ vocabulary: ByteTable) -> TokenID? {
    token.text.flatMap { vocabulary.number(of: Array($0.utf8)) }.map { TokenID($0) }
  }

  private static func merges(
    _ document: TokenizerDocument,
    _ vocabulary: ByteTable
  ) throws(TokenizerFault) -> [TokenPair] {
    guard let listed = document.merges else { throw .missing(key: "model.merges") }
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

  private static func composes(_ normalizer: JSONValue) throws(TokenizerFault) -> Bool {
    switch (normalizer, normalizer["type"]?.text, normalizer["normalizers"]) {
    case (.null, _, _): return false
    case (_, "NFC", _): return true
    case (_, "Sequence", .array(let parts)):
      var composes = false
      for part in parts where try Self.composes(part) { composes = true }
      return composes
    default: throw .unsupported("normalizer", normalizer, Bilingual(same: "null, NFC"))
    }
  }

  private static func postProcessor(_ part: JSONValue) throws(TokenizerFault) -> String? {
    switch (part, part["type"]?.text, part["processors"]) {
    case (.null, _, _): return nil
    case (_, "Sequence", .array(let parts)):
      for part in parts { _ = try postProcessor(part) }
    case (_, "ByteLevel", _), (_, "TemplateProcessing", _), (_, "RobertaProcessing", _),
      (_, "BertProcessing", _):
      break
    default:
      throw .unsupported(
        "post_processor",
        part,
        Bilingual(same: "null, ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing")
      )
    }
    return JSONText.value(part)
  }

  private static func readPreTokenizer(
    _ part: JSONValue,
    _ settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    guard case .array(let parts)? = part["pretokenizers"], part["type"]?.text == "Sequence" else {
      return try readByteLevel(part, &settings)
    }
    switch parts.count {
    case 1: try readPreTokenizer(parts[0], &settings)
    case 2:
      let pattern = try splitPattern(parts[0])
      try readByteLevel(parts[1], &settings)
      // Both would cut, or put a blank before every piece.
      guard settings.pattern == .whole, !settings.addsPrefixSpace else {
        throw unknownPreTokenizer(part)
      }
      settings.pattern = pattern
    default: throw unknownPreTokenizer(part)
    }
  }

  private static func readByteLevel(
    _ part: JSONValue,
    _ settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    guard part["type"] == .string("ByteLevel") else { throw unknownPreTokenizer(part) }
    func flag(_ key: String, _ standard: Bool) throws(TokenizerFault) -> Bool {
      switch part[key] ?? .boolean(standard) {
      case .boolean(let flag): return flag
      case let found:
        throw .unsupported("pre_tokenizer.\(key)", found, Bilingual(same: "true, false"))
      }
    }
    settings.addsPrefixSpace = try flag("add_prefix_space", true)
    settings.trimsOffsets = try flag("trim_offsets", true)
    settings.pattern = try flag("use_regex", true) ? .gpt2 : .whole
  }

  private static func splitPattern(_ part: JSONValue) throws(TokenizerFault) -> SplitPattern {
    guard part["type"]?.text == "Split" else { throw unknownPreTokenizer(part) }
    let invert = part["invert"] ?? .boolean(false)
    // The patterns match all of a text, so that what is kept are the matches in both cases.
    let keepsMatches =
      (part["behavior"], invert) == (.string("Isolated"), .boolean(false))
      || (part["behavior"], invert) == (.string("Removed"), .boolean(true))
    let pattern = [SplitPattern.gpt2, .llama3].first { part["pattern"]?["Regex"]?.text == $0.regex }
    guard keepsMatches, let pattern else {
      throw .unsupported(
        "pre_tokenizer.pattern",
        part["pattern"] ?? .null,
        Bilingual(
          it: "le espressioni regolari di GPT-2 e di Llama 3",
          en: "the regular expressions of GPT-2 and of Llama 3"
        )
      )
    }
    return pattern
  }

  private static func unknownPreTokenizer(_ part: JSONValue) -> TokenizerFault {
    .unsupported(
      "pre_tokenizer",
      part,
      Bilingual(it: "ByteLevel, o Split seguito da ByteLevel", en: "ByteLevel, or Split before it")
    )
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
      ("post_processor", settings.postProcessor ?? "null"),
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
    guard settings.pattern == .llama3, let regex = settings.pattern.regex else { return bytes }
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
