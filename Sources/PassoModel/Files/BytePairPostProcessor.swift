// SPDX-License-Identifier: MIT
import PassoText

/// The `post_processor` of byte-level tokenizers, which is only kept: it adds tokens for whoever
/// asks for them.
enum BytePairPostProcessor {
  /// Checks a part as `tokenizers` does.
  static func check(_ part: TokenizerPart) throws(TokenizerFault) {
    if part.isNone { return }
    switch try part.type() {
    case "ByteLevel": _ = try ByteLevelFlags(part)
    case "RobertaProcessing":
      try checkEnds(part)
      for key in ["trim_offsets", "add_prefix_space"] { _ = try part.optional(key)?.flag() }
    case "BertProcessing": try checkEnds(part)
    case "TemplateProcessing": try checkTemplate(part)
    case "Sequence":
      for element in try part.member("processors").elements() {
        guard !element.isNone else { throw element.wrong(.object) }
        try check(element)
      }
    default:
      throw part.unsupported(
        Bilingual(
          same: "null, ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing, Sequence"
        )
      )
    }
  }

  /// `"sep": ["</s>", 1]`, and `cls` so too.
  private static func checkEnds(_ part: TokenizerPart) throws(TokenizerFault) {
    for key in ["sep", "cls"] {
      let end = try part.member(key)
      let pair = try end.elements()
      guard pair.count == 2 else {
        throw end.unsupported(Bilingual(it: "un token e il suo id", en: "a token and its id"))
      }
      _ = try pair[0].text()
      try checkID(pair[1])
    }
  }

  private static func checkTemplate(_ part: TokenizerPart) throws(TokenizerFault) {
    for key in ["single", "pair"] {
      for piece in try part.member(key).elements() { try checkPiece(piece) }
    }
    let specials = try part.member("special_tokens")
    guard case .object(let members) = specials.value else { throw specials.wrong(.object) }
    for key in members.keys.sorted() {
      let special = try specials.member(key)
      _ = try special.member("id").text()
      for id in try special.member("ids").elements() { try checkID(id) }
      for token in try special.member("tokens").elements() { _ = try token.text() }
    }
  }

  /// `{"Sequence": {"id": "A", "type_id": 0}}`, or a special token.
  private static func checkPiece(_ piece: TokenizerPart) throws(TokenizerFault) {
    guard case .object(let members) = piece.value else { throw piece.wrong(.object) }
    guard members.count == 1, let name = members.keys.first,
      name == "Sequence" || name == "SpecialToken"
    else { throw piece.unsupported(Bilingual(same: "Sequence, SpecialToken")) }
    let content = try piece.member(name)
    let id = try content.member("id")
    let text = try id.text()
    if name == "Sequence", text != "A", text != "B" {
      throw id.unsupported(Bilingual(same: "A, B"))
    }
    try checkID(content.member("type_id"))
  }

  private static func checkID(_ part: TokenizerPart) throws(TokenizerFault) {
    guard UInt32(exactly: try part.integer()) != nil else {
      throw part.unsupported(
        Bilingual(it: "numeri da 0 a 4 294 967 295", en: "numbers from 0 to 4 294 967 295")
      )
    }
  }
}
