// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles

/// Models of sentencepiece, and what they make of texts.
struct SentencePieceTarget: FuzzTarget {
  static let name = "sentencepiece"
  static let words = ["\u{2581}", "<0x41>", "<unk>", "<s>", "gatto", "\u{A}", "\u{1A}", "\u{12}"]
  static let weight = 60
  let samples: [[UInt8]]

  init(_ place: Workplace) throws {
    samples = (1...4).flatMap { kind in
      [false, true].map { Self.sample(kind: kind, fallsBack: $0) }
    }
  }

  mutating func take(_ input: [UInt8]) throws {
    let tokenizer = try TokenizerFile.read(bytes: input, file: "tokenizer.model")
    for text in SampleTokenizers.texts + ["<s>  il\u{2581}gatto ﬁ</s>"] {
      let ids = try tokenizer.encode(text)
      guard ids.allSatisfy({ tokenizer.token(of: $0) != nil }) else {
        throw FuzzFault("an id that is no token: \(ids)")
      }
      _ = try tokenizer.decode(ids)
      _ = try tokenizer.decode(ids.reversed(), keepingSpecials: true)
    }
  }

  /// A small model.
  private static func sample(kind: Int, fallsBack: Bool) -> [UInt8] {
    var pieces: [(text: String, score: Float, kind: Int)] = [
      ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("gat", 0, 4), ("\u{2581}", -1, 1),
      ("\u{2581}d", -2, 1), ("i", -3, 1), ("il", -3.5, 1), ("\u{2581}il", -4, 5), ("to", -5, 1),
    ]
    if fallsBack {
      pieces += (0..<256).map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return ("<0x" + (digits.count == 1 ? "0" : "") + digits + ">", 0, 6)
      }
    }
    let all = pieces.flatMap { piece -> [UInt8] in
      let score = withUnsafeBytes(of: piece.score.bitPattern.littleEndian) { Array($0) }
      return message(1, message(1, Array(piece.text.utf8)) + [0x15] + score + number(3, piece.kind))
    }
    let training = number(3, kind) + number(35, fallsBack ? 1 : 0)
    let cleaning = message(2, map) + number(3, 1) + number(4, kind % 2) + number(5, 1)
    return all + message(2, training) + message(3, cleaning)
  }

  /// A map of one character: `A` is `a`.
  private static let map: [UInt8] = {
    // The root, its child for `A`, and the place of its text.
    var units = [UInt32](repeating: 0, count: 0x80)
    units[0] = 1 << 10
    units[0x40] = 0x41 | 1 << 8 | 2 << 10
    units[0x42] = 1 << 31
    let words = units.flatMap { unit in withUnsafeBytes(of: unit.littleEndian) { Array($0) } }
    let size = withUnsafeBytes(of: UInt32(words.count).littleEndian) { Array($0) }
    return size + words + [0x61, 0]
  }()

  private static func varint(_ value: Int) -> [UInt8] {
    var (bytes, rest): ([UInt8], Int) = ([], value)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func number(_ field: Int, _ value: Int) -> [UInt8] {
    varint(field << 3) + varint(value)
  }

  private static func message(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(bytes.count) + bytes
  }
}

/// Some lines of a file of tiktoken; those of all ranks that they leave out follow.
///
/// They are those of longer tokens: many others could stand in their places.
struct TiktokenTarget: FuzzTarget {
  static let name = "tiktoken"
  static let words = [
    "IQ== 0", "Ig== 1", "=", "==", " 50255", "\n", "AA==", " 9223372036854775807", " 16777215",
  ]

  // Of sixteen inputs one is taken: whatever a rank becomes, it is missing or twice.
  static let weight = 60
  let samples: [[UInt8]]
  private let lines: [[UInt8]]

  init(_ place: Workplace) throws {
    lines = (0..<50_256).map { rank in
      let token: [UInt8] =
        rank < 256 ? [UInt8(rank)] : [0x61, UInt8(rank >> 8), UInt8(rank & 0xFF)]
      return Array("\(Self.base64(token)) \(rank)\n".utf8)
    }
    samples = [Array(lines[256..<556].joined())]
  }

  mutating func take(_ input: [UInt8]) throws {
    let ranks = String(decoding: input, as: UTF8.self).split(separator: "\n")
      .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    let named = Set(ranks)
    let rest = lines.indices.filter { !named.contains($0) }.flatMap { lines[$0] }
    let bytes = input + (input.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]) + rest
    let tokenizer = try TokenizerFile.read(bytes: bytes, file: "r50k_base.tiktoken")
    for text in SampleTokenizers.texts {
      _ = try tokenizer.decode(tokenizer.encode(text))
    }
  }

  /// One byte or three.
  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bits = (bytes + [0, 0]).prefix(3).reduce(0) { $0 << 8 | Int($1) }
    let all = [18, 12, 6, 0].map { letters[bits >> $0 & 63] }
    return bytes.count == 1 ? String(all.prefix(2)) + "==" : String(all)
  }
}

