// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `post_processor` of a `tokenizer.json`: which tokens stand around a text.
enum PostProcessorFile {
  /// More than anything honest puts around a text.
  private static let mostIDs = 1_024

  /// What a part says of a single text, checked as `tokenizers` does.
  static func template(_ part: TokenizerPart) throws(TokenizerFault) -> TextTemplate {
    var template = TextTemplate()
    let trims = try add(part, to: &template)
    if trims || !template.isEmpty { template.source = JSONText.value(part.value) }
    return template
  }

  /// Puts what a part says around what is there; tells whether it concerns places in the text too.
  private static func add(
    _ part: TokenizerPart,
    to template: inout TextTemplate
  ) throws(TokenizerFault) -> Bool {
    if part.isNone { return false }
    switch try part.type() {
    case "ByteLevel":
      _ = try ByteLevelFlags(part)
      return true
    case "RobertaProcessing":
      for key in ["trim_offsets", "add_prefix_space"] { _ = try part.optional(key)?.flag() }
      try addEnds(part, to: &template)
    case "BertProcessing": try addEnds(part, to: &template)
    case "TemplateProcessing": try addTemplate(part, to: &template)
    case "Sequence":
      var trims = false
      for element in try part.member("processors").elements() {
        guard !element.isNone else { throw element.wrong(.object) }
        if try add(element, to: &template) { trims = true }
      }
      return trims
    default:
      throw part.unsupported(
        Bilingual(
          same: "null, ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing, Sequence"
        )
      )
    }
    return false
  }

  /// `"cls": ["<s>", 0]` before the text, and `sep` so after it.
  private static func addEnds(
    _ part: TokenizerPart,
    to template: inout TextTemplate
  ) throws(TokenizerFault) {
    func end(_ key: String) throws(TokenizerFault) -> TokenID {
      let end = try part.member(key)
      let pair = try end.elements()
      guard pair.count == 2 else {
        throw end.unsupported(Bilingual(it: "un token e il suo id", en: "a token and its id"))
      }
      _ = try pair[0].text()
      return try tokenID(pair[1])
    }
    template.suffix.append(try end("sep"))
    template.prefix.insert(try end("cls"), at: 0)
  }

  private static func addTemplate(
    _ part: TokenizerPart,
    to template: inout TextTemplate
  ) throws(TokenizerFault) {
    let single = try part.member("single")
    let specials = try specialTokens(part.member("special_tokens"))
    for piece in try part.member("pair").elements() { _ = try Piece(piece, specials) }
    let pieces = try single.elements().map { (piece) throws(TokenizerFault) in
      try Piece(piece, specials)
    }
    // Another number of texts than one is no way to read a text.
    guard pieces.count(where: { $0 == .text("A") }) == 1, !pieces.contains(.text("B")),
      let text = pieces.firstIndex(of: .text("A"))
    else {
      throw TokenizerFault.unsupported(
        key: single.path,
        found: JSONText.value(single.value),
        known: Bilingual(it: "la sequenza A una sola volta", en: "the sequence A once")
      )
    }
    // Each piece may name a token of many ids, and each template adds to the one before.
    let count = pieces.reduce(template.prefix.count + template.suffix.count) { $0 + $1.ids.count }
    guard count <= mostIDs else {
      throw TokenizerFault.unsupported(
        key: single.path,
        found: "[\(count)]",
        known: Bilingual(it: "\(mostIDs) token al massimo", en: "\(mostIDs) tokens at most")
      )
    }
    template.prefix.insert(contentsOf: pieces[..<text].flatMap(\.ids), at: 0)
    template.suffix += pieces[(text + 1)...].flatMap(\.ids)
  }

  private static func specialTokens(
    _ part: TokenizerPart
  ) throws(TokenizerFault) -> [String: [TokenID]] {
    guard case .object(let members) = part.value else { throw part.wrong(.object) }
    var found: [String: [TokenID]] = [:]
    for key in members.keys.sorted() {
      let special = try part.member(key)
      _ = try special.member("id").text()
      for token in try special.member("tokens").elements() { _ = try token.text() }
      var ids: [TokenID] = []
      for id in try special.member("ids").elements() { ids.append(try tokenID(id)) }
      found[key] = ids
    }
    return found
  }

  fileprivate static func tokenID(_ part: TokenizerPart) throws(TokenizerFault) -> TokenID {
    guard let id = TokenID(exactly: try part.integer()), id >= 0 else {
      throw part.unsupported(
        Bilingual(it: "numeri da 0 a 2 147 483 647", en: "numbers from 0 to 2 147 483 647")
      )
    }
    return id
  }
}

/// A piece of a template: `{"Sequence": {"id": "A", "type_id": 0}}`, or a special token.
private enum Piece: Hashable {
  case text(String)
  case special([TokenID])

  init(_ part: TokenizerPart, _ specials: [String: [TokenID]]) throws(TokenizerFault) {
    guard case .object(let members) = part.value else { throw part.wrong(.object) }
    guard members.count == 1, let name = members.keys.first,
      name == "Sequence" || name == "SpecialToken"
    else { throw part.unsupported(Bilingual(same: "Sequence, SpecialToken")) }
    let content = try part.member(name)
    let id = try content.member("id")
    let text = try id.text()
    _ = try PostProcessorFile.tokenID(content.member("type_id"))
    if name == "Sequence" {
      guard text == "A" || text == "B" else { throw id.unsupported(Bilingual(same: "A, B")) }
      self = .text(text)
    } else {
      guard let ids = specials[text] else {
        throw id.unsupported(
          Bilingual(it: "i token di special_tokens", en: "the tokens of special_tokens")
        )
      }
      self = .special(ids)
    }
  }

  var ids: [TokenID] {
    if case .special(let ids) = self { ids } else { [] }
  }
}
