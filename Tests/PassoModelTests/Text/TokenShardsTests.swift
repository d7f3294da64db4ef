// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// A text, its tokenizer, and a cache of its own.
private struct Bench: Sendable {
  // A class that does not change.
  nonisolated(unsafe) let scratch: Scratch
  let path: String
  let tokenizer: WordTokenizer
  var request: ShardRequest

  var cache: TextCache { TextCache(root: scratch.path("cache/texts")) }

  init(_ text: String, split: TokenSplit = .none, shardTokens: Int = 1000) throws {
    scratch = try Scratch()
    path = try scratch.write(Array(text.utf8), to: "text.txt")
    tokenizer = try WordTokenizer(texts: [text])
    request = ShardRequest(files: [path], split: split)
    request.shardTokens = shardTokens
  }

  func open(unless shouldStop: () -> Bool = { false }) throws -> TokenShards? {
    try TokenShards.open(
      request,
      tokenizer: tokenizer,
      fingerprint: 7,
      cache: cache,
      unless: shouldStop
    )
  }

  func opened() throws -> TokenShards { try #require(try open()) }

  /// The tokens as they are made in memory.
  func tokens() throws -> [Int32] {
    let text = try TextFile.text(path: path)
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    let start = tokenizer.start.map { [$0] } ?? []
    return try lines.flatMap { try start + tokenizer.encode(String($0)) } + start
  }

  var cached: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: cache.root)) ?? []
  }

  static func lines(_ count: Int, seed: UInt64 = 1) -> String {
    var random = RandomSource(seed: seed)
    return (0..<count).map { number in
      let words = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        "w\(Int.random(in: 0..<200, using: &random))"
      }
      return words.joined(separator: " ") + (number.isMultiple(of: 9) ? "\n\n" : "\n")
    }
    .joined()
  }
}

extension TokenStore {
  fileprivate var all: [Int32] { tokens(0..<count) }
}

struct TokenShardsTests {
  @Test func theTokensAreThoseMadeInMemory() throws {
    let bench = try Bench(Bench.lines(400))
    let shards = try bench.opened()
    let tokens = try bench.tokens()
    #expect(shards.isNew)
    #expect(shards.manifest.training.shards.count == (tokens.count + 999) / 1000)
    #expect(shards.training.all == tokens)
    #expect(shards.heldOut == nil)
    for range in [0..<0, 0..<1, 998..<1003, 500..<3100, tokens.count - 2..<tokens.count] {
      #expect(shards.training.tokens(range) == Array(tokens[range]))
    }
    let counts = Dictionary(grouping: tokens, by: \.self).values.map { Double($0.count) }
    let entropy = counts.reduce(0) {
      $0 - $1 / Double(tokens.count) * log($1 / Double(tokens.count))
    }
    #expect(abs(shards.manifest.training.entropy - entropy) < 1e-9)
    #expect(shards.manifest.training.documents == shards.manifest.tally.documents)
    #expect(bench.cached == [String(shards.folder.split(separator: "/").last ?? "")])
  }

  @Test func aLargeVocabularyTakesFourBytes() throws {
    let words = (0..<70_000).map { "w\($0)" }.joined(separator: " ")
    let bench = try Bench(words, shardTokens: 1 << 20)
    let shards = try bench.opened()
    #expect(shards.manifest.width == 4)
    #expect(try shards.training.all == bench.tokens())
  }

  @Test func batchesAreThoseOfTokensInMemoryAlsoAfterOpeningAgain() throws {
    let bench = try Bench(Bench.lines(400))
    let shards = try bench.opened()
    let expected = TokenBlocks(try bench.tokens(), rows: 3, length: 17, seed: 5)
    let shape = BatchShape(rows: 3, length: 17)
    let first = try TrainingData(
      shards,
      batch: shape,
      seed: 5,
      objective: CausalObjective(opening: []),
      mask: .causal
    )
    let again = try bench.opened()
    #expect(!again.isNew)
    let second = try TrainingData(
      again,
      batch: shape,
      seed: 5,
      objective: CausalObjective(opening: []),
      mask: .causal
    )
    #expect(first.fingerprint == second.fingerprint)
    for round in [0, 1, 2, 77, 300, 5000] {
      #expect(first.training.batch(round) == expected.batch(round))
      #expect(second.training.batch(round) == expected.batch(round))
    }
  }

