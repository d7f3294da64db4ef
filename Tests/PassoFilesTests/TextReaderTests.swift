// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoFiles
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// The texts that a reader gives, each in its pieces.
func texts(
  _ reader: inout TextReader,
  unless shouldStop: () -> Bool = { false }
) throws -> [[[UInt8]]] {
  var texts: [[[UInt8]]] = []
  _ = try reader.read(unless: shouldStop) { piece in
    if piece.isFirst { texts.append([]) }
    texts[texts.count - 1].append(Array(piece.bytes))
  }
  return texts
}

/// What a text should be, by Swift's own decoding of all its bytes.
private func mended(_ bytes: [UInt8]) -> [UInt8] {
  var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
  if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
  scalars.removeAll { $0 == "\0" }
  var text = String.UnicodeScalarView()
  text.append(contentsOf: scalars)
  return Array(
    String(text).replacingOccurrences(of: "\r\n", with: "\n")
      .replacingOccurrences(of: "\r", with: "\n").utf8
  )
}

private let parts: [[UInt8]] =
  [
    "a", "cane", " ", "\n", "\r", "\r\n", "\0", "è", "日本", "😀", "\u{FEFF}", "\u{A0}", "\u{2028}",
  ].map { Array($0.utf8) } + [
    [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80],
    [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xEF, 0xBB],
  ]

private func randomText(_ random: inout RandomSource, parts count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  for _ in 0..<count {
    bytes += parts[Int.random(in: 0..<parts.count, using: &random)]
    if Int.random(in: 0..<4, using: &random) == 0 { bytes += Array("plain ASCII text ".utf8) }
  }
  return bytes
}

struct TextReaderTests {
  @Test(arguments: 0..<60)
  func anyBytesBecomeWhatSwiftMakesOfThem(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let bytes = randomText(&random, parts: 40)
    let scratch = try Scratch()
    let path = try scratch.write(bytes)
    let whole = mended(bytes)
    let lines = whole.split(separator: UInt8(ascii: "\n")).map { Array($0) }
      .filter { line in
        !String(decoding: line, as: UTF8.self).unicodeScalars
          .allSatisfy(\.properties.isWhitespace)
      }
    var tally: TextTally?
    for size in Array(1...17) + [1 << 20] {
      var byFile = TextReader(files: [path], unit: .file, bufferSize: size)
      let pieces = try texts(&byFile)
      #expect(pieces == [[whole]])
      #expect(byFile.hashes == [bytes.withUnsafeBytes { ContentHash.of($0) }])
      var byLine = TextReader(files: [path], unit: .line, bufferSize: size)
      #expect(try texts(&byLine) == lines.map { [$0] })
      #expect(byLine.tally.documents == lines.count)
      #expect(tally == nil || tally == byLine.tally, "buffer of \(size)")
      tally = byLine.tally
    }
    let found = try #require(tally)
    #expect(found.bytes == bytes.count)
    #expect(found.scalars == String(decoding: whole, as: UTF8.self).unicodeScalars.count)
    #expect(found.nuls == bytes.count { $0 == 0 })
    let ends = whole.count { $0 == UInt8(ascii: "\n") }
    #expect(found.lines == ends + (whole.last.map { $0 == UInt8(ascii: "\n") ? 0 : 1 } ?? 0))
  }

  @Test func everythingMendedIsCounted() throws {
    let scratch = try Scratch()
    let bytes =
      [0xEF, 0xBB, 0xBF] + Array("uno\r\ndue\rtre\0\n\n".utf8) + [0xC3, 0x28, 0xFF, 0xE2]
    var reader = TextReader(files: [try scratch.write(bytes)], unit: .line)
    let found = try texts(&reader).map { String(decoding: $0.joined(), as: UTF8.self) }
    #expect(found == ["uno", "due", "tre", "\u{FFFD}(\u{FFFD}\u{FFFD}"])
    let tally = reader.tally
    let mended: [Int] = [tally.boms, tally.crlfs, tally.crs, tally.nuls, tally.replaced]
    #expect(mended == [1, 1, 1, 1, 3] as [Int])
    let counted: [Int] = [tally.lines, tally.documents, tally.hardCuts]
    #expect(counted == [5, 4, 0] as [Int])
    #expect(
      tally.report
        == Bilingual(
          it: "testo ripulito: 3 sequenze non UTF-8 sostituite con U+FFFD, 1 NUL tolto, "
            + "1 BOM tolto, 1 CRLF reso LF, 1 CR reso LF",
          en: "text mended: 3 sequences that are not UTF-8 replaced by U+FFFD, 1 NUL dropped, "
            + "1 BOM dropped, 1 CRLF made LF, 1 CR made LF"
        )
    )
  }

  @Test func cleanTextIsNotReported() throws {
    let scratch = try Scratch()
    var clean = TextReader(files: [try scratch.write(Array("è così\n".utf8))], unit: .line)
    _ = try texts(&clean)
    #expect(clean.tally.report == nil)
  }

  @Test func aByteOrderMarkIsDroppedAtTheStartOfEachFileOnly() throws {
    let scratch = try Scratch()
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let files = try ["1", "2"].map { try scratch.write(mark + Array("a".utf8) + mark, to: $0) }
    var reader = TextReader(files: files, unit: .file)
    #expect(try texts(&reader) == [[Array("a\u{FEFF}".utf8)], [Array("a\u{FEFF}".utf8)]])
    #expect(reader.tally.boms == 2)
  }

  @Test func blankAndEmptyFilesHoldNoTexts() throws {
    let scratch = try Scratch()
    let files = try ["", " \n\t\u{2003}\r\n"].enumerated().map {
      try scratch.write(Array($1.utf8), to: "\($0)")
    }
    for unit in DocumentUnit.allCases {
      var reader = TextReader(files: files, unit: unit)
      #expect(try texts(&reader) == [])
    }
  }

  @Test func whatIsNoFileIsRefused() throws {
    let scratch = try Scratch()
    for path in [scratch.path("none"), scratch.path(""), "/dev/null"] {
      var reader = TextReader(files: [path], unit: .line)
      #expect(throws: FileProblem.self) { try texts(&reader) }
    }
  }

  @Test func itStopsWhenItIsTold() throws {
    let scratch = try Scratch()
    let path = try scratch.write([UInt8](repeating: UInt8(ascii: "a"), count: 100))
    var asked = 0
    var reader = TextReader(files: [path], unit: .file, pieceLimit: 10, bufferSize: 10)
    func shouldStop() -> Bool {
      asked += 1
      return asked > 3
    }
    let isDone = try reader.read(unless: shouldStop) { _ in }
    #expect(!isDone)
    #expect(reader.hashes.isEmpty)
  }
}

