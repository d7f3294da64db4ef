// SPDX-License-Identifier: MIT
import PassoFiles
import Testing

@testable import PassoFiles

@Suite struct JSONReaderTests {
  private func skipAll(_ json: String) throws(JSONFault) {
    var reader = JSONReader(Array(json.utf8))
    try reader.skip()
    try reader.end()
  }

  @Test(
    arguments: [
      "0", "-0", "12.5e-3", "1E+9", " true ", "null", "\"a\"", "[]", "{}", "[1,[2,{\"a\":[]}]]",
      "{\"a\":1,\"A\":2}\n", "\"\\u0061\\n\\\"\\/\"",
    ]
  )
  func acceptsTheGrammar(json: String) throws {
    try skipAll(json)
  }

  @Test(
    arguments: [
      "", " ", "01", "+1", "1.", ".5", "1e", "-", "tru", "nul", "nan", "'a'", "\"a", "\"\t\"",
      "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "[1,]", "[1 2]",
      "[", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "1 2", "[1]]",
      "\u{FEFF}\u{FEFF}1",
      "\"\\u+123\"", "truefalse",
    ]
  )
  func refusesWhatTheGrammarDoesNotHave(json: String) {
    #expect(throws: JSONFault.self) { try skipAll(json) }
  }

  @Test func stringsAreUnescaped() throws {
    var reader = JSONReader(Array(#""\u00e8\ud83d\ude00\t\"è""#.utf8))
    #expect(try reader.string() == "\u{E8}\u{1F600}\t\"\u{E8}")
  }

  @Test func theSameKeyTwiceIsRefusedHoweverItIsWritten() {
    let json = "{\"a\": {\"b\": 1,\n\"\\u0062\": 2}}"
    #expect(throws: JSONFault.duplicateKey(path: "a.b", line: 2)) { try skipAll(json) }
  }

  @Test func depthIsLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    try skipAll(nested(64))
    #expect(throws: JSONFault.tooDeep(limit: 64, line: 1)) { try skipAll(nested(65)) }
    #expect(throws: JSONFault.tooDeep(limit: 64, line: 1)) { try skipAll(nested(1_000_000)) }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    var reader = JSONReader(Array("\n\"".utf8) + [0xC3, 0x28] + Array("\"".utf8))
    #expect(throws: JSONFault.notUTF8(line: 2)) { try reader.string() }
  }

  @Test(arguments: ["1e300", "9223372036854775808", "1.0", "\"1\"", "null", "true", "[", "{"])
  func anIntegerNeedsToBeOne(json: String) {
    var reader = JSONReader(Array("{\"a\": [[7],\n[0, \(json)]]}".utf8))
    let fault = JSONFault.wrong(path: "a[1][1]", needed: .integer, found: json, line: 2)
    #expect(throws: fault) {
      try reader.object { (_, reader) throws(JSONFault) in
        try reader.array { (_, reader) throws(JSONFault) in _ = try reader.integers() }
      }
    }
  }

  @Test func theLimitsOfIntegersAreRead() throws {
    var reader = JSONReader(Array("[9223372036854775807, -9223372036854775808]".utf8))
    #expect(try reader.integers() == [.max, .min])
  }

  @Test func aNumberNeedsToBeFinite() throws {
    var reader = JSONReader(Array("1e-400".utf8))
    #expect(try reader.number() == 0)
    reader = JSONReader(Array("1e999".utf8))
    #expect(throws: JSONFault.wrong(path: "", needed: .number, found: "1e999", line: 1)) {
      try reader.number()
    }
  }

  @Test func writtenStringsAreReadAgain() throws {
    let text = "a\"\\\u{0}\u{1F}\n\u{E8}\u{1F600}\u{301}/"
    var reader = JSONReader(Array(JSONText.string(text).utf8))
    #expect(try Array(reader.string().unicodeScalars) == Array(text.unicodeScalars))
  }
}
