// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `tokenizer.json` of a model folder, as Hugging Face `tokenizers` reads and writes it.
///
/// Words of ours are its `WordLevel` model behind two splits that cut where `WordSplitter` cuts.
/// Format: https://huggingface.co/docs/tokenizers/api/tokenizer.
package enum TokenizerFile {
  /// More than any honest tokenizer has.
  static let largestFile = 256 << 20

  /// Reads the tokenizer of a folder; nil if the folder has none.
  package static func read(folder: String) throws(FileProblem) -> (any Tokenizer)? {
    let path = "\(folder)/tokenizer.json"
    guard InputFile.exists(path) else { return nil }
    return try read(path: path)
  }

  /// Reads a `tokenizer.json`.
  package static func read(path: String) throws(FileProblem) -> any Tokenizer {
    try read(bytes: InputFile.read(path: path, limit: largestFile), file: path)
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package static func read(bytes: [UInt8], file: String) throws(FileProblem) -> any Tokenizer {
    let document: TokenizerDocument
    do throws(JSONFault) {
      document = try TokenizerDocument(bytes)
    } catch {
      throw .json(error, file: file)
    }
    do throws(TokenizerFault) {
      return try tokenizer(document)
    } catch {
      throw .tokenizer(error, file: file)
    }
  }

  /// The files of a tokenizer in a model folder.
  static let names = ["tokenizer.json", "tokenizer_config.json"]

  /// Writes `tokenizer.json` and the small file that tells `transformers` how to open it.
  package static func write(_ tokenizer: any Tokenizer, folder: String) throws(FileProblem) {
    try write(tokenizer, path: "\(folder)/tokenizer.json")
    var members = [("tokenizer_class", JSONText.string("PreTrainedTokenizerFast"))]
    let special: [(SpecialToken, String)] = [
      (.start, "bos_token"), (.end, "eos_token"), (.mask, "mask_token"),
    ]
    for (token, key) in special where tokenizer.id(of: token) != nil {
      members.append((key, JSONText.string(token.rawValue)))
    }
    let settings = Array((JSONText.object(members) + "\n").utf8)
    try AtomicFile.write(settings, to: "\(folder)/tokenizer_config.json")
  }

  /// Writes a `tokenizer.json` alone.
  package static func write(
    _ tokenizer: any Tokenizer,
    path: String
  ) throws(FileProblem) {
    try AtomicFile.write(encoded(tokenizer), to: path)
  }

  // MARK: The parts of the file

  private static let normalizer = #"{"type":"NFC"}"#

  private static let preTokenizer = #"""
    {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"[\\s\\p{Cc}]+"},\#
    "behavior":"Removed","invert":false},{"type":"Split","pattern":\#
    {"Regex":"[\\p{P}\\p{Sm}\\p{Sc}]"},"behavior":"Isolated","invert":false}]}
    """#

  private static let characterPreTokenizer = #"""
    {"type":"Split","pattern":{"Regex":"[\\s\\S]"},"behavior":"Isolated","invert":false}
    """#

  private static let characterDecoder = #"{"type":"Fuse"}"#

  /// Tells tokenizers apart: equal ones have the same, wherever they came from.
  package static func fingerprint(of tokenizer: any Tokenizer) -> UInt64 {
    var hash = ContentHash()
    encoded(tokenizer).withUnsafeBytes { hash.add($0) }
    return hash.value
  }

  /// The bytes of a `tokenizer.json`.
  static func encoded(_ tokenizer: any Tokenizer) -> [UInt8] {
    let parts =
      switch tokenizer {
      case let pairs as BytePairTokenizer: BytePairFile.encoded(pairs)
      case let characters as CharacterTokenizer:
        levels(
          characters.spellings,
          normalizer: "null",
          preTokenizer: characterPreTokenizer,
          decoder: characterDecoder
        )
      default:
        levels(
          tokenizer.tokens,
          normalizer: normalizer,
          preTokenizer: preTokenizer,
          decoder: "null"
        )
      }
    let common = [("version", "\"1.0\""), ("truncation", "null"), ("padding", "null")]
    return Array((JSONText.object(common + parts) + "\n").utf8)
  }

  /// The members of a file whose model has one token for each piece.
  private static func levels(
    _ tokens: [String],
    normalizer: String,
    preTokenizer: String,
    decoder: String
  ) -> [(key: String, value: String)] {
    let model = JSONText.object([
      ("type", JSONText.string("WordLevel")),
      ("vocab", JSONText.object(tokens.enumerated().map { ($0.element, String($0.offset)) })),
      ("unk_token", JSONText.string("<unk>")),
    ])
    return [
      ("added_tokens", AddedTokenList.json(AddedTokenList.specials(tokens))),
      ("normalizer", normalizer), ("pre_tokenizer", preTokenizer), ("post_processor", "null"),
      ("decoder", decoder), ("model", model),
    ]
  }

  private static func tokenizer(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> any Tokenizer {
    // The files of GPT-2 and RoBERTa are older than the key.
    let unnamed: JSONValue? = document.merges == nil ? nil : .string("BPE")
    guard let type = document.model["type"] ?? unnamed else { throw .missing(key: "model.type") }
    switch type {
    case .string("BPE"): return try BytePairFile.tokenizer(document)
    case .string("WordLevel"):
      for key in ["truncation", "padding", "post_processor"] { try document.expectNone(key) }
      let isCharacters = document.part("pre_tokenizer") == .literal(characterPreTokenizer)
      return isCharacters ? try characters(document) : try words(document)
    default: throw .unsupported("model.type", type, Bilingual(same: "BPE, WordLevel"))
    }
  }

  private static func words(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> WordTokenizer {
    try document.expectNone("decoder")
    try expect("normalizer", document, normalizer, asWordsOfPasso)
    try expect("pre_tokenizer", document, preTokenizer, asWordsOfPasso)
    let tokens = try levelTokens(document)
    do {
      return WordTokenizer(vocabulary: try Vocabulary(tokens))
    } catch {
      throw .vocabulary(error)
    }
  }

  private static func characters(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> CharacterTokenizer {
    try document.expectNone("normalizer")
    try expect("decoder", document, characterDecoder, Bilingual(same: "Fuse"))
    let tokens = try levelTokens(document)
    do {
      return try CharacterTokenizer(tokens: tokens)
    } catch {
      throw .vocabulary(error)
    }
  }

  /// The tokens of a model with one for each piece; those that are found in a text before it is cut
  /// are its special ones, and what it does not know is `<unk>`.
  private static func levelTokens(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> [String] {
    let tokens = try document.tokens()
    let added = try AddedTokenList.read(document.part("added_tokens"))
    guard Set(added) == Set(AddedTokenList.specials(tokens)) else {
      throw .unsupported("added_tokens", document.part("added_tokens"), asSpecialsOfPasso)
    }
    let unknown = document.setting("unk_token")
    guard unknown == .string(SpecialToken.unknown.rawValue) else {
      let known = Bilingual(same: SpecialToken.unknown.rawValue)
      throw .unsupported("model.unk_token", unknown, known)
    }
    return tokens
  }

  private static let asWordsOfPasso = Bilingual(
    it: "ciò che scrivono i suoi tokenizer a parole e a caratteri",
    en: "what its word and character tokenizers write"
  )

  private static let asSpecialsOfPasso = Bilingual(
    it: "i token speciali del vocabolario",
    en: "the special tokens of the vocabulary"
  )

  private static func expect(
    _ key: String,
    _ document: TokenizerDocument,
    _ needed: String,
    _ known: Bilingual
  ) throws(TokenizerFault) {
    guard let found = document.parts[key] else { throw .missing(key: key) }
    guard found == .literal(needed) else { throw .unsupported(key, found, known) }
  }
}
