// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `pre_tokenizer` of byte-level tokenizers: where a text is cut before pairs are looked for.
enum BytePairPreTokenizer {
  /// Takes over what a part says.
  static func read(
    _ part: TokenizerPart,
    into settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    guard !part.isNone else { throw part.unsupported(known) }
    switch try part.type() {
    case "ByteLevel": try readByteLevel(part, into: &settings)
    case "Sequence":
      let list = try part.member("pretokenizers")
      let parts = try list.elements()
      switch parts.count {
      case 1: try read(parts[0], into: &settings)
      case 2: try readPair(parts[0], parts[1], into: &settings)
      default: throw .unsupported(key: list.path, found: types(parts), known: known)
      }
    default: throw part.unsupported(known)
    }
  }

  private static let known = Bilingual(
    it: "ByteLevel, o Split seguito da ByteLevel",
    en: "ByteLevel, or Split with ByteLevel after it"
  )

  private static func types(_ parts: [TokenizerPart]) -> String {
    "[" + parts.map { $0.value["type"]?.text ?? $0.value.beginning }.joined(separator: ", ") + "]"
  }

  private static func readPair(
    _ first: TokenizerPart,
    _ second: TokenizerPart,
    into settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    guard try first.type() == "Split" else {
      throw first.unsupported(
        Bilingual(it: "Split prima di un altro", en: "Split before another one")
      )
    }
    let pattern = try splitPattern(first)
    guard try second.type() == "ByteLevel" else {
      throw second.unsupported(Bilingual(it: "ByteLevel dopo Split", en: "ByteLevel after Split"))
    }
    try readByteLevel(second, into: &settings)
    // Both would cut, or put a blank before every piece.
    let after = Bilingual(it: "false dopo Split", en: "false after Split")
    func refuse(_ key: String) -> TokenizerFault {
      .unsupported(key: "\(second.path).\(key)", found: "true", known: after)
    }
    guard settings.pattern == .whole else { throw refuse("use_regex") }
    guard !settings.addsPrefixSpace else { throw refuse("add_prefix_space") }
    settings.pattern = pattern
  }

  private static func readByteLevel(
    _ part: TokenizerPart,
    into settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    let flags = try ByteLevelFlags(part)
    settings.addsPrefixSpace = flags.addsPrefixSpace
    settings.trimsOffsets = flags.trimsOffsets
    settings.pattern = flags.usesRegex ? .gpt2 : .whole
  }

  private static func splitPattern(_ part: TokenizerPart) throws(TokenizerFault) -> SplitPattern {
    let (behavior, invert) = (try part.member("behavior"), try part.member("invert"))
    // The patterns match all of a text, so that what is kept are the matches in both cases.
    switch (try behavior.text(), try invert.flag()) {
    case ("Isolated", false), ("Removed", true): break
    case ("Isolated", true):
      throw invert.unsupported(Bilingual(it: "false con Isolated", en: "false with Isolated"))
    case ("Removed", false):
      throw invert.unsupported(Bilingual(it: "true con Removed", en: "true with Removed"))
    default: throw behavior.unsupported(Bilingual(same: "Isolated, Removed"))
    }
    let found = try part.member("pattern")
    let regex = try found.optional("Regex")?.text()
    guard let pattern = SplitPattern.cutting.first(where: { $0.regex == regex }) else {
      throw found.unsupported(
        Bilingual(
          it: "le espressioni regolari di GPT-2, Llama 3 e Qwen2",
          en: "the regular expressions of GPT-2, Llama 3 and Qwen2"
        )
      )
    }
    return pattern
  }
}

/// What a `ByteLevel` says, as pre-tokenizer, post-processor or decoder.
struct ByteLevelFlags {
  let addsPrefixSpace: Bool
  let trimsOffsets: Bool
  let usesRegex: Bool

  /// Only the youngest of the keys may be missing.
  init(_ part: TokenizerPart) throws(TokenizerFault) {
    addsPrefixSpace = try part.member("add_prefix_space").flag()
    trimsOffsets = try part.member("trim_offsets").flag()
    usesRegex = try part.optional("use_regex")?.flag() ?? true
  }
}
