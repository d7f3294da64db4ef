// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoFiles
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// What Passo says of a `tokenizer.json` that it cannot use: the real cause, and one hint.
@Suite struct TokenizerRefusalTests {
  private static let byteLevel =
    #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"#

  /// The fault of the file `a.json` with one part replaced by another; nil if it is read.
  private func problem(_ part: String, _ other: String) throws -> FileProblem? {
    let url = URL(filePath: reference("tokenizers/a.json"))
    let whole = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let text = whole.replacing(part, with: other, maxReplacements: 1)
    #expect(text != whole)
    do throws(FileProblem) {
      _ = try TokenizerFile.read(bytes: Array(text.utf8), file: "a")
      return nil
    } catch {
      return error
    }
  }

  private func expectRefusal(_ part: String, _ other: String, _ message: String) throws {
    let problem = try #require(try problem(part, other))
    #expect(problem.message.en.contains(message), "\(problem.message.en)")
  }

  @Test(arguments: [
    (#""added_tokens":[{"#, #""added_tokens":{},"x":[{"#, "'added_tokens' needs to be a list"),
    (#""vocab":{"#, #""vocab":[],"x":{"#, "'model.vocab' needs to be an object"),
    (#""merges":["#, #""merges":{},"x":["#, "'model.merges' needs to be a list"),
    (#""model":{"#, #""model":5,"x":{"#, "'model' needs to be an object {...}, got '5'"),
    (#""id":0"#, #""id":"0""#, "'added_tokens[0].id' needs to be a 64-bit integer"),
    (#""id":0"#, #""id":0.0"#, "'added_tokens[0].id' needs to be a 64-bit integer"),
    (#""id":0"#, #""id":-0"#, "'added_tokens[0].id' needs to be a 64-bit integer"),
    (#""!":2,"#, #""!":2,"z":-0,"#, "'model.vocab.z' needs to be a 64-bit integer, got '-0'"),
    (#""lstrip":false"#, #""lstrip":"no""#, "'added_tokens[0].lstrip' needs to be true or false"),
    (#""decoder":{"#, #""decoder":"ByteLevel","x":{"#, "'decoder' needs to be an object"),
    (#""unk_token":null"#, #""unk_token":5"#, "'model.unk_token' needs to be a text in quotes"),
    (#""unk_token":null"#, #""unk_token":[]"#, "'model.unk_token' needs to be a text in quotes"),
    (#""byte_fallback":false"#, #""byte_fallback":"x""#, "'model.byte_fallback' needs to be true"),
    (#""version":"1.0""#, #""version":"2.0""#, "'version' is '2.0', Passo knows only 1.0"),
    (#""version":"1.0""#, #""version":1"#, "'version' needs to be a text in quotes, got '1'"),
    (#""merges":[["#, #""merges":["t o",["#, "'model.merges[1]' needs to be a text in quotes"),
  ])
  func aWrongTypeIsNoMissingKey(part: String, other: String, message: String) throws {
    try expectRefusal(part, other, message)
  }

  @Test(arguments: [
    (#"{"type":"TemplateProcessing"}"#, "'post_processor.single', got none"),
    (#"{"type":"ByteLevel"}"#, "'post_processor.add_prefix_space', got none"),
    (#"{"type":"BertProcessing","sep":["</s>"],"cls":["<s>",0]}"#, "'post_processor.sep'"),
    (
      #"{"type":"TemplateProcessing","single":["$A"],"pair":[],"special_tokens":{}}"#,
      "'post_processor.single[0]' needs to be an object"
    ),
    (
      #"{"type":"TemplateProcessing","single":[{"Sequence":{"id":"C","type_id":0}}],"pair":[],"#
        + #""special_tokens":{}}"#,
      "'post_processor.single[0].Sequence.id' is 'C'"
    ),
    (
      #"{"type":"Sequence","processors":[{"type":"Magic"}]}"#,
      "'post_processor.processors[0]' is 'Magic'"
    ),
  ])
  func aPostProcessorThatTokenizersRefusesIsRefused(other: String, message: String) throws {
    try expectRefusal(#""post_processor":null"#, #""post_processor":\#(other)"#, message)
  }

  private func preTokenizer(_ parts: [String]) -> String {
    #""pre_tokenizer":{"type":"Sequence","pretokenizers":[\#(parts.joined(separator: ","))]},"x":{"#
  }

  private func split(_ behavior: String, _ invert: Bool, _ pattern: SplitPattern?) -> String {
    let regex = JSONText.string(pattern?.regex ?? "[ab]")
    return #"{"type":"Split","pattern":{"Regex":\#(regex)},"behavior":"\#(behavior)","#
      + #""invert":\#(invert)}"#
  }

  @Test func whatCannotCutIsNamed() throws {
    let whole = Self.byteLevel.replacing("\"use_regex\":true", with: "\"use_regex\":false")
    let prefixed = whole.replacing("space\":false", with: "space\":true")
    let isolated = split("Isolated", false, .llama3)
    let place = "'pre_tokenizer.pretokenizers"
    let behind = isolated.replacing("(?!", with: "(?<!")
    let cases: [(parts: [String], message: String)] = [
      ([#"{"type":"UnicodeScripts"}"#], place + "[0]' is 'UnicodeScripts', Passo knows only"),
      (Array(repeating: isolated, count: 99), "'pre_tokenizer' is '[99]'"),
      ([split("Anyhow", false, .llama3), whole], place + "[0].behavior' is 'Anyhow'"),
      ([behind, whole], "has '(?<', which Passo does not read"),
    ]
    for (parts, message) in cases {
      try expectRefusal(#""pre_tokenizer":{"#, preTokenizer(parts), message)
    }
    let read = [
      [isolated, Self.byteLevel], [isolated, prefixed], [isolated, isolated, whole], [],
      [whole, isolated], [split("Removed", false, nil), whole], [isolated, isolated],
    ]
    for parts in read {
      #expect(try problem(#""pre_tokenizer":{"#, preTokenizer(parts)) == nil)
    }
    for pattern in SplitPattern.cutting {
      let parts = [split("Isolated", false, pattern), whole]
      #expect(try problem(#""pre_tokenizer":{"#, preTokenizer(parts)) == nil)
    }
    let bare = #""pre_tokenizer":{"type":"ByteLevel"},"x":{"#
    try expectRefusal(#""pre_tokenizer":{"#, bare, "'pre_tokenizer.add_prefix_space', got none")
  }

  @Test func aSequenceOfOneDecoderIsThatDecoder() throws {
    let part = #""decoder":{"#
    func sequence(_ parts: String) -> String {
      #""decoder":{"type":"Sequence","decoders":[\#(parts)]},"x":{"#
    }
    #expect(try problem(part, sequence(Self.byteLevel)) == nil)
    #expect(try problem(part, sequence(#"{"type":"Fuse"}"#)) == nil)
    #expect(try problem(part, sequence(Self.byteLevel + #",{"type":"Fuse"}"#)) == nil)
    try expectRefusal(
      part,
      sequence("\(Self.byteLevel),{\"type\":\"CTC\"}"),
      "'decoder.decoders[1]' is 'CTC', Passo knows only"
    )
  }

  @Test func mergesMayBeginWithTheirVersion() throws {
    let url = URL(filePath: reference("tokenizers/a.json"))
    let whole = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let old = whole.replacing(#/\["([^"]+)","([^"]+)"\]/#) { "\"\($0.1) \($0.2)\"" }
      .replacing(#""merges":["#, with: ##""merges":["#version: 0.2","##)
    let read = try TokenizerFile.read(bytes: Array(old.utf8), file: "old")
    let same = try TokenizerFile.read(bytes: Array(whole.utf8), file: "new")
    #expect(TokenizerFile.encoded(read) == TokenizerFile.encoded(same))
  }
}
