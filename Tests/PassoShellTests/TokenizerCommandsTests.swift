// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

/// What a token is, as a person chooses and watches it.
struct TokenizerCommandsTests {
  @Test func aSpecialTokenInATextIsThatToken() throws {
    let probe = try ShellProbe()
    let output = probe.run(":text \"Il <start> gatto\"", ":tokenizer")
    #expect(output.contains("a vocabulary of 3"), "\(output)")
    #expect(output.contains("Il|<start>|gatto"))
    let empty = probe.type(":text \"<start>\"")
    #expect(empty.outcome == .failed && empty.errors.contains("got only special tokens"))
    let output2 = probe.run(":tokenizer chars")
    #expect(output2.contains("I|l|␣|<start>|␣|g|a|t|t|o"), "\(output2)")
  }

  @Test func fewerTokensThanAskedForAreExplained() throws {
    let probe = try ShellProbe()
    let few = probe.run(":text \"ab ab ab\"", ":tokenizer bpe 300")
    #expect(few.contains("no pair is left: 259 tokens instead of 300"), "\(few)")
    #expect(!probe.run(":tokenizer bpe 258").contains("no pair is left"))
  }

  @Test func theComparisonHasTheBytePairsOfTheSession() throws {
    let probe = try ShellProbe()
    probe.run(":tokenizer bpe 259")
    let output = probe.type(":compare-tokenizers \"Il gatto\"").output
    let row = try #require(output.split(separator: "\n").last { $0.hasPrefix("bpe") })
    #expect(row.contains("259"), "\(output)")
  }

  @Test func aMergeThatComesOnceIsSaidSo() throws {
    let output = try ShellProbe().run(":text \"ab\"", ":merges text", ":merges")
    #expect(output.contains("a + b → ab, once; from 2 to 1 tokens"), "\(output)")
  }

  @Test func aLongTextIsShownUpToTheEndOfAPiece() throws {
    let path = NSTemporaryDirectory() + "passo-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try String(repeating: "gatto dorme ", count: 40).write(
      toFile: path,
      atomically: true,
      encoding: .utf8
    )
    let output = try ShellProbe(width: 400).run(":merges \(path)", ":merges 99", ":merges")
    #expect(output.contains("gatto|␣dorme|␣gatto"), "\(output)")
    let text = try #require(output.split(separator: "\n").last { $0.contains("|") })
    #expect(text.hasSuffix("|␣gatto …") || text.hasSuffix("|␣dorme …"), "\(text)")
  }
}
