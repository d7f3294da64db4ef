// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoFiles
import PassoModel
import PassoShell

/// Kept tokens of a text: the list of files, forged so that its own fingerprint is right, and the
/// files.
struct ShardsTarget: FuzzTarget {
  static let name = "shards"
  static let words = ["../x", "/etc/passwd", "tokens", "shards", "name", "checksum", "check"]
  static let weight = 10
  let samples: [[UInt8]]
  private let place: Workplace
  private let tokenizer: any Tokenizer
  private let request: ShardRequest
  private let files: [String]

  init(_ place: Workplace) throws {
    self.place = place
    let tokenizer = try SampleTokenizers.all()[2]
    self.tokenizer = tokenizer
    let path = try place.write(
      Array(SampleTokenizers.texts.joined(separator: "\n").utf8),
      to: "text.txt"
    )
    request = ShardRequest(
      TextSource([TextInput(path: path)]),
      split: .blocks(0.2, length: 8)
    )
    _ = try Self.open(request, tokenizer, place)
    let root = place.path("cache")
    let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    files = found.filter { $0.contains("/") }.sorted()
    samples = try files.enumerated().map { index, name in
      [UInt8(index)] + (try place.read("cache/\(name)"))
    }
  }

  private static func open(
    _ request: ShardRequest,
    _ tokenizer: any Tokenizer,
    _ place: Workplace
  ) throws -> TokenShards? {
    try TokenShards.open(
      request,
      tokenizer: tokenizer,
      fingerprint: 1,
      cache: TextCache(root: place.path("cache"))
    )
  }

  mutating func take(_ input: [UInt8]) throws {
    let index = Int(input.first ?? 0) % files.count
    let bytes = Array(input.dropFirst())
    try place.write(Self.forged(bytes), to: "cache/\(files[index])")
    guard let shards = try Self.open(request, tokenizer, place) else { return }
    for store in [shards.training, shards.heldOut].compactMap({ $0 }) {
      guard store.count >= 0 else { throw FuzzFault("\(store.count) tokens") }
      try read(store)
    }
  }

  /// A list of files whose fingerprint fits what stands in it, as a forger would write it.
  private static func forged(_ bytes: [UInt8]) -> [UInt8] {
    guard let text = String(validating: bytes, as: UTF8.self),
      let check = text.range(of: ",\"check\":", options: .backwards)
    else { return bytes }
    let members = text[..<check.lowerBound]
    var hash = ContentHash()
    hash.add(members + "}")
    return Array("\(members),\"check\":\"\(String(hash.value, radix: 16))\"}\n".utf8)
  }

  /// All tokens of a store.
  private func read(_ store: any TokenStore) throws {
    let tokens = store.tokens(0..<store.count)
    guard tokens.allSatisfy({ 0 <= $0 && $0 < tokenizer.vocabularySize }) else {
      throw FuzzFault("a token outside the vocabulary")
    }
  }
}

/// Which lessons a person has finished.
struct ProgressTarget: FuzzTarget {
  static let name = "progress"
  static let words = ["2026-11-24", "02-mask", "3/4"]
  static let weight = 60
  let samples = [Array("2026-11-24 02-mask 3/4\n2026-11-25 01-data 5/5\n".utf8)]
  private let place: Workplace

  init(_ place: Workplace) throws { self.place = place }

  mutating func take(_ input: [UInt8]) throws {
    let file = ProgressFile(path: try place.write(input, to: "progress"))
    guard try file.entries().allSatisfy({ 0 <= $0.right && $0.right <= $0.asked }) else {
      throw FuzzFault("more right answers than questions")
    }
    try file.add("01-data", right: 1, asked: 2)
  }
}
