// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

struct LanguageTests {
  @Test(arguments: [
    (["LANG": "it_IT.UTF-8"], Language.it),
    (["LANG": "en_US.UTF-8"], .en),
    (["LC_ALL": "it", "LANG": "en"], .it),
    (["LC_ALL": "", "LANG": "it"], .it),
    (["LANG": "de_DE"], .en),
    ([:], .en),
  ])
  func theEnvironmentChoosesTheLanguage(environment: [String: String], expected: Language) {
    #expect(Language(environment: environment) == expected)
  }
}

struct DisplayWidthTests {
  @Test(arguments: [
    ("perché", 6), ("漢字", 4), ("🙂", 2), ("e\u{301}", 1), ("", 0), ("a\tb", 2), ("√π∑", 3),
  ])
  func widthsAreThoseOfATerminal(text: String, expected: Int) {
    #expect(DisplayWidth.of(text) == expected)
  }

  /// `Tests/Interop/make_width_fixture.py` asked the Python package wcwidth.
  private static let reference: [Substring] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Reference/widths.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
  }()

  @Test func everyCodePointIsAsWideAsElsewhere() {
    let ranges = Self.reference.filter { !$0.contains("\t") }.map { $0.split(separator: " ") }
    #expect(ranges.count > 1000)
    var wrong: [String] = []
    for range in ranges {
      guard range.count == 3, let first = UInt32(range[0], radix: 16),
        let last = UInt32(range[1], radix: 16), let width = Int(range[2])
      else {
        Issue.record("\(range)")
        continue
      }
      for value in first...last {
        guard let scalar = Unicode.Scalar(value), DisplayWidth.of(scalar) != width else { continue }
        wrong.append(range[0] + (value == first ? "" : "+\(value - first)"))
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test func textsAreAsWideAsElsewhere() {
    let texts = Self.reference.filter { $0.contains("\t") }
    #expect(texts.count > 200)
    for line in texts {
      let parts = line.split(separator: "\t", maxSplits: 1)
      #expect(DisplayWidth.of(parts[1]) == Int(parts[0]), "\(line)")
    }
  }

  @Test func paddingAndCuttingCountColumns() {
    #expect("漢".padded(to: 4) == "漢  ")
    #expect("è".leftPadded(to: 3) == "  è")
    #expect("漢字漢字".truncated(to: 6) == "漢字…")
    #expect("gatto".truncated(to: 5) == "gatto")
    #expect("gatto".truncated(to: 0).isEmpty)
  }
}

struct VisibleTextTests {
  private struct Hostile: Problem {
    let message = Bilingual(same: "got '\u{1B}[2J\u{202E}'\u{7}")
    let hint: Bilingual? = Bilingual(same: "\u{9B}31m")
    let place: Place? = Place(file: "a\u{1B}b", source: ":show \u{1B}[2Jx y", span: 6..<11)
  }

  @Test func aProblemObeysNothingThatItQuotes() {
    let text = Hostile().text(.en)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x9B })
    #expect(!text.contains("\u{202E}") && text.contains("U+202E"))
    #expect(text.hasPrefix(":show \\x1b[2Jx y\n      ^^^^^^^^\n"))
  }
}

struct SuggestionTests {
  private let names = ["blocks.0.attn.pattern", "loss", "logits", "perché"]

  @Test(arguments: [
    ("los", "loss"), ("lgoits", "logits"), ("PERCHE", "perché"),
    ("blocks.0.atn.patern", "blocks.0.attn.pattern"),
  ])
  func aTypoFindsItsName(typed: String, expected: String) {
    #expect(Suggestion.closest(to: typed, among: names) == expected)
  }

  @Test func whatIsFarFromEverythingFindsNothing() {
    #expect(Suggestion.closest(to: "zebra", among: names) == nil)
    // A page that was pasted is not a name with many mistakes, and costs nothing.
    let page = String(repeating: "meae", count: 20_000)
    #expect(Suggestion.closest(to: page, among: names + [page + "."]) == nil)
  }

