// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

/// A cache that somebody else has forged, cut, or can look into.
struct HostileCacheTests {
  private let scratch: Scratch
  private let text: String
  private let tokenizer: WordTokenizer

  private var cache: TextCache { TextCache(root: scratch.path("cache/passo/texts")) }

  init() throws {
    scratch = try Scratch()
    let lines = String(repeating: "uno due tre quattro\n", count: 50)
    text = try scratch.write(Array(lines.utf8), to: "text.txt")
    tokenizer = try WordTokenizer(texts: [lines])
  }

  private func open() throws -> TokenShards {
    let request = ShardRequest(files: [text])
    let shards = try TokenShards.open(request, tokenizer: tokenizer, fingerprint: 7, cache: cache)
    return try #require(shards)
  }

  /// Writes a list of files whose fingerprint is right, whatever it says.
  private func forge(_ change: (inout ShardManifest) -> Void) throws -> String {
    let shards = try open()
    var manifest = shards.manifest
    change(&manifest)
    let path = "\(shards.folder)/\(ShardManifest.fileName)"
    try AtomicFile.write(Array(manifest.fileText.utf8), to: path)
    return shards.folder
  }

  @Test(arguments: [-1, 1 << 62, Int.max, .min, 1 << 61, 1 << 48, (1 << 48) + 1, 0])
  func countsAreCheckedBeforeTheyAreReckonedWith(count: Int) throws {
    let tokens = try open().training.tokens(0..<8)
    let folder = try forge {
      $0.training.tokens = count
      $0.training.shards[0].tokens = count
    }
    // The first bytes of the file agree with the list.
    let path = "\(folder)/train-0.tokens"
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    let word = UInt64(truncatingIfNeeded: count)
    withUnsafeBytes(of: word.littleEndian) { bytes.replaceSubrange(16..<24, with: $0) }
    try Data(bytes).write(to: URL(filePath: path))
    let again = try open()
    #expect(again.isNew && again.training.tokens(0..<8) == tokens)
  }

  @Test func everyOtherNumberIsCheckedToo() throws {
    for number in [-1, Int.max, .min] {
      let changes: [(inout ShardManifest) -> Void] = [
        { $0.width = number }, { $0.vocabularySize = number }, { $0.vocabularySize = 1 << 16 },
        { $0.tally.bytes = number },
        { $0.tally.nuls = number }, { $0.sources[0].bytes = number },
        { $0.training.documents = number < 0 ? number : -2 }, { $0.training.tokens = number },
        { $0.heldOut.tokens = number }, { $0.training.entropy = -1 },
        {
          $0.overlap = OverlapReport()
          $0.overlap?.length = number
        },
        {
          $0.training.shards += [$0.training.shards[0], $0.training.shards[0]]
          $0.training.shards[1].tokens = number
          $0.training.shards[2].tokens = 0 &- number
        },
      ]
      for (place, change) in changes.enumerated() {
        _ = try forge(change)
        #expect(try open().isNew, "\(place) \(number)")
      }
    }
  }

  @Test(arguments: [
    "../train-0.tokens", "/etc/passwd", "..", ".", "", "a/b.tokens", "x\u{0}.tokens", ".h.tokens",
    "manifest.json",
  ])
  func noNameLeadsOutOfTheFolder(name: String) throws {
    _ = try forge { $0.training.shards[0].name = name }
    #expect(try open().isNew)
  }

  @Test func aLinkIsNoFileOfTokens() throws {
    let folder = try open().folder
    let other = scratch.path("elsewhere.tokens")
    try FileManager.default.moveItem(atPath: "\(folder)/train-0.tokens", toPath: other)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/train-0.tokens",
      withDestinationPath: other
    )
    #expect(try open().isNew)
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func tokensAreForThisPersonAlone() throws {
    let folder = try open().folder
    for place in [scratch.path("cache/passo"), cache.root, folder] {
      #expect(try mode(place) == 0o700, "\(place)")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      #expect(try mode("\(folder)/\(name)") == 0o600, "\(name)")
    }
    // What an earlier version left open is closed.
    for place in [cache.root, folder] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    }
    #expect(try !open().isNew)
    for place in [cache.root, folder] { #expect(try mode(place) == 0o700) }
  }

  @Test func aCacheThatIsALinkIsNotUsed() throws {
    let other = scratch.path("others")
    let manager = FileManager.default
    try manager.createDirectory(atPath: other, withIntermediateDirectories: true)
    try manager.createDirectory(
      atPath: scratch.path("cache"),
      withIntermediateDirectories: true
    )
    try manager.createSymbolicLink(
      atPath: scratch.path("cache/passo"),
      withDestinationPath: other
    )
    #expect(throws: TextProblem.cache(.linkInPlace, folder: cache.root)) {
      try open()
    }
    #expect(try manager.contentsOfDirectory(atPath: other).isEmpty)
  }

  /// Another program shortens a file in use: that is damage, not the end of the process.
  @Test(arguments: [0, 63, 100, 400])
  func tokensThatAreCutAreDamage(size: UInt64) throws {
    let shards = try open()
    let file = URL(filePath: shards.folder).appending(path: "train-0.tokens")
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: size)
    try handle.close()
    let read = shards.training.tokens(0..<shards.training.count)
    #expect(read.count == shards.training.count)
    #expect(read.allSatisfy { (0..<Int32(tokenizer.vocabularySize)).contains($0) })
    #expect(shards.damage == .overwritten(folder: shards.folder))
    #expect(try open().isNew)
  }

  @Test func tensorsThatAreCutAreAProblem() throws {
    let numbers = (0..<4096).map(Float.init)
    let path = scratch.path("w.safetensors")
    let tensor = OutgoingTensor(name: "w", shape: [4096], floats: numbers)
    try SafetensorsWriter.write([tensor], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(try file.readFloats("w") == numbers)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 1000)
    try handle.close()
    #expect(throws: FileProblem.system(.shortened, file: path)) { try file.readFloats("w") }
    #expect(throws: FileProblem.system(.shortened, file: path)) { try file.readDoubles("w") }
  }
}

struct JSONTextTests {
  /// Nothing that a terminal obeys or that nobody sees, and the same text for whoever reads it.
  @Test func whatIsObeyedOrHiddenIsWrittenByItsNumber() throws {
    let hidden: [ClosedRange<UInt32>] = [
      0x0...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E,
      0x2060...0x2064, 0x2066...0x2069, 0xFEFF...0xFEFF, 0xE0001...0xE0001, 0xE0020...0xE007F,
    ]
    for scalar in hidden.joined().compactMap(Unicode.Scalar.init) {
      let text = "a\(Character(scalar))b"
      let json = TokenList.json(text)
      #expect(!json.unicodeScalars.contains(scalar), "\(scalar.value)")
      #expect(try TokenList.parseText(json) == text)
      #expect(try JSONDecoder().decode(String.self, from: Data(json.utf8)) == text)
    }
    #expect(TokenList.json("è «gatto» 猫 🐈") == "\"è «gatto» 猫 🐈\"")
  }
}
