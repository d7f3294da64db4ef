// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoText

/// Why tokens cannot go into a model.
package enum TokensFault: FileFault {
  /// A key that such a file does not have; a slip would silently change what is computed.
  case unknownKey(String, closest: String?)

  /// No token at all.
  case noTokens

  /// Another number of rows of targets than of inputs.
  case rowCount(needed: Int, found: Int)

  /// A row longer or shorter than the first row of inputs.
  case rowLength(list: String, row: Int, needed: Int, found: Int)

  /// Rows longer than what the model can see at once.
  case tooLong(length: Int, limit: Int)

  /// An id outside the vocabulary; row and position are counted from 0.
  case id(list: String, row: Int, position: Int, found: Int, vocabularySize: Int)

  /// A word for attention that is not one of the two.
  case attention(found: String)

  package var message: Bilingual {
    switch self {
    case .unknownKey(let key, _):
      Bilingual(
        it: "le chiavi sono solo inputs, targets e attention: \(it: key) non ci va",
        en: "needs only the keys inputs, targets and attention, got \(en: key)"
      )
    case .noTokens:
      Bilingual(
        it: "«inputs» deve avere almeno un token, non 0",
        en: "'inputs' needs at least one token, got 0"
      )
    case .rowCount(let needed, let found):
      Bilingual(
        it: "«targets» deve avere tante righe quante «inputs», \(needed), non \(found)",
        en: "'targets' needs as many rows as 'inputs', \(needed), got \(found)"
      )
    case .rowLength(let list, let row, let needed, let found):
      Bilingual(
        it:
          "\(it: "\(list)[\(row)]") deve avere \(needed) token come «inputs[0]», non \(found)",
        en: "\(en: "\(list)[\(row)]") needs \(needed) tokens as 'inputs[0]' has, got \(found)"
      )
    case .tooLong(let length, let limit):
      Bilingual(
        it: "le righe possono avere al massimo \(limit) token per questo modello, "
          + "non \(length)",
        en: "rows need to have at most \(limit) tokens for this model, got \(length)"
      )
    case .id(let list, let row, let position, let found, let vocabularySize):
      .quoted("\(list)[\(row)][\(position)]")
        + Self.range(vocabularySize - 1, orIgnored: list == "targets", found)
    case .attention(let found):
      Bilingual(
        it: "«attention» deve essere causal o bidirectional, non \(it: found)",
        en: "'attention' needs to be causal or bidirectional, got \(en: found)"
      )
    }
  }

  package var hint: Bilingual? {
    guard case .unknownKey(_, let closest?) = self else { return nil }
    return .didYouMean(closest)
  }

  private static func range(_ last: Int, orIgnored: Bool, _ found: Int) -> Bilingual {
    let ignored = ignoredTarget
    return Bilingual(
      it: " deve essere da 0 a \(last)" + (orIgnored ? ", o \(ignored)" : "")
        + ", non \(found)",
      en: " needs to be from 0 to \(last)" + (orIgnored ? ", or \(ignored)" : "")
        + ", got \(found)"
    )
  }
}
