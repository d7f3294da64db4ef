// SPDX-License-Identifier: MIT

/// What is known of a text that was made tokens; written last, so that it stands for the whole.
package struct ShardManifest: Hashable, Sendable {
  static let format = "passo-shards-3"
  package static let fileName = "manifest.json"

  /// A file of the text.
  package struct Source: Hashable, Sendable {
    package var path = ""
    package var bytes = 0

    /// The `ContentHash` of its bytes.
    package var hash: UInt64 = 0
  }

  /// A file of tokens.
  package struct Shard: Hashable, Sendable {
    package var name = ""
    package var tokens = 0
    package var checksum: UInt64 = 0
  }

  /// The tokens that are learned from, or those that are kept for tests.
  package struct Part: Hashable, Sendable {
    package var tokens = 0

    /// Texts that begin in this part.
    package var documents = 0

    /// What each token would cost, in nats, if only the frequencies of tokens were known.
    package var entropy = 0.0
    package var shards: [Shard] = []
  }

  package var key: UInt64 = 0
  package var sources: [Source] = []
  package var tokenizer: UInt64 = 0
  package var vocabularySize = 0

  /// The bytes of a stored token.
  package var width = 0
  package var unit = DocumentUnit.line
  package var split = TokenSplit.none
  package var seed: UInt64 = 0
  package var tally = TextTally()
  package var training = Part()
  package var heldOut = Part()

  /// What both parts have in common, if there are two.
  package var overlap: OverlapReport?
}

// MARK: - Writing

extension ShardManifest {
  /// The file, which ends with a fingerprint of all else.
  var json: String {
    let members = members
    let check = ("check", Self.hex(Self.check(members)))
    return JSONText.object(members + [check]) + "\n"
  }

  private static func check(_ members: [(key: String, value: String)]) -> UInt64 {
    var hash = ContentHash()
    hash.add(JSONText.object(members))
    return hash.value
  }

  private var members: [(key: String, value: String)] {
    let split = JSONText.object([
      ("by", JSONText.string(self.split.name)),
      ("fraction", JSONText.number(self.split.fraction)),
      ("block", "\(self.split.blockLength)"),
      ("seed", Self.hex(seed)),
    ])
    return [
      ("format", JSONText.string(Self.format)),
      ("key", Self.hex(key)),
      ("sources", Self.list(sources.map(\.json))),
      ("tokenizer", Self.hex(tokenizer)),
      ("vocabulary_size", "\(vocabularySize)"),
      ("bytes_per_token", "\(width)"),
      ("unit", JSONText.string(unit.rawValue)),
      ("split", split),
      ("found", JSONText.object(TextTally.names.map { ($0.name, "\(tally[keyPath: $0.path])") })),
      ("training", training.json),
      ("held_out", heldOut.json),
      ("overlap", overlap?.json ?? "null"),
    ]
  }

  fileprivate static func list(_ values: [String]) -> String {
    "[" + values.joined(separator: ",") + "]"
  }

  /// JSON numbers of other programs lose the last digits of 64 bits.
  fileprivate static func hex(_ word: UInt64) -> String {
    JSONText.string(String(word, radix: 16))
  }
}

extension ShardManifest.Source {
  fileprivate var json: String {
    JSONText.object([
      ("path", JSONText.string(path)),
      ("bytes", "\(bytes)"),
      ("hash", ShardManifest.hex(hash)),
    ])
  }
}

extension ShardManifest.Part {
  fileprivate var json: String {
    let shards = shards.map { shard in
      JSONText.object([
        ("name", JSONText.string(shard.name)),
        ("tokens", "\(shard.tokens)"),
        ("checksum", ShardManifest.hex(shard.checksum)),
      ])
    }
    return JSONText.object([
      ("tokens", "\(tokens)"),
      ("documents", "\(documents)"),
      ("entropy", JSONText.number(entropy)),
      ("shards", ShardManifest.list(shards)),
    ])
  }
}

// MARK: - Reading

extension ShardManifest {
  /// Reads a file; nil unless it is, to the last byte, what would be written.
  ///
  /// Whatever is missing, damaged or of another version makes another fingerprint.
  init?(_ bytes: [UInt8]) {
    var reader = JSONReader(bytes)
    do throws(JSONFault) {
      try read(from: &reader)
      try reader.end()
    } catch {
      return nil
    }
    guard bytes.elementsEqual(json.utf8), isSound else { return nil }
  }