  @Test func whateverDiffersHasAFolderOfItsOwn() throws {
    var bench = try Bench(Bench.lines(100))
    let first = try bench.opened()
    bench.request.source.unit = .file
    bench.request.split = .blocks(0.2, length: 32)
    let second = try bench.opened()
    bench.request.seed = 2
    let third = try bench.opened()
    _ = try bench.scratch.write(Array("w1 w2 w3\n".utf8), to: "text.txt")
    bench.request.split = .none
    let fourth = try bench.opened()
    #expect(Set([first, second, third, fourth].map(\.folder)).count == 4)
    #expect(Set([first, second, third, fourth].map(\.fingerprint)).count == 4)
    #expect(bench.cached.count == 4)
  }

  enum Harm: CaseIterable {
    case cutShard, longShard, noShard, byte, table, header, headerEnd, shardVersion
    case cutManifest, manifestDigit, manifestKey, manifestEnd, manifestVersion, noManifest
  }

  @Test(arguments: Harm.allCases)
  func damageIsFoundAndMended(harm: Harm) throws {
    let bench = try Bench(Bench.lines(300))
    let shards = try bench.opened()
    let before = shards.training.all
    let shard = URL(filePath: shards.folder).appending(path: "train-1.tokens")
    let manifest = URL(filePath: shards.folder).appending(path: "manifest.json")
    var bytes = try [UInt8](Data(contentsOf: shard))
    var json = try String(contentsOf: manifest, encoding: .utf8)
    switch harm {
    case .cutShard: bytes.removeLast(300)
    case .longShard: bytes.append(0)
    case .noShard: try FileManager.default.removeItem(at: shard)
    case .byte: bytes[1000] ^= 4
    case .table: bytes[bytes.count - 1] ^= 1
    case .header: bytes[17] ^= 1
    case .headerEnd: bytes[40] ^= 1
    case .shardVersion: bytes[8] = 2
    case .cutManifest: json.removeLast(40)
    case .manifestDigit:
      json = json.replacingOccurrences(of: "\"documents\":300", with: "\"documents\":301")
    case .manifestKey: json = json.replacingOccurrences(of: "\"overlap\"", with: "\"overlaq\"")
    case .manifestEnd: json.removeLast()
    case .manifestVersion: json = json.replacingOccurrences(of: "shards-3", with: "shards-2")
    case .noManifest: try FileManager.default.removeItem(at: manifest)
    }
    if harm != .noShard { try Data(bytes).write(to: shard) }
    if harm != .noManifest { try Data(json.utf8).write(to: manifest) }
    let again = try bench.opened()
    #expect(again.isNew)
    #expect(again.notes.first?.it.contains("rifatti") == true)
    #expect(again.training.all == before)
    #expect(again.fingerprint == shards.fingerprint)
    #expect(try !bench.opened().isNew)
    #expect(bench.cached.count == 1)
  }

  @Test func aHeaderKnowsWhereEverythingIs() {
    let header = ShardHeader(width: 2, count: 3 << 20, checksum: 0)
    #expect(header.chunks == 6)
    #expect(header.range(ofChunk: 5).upperBound == header.tableRange.lowerBound)
    #expect(header.fileSize == 64 + (6 << 20) + 48)
    #expect(header.bytes.count == 64 && header.bytes.starts(with: Array("PassoTok".utf8)))
  }

