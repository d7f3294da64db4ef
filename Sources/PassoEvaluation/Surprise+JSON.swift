// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel

extension Surprise {
  /// Everything that was found, as one JSON object.
  ///
  /// - Parameters:
  ///   - tokenizer: That of the model.
  ///   - bytes: The size of the text, for bits per byte, which do not depend on the tokenizer.
  /// - Returns: A line of JSON.
  package func json(_ tokenizer: any Tokenizer, bytes: Int) -> String {
    let bits = total / Double.logarithm(2) / Double(max(1, bytes))
    return JSONText.object([
      ("tokens", "\(count)"),
      ("loss", JSONText.number(loss)),
      ("perplexity", JSONText.number(perplexity)),
      ("bits_per_byte", JSONText.number(bits)),
      ("top", "[" + moments.map { Self.json($0, tokenizer) }.joined(separator: ",") + "]"),
    ])
  }

  private static func json(_ moment: Moment, _ tokenizer: any Tokenizer) -> String {
    JSONText.object([
      ("place", "\(moment.place)"),
      ("token", "\(moment.token)"),
      ("text", JSONText.string(tokenizer.token(of: moment.token) ?? "")),
      ("loss", JSONText.number(moment.loss)),
      ("expected", "\(moment.expected)"),
      ("expected_probability", JSONText.number(moment.expectedProbability)),
    ])
  }
}
