// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// The folders of kept tokens: how long they stay, and what happens to them meanwhile.
struct TextCacheTests {
  private let scratch: Scratch
  private let tokenizer: WordTokenizer

  init() throws {
    scratch = try Scratch()
    tokenizer = try WordTokenizer(texts: ["uno due tre quattro"])
  }

  private func cache(budget: Int = 1 << 30) -> TextCache {
    TextCache(root: scratch.path("cache"), budget: budget)
  }

  private func open(_ text: String, _ cache: TextCache? = nil) throws -> TokenShards {
    let path = try scratch.write(Array(text.utf8), to: "\(text.prefix(9)).txt")
    return try #require(
      try TokenShards.open(
        ShardRequest(files: [path]),
        tokenizer: tokenizer,
        fingerprint: 7,
        cache: cache ?? self.cache()
      )
    )
  }

  private var cached: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: cache().root)) ?? [])
  }

  private func name(_ folder: String) -> String {
    String(folder.split(separator: "/").last ?? "")
  }

  private func age(_ folder: String, days: Double) throws {
    let date = Date(timeIntervalSinceNow: -86_400 * days)
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder)
  }

  // MARK: Room

  @Test func whatWasNotUsedForTheLongestTimeMakesRoom() throws {
    let texts = ["uno", "due", "tre"]
    let folders = try texts.map { try open($0).folder }
    for (number, folder) in folders.enumerated() { try age(folder, days: Double(9 - number)) }
    // Looking at the first again makes it the youngest.
    _ = try open("uno")
    let size = try FileManager.default.contentsOfDirectory(atPath: folders[0]).reduce(0) {
      let path = "\(folders[0])/\($1)"
      return $0 + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
    }
    let last = try open("quattro", cache(budget: size * 3 + size / 2)).folder
    #expect(cached == Set([folders[0], folders[2], last].map(name)))
  }

  @Test func whatIsInUseStays() throws {
    let used = try open("uno")
    let made = try open("due").folder
    let lock = try #require(try FolderLock.wait(for: made, unless: { false }))
    try age(used.folder, days: 3)
    let last = try open("tre", cache(budget: 1))
    #expect(cached == [name(used.folder), name(made), name(made) + ".lock", name(last.folder)])
    lock.release()
    cache(budget: 1).makeRoom()
    #expect(cached == [name(used.folder), name(last.folder)])
    #expect(used.training.tokens(0..<used.training.count).count == 3)
  }

  // MARK: Damage

  /// No byte of a folder may differ from what was written.
  @Test(arguments: ["train-0.tokens", "manifest.json"])
  func anyByteThatChangesIsFound(name: String) throws {
    let folder = try open("uno due tre").folder
    let key = try #require(UInt64(self.name(folder), radix: 16))
    let good = try InputFile.read(path: "\(folder)/\(name)", limit: 1 << 20)
    _ = try TokenShards(folder: folder, key: key)
    for place in good.indices {
      var bytes = good
      bytes[place] ^= 1
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
      #expect(throws: ShardDamage.self, "byte \(place)") {
        try TokenShards(folder: folder, key: key)
      }
    }
  }

  @Test func whatStandsInADamagedFolderGoesWithIt() throws {
    let folder = try open("uno due").folder
    try AtomicFile.makeFolder(folder + "/mine/inner")
    try AtomicFile.write([1], to: folder + "/mine/inner/note.txt")
    try AtomicFile.write([1], to: folder + "/.hidden")
    try AtomicFile.write([1], to: folder + "/train-0.tokens")
    #expect(try open("uno due").isNew)
    #expect(cached == [name(folder)])
    #expect(!InputFile.exists(folder + "/mine") && !InputFile.exists(folder + "/.hidden"))
  }

  /// Another program writes over a file in use: no id that no token has comes out of it.
  @Test func whatIsOverwrittenWhileItIsInUseNeverReachesAModel() throws {
    let shards = try open("uno due tre quattro uno due tre quattro")
    #expect(shards.damage == nil)
    let handle = try FileHandle(
      forWritingTo: URL(filePath: shards.folder).appending(path: "train-0.tokens")
    )
    try handle.seek(toOffset: 64)
    try handle.write(contentsOf: Array(repeating: UInt8(0xFF), count: 8))
    try handle.close()
    let data = try TrainingData(
      shards,
      batch: BatchShape(rows: 2, length: 4),
      seed: 1,
      objective: CausalObjective(opening: []),
      mask: .causal
    )
    let known = Int32(tokenizer.vocabularySize)
    for round in 0..<4 {
      let batch = data.training.batch(round)
      #expect((batch.inputs + batch.targets).allSatisfy { (0..<known).contains($0) })
    }
    #expect(data.training.damage == .overwritten(folder: shards.folder))
    #expect(shards.damage?.hint != nil)
  }

  @Test func damageInTheUndividedTokensOfAShortTextIsTold() throws {
    let text = (0..<60).map { _ in "uno due tre quattro\n" }.joined()
    let path = try scratch.write(Array(text.utf8), to: "text.txt")
    func corpus() throws -> TextCorpus {
      try #require(
        try TextCorpus.open(
          TextCorpus.Request(files: [path]),
          ObjectiveChoice(CausalObjective.self),
          given: tokenizer,
          contextLength: 8,
          TextReading(cache: cache())
        )
      )
    }
    #expect(try corpus().shards.notes.isEmpty)
    #expect(cached.count == 2)
    let whole = try #require(
      cached.first { !InputFile.exists("\(cache().root)/\($0)/held-0.tokens") }
    )
    try AtomicFile.write([1], to: "\(cache().root)/\(whole)/train-0.tokens")
    let notes = try corpus().shards.notes
    #expect(notes.contains { $0.en.contains("were made again") }, "\(notes)")
    #expect(try corpus().shards.notes.isEmpty)
  }

  // MARK: Where nothing can be kept

  @Test func aCacheThatCannotBeSaysWhatIsInTheWay() throws {
    let file = try scratch.write([1], to: "file")
    let dead = scratch.path("dead")
    symlink(scratch.path("nowhere"), dead)
    let cases = [
      (file + "/a/texts", "got a file"), (dead + "/a/texts", "a link that leads nowhere"),
    ]
    for (root, expected) in cases {
      let problem = #expect(throws: TextProblem.self) {
        try open("uno", TextCache(root: root))
      }
      #expect(problem?.message.en.contains(expected) == true, "\(String(describing: problem))")
      #expect(problem?.hint?.en.contains("XDG_CACHE_HOME") == true)
    }
  }

  @Test func namesThatLeadNowhereSayWhy() throws {
    let loop = scratch.path("loop")
    symlink(loop, loop)
    let long = scratch.path(String(repeating: "x", count: 300))
    let below = try scratch.write([1], to: "file") + "/text"
    let cases: [(String, SystemFault)] = [
      (loop, .linkLoop), (long, .nameTooLong), (below, .notAFolder),
      (scratch.path("none"), .missing), (scratch.path(""), .notAFile),
    ]
    for (path, fault) in cases {
      #expect(throws: FileProblem.system(fault, file: path)) {
        try InputFile.read(path: path, limit: 9)
      }
      #expect(fault.hint != nil)
    }
  }

  // MARK: What stands in the text

  /// The pieces of a long line are cut between two letters: no blank comes in between.
  @Test func aLongLineWithoutBlanksGetsNone() throws {
    let plan = BytePairTrainer.Plan(vocabularySize: 256)
    let learned = try BytePairTrainer(texts: ["a"], plan: plan).tokenizer()
    let json = String(decoding: TokenizerFile.encoded(learned), as: UTF8.self)
    let prefixing = json.replacing(
      #""pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false"#,
      with: #""pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true"#
    )
    let tokenizer = try TokenizerFile.read(bytes: Array(prefixing.utf8), file: "t")
    let count = (8 << 20) + 50
    let path = try scratch.write(Array(repeating: UInt8(ascii: "a"), count: count), to: "long.txt")
    let shards = try #require(
      try TokenShards.open(
        ShardRequest(files: [path]),
        tokenizer: tokenizer,
        fingerprint: 1,
        cache: cache()
      )
    )
    // One blank before the text, and the line end after it.
    #expect(shards.training.count == count + 2)
    #expect(shards.notes.contains { $0.en.contains("1 cut in a very long text") })
  }
}