  @Test func aStopLeavesNothing() throws {
    let bench = try Bench(Bench.lines(50), split: .documents(0.3))
    var limit = 0
    while true {
      var asked = 0
      let shards = try bench.open {
        asked += 1
        return asked > limit
      }
      if shards != nil { break }
      #expect(bench.cached == [])
      limit += 1
    }
    #expect(limit >= 5)
  }

  @Test func whatADeadProcessLeftIsRemovedAndTheWorkOfALiveOneIsNot() throws {
    let bench = try Bench(Bench.lines(50))
    let names = ["00000000000000aa.unfinished-x", "00000000000000bb.unfinished-y"]
    for name in names {
      try AtomicFile.makeFolder(bench.cache.root + "/" + name)
      try AtomicFile.write([1], to: "\(bench.cache.root)/\(name)/train-0.tokens")
    }
    let lock = try #require(
      try FolderLock.wait(for: bench.cache.root + "/00000000000000bb", unless: { false })
    )
    let shards = try bench.opened()
    let own = String(shards.folder.split(separator: "/").last ?? "")
    #expect(Set(bench.cached) == [names[1], "00000000000000bb.lock", own])
    lock.release()
    #expect(Set(bench.cached) == [names[1], own])
  }

  @Test func manyAtOnceMakeTheTokensOnce() async throws {
    let bench = try Bench(Bench.lines(300), split: .documents(0.2))
    let all = try await withThrowingTaskGroup(of: TokenShards?.self) { group in
      for _ in 0..<4 { group.addTask { try bench.open() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let shards = all.compactMap(\.self)
    #expect(shards.count == 4)
    #expect(shards.count { $0.isNew } == 1)
    #expect(Set(shards.map(\.training.all)).count == 1)
    #expect(bench.cached.count == 1)
  }

  @Test func aCacheThatCannotBeWrittenSaysWhatToDo() throws {
    let bench = try Bench("uno due\n")
    let cache = TextCache(root: bench.path + "/texts")
    let problem = #expect(throws: TextProblem.self) {
      try TokenShards.open(
        bench.request,
        tokenizer: bench.tokenizer,
        fingerprint: 0,
        cache: cache
      )
    }
    #expect(problem?.hint?.en.contains("XDG_CACHE_HOME") == true)
  }

  @Test func theCacheIsWhereTheStandardSays() throws {
    #expect(try TextCache(environment: ["XDG_CACHE_HOME": "/c"]).root == "/c/passo/texts")
    let home = ["XDG_CACHE_HOME": "relative", "HOME": "/home/a"]
    #expect(try TextCache(environment: home).root == "/home/a/.cache/passo/texts")
    #expect(throws: TextProblem.noCacheFolder) { try TextCache(environment: [:]) }
  }

  @Test func emptyTextUnknownWordsAndMissingFilesLeaveNothing() throws {
    var bench = try Bench("uno due\n")
    func problem() -> (any Problem)? {
      do { _ = try bench.open() } catch { return error as? any Problem }
      return nil
    }
    let empty = try bench.scratch.write(Array("\n \n".utf8), to: "empty.txt")
    bench.request.source.inputs = [TextInput(path: empty)]
    #expect(problem() as? TextProblem == .noText(.whiteSpace, file: empty, files: 1))
    let other = try bench.scratch.write(Array("uno\n\nuno tre\n".utf8), to: "other.txt")
    bench.request.source.inputs = [bench.path, other].map(TextInput.init(path:))
    #expect(problem()?.place == Place(file: other, line: 3))
    bench.request.source.inputs = [TextInput(path: bench.scratch.path("none.txt"))]
    #expect(problem() is FileProblem)
    bench.request.source.inputs = [TextInput(path: bench.path)]
    bench.request.split = .documents(0.5)
    #expect(problem() as? TextProblem == .cannotSplit(.documents(0.5), units: 1))
    #expect(bench.cached == [])
    bench.request.split = .none
    let shards = try bench.opened()
    let shape = BatchShape(rows: 1, length: 9)
    #expect(throws: TrainingProblem.tooShort(tokens: 4, needed: 10)) {
      try TrainingData(
        shards,
        batch: shape,
        seed: 1,
        objective: CausalObjective(opening: []),
        mask: .causal
      )
    }
  }
}