struct PieceBoundaryTests {
  // GPT-2's, with ICU's engine as an oracle that knows nothing of cuts.
  private static let pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private static func matches(_ text: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: pattern)
    let range = NSRange(location: 0, length: (text as NSString).length)
    return expression.matches(in: text, range: range)
      .map { (text as NSString).substring(with: $0.range) }
  }

  private static let words = [
    "il", "gatto", "l'ombra", "we've", "3,14", "...", "!?", "città", "日本", "e\u{301}", "a\u{A0}b",
    "\u{2003}", "-", "'s", "x1", "😀",
  ]
  private static let spaces = [" ", "  ", "\n", " \n", "\n\n ", "\t", "", "\u{A0} ", " \u{A0}"]

  private static func text(_ random: inout RandomSource) -> String {
    (0..<60).map { _ in
      words[Int.random(in: 0..<words.count, using: &random)]
        + spaces[Int.random(in: 0..<spaces.count, using: &random)]
    }
    .joined()
  }

  @Test(arguments: 0..<40)
  func cutsChangeNoMatchOfThePattern(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let text = Self.text(&random)
    let scratch = try Scratch()
    let path = try scratch.write(Array(text.utf8))
    var cuts = 0
    for limit in [40, 64, 200] {
      var reader = TextReader(files: [path], unit: .file, pieceLimit: limit, bufferSize: 7)
      let pieces = try #require(try texts(&reader).first)
      #expect(Array(pieces.joined()) == mended(Array(text.utf8)))
      guard reader.tally.hardCuts == 0 else { continue }
      cuts += pieces.count - 1
      let each = try pieces.flatMap { try Self.matches(String(decoding: $0, as: UTF8.self)) }
      let whole = try Self.matches(String(decoding: pieces.joined(), as: UTF8.self))
      #expect(each.map { Array($0.utf8) } == whole.map { Array($0.utf8) })
    }
    #expect(cuts > 5)
  }

  @Test(arguments: 0..<10)
  func cutsChangeNoWord(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let text = Self.text(&random)
    let tokenizer = try WordTokenizer(texts: [text])
    let scratch = try Scratch()
    let path = try scratch.write(Array(text.utf8))
    var reader = TextReader(files: [path], unit: .file, pieceLimit: 64)
    var ids: [TokenID] = []
    _ = try reader.read { try tokenizer.encode($0.bytes, into: &ids) }
    #expect(reader.tally.hardCuts == 0)
    #expect(try ids == tokenizer.encode(text))
  }

  @Test(arguments: ["a", "è", "日", "😀"], [5, 16, 64])
  func aRunWithoutSpaceIsCutBetweenScalars(letter: String, limit: Int) throws {
    let text = Array(String(repeating: letter, count: 300).utf8)
    let scratch = try Scratch()
    let path = try scratch.write(text + Array("\nend".utf8))
    var whole: [[[UInt8]]]?
    for size in [1, 3, 1000] {
      var reader = TextReader(
        files: [path],
        unit: .line,
        pieceLimit: limit,
        longest: limit,
        bufferSize: size
      )
      let found = try texts(&reader)
      #expect(found.map { Array($0.joined()) } == [text, Array("end".utf8)])
      #expect(found[0].allSatisfy { $0.count <= limit })
      let isUTF8 = found[0].allSatisfy { String(validating: $0, as: UTF8.self) != nil }
      #expect(isUTF8)
      #expect(reader.tally.hardCuts == found[0].count - 1)
      #expect(whole == nil || whole == found, "buffer of \(size)")
      whole = found
    }
  }

  @Test func aCutIsWhereTheTokenizerAllowsOne() {
    let bytes = Array("one two\nthree.\nfour\u{A0} five-six".utf8)
    func places(_ cuts: TextCuts, limit: Int, bound: Int) -> Int? {
      let boundary = PieceBoundary(cuts: cuts, limit: limit, bound: bound)
      return bytes.withUnsafeBufferPointer { boundary.cut($0, isWhole: false)?.place }
    }
    #expect(places(.beforeSpace, limit: 16, bound: 99) == 14)
    #expect(places(.beforeBlanks, limit: 16, bound: 99) == 7)
    #expect(places(.beforeBlanks, limit: 6, bound: 99) == 3)
    #expect(places(.nowhere, limit: 16, bound: 99) == nil)
    #expect(places(.nowhere, limit: 16, bound: 20) == 14)
    // After a no-break space a blank does not begin anything.
    let rest = Array("four\u{A0} five six".utf8)
    rest.withUnsafeBufferPointer {
      let boundary = PieceBoundary(cuts: .beforeSpace, limit: 6, bound: 99)
      #expect(boundary.cut($0, isWhole: true)?.place == 11)
    }
  }

  private static func tokenizer(
    _ added: [AddedToken] = [],
    _ change: (inout BytePairSettings) -> Void = { _ in }
  ) throws -> BytePairTokenizer {
    var settings = BytePairSettings()
    change(&settings)
    var plan = BytePairTrainer.Plan(vocabularySize: 266)
    plan.specials = []
    var trainer = try BytePairTrainer(texts: ["dorme sul dorme sul gatto."], plan: plan)
    trainer.run()
    let learned = try trainer.tokenizer()
    var vocabulary = ByteTable()
    for id in 0..<TokenID(learned.vocabularySize) {
      _ = vocabulary.insert(Array((learned.spelling(of: id) ?? "").utf8))
    }
    return try BytePairTokenizer(
      vocabulary: vocabulary,
      merges: learned.merges,
      added: added,
      settings: settings
    )
  }

  /// The ids of a text that is read in small pieces.
  private func ids(_ text: String, _ tokenizer: any Tokenizer) throws -> [TokenID] {
    let scratch = try Scratch()
    let path = try scratch.write(Array(text.utf8))
    var ids: [TokenID] = []
    var reader = TextReader(
      files: [path],
      unit: .file,
      cuts: tokenizer.cuts,
      pieceLimit: 64,
      longest: 1 << 14
    )
    _ = try reader.read { piece in
      if piece.isFirst { return try tokenizer.encode(piece.bytes, into: &ids) }
      try tokenizer.encode(continuing: piece.bytes, into: &ids)
    }
    #expect(reader.tally.hardCuts == 0)
    return ids
  }

  @Test func piecesHaveTheIDsOfTheTextForEveryTokenizer() throws {
    let id = TokenID(266)
    let spaced = AddedToken("dorme sul", id: id, isSpecial: false)
    var greedy = AddedToken("gatto", id: id, isSpecial: false)
    greedy.stripsRight = true
    let tokenizers = [
      try Self.tokenizer(), try Self.tokenizer([spaced]), try Self.tokenizer([greedy]),
      try Self.tokenizer { $0.blankPlace = 0 },
      try Self.tokenizer { $0.patterns = [] },
      try Self.tokenizer { ($0.patterns, $0.blankPlace) = ([.llama3], 0) },
      try Self.tokenizer { $0.patterns = [.qwen2] },
      try Self.tokenizer { $0.patterns = [.digits(.single), .gpt2] },
      try Self.tokenizer { ($0.patterns, $0.blankPlace) = ([.digits(.runs), .gpt2], 1) },
      try Self.tokenizer { $0.byteDigits = .single },
    ]
    for (number, tokenizer) in tokenizers.enumerated() {
      #expect(tokenizer.vocabularySize == (number == 1 || number == 2 ? 267 : 266))
      for gap in [" ", " 17 ", "4\n", "\n", ".\n", "\n\n", ". ", "\t", "。\n"] {
        let text = String(repeating: "dorme sul" + gap + "gatto" + gap, count: 60)
        #expect(
          try ids(text, tokenizer) == tokenizer.encode(text),
          "\(number) \(gap.debugDescription)"
        )
        var text2 = String(repeating: text, count: 60)
        let inParts = text2.withUTF8 { bytes in
          var ids: [TokenID] = []
          var start = 0
          for end in tokenizer.cuts.places(in: bytes, every: 1 << 12) + [bytes.count] {
            let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
            tokenizer.encodeValid(part, continues: start > 0, into: &ids)
            start = end
          }
          return ids
        }
        #expect(try inParts == tokenizer.encode(text2), "\(number) \(gap.debugDescription)")
      }
    }
  }
}
