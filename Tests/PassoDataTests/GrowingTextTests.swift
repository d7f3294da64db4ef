// SPDX-License-Identifier: MIT
import Testing

@testable import PassoData

/// Stages that make a text longer and longer are refused before the text is there.
@Suite struct GrowingTextTests {
  private static let thousand = String(repeating: "a", count: 1_000)
  private static let growing = TextNormalizer.replace(.text("a"), by: thousand)

  private func tokenizer(
    _ normalizers: [TextNormalizer],
    _ preTokenizers: [PreTokenizer] = [],
    _ decoders: [TokenDecoder]? = nil,
    added: [AddedToken] = []
  ) throws -> PipelineTokenizer {
    var vocabulary = ByteTable()
    for token in ["?", "a"] { _ = vocabulary.insert(Array(token.utf8)) }
    var surroundings = PipelineSurroundings()
    (surroundings.normalizers, surroundings.preTokenizers) = (normalizers, preTokenizers)
    surroundings.decoders = decoders
    let stages = try PipelineStages(
      vocabulary: vocabulary,
      model: .wordLevel(vocabulary, unknown: 0),
      added: added,
      unknown: 0,
      surroundings: surroundings,
      source: []
    )
    return PipelineTokenizer(stages)
  }

  private func isGrowing(_ body: () throws -> some Any) -> Bool {
    do {
      _ = try body()
      return false
    } catch {
      if case DataProblem.growingText = error { return true }
      return false
    }
  }

  @Test(arguments: [
    Array(repeating: growing, count: 5),
    // Each letter becomes two, thirty times.
    Array(repeating: .replace(.text("a"), by: "aa"), count: 30),
    Array(repeating: .byteLevel, count: 32),
    [.prepend("è")] + Array(repeating: .prepend(thousand), count: 100),
    [.replace(.scalars(.scalar("a")), by: "(a)a(a)a")] + Array(repeating: growing, count: 2),
  ])
  func normalizersAreStopped(normalizers: [TextNormalizer]) throws {
    let tokenizer = try tokenizer(normalizers)
    #expect(isGrowing { try tokenizer.encode("aè") })
  }

  @Test(
    arguments: [
      Array(repeating: .byteLevel(addsPrefixSpace: true, usesRegex: true), count: 32),
      (0..<80).map { place in
        let mark: Unicode.Scalar = place % 4 < 2 ? "A" : "B"
        return place % 2 == 0
          ? .metaspace(mark, .always, splits: false)
          : .split(.text(String(mark)), .isolated, isInverted: false)
      },
    ] as [[PreTokenizer]]
  )
  func preTokenizersAreStopped(preTokenizers: [PreTokenizer]) throws {
    let tokenizer = try tokenizer([], preTokenizers)
    #expect(isGrowing { try tokenizer.encode("il gatto è") })
  }

  @Test func decodersAreStopped() throws {
    let decoder = TokenDecoder.replace(.text("a"), by: Self.thousand)
    let tokenizer = try tokenizer([], [], Array(repeating: decoder, count: 5))
    #expect(isGrowing { try tokenizer.decode([1]) })
    let once = try self.tokenizer([], [], [decoder])
    #expect(try once.decode([1, 1]).count == 2_000)
  }

  @Test func addedTokensAreNormalizedInTheSameRoom() {
    var token = AddedToken("a", id: 1, isSpecial: false)
    token.isNormalized = true
    #expect(isGrowing { try tokenizer(Array(repeating: Self.growing, count: 3), added: [token]) })
  }

  /// Many parts of a text share the room, and honest stages never need all of it.
  @Test func theRoomIsThatOfTheWholeText() throws {
    let mark = AddedToken("<x>", id: 2, isSpecial: false)
    let text = String(repeating: "a<x>", count: 2_000)
    let once = try tokenizer([Self.growing], added: [mark])
    #expect(isGrowing { try once.encode(text) })
    let honest = try tokenizer(
      [.compatiblyDecomposed, .prepend("\u{2581}"), .byteLevel],
      [.byteLevel(addsPrefixSpace: true, usesRegex: true)],
      added: [mark]
    )
    // One character of three bytes, of which eighteen become.
    let widest = String(repeating: "\u{FDFA}", count: 5_000)
    let ids = try honest.encode(widest + text)
    #expect(!ids.isEmpty)
    let problem = DataProblem.growingText(bytes: 2, limit: 65_664)
    #expect(problem.message.it.contains("un testo di 2 byte"))
    #expect(problem.message.it != problem.message.en)
  }

  // MARK: Maps of sentencepiece

  /// A map whose units are given by place.
  private func map(_ units: [Int: UInt32], count: Int = 512, _ texts: [UInt8]) -> PrecompiledMap? {
    let all = (0..<count).flatMap { place in
      withUnsafeBytes(of: (units[place] ?? 0).littleEndian) { Array($0) }
    }
    let size = withUnsafeBytes(of: UInt32(all.count).littleEndian) { Array($0) }
    return PrecompiledMap(size + all + texts)
  }

  @Test func aMapWithoutAnEndIsNone() {
    // From the root `a` leads back to the root.
    #expect(map([0x61: 0x61 << 10 | 0x61], [0x62, 0]) == nil)
    // `a` leads on, and `b` back to where `a` led.
    let second = [0: 1 << 10, 0x60: 0x160 << 10 | 0x61, 0x162: 0x62 << 10 | 0x62] as [Int: UInt32]
    #expect(map(second, [0x62, 0]) == nil)
    // Two ways may come together.
    let joined: [Int: UInt32] = [
      0: 1 << 10, 0x60: 0x100 << 10 | 0x61, 0x63: 0x103 << 10 | 0x62,
      0x160 ^ 0x63: 1 << 8 | 2 << 10 | 0x63,
    ]
    #expect(map(joined, [0x62, 0]) != nil)
  }

  @Test func aKeyOfAMapIsNotLong() {
    // A chain of `a`: each unit leads to the base that the next one is reached from.
    func chain(_ length: Int) -> PrecompiledMap? {
      var units: [Int: UInt32] = [0: 256 << 10]
      for step in 1...length {
        let place = 256 * step ^ 0x61
        units[place] = UInt32(place ^ 256 * (step + 1)) << 10 | 0x61
      }
      return map(units, count: 256 * (length + 2), [0x62, 0])
    }
    #expect(chain(1_024) != nil)
    #expect(chain(1_025) == nil)
  }

  @Test func whatAMapPutsInIsCounted() throws {
    let long = [UInt8](repeating: 0x20, count: 100_000) + [0]
    let units: [Int: UInt32] = [
      0: 1 << 10, 0x60: 0x61 | 1 << 8 | 2 << 10, 0x62: 1 << 31,
    ]
    var cleaning = SentencePieceCleaning()
    let found = try #require(map(units, long))
    cleaning.map = found
    let text = Array("bababababa".utf8)
    #expect(
      isGrowing {
        var room = GrowthRoom(text.count)
        return try text.withUnsafeBufferPointer { bytes in
          try cleaning.cleaned(bytes, keeping: SymbolMatcher([]), in: &room)
        }
      }
    )
    #expect(isGrowing { try tokenizer([.precompiled(found)]).encode("ba") })
  }
}
