// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// Token ids and texts on a command line, as JSON.
package enum TokenList {
  /// The ids of `[1, 2]`.
  ///
  /// - Parameters:
  ///   - text: The list.
  ///   - known: How many tokens there are.
  /// - Returns: The ids, each of a token.
  /// - Throws: `TokenListProblem` if it is no list of whole numbers, `DataProblem.unknownID` if one
  ///   is the id of no token.
  package static func parse(_ text: String, known: Int) throws -> [TokenID] {
    let numbers = try read(text) { (reader) throws(JSONFault) in try reader.integers() }
    return try numbers.enumerated().map { position, number in
      guard number < known, let id = TokenID(exactly: number), id >= 0 else {
        throw DataProblem.unknownID(number, position: position, known: known)
      }
      return id
    }
  }

  /// The text of `"Il gatto"`; an escape for half a character alone stands for U+FFFD.
  package static func parseText(_ text: String) throws(TokenListProblem) -> String {
    try read(text) { (reader) throws(JSONFault) in try reader.string() }
  }

  private static func read<Value>(
    _ text: String,
    _ value: (inout JSONReader) throws(JSONFault) -> Value
  ) throws(TokenListProblem) -> Value {
    do throws(JSONFault) {
      var reader = JSONReader(Array(text.utf8), replacesHalves: true)
      let found = try value(&reader)
      try reader.end()
      return found
    } catch {
      throw TokenListProblem(fault: error, text: text)
    }
  }

  /// Ids as JSON.
  package static func json(_ tokens: [Int32]) -> String { JSONText.array(tokens.map(Int.init)) }

  /// A text as JSON.
  package static func json(_ text: String) -> String { JSONText.string(text) }

  /// What was made, as one JSON object; ids without a tokenizer have no text.
  package static func json(_ tokens: [Int32], text: String?) -> String {
    JSONText.object([
      ("tokens", JSONText.array(tokens.map(Int.init))),
      ("text", text.map(JSONText.string) ?? "null"),
    ])
  }
}

/// JSON of a command line that is not what is needed.
package struct TokenListProblem: Problem {
  let fault: JSONFault
  let text: String

  package var message: Bilingual { fault.message }

  package var hint: Bilingual? {
    Bilingual(
      it: "gli id stanno fra parentesi quadre, come '[1, 2]', un testo fra virgolette",
      en: "ids stand in square brackets, as '[1, 2]', a text in quotation marks"
    )
  }

  package var place: Place? { Place(source: text) }
}
