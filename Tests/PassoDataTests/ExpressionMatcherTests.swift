// SPDX-License-Identifier: MIT
import Testing

@testable import PassoData

/// The matcher, which tries nothing twice, against one that tries every way.
@Suite struct ExpressionMatcherTests {
  /// Tries every way in turn; exponential, and plain.
  private struct EveryWay {
    let program: ExpressionProgram
    let text: [UInt8]

    func end(_ instruction: Int, _ place: Int) -> Int? {
      switch program.instructions[instruction] {
      case .match: return place
      case .set(let set): return has(set, place) ? end(instruction + 1, place + 1) : nil
      case .jump(let target): return end(target, place)
      case .fork(let other): return end(instruction + 1, place) ?? end(other, place)
      case .ahead(let runs, let isNegated):
        let follows = runs.contains { run in
          run.indices.allSatisfy { has(run[$0], place + $0) }
        }
        return follows != isNegated ? end(instruction + 1, place) : nil
      case .run(let set, let least, let most, let isPossessive):
        var count = 0
        while count < most, has(set, place + count) { count += 1 }
        guard count >= least else { return nil }
        for kept in (isPossessive ? count...count : least...count).reversed() {
          if let end = end(instruction + 1, place + kept) { return end }
        }
        return nil
      }
    }

    func has(_ set: Int, _ place: Int) -> Bool {
      place < text.count && program.sets[set].contains(Unicode.Scalar(text[place]))
    }

    /// All pieces, with whether they are matches.
    func pieces() -> [Range<Int>] {
      var (pieces, start, place): ([Range<Int>], Int, Int) = ([], 0, 0)
      while place < text.count {
        guard let end = end(0, place) else {
          place += 1
          continue
        }
        if start < place { pieces.append(start..<place) }
        pieces.append(place..<end)
        (start, place) = (end, end)
      }
      return start < text.count ? pieces + [start..<text.count] : pieces
    }
  }

  private static func expression(_ random: inout SeededRandom, depth: Int) -> String {
    let sets = ["a", "b", "[ab]", "[^a]", "c", "[bc]"]
    let suffixes = ["", "", "*", "+", "?", "{0,2}", "{2,}", "{1,3}", "*+", "++", "?+"]
    func atom(_ random: inout SeededRandom) -> String {
      if depth > 0, random.next() % 3 == 0 {
        let group = "(?:" + expression(&random, depth: depth - 1) + ")"
        return group + ["", "?", "{0,2}"][Int(random.next() % 3)]
      }
      if random.next() % 12 == 0 { return ["(?=a)", "(?!b)", "(?!ab|c)"][Int(random.next() % 3)] }
      return sets[Int(random.next() % 6)] + suffixes[Int(random.next() % 11)]
    }
    let alternatives = (0...Int(random.next() % 3)).map { _ in
      (0...Int(random.next() % 4)).map { _ in atom(&random) }.joined()
    }
    return alternatives.joined(separator: "|")
  }

  @Test(arguments: [0, 7, 4_096])
  func whatIsRememberedChangesNoPiece(patience: Int) throws {
    var random = SeededRandom(UInt64(patience))
    var compared = 0
    while compared < 100 {
      let source = Self.expression(&random, depth: 2)
      guard let expression = try? SplitExpression(source) else { continue }
      compared += 1
      let matcher = ExpressionMatcher(expression.program, patience: patience)
      for _ in 0..<8 {
        let text = (0..<Int(random.next() % 24)).map { _ in UInt8(97 + random.next() % 3) }
        let expected = EveryWay(program: expression.program, text: text).pieces()
        let found = text.withUnsafeBufferPointer { bytes in
          var (pieces, start): ([Range<Int>], Int) = ([], 0)
          while start < bytes.count {
            let end = matcher.piece(of: bytes, from: start).end
            pieces.append(start..<end)
            start = end
          }
          return pieces
        }
        #expect(found == expected, "\(source) in \(String(decoding: text, as: UTF8.self))")
      }
    }
  }
}
