// SPDX-License-Identifier: MIT

import PassoText

/// Token ids on a command line, as JSON.
package enum TokenList {
  /// The ids of `[1, 2]`.
  package static func parse(_ text: String) throws(TokenListProblem) -> [Int32] {
    do throws(JSONFault) {
      var reader = JSONReader(Array(text.utf8))
      let numbers = try reader.integers()
      try reader.end()
      return numbers.map { Int32(clamping: $0) }
    } catch {
      throw TokenListProblem(fault: error, text: text)
    }
  }

  /// What was made, as one JSON object.
  package static func json(_ tokens: [Int32], text: String) -> String {
    JSONText.object([
      ("tokens", JSONText.array(tokens.map(Int.init))), ("text", JSONText.string(text)),
    ])
  }
}

/// A list of ids that is none.
package struct TokenListProblem: Problem {
  let fault: JSONFault
  let text: String

  package var message: Bilingual { fault.message }

  package var hint: Bilingual? {
    Bilingual(
      it: "scrivi gli id fra parentesi quadre, per esempio '[1, 2]'",
      en: "write the ids in square brackets, as '[1, 2]'"
    )
  }

  package var place: Place? { Place(source: text) }
}
