// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// What the small files of a folder say of a tokenizer that is older than `tokenizer.json`:
/// `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`.
struct TokenizerSettings {
  let folder: String
  let config: JSONValue
  let map: JSONValue

  /// The `model_type` of the model beside it.
  let modelType: String?

  /// The class that the model beside it says, where the settings say none.
  private let modelsClass: String?

  /// Reads the files of a folder, of which none need be there.
  init(folder: String) throws(FileProblem) {
    self.folder = folder
    config = try Self.json("\(folder)/\(Self.configName)") ?? .object([:])
    map = try Self.json("\(folder)/\(Self.mapName)") ?? .object([:])
    // Whoever opens the model says what is wrong with it.
    let model = try? Self.json("\(folder)/config.json")
    modelType = model?["model_type"]?.text
    modelsClass = model?["tokenizer_class"]?.text
  }

  /// What was read of a folder already, as far as it has the files.
  init(config: JSONValue?, map: JSONValue?) {
    (folder, self.config, self.map) = ("", config ?? .object([:]), map ?? .object([:]))
    (modelType, modelsClass) = (nil, nil)
  }

  /// The names of its files.
  static let (configName, mapName) = ("tokenizer_config.json", "special_tokens_map.json")

  /// The first of the files, for problems.
  var file: String { "\(folder)/\(Self.configName)" }

  /// The value of a file; nil if there is none.
  static func json(_ path: String) throws(FileProblem) -> JSONValue? {
    guard InputFile.exists(path) else { return nil }
    let bytes = try InputFile.read(path: path, limit: 64 << 20)
    return try JSONReader.read(bytes, file: path, needed: .tokenizer) {
      (reader) throws(JSONFault) in try reader.value()
    }
  }

  /// The class in `transformers` that a file says; of the quick ones too.
  var className: String? { statedClass?.replacing("Fast", with: "") }

  private var statedClass: String? { config["tokenizer_class"]?.text ?? modelsClass }

  /// The class with which `transformers` opens the folder; nil if no file says anything of it.
  var openingClass: String? { TokenizerClass.name(stated: statedClass, modelType: modelType) }

  /// Why a folder with another class is not read.
  func unknownClass(_ known: String) -> FileProblem {
    .tokenizer(
      .unsupported(
        key: "tokenizer_class",
        found: statedClass ?? openingClass ?? "",
        known: Bilingual(same: known)
      ),
      file: file
    )
  }

  /// Why `vocab.json` and `merges.txt` alone are not read beside a model of such a family.
  var unknownFamily: FileProblem {
    .tokenizer(
      .unsupported(
        key: "model_type",
        found: modelType ?? "",
        known: Bilingual(
          it: "vocab.json e merges.txt di GPT2Tokenizer, GPTNeoXTokenizer e Qwen2Tokenizer",
          en: "vocab.json and merges.txt of GPT2Tokenizer, GPTNeoXTokenizer and Qwen2Tokenizer"
        )
      ),
      file: "\(folder)/config.json"
    )
  }

  // MARK: Special tokens

  /// How the token of a meaning is spelled, if a file says so: the configuration comes first.
  func token(_ meaning: String) -> String? {
    [config[meaning], map[meaning]].lazy.compactMap(\.self).compactMap(\.spelling).first
  }

  /// How the tokens of all meanings that the files speak of are spelled.
  var tokens: [String: String] {
    var tokens: [String: String] = [:]
    for meaning in Self.meanings { tokens[meaning] = token(meaning) }
    return tokens
  }

  /// A post-processor that puts a token before a text, and one after it; nil without both.
  static func template(
    before: (token: String, id: TokenID)?,
    after: (token: String, id: TokenID)?
  ) -> JSONValue? {
    guard before != nil || after != nil else { return nil }
    func piece(_ token: String) -> JSONValue {
      .object(["SpecialToken": .object(["id": .string(token), "type_id": .integer(0)])])
    }
    let text: JSONValue = .literal(#"{"Sequence":{"id":"A","type_id":0}}"#)
    var specials: [String: JSONValue] = [:]
    for (token, id) in [before, after].compactMap(\.self) {
      specials[token] = .object([
        "id": .string(token), "ids": .array([.integer(Int(id))]),
        "tokens": .array([.string(token)]),
      ])
    }
    let parts = [before.map { piece($0.token) }, text, after.map { piece($0.token) }]
    return .object([
      "type": .string("TemplateProcessing"), "pair": .array([]),
      "single": .array(parts.compactMap(\.self)), "special_tokens": .object(specials),
    ])
  }
}
