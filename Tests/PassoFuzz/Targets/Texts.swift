// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoModel

/// Rows of tokens in a file.
struct TokensTarget: FuzzTarget {
  static let name = "tokens"
  static let words = ["inputs", "targets", "mask", "prefix", "[[", "]]", "-100", "input_ids"]
  static let weight = 200
  let samples: [[UInt8]]

  init(_ place: Workplace) throws {
    samples = [
      #"{"inputs":[[0,3,1,7],[2,4,5,6]],"targets":[[3,1,7,-100],[4,5,6,1]]}"#,
      #"{"inputs": [[1, 2, 3]]}"#, #"{"inputs":[[0,1],[2,3]],"mask":"none"}"#,
    ]
    .map { Array($0.utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let file = try TokensFile(
      bytes: input,
      file: "tokens.json",
      vocabularySize: 50,
      contextLength: 16
    )
    guard file.inputs.joined().allSatisfy({ 0 <= $0 && $0 < 50 }) else {
      throw FuzzFault("a token outside the vocabulary: \(file.inputs)")
    }
    _ = file.batch
  }
}

/// Tokens and texts as options and lines of standard input.
struct TokenListTarget: FuzzTarget {
  static let name = "token-list"
  static let words = ["[", "]", ",", "\"", "\\n"]
  static let weight = 200
  let samples = ["[1,2,3]", "[]", #""Il gatto""#, #""\u00e8 \ud83d\ude00""#].map { Array($0.utf8) }

  init(_ place: Workplace) throws {}

  mutating func take(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    let known = 50
    if text.contains("\"") {
      _ = TokenList.json(try TokenList.parseText(text))
    } else if try !TokenList.parse(text, known: known).allSatisfy({ 0 <= $0 && $0 < known }) {
      throw FuzzFault("a token outside the vocabulary")
    }
  }
}

/// Texts of any encoding and none, in both units and with every place to cut.
struct TextTarget: FuzzTarget {
  static let name = "text"
  static let words = [
    "\u{FEFF}", "\r", "\r\n", "\u{2028}", "\u{85}", "<start>", "a,b\n", "{\"a\":1}",
  ]
  static let weight = 60
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    let text = SampleTokenizers.texts.joined(separator: "\r\n")
    let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    samples = [Array(text.utf8), [0xFF, 0xFE] + wide, wide, Array("a;b\n1;\"2\n3\"\n".utf8)]
  }

  mutating func take(_ input: [UInt8]) throws {
    let path = try place.write(input, to: "text.txt")
    for unit in DocumentUnit.allCases {
      for cuts in [TextCuts.beforeSpace, .nowhere] {
        var source = TextSource([TextInput(path: path)], unit: unit)
        source.field = cuts == .nowhere ? "b" : nil
        source.replacesInvalid = true
        var reader = TextReader(
          source,
          cuts: cuts,
          pieceLimit: 64,
          longest: 256,
          bufferSize: 32
        )
        _ = try reader.read { piece in
          guard String(validating: piece.bytes, as: UTF8.self) != nil else {
            throw FuzzFault("a piece that is not UTF-8")
          }
        }
      }
    }
    _ = try TextFile.text(path: path)
  }
}