  @Test(arguments: [("", "abc", 3), ("abcd", "acbd", 1), ("gatto", "gatti", 1), ("ab", "ab", 0)])
  func theDistanceCountsEditsAndSwaps(left: String, right: String, expected: Int) {
    #expect(Suggestion.editDistance(Array(left), Array(right)) == expected)
  }
}

struct NumberTextTests {
  @Test func numbersReadAsPeopleWriteThem() {
    #expect(NumberText.code(0.125, decimals: 2) == "0.12")
    #expect(NumberText.code(-0.5, decimals: 0) == "-0")
    #expect(NumberText.code(0.000_000_15) == "1.5e-07")
    #expect(NumberText.code(1.791_759_469, digits: 4) == "1.792")
    #expect(NumberText.code(.nan, decimals: 2) == "NaN")
    #expect(NumberText.code(-.infinity) == "-inf")
    #expect(NumberText.count(124_439_808) == "124 439 808")
    #expect(NumberText.count(-1234) == "-1 234")
    #expect(NumberText.count(12) == "12")
  }

  @Test func whatIsSaidHasTheDecimalMarkOfItsLanguage() {
    #expect(NumberText.fixed(1.7913, 2) == Bilingual(it: "1,79", en: "1.79"))
    #expect(NumberText.general(-0.000_000_15) == Bilingual(it: "-1,5e-07", en: "-1.5e-07"))
    #expect(NumberText.general(.infinity) == Bilingual(same: "+inf"))
    #expect(NumberText.percent(0.95) == Bilingual(it: "95,0 %", en: "95.0 %"))
  }
}

struct ProblemTests {
  private struct Typo: Problem {
    var message: Bilingual {
      Bilingual(it: "nessun valore si chiama «lòss»", en: "no value is called 'lòss'")
    }
    var hint: Bilingual? { Bilingual(it: "forse «loss»?", en: "did you mean 'loss'?") }
    var place: Place? {
      Place(file: "lesson.it.md", line: 7, source: "漢 lòss", span: 2..<6)
    }
  }

  @Test func aProblemShowsThePlaceTheSentenceAndTheHint() {
    #expect(
      Typo().text(.it) == """
        漢 lòss
           ^^^^
        lesson.it.md:7: errore: nessun valore si chiama «lòss»
        suggerimento: forse «loss»?
        """
    )
    #expect(Typo().text(.en).hasSuffix("hint: did you mean 'loss'?"))
  }

  @Test func aSpanBeyondTheTextIsCut() {
    struct Beyond: Problem {
      var message: Bilingual { Bilingual(same: "x") }
      var place: Place? { Place(source: "ab", span: 5..<9) }
    }
    #expect(Beyond().text(.en) == "ab\n  ^\nerror: x")
  }
}

struct HiddenCharacterTests {
  @Test(arguments: [
    ("Il gatto", "Il gatto"), ("a\n\tb", "a\\n\\tb"), ("\u{1B}[2J", "\\x1b[2J"),
    ("per\u{200B}ché", "per⟨U+200B⟩ché"), ("\u{FEFF}Il", "⟨U+FEFF⟩Il"),
    ("\u{202E}x\u{2069}", "⟨U+202E⟩x⟨U+2069⟩"), ("a\u{2060}\u{61C}", "a⟨U+2060⟩⟨U+61C⟩"),
    ("ab\u{200C}", "ab⟨U+200C⟩"), ("a\u{200D}b", "a⟨U+200D⟩b"), ("\u{200D}", "⟨U+200D⟩"),
    ("😀\u{200D}", "😀⟨U+200D⟩"),
    ("👩\u{200D}🔬", "👩\u{200D}🔬"), ("❤\u{FE0F}\u{200D}🔥", "❤\u{FE0F}\u{200D}🔥"),
    ("क\u{94D}\u{200D}ष", "क\u{94D}\u{200D}ष"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
  ])
  func whatHidesIsShown(text: String, shown: String) {
    #expect(text.visible.unicodeScalars.elementsEqual(shown.unicodeScalars), "\(text.visible)")
    #expect(text.visible.visible.unicodeScalars.elementsEqual(shown.unicodeScalars))
  }
}
