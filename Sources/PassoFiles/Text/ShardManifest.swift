// SPDX-License-Identifier: MIT

/// What is known of a text that was made tokens; written last, so that it stands for the whole.
package struct ShardManifest: Hashable, Sendable, SealedRecord {
  package static let format = "passo-shards-3"
  package static let fileName = "manifest.json"

  /// A file of the text.
  package struct Source: Hashable, Sendable {
    package var path = ""
    package var bytes = 0

    /// The `ContentHash` of its bytes.
    package var hash: UInt64 = 0

    package init() {}
  }

  /// A file of tokens.
  package struct Shard: Hashable, Sendable {
    package var name = ""
    package var tokens = 0
    package var checksum: UInt64 = 0

    package init() {}
  }

  /// The tokens that are learned from, or those that are kept for tests.
  package struct Part: Hashable, Sendable {
    package var tokens = 0

    /// Texts that begin in this part.
    package var documents = 0

    /// What each token would cost, in nats, if only the frequencies of tokens were known.
    package var entropy = 0.0
    package var shards: [Shard] = []

    package init() {}
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

  package init() {}
}

// MARK: - The file

extension ShardManifest {
  package static let members: [JSONMember<ShardManifest>] = [
    JSONMember("key", \.key),
    JSONMember("sources", \.sources),
    JSONMember("tokenizer", \.tokenizer),
    JSONMember("vocabulary_size", \.vocabularySize),
    JSONMember("bytes_per_token", \.width),
    JSONMember("unit", \.unit),
    JSONMember("split", \.division),
    JSONMember("found", \.tally),
    JSONMember("training", \.training),
    JSONMember("held_out", \.heldOut),
    JSONMember("overlap", \.overlap),
  ]

  /// The split and its seed as they stand in the file.
  private var division: Division {
    get {
      Division(by: split.name, fraction: split.fraction, block: split.blockLength, seed: seed)
    }
    set {
      seed = newValue.seed
      split =
        TokenSplit(name: newValue.by, fraction: newValue.fraction, length: newValue.block) ?? .none
    }
  }

  private struct Division: JSONRecord {
    var by = ""
    var fraction = 0.0
    var block = 0
    var seed: UInt64 = 0

    static let members: [JSONMember<Division>] = [
      JSONMember("by", \.by), JSONMember("fraction", \.fraction), JSONMember("block", \.block),
      JSONMember("seed", \.seed),
    ]
  }
}

extension DocumentUnit: JSONStored {
  package var json: String { rawValue.json }
  package init(json reader: inout JSONReader) throws(JSONFault) {
    self = DocumentUnit(rawValue: try reader.string()) ?? .line
  }
}

extension TextTally: JSONRecord {
  package static let members = names.map { JSONMember($0.name, $0.path) }
}

extension ShardManifest.Source: JSONRecord {
  package static let members: [JSONMember<Self>] = [
    JSONMember("path", \.path), JSONMember("bytes", \.bytes), JSONMember("hash", \.hash),
  ]
}

extension ShardManifest.Shard: JSONRecord {
  package static let members: [JSONMember<Self>] = [
    JSONMember("name", \.name), JSONMember("tokens", \.tokens),
    JSONMember("checksum", \.checksum),
  ]
}

extension ShardManifest.Part: JSONRecord {
  package static let members: [JSONMember<Self>] = [
    JSONMember("tokens", \.tokens), JSONMember("documents", \.documents),
    JSONMember("entropy", \.entropy), JSONMember("shards", \.shards),
  ]
}

// MARK: - Checking

extension ShardManifest {
  /// Whether every number can be reckoned with, and every name is that of a file in the folder.
  ///
  /// The fingerprint finds damage; a forger computes it anew.
  var isSound: Bool {
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
}