/// A chat template, and the messages that it is given.
struct ChatTemplateTarget: FuzzTarget {
  static let name = "chat-template"
  static let words = [
    "{%", "%}", "{{", "}}", "{%-", "-%}", "for", "in", "if", "else", "endif", "endfor", "set", "ns",
    "namespace(a=1)", "messages", "loop.index", "[::-1]", "| trim", "| join(',')", "range(9)",
    "range(100000)", "macro f(x)", "endmacro", "f(f(1))", "is defined", "not", "~", "**", "//",
    "'a' * 1000000", "| tojson(indent=4)", "| list", "| sort", "raise_exception('x')", "content",
    "[0]", "(", ")", "strftime_now('%Y')", "{#", "#}", "{% raw %}", "role", ".split('a')",
    ".count('')", ".find('aab')", ".rfind('')", ".replace('', 'b')", "'' in", "| unique", "| map(",
    "[ns.x, ns.x]", "{'a': ns.x}", "set ns.x = [ns.x]", "ns.x == ns.x", "* 60000", "| join",
    "+ 1 + 1 + 1 + 1 + 1 + 1", "or none or none", "[0][0][0][0]", ".a.a.a", "| list | list",
    "~ 1 ~ 1", "not not not", "- - -", "elif 0", "1 if 0 else", "| map('map', 'map', 'list')",
    "| dictsort", "is eq", "| min", ".startswith((a, a))", "| upper", "range(60000)", "(ns.x,)",
  ]
  static let weight = 60
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    let chat = #"[{"role":"system","content":"x"},{"role":"user","content":"Città?"}]"#
    let templates = [
      "{% for m in messages %}{{ '<|' + m.role + '|>' ~ m['content'] | trim }}{% endfor %}",
      "{%- set ns = namespace(n=0) -%}{% for m in messages[::-1] if m.role != 'x' %}"
        + "{% set ns.n = ns.n + loop.index0 %}{{ m | tojson }}{% else %}-{% endfor %}{{ ns.n }}",
      "{% macro f(x, y=2) %}{{ x }}{% if y > 0 %}{{ f(x, y - 1) }}{% endif %}{% endmacro %}"
        + "{{ f(messages | map(attribute='role') | list | join(', ')) }}{{ range(3) }}",
      "{% set t %}{{ messages[0].content.split(' ')[-1].replace('a', 'b') }}{% endset %}"
        + "{{ t | upper }}{% if tools is none and t is string %}{{ [1, 2][0:1] }}{% endif %}",
    ]
    samples = templates.map { Array(($0 + "\u{1E}" + chat).utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let parts = input.split(separator: 0x1E, maxSplits: 1, omittingEmptySubsequences: false)
    try place.write(Array(parts[0]), to: "chat/chat_template.jinja")
    let template = try ChatTemplate(folder: place.path("chat"))
    let chat = try Chat(json: parts.count > 1 ? Array(parts[1]) : [], file: "chat.json")
    _ = try template.text(of: chat)
  }
}

/// A folder with the vocabulary of BERT and the settings beside it.
struct WordPieceFolderTarget: FuzzTarget {
  static let name = "wordpiece-folder"
  static let words = [
    "[UNK]", "[CLS]", "[SEP]", "##to", "do_lower_case", "strip_accents", "tokenizer_class",
    "BertTokenizer", "tokenize_chinese_chars", "unk_token", "added_tokens_decoder", "content",
  ]
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nil\ngat\n##to\n,\n"
    let config = #"{"tokenizer_class":"BertTokenizer","do_lower_case":true,"strip_accents":null}"#
    samples = [Array((vocabulary + "\u{1E}" + config).utf8)]
  }

  mutating func take(_ input: [UInt8]) throws {
    let parts = input.split(separator: 0x1E, maxSplits: 1, omittingEmptySubsequences: false)
    try place.write(Array(parts[0]), to: "bert/vocab.txt")
    try place.write(parts.count > 1 ? Array(parts[1]) : [], to: "bert/tokenizer_config.json")
    let tokenizer = try TokenizerFile.read(path: place.path("bert"))
    for text in SampleTokenizers.texts { _ = try tokenizer.decode(tokenizer.encode(text)) }
  }
}
