// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Text to ids and back, line by line.
struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer",
    abstract: "Turn text into token ids and back.",
    subcommands: [Encode.self, Decode.self]
  )

  /// What both directions need.
  struct Options: ParsableArguments {
    @Option(help: "The tokenizer.json.")
    var tokenizer: String

    @Flag(help: "One JSON value a line, in and out: a string for a list of ids, and back.")
    var json = false
  }

  /// Text to ids.
  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read texts, one a line; write ids.")

    @OptionGroup var options: Options

    func run() throws {
      let tokenizer = try TokenizerFile.read(path: options.tokenizer)
      let lines = InputLines()
      while let line = lines.next() {
        let text = options.json ? try TokenList.parseText(line) : line
        let isEmpty = text.allSatisfy(\.isWhitespace)
        print(TokenList.json(isEmpty ? [] : try tokenizer.encode(text)))
      }
    }
  }

  /// Ids to text.
  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read lists of ids, one a line; write texts."
    )

    @OptionGroup var options: Options

    func run() throws {
      let tokenizer = try TokenizerFile.read(path: options.tokenizer)
      let lines = InputLines()
      while let line = lines.next() {
        let text = try tokenizer.decode(TokenList.parse(line))
        print(options.json ? TokenList.json(text) : text)
      }
    }
  }
}
