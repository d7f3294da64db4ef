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
    var reader = JSONReader(bytes)
    let root: JSONValue
    do throws(JSONFault) {
      root = try reader.value()
      try reader.end()
    } catch {
      throw .json(error, file: file)
    }
    do throws(TokenizerFault) {
      return try tokenizer(root)
    } catch {
      throw .tokenizer(error, file: file)
    }
  }

  /// Writes `tokenizer.json` and the small file that tells `transformers` how to open it.
  package static func write(_ tokenizer: any Tokenizer, folder: String) throws(FileProblem) {
    try AtomicFile.write(encoded(tokenizer), to: "\(folder)/tokenizer.json")
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

  // MARK: The parts of the file

  private static let normalizer = #"{"type":"NFC"}"#

  private static let preTokenizer = #"""
    {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"[\\s\\p{Cc}]+"},\#
    "behavior":"Removed","invert":false},{"type":"Split","pattern":\#
    {"Regex":"[\\p{P}\\p{Sm}\\p{Sc}]"},"behavior":"Isolated","invert":false}]}
    """#

  /// The bytes of a `tokenizer.json`.
  static func encoded(_ tokenizer: any Tokenizer) -> [UInt8] {
    let tokens = tokenizer.tokens
    let added = tokens.enumerated().filter { SpecialToken(rawValue: $0.element) != nil }
      .map { id, token in
        JSONText.object([
          ("id", String(id)), ("content", JSONText.string(token)), ("single_word", "false"),
          ("lstrip", "false"), ("rstrip", "false"), ("normalized", "false"), ("special", "true"),
        ])
      }
    let vocabulary = tokens.enumerated().map { ($0.element, String($0.offset)) }
    let model = JSONText.object([
      ("type", JSONText.string("WordLevel")),
      ("vocab", JSONText.object(vocabulary)),
      ("unk_token", JSONText.string("<unk>")),
    ])
    let root = JSONText.object([
      ("version", JSONText.string("1.0")), ("truncation", "null"), ("padding", "null"),
      ("added_tokens", "[" + added.joined(separator: ",") + "]"),
      ("normalizer", normalizer), ("pre_tokenizer", preTokenizer), ("post_processor", "null"),
      ("decoder", "null"), ("model", model),
    ])
    return Array((root + "\n").utf8)
  }

  private static func tokenizer(_ root: JSONValue) throws(TokenizerFault) -> any Tokenizer {
    try expect("model.type", root["model"]?["type"], .string("WordLevel"))
    try expect("normalizer", root["normalizer"], .literal(normalizer))
    try expect("pre_tokenizer", root["pre_tokenizer"], .literal(preTokenizer))
    for key in ["truncation", "padding", "post_processor", "decoder"] {
      try expect(key, root[key] ?? .null, .null)
    }
    guard case .object(let ids)? = root["model"]?["vocab"] else {
      throw .unsupported(key: "model.vocab")
    }
    var tokens: [String?] = Array(repeating: nil, count: ids.count)
    for (token, id) in ids {
      guard case .number(let number) = id, let place = Int(exactly: number),
        tokens.indices.contains(place), tokens[place] == nil
      else { throw .id(token: token, count: ids.count) }
      tokens[place] = token
    }
    do {
      return WordTokenizer(vocabulary: try Vocabulary(tokens.compactMap(\.self)))
    } catch {
      throw .vocabulary(error)
    }
  }

  private static func expect(
    _ key: String,
    _ found: JSONValue?,
    _ needed: JSONValue
  ) throws(TokenizerFault) {
    guard let found else { throw .missing(key: key) }
    guard found == needed else { throw .unsupported(key: key) }
  }
}

/// Why a `tokenizer.json` cannot be used.
package enum TokenizerFault: FileFault {
  /// A part that must be there.
  case missing(key: String)

  /// A part that does something which Passo does not do.
  case unsupported(key: String)

  /// An id that is not a whole number of its own, from 0 to one less than the number of tokens.
  case id(token: String, count: Int)

  /// Tokens that cannot be a vocabulary.
  case vocabulary(DataProblem)

  package var message: Bilingual {
    switch self {
    case .missing(let key):
      Bilingual(it: "serve la chiave ", en: "needs the key ") + .quoted(key)
        + Bilingual(it: ", non trovata", en: ", got none")
    case .unsupported(let key):
      .quoted(key)
        + Bilingual(
          it: " deve essere come nei tokenizer a parole di Passo, trovato altro",
          en: " needs to be as in Passo's word tokenizers, got something else"
        )
    case .id(let token, let count):
      Bilingual(
        it: "ogni token vuole un id suo da 0 a \(count - 1), ",
        en: "each token needs an id of its own from 0 to \(count - 1), "
      )
        + .quoted(token) + Bilingual(it: " non ce l'ha", en: " has none")
    case .vocabulary(let problem): problem.message
    }
  }
}