struct TokenSplitTests {
  @Test func everyTextIsInOnePartOnlyAndTheSeedDecides() throws {
    var bench = try Bench(Bench.lines(500), split: .documents(0.2))
    let shards = try bench.opened()
    let kept = try #require(shards.heldOut).all.split(separator: 0).map { Array($0) }
    let learned = shards.training.all.split(separator: 0).map { Array($0) }
    let all = try bench.tokens().split(separator: 0).map { Array($0) }
    #expect((60...140).contains(kept.count))
    #expect(shards.manifest.heldOut.documents == kept.count)
    #expect(shards.manifest.training.documents == learned.count)
    // In order, each text in exactly one of the two.
    var (first, second) = (kept[...], learned[...])
    for text in all {
      if first.first == text {
        first.removeFirst()
      } else if second.first == text {
        second.removeFirst()
      }
    }
    #expect(first.isEmpty && second.isEmpty && kept.count + learned.count == all.count)
    #expect(shards.training.all.first == 0 && shards.training.all.last == 0)
    #expect(shards.manifest.overlap?.documents == kept.count)
    bench.request.seed = 9
    #expect(try bench.opened().heldOut?.all != shards.heldOut?.all)
  }

  @Test func blocksDivideEvenOneText() throws {
    var bench = try Bench(Bench.lines(500), split: .blocks(0.25, length: 64))
    bench.request.source.unit = .file
    let shards = try bench.opened()
    let kept = try #require(shards.heldOut).all
    let start = try #require(bench.tokenizer.start)
    let text = try String(contentsOfFile: bench.path, encoding: .utf8)
    let stream = try [start] + bench.tokenizer.encode(text) + [start]
    let blocks = stride(from: 0, to: stream.count, by: 64).map {
      Array(stream[$0..<min($0 + 64, stream.count)])
    }
    var (first, second) = (kept[...], shards.training.all[...])
    var count = 0
    for block in blocks {
      if first.starts(with: block) {
        first.removeFirst(block.count)
        count += 1
      } else if second.starts(with: block) {
        second.removeFirst(block.count)
      }
    }
    #expect(first.isEmpty && second.isEmpty)
    #expect((0.15...0.35).contains(Double(count) / Double(blocks.count)))
    #expect(kept.count + shards.training.count == stream.count)
  }

  @Test(arguments: [0.001, 0.999], [2, 3, 8])
  func neitherPartIsEmptyIfThereAreTwoTexts(fraction: Double, lines: Int) throws {
    let text = (0..<lines).map { "w\($0) x\n" }.joined()
    let bench = try Bench(text, split: .documents(fraction))
    let shards = try bench.opened()
    let kept = shards.manifest.heldOut.documents
    #expect((1..<lines).contains(kept))
    #expect(kept + shards.manifest.training.documents == lines)
    #expect(shards.heldOut?.count == shards.manifest.heldOut.tokens)
    #expect(try !bench.opened().isNew)
  }

  @Test func plantedCopiesAreFound() throws {
    let lines = Bench.lines(300).split(separator: "\n")
    let bench = try Bench(
      (lines + lines).map { $0 + "\n" }.joined(),
      split: .documents(0.5)
    )
    let overlap = try #require(try bench.opened().manifest.overlap)
    // Of the copies of a kept text, the other one is kept too in half of the cases.
    #expect((0.35...0.65).contains(Double(overlap.duplicates) / Double(overlap.documents)))
    #expect(overlap.found > 0)
    #expect(overlap.example.count == 13)
    #expect(overlap.message.en.contains("of the runs of 13 tokens"))
    #expect(try bench.opened().manifest.overlap == overlap)
  }
}
