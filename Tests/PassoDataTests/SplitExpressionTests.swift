// SPDX-License-Identifier: MIT
import Testing

@testable import PassoData

/// Regular expressions of strangers' tokenizers: what they match, what is refused, how long it
/// takes.
@Suite struct SplitExpressionTests {
  private func pieces(_ source: String, _ text: String) throws -> [String] {
    let expression = try SplitExpression(source)
    let scanner = TextScanner(.expression(expression))
    var text = text
    return text.withUTF8 { bytes in
      scanner.pieces(of: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  @Test(arguments: [
    (#"\d{1,3}"#, "a12345b", ["a", "123", "45", "b"]),
    (#"[一-龥]+"#, "ciao 你好!", ["ciao ", "你好", "!"]),
    (#"\s+(?!\S)|\s+"#, "a  b ", ["a", " ", " ", "b", " "]),
    (#"(?i:'s|'ll)|\p{L}+"#, "It'S we'LL", ["It", "'S", " ", "we", "'LL"]),
    (#"[\p{Lu}\p{M}]*[\p{Ll}\p{M}]+"#, "ABcdEf", ["ABcd", "Ef"]),
    (#"[^\s\p{L}]?+\p{L}++"#, "«è»", ["«è", "»"]),
    (#"[a-z&&[^aeiou]]+"#, "gatto", ["g", "a", "tt", "o"]),
    (#"ab|abc"#, "abc", ["ab", "c"]),
    (#"(?:ab)?c"#, "abcc", ["abc", "c"]),
    (#"\x41\u00e8|[\]\-]"#, "Aè-]", ["Aè", "-", "]"]),
    (#"(?i:s)"#, "ſs", ["ſ", "s"]),
  ])
  func expressionsCut(source: String, text: String, expected: [String]) throws {
    #expect(try pieces(source, text) == expected)
  }

  @Test(arguments: [
    #"a*"#, #"(?:a+)+"#, #"(a|b)*"#, #"(?<=a)b"#, #"\bx"#, #"^a"#, #"a$"#, #"a+?"#, #"a{1,2}+"#,
    #"\p{Greek}"#, #"[[:alpha:]]"#, #"(?<n>a)"#, #"\1"#, #"(?i:ss)"#, #"(a"#, #"a)"#, #"[a"#,
    #"a{9999}"#,
    #"(?!a+)b"#, #"\"#, #"*a"#, #"[z-a]"#, #"(?s:.)"#,
  ])
  func whatIsNotReadIsRefused(source: String) {
    #expect(throws: ExpressionFault.self) { try SplitExpression(source) }
  }

  @Test func noExpressionTakesMoreThanLinearTime() throws {
    // Each of them takes the square of the length, or worse, where every way is tried again.
    let long = String(repeating: "a", count: 200_000)
    let single = [
      "a*b", "a+(?=b)", "a*a*a*a*b", "a*a{0,200}a*a{0,200}b", "(?:a*|a+a*)(?:a*|aa*)[ab]*b",
      "(?:aa|a)a*(?:aa|a)a*b", "[ab]*a*+b?c",
    ]
    for source in single { #expect(try pieces(source, long).count == 1, "\(source)") }
    let blanks = String(repeating: " ", count: 200_000)
    #expect(try pieces(#"\s*[\r\n]+|a+b"#, blanks).count == 1)
    // A match of one letter, after a look at all of the others.
    let short = String(long.prefix(50_000))
    for source in ["a*a*b|a", "(?:a?){0,20}a*b|a"] {
      #expect(try pieces(source, short).count == 50_000, "\(source)")
    }
    // A million ways from each place, of which each step is taken once.
    #expect(try pieces("(?:a?){0,20}b", short).count == 1)
  }

  @Test(arguments: [
    // Loops around nothing, a thousand instructions, a long look ahead that is repeated.
    ("a" + String(repeating: "(", count: 30) + String(repeating: "){255}", count: 30), true),
    ("a(?:(?:){255}(?:){255}){255}", true),
    ("(?:(?:ab?){255}){255}", false),
    ("a(?:(?:){0,255}){0,255}", false),
    ("(?:(?!" + String(repeating: "bc|", count: 10) + "d)a){100}", false),
  ])
  func whatIsRepeatedIsCounted(source: String, isRead: Bool) throws {
    let program = (try? SplitExpression(source))?.program
    #expect((program != nil) == isRead)
    #expect(program?.instructions.count ?? 0 <= 1_000)
    if isRead { #expect(try pieces(source, "ab") == ["a", "b"]) }
  }

  @Test func aSetIsAsLargeAsWhatIsInIt() throws {
    let letters = String(repeating: "a-zA-Z0-9", count: 1_000)
    let set = try #require(try SplitExpression("(?i:[\(letters)])+").program.sets.first)
    // Digits, both cases, the long s and the kelvin sign.
    #expect(set.parts.count == 5)
    #expect(try pieces("(?i:[\(letters)])+", "Ab9\u{17F}è") == ["Ab9\u{17F}", "è"])
  }

  @Test func anExpressionKeepsItsMatcher() throws {
    let expression = try SplitExpression(#"\p{L}+|\p{N}{1,3}"#)
    for pattern in [TextPattern.expression(expression), .expression(expression)] {
      for _ in 0..<50 {
        let matches = Array("è 1234".utf8).withUnsafeBufferPointer { pattern.matches(in: $0) }
        #expect(matches == [0..<2, 3..<6, 6..<7])
      }
    }
    #expect(expression.matchers.idleCount == 1)
  }

  @Test func aTextIsFoundAsOneThatLooksEverywhereFindsIt() {
    var random = SeededRandom(3)
    func letters(_ most: UInt64) -> [UInt8] {
      (0..<Int(random.next() % most)).map { _ in UInt8(97 + random.next() % 2) }
    }
    for _ in 0..<2_000 {
      let (text, needle) = (letters(40), letters(6))
      var (expected, at): ([Range<Int>], Int) = ([], 0)
      while !needle.isEmpty, at + needle.count <= text.count {
        let isThere = text[at...].starts(with: needle)
        if isThere { expected.append(at..<at + needle.count) }
        at += isThere ? needle.count : 1
      }
      let pattern = TextPattern.text(String(decoding: needle, as: UTF8.self))
      #expect(text.withUnsafeBufferPointer { pattern.matches(in: $0) } == expected)
      let scalars = text.map { Unicode.Scalar($0) }
      #expect(pattern.matches(in: scalars) == expected)
    }
  }

  @Test func theQuickScannersAgreeWithTheirExpressions() throws {
    let text = "Don't l'ALLO'LL  12345 ²½ \t\r\n x'ſ é\u{301}👩‍👧 ...!!\n\n  fine\u{A0} 你好123 "
    for pattern in SplitPattern.cutting {
      var copy = text
      let quick = copy.withUTF8 { bytes in
        TextScanner(pattern).pieces(of: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
      }
      #expect(try pieces(pattern.regex ?? "", text) == quick)
    }
  }
}