  /// Whether every number can be reckoned with, and every name is that of a file in the folder.
  ///
  /// The fingerprint finds damage; a forger computes it anew.
  private var isSound: Bool {
    let common = overlap.map {
      [$0.length, $0.windows, $0.found, $0.documents, $0.duplicates]
    }
    let counts =
      TextTally.names.map { tally[keyPath: $0.path] } + sources.map(\.bytes) + (common ?? [])
    return ShardHeader.isSound(width: width, count: 0)
      && (0...Int(Int32.max)).contains(vocabularySize)
      && counts.allSatisfy { (0...ShardHeader.mostTokens).contains($0) }
      && training.isSound && heldOut.isSound
  }

  private mutating func read(from reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "key": self.key = try reader.word()
      case "sources":
        try reader.array { (_, reader) throws(JSONFault) in
          sources.append(try Source(&reader))
        }
      case "tokenizer": tokenizer = try reader.word()
      case "vocabulary_size": vocabularySize = try reader.integer()
      case "bytes_per_token": width = try reader.integer()
      case "unit": unit = DocumentUnit(rawValue: try reader.string()) ?? .line
      case "split": try readSplit(&reader)
      case "found": try readTally(&reader)
      case "training": training = try Part(&reader)
      case "held_out": heldOut = try Part(&reader)
      case "overlap": overlap = try reader.null() ? nil : OverlapReport(&reader)
      default: try reader.skip()
      }
    }
  }

  private mutating func readSplit(_ reader: inout JSONReader) throws(JSONFault) {
    var (name, fraction, length) = ("", 0.0, 0)
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "by": name = try reader.string()
      case "fraction": fraction = try reader.number()
      case "block": length = try reader.integer()
      case "seed": seed = try reader.word()
      default: try reader.skip()
      }
    }
    split = TokenSplit(name: name, fraction: fraction, length: length) ?? .none
  }

  private mutating func readTally(_ reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      let count = try reader.integer()
      if let (_, path) = TextTally.names.first(where: { $0.name == key }) {
        tally[keyPath: path] = count
      }
    }
  }
}

extension ShardManifest.Source {
  fileprivate init(_ reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "path": path = try reader.string()
      case "bytes": bytes = try reader.integer()
      case "hash": hash = try reader.word()
      default: try reader.skip()
      }
    }
  }
}

extension ShardManifest.Part {
  fileprivate init(_ reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "tokens": tokens = try reader.integer()
      case "documents": documents = try reader.integer()
      case "entropy": entropy = try reader.number()
      case "shards":
        try reader.array { (_, reader) throws(JSONFault) in
          shards.append(try ShardManifest.Shard(&reader))
        }
      default: try reader.skip()
      }
    }
  }
}

extension ShardManifest.Part {
  /// Whether the files have as many tokens as the part, and all are in the folder.
  fileprivate var isSound: Bool {
    var left = tokens
    guard (0...ShardHeader.mostTokens).contains(tokens), documents >= 0, entropy >= 0 else {
      return false
    }
    for shard in shards {
      guard shard.isNamed, (0...left).contains(shard.tokens) else { return false }
      left -= shard.tokens
    }
    return left == 0
  }
}

extension ShardManifest.Shard {
  /// Whether the name is that of a file of tokens, and leads nowhere else.
  fileprivate var isNamed: Bool {
    name.hasSuffix(".tokens") && !name.hasPrefix(".")
      && name.utf8.allSatisfy {
        $0 != 0 && $0 != UInt8(ascii: "/")
      }
  }

  fileprivate init(_ reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "name": name = try reader.string()
      case "tokens": tokens = try reader.integer()
      case "checksum": checksum = try reader.word()
      default: try reader.skip()
      }
    }
  }
}

extension JSONReader {
  /// A word of 64 bits, written as a string of hexadecimal digits; 0 for anything else.
  fileprivate mutating func word() throws(JSONFault) -> UInt64 {
    UInt64(try string(), radix: 16) ?? 0
  }
}
