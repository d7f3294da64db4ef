// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// A folder with the `vocab.txt` of BERT, which is older than `tokenizer.json`: a token a line,
/// with the settings beside it, read as the `BertTokenizer` of `transformers` reads it.
enum WordPieceFolder {
  /// The same as a `tokenizer.json`; nil if the folder has no such file.
  ///
  /// - Throws: `FileProblem` if a file cannot be read, or the tokenizer is of another class.
  static func json(
    _ folder: String
  ) throws(FileProblem) -> (json: [UInt8], added: AddedParts, file: String)? {
    let path = "\(folder)/vocab.txt"
    guard InputFile.exists(path) else { return nil }
    let settings = try TokenizerSettings(folder: folder)
    switch settings.className {
    case nil, "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer",
      "ConvBertTokenizer", "PreTrainedTokenizer":
      break
    case .some: throw settings.unknownClass("BertTokenizer")
    }
    let ids = try vocabulary(path)
    let added = try settings.addedTokens(usual: usual)
    let template = try template(added, ids, path)
    let json = JSONText.object([
      ("version", #""1.0""#), ("added_tokens", JSONText.value(.array(added.list))),
      ("normalizer", normalizer(settings.config)),
      ("pre_tokenizer", #"{"type":"BertPreTokenizer"}"#),
      ("post_processor", template.map(JSONText.value) ?? "null"),
      ("decoder", ###"{"type":"WordPiece","prefix":"##","cleanup":true}"###),
      ("model", model(ids, unknown: added.meanings["unk_token"] ?? "")),
    ])
    return (Array(json.utf8), added, path)
  }

  private static let usual = UsualTokens(named: [
    "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
    "mask_token": "[MASK]",
  ])

  /// A token a line, the first with the id 0; of two alike the later one counts.
  private static func vocabulary(
    _ path: String
  ) throws(FileProblem) -> [(token: String, id: Int)] {
    let bytes = try InputFile.read(path: path, limit: TokenizerFile.largestFile)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .json(.notUTF8(line: 1), file: path)
    }
    // Lines as Python reads them: a carriage return ends one, alone or before the line feed.
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let tokens = (lines.last?.isEmpty ?? false ? lines.dropLast() : lines[...]).map(String.init)
    var last: [[UInt8]: Int] = [:]
    for (id, token) in tokens.enumerated() { last[Array(token.utf8)] = id }
    return tokens.enumerated().filter { last[Array($0.element.utf8)] == $0.offset }
      .map { ($0.element, $0.offset) }
  }

  /// `[CLS]` before a text and `[SEP]` after it, by whatever names.
  private static func template(
    _ added: AddedParts,
    _ ids: [(token: String, id: Int)],
    _ path: String
  ) throws(FileProblem) -> JSONValue? {
    var vocabulary = ByteTable()
    for (token, id) in ids {
      while vocabulary.count < id { vocabulary.skip() }
      _ = vocabulary.insert(Array(token.utf8))
    }
    do throws(TokenizerFault) {
      let tokens = try added.numbered(in: vocabulary, count: ids.count).tokens
      func edge(_ meaning: String) -> (token: String, id: TokenID)? {
        guard let content = added.meanings[meaning] else { return nil }
        return tokens.first { $0.bytes == Array(content.utf8) }.map { (content, $0.id) }
      }
      return TokenizerSettings.template(before: edge("cls_token"), after: edge("sep_token"))
    } catch {
      throw .tokenizer(error, file: path)
    }
  }

  private static func normalizer(_ config: JSONValue) -> String {
    func flag(_ key: String) -> Bool { config[key] != .boolean(false) }
    var accents = "null"
    if case .boolean(let strips)? = config["strip_accents"] { accents = "\(strips)" }
    return JSONText.object([
      ("type", #""BertNormalizer""#), ("clean_text", "true"),
      ("handle_chinese_chars", "\(flag("tokenize_chinese_chars"))"),
      ("strip_accents", accents), ("lowercase", "\(flag("do_lower_case"))"),
    ])
  }

  private static func model(_ ids: [(token: String, id: Int)], unknown: String) -> String {
    let vocabulary = ids.map { ($0.token, String($0.id)) }
    return JSONText.object([
      ("type", #""WordPiece""#), ("unk_token", JSONText.string(unknown)),
      ("continuing_subword_prefix", JSONText.string("##")), ("max_input_chars_per_word", "100"),
      ("vocab", JSONText.object(vocabulary)),
    ])
  }
}
