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
