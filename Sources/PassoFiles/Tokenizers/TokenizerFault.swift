// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// Why a `tokenizer.json` cannot be used.
package enum TokenizerFault: FileFault {
  /// A part that must be there.
  case missing(key: String)

  /// A part of another kind: `found` is how it is written, or how it begins.
  case wrong(key: String, needed: JSONKind, found: String)

  /// A part that does what Passo does not do: how the file writes it, and what would do.
  case unsupported(key: String, found: String, known: Bilingual)

  /// A regular expression that is not read.
  case expression(key: String, source: String, ExpressionFault)

  /// A tokenizer of another kind, which Passo does not read.
  case otherKind(OtherTokenizer)

  /// An id that is not a whole number of its own, from 0 to one less than the number of tokens.
  case id(token: String, count: Int)

  /// A merge, counted from 1, that is not two tokens.
  case merge(number: Int)

  /// A merge, counted from 1, of a token that the vocabulary does not have.
  case mergedToken(String, number: Int)

  /// A line of a `.tiktoken` file, counted from 1, that is not a token and its rank.
  case tiktokenLine(number: Int)

  /// A rank or a token that two lines of a `.tiktoken` file have, counted from 1.
  case tiktokenTwice(String, first: Int, number: Int)

  /// A rank between others that no line of a `.tiktoken` file has.
  case tiktokenGap(rank: Int)

  /// Tokens that cannot be a vocabulary.
  case vocabulary(DataProblem)

  package var message: Bilingual {
    switch self {
    case .missing(let key): JSONFault.missing(path: key).message
    case .wrong(let key, let needed, let found):
      JSONFault.wrong(path: key, needed: needed, found: found, line: 0).message
    case .unsupported(let key, let found, let known):
      Bilingual(it: "\(it: key) vale \(it: found)", en: "\(en: key) is \(en: found)")
        + Bilingual(it: ", Passo conosce solo ", en: ", Passo knows only ") + known
    case .expression(let key, let source, let fault):
      Bilingual(
        it: "l'espressione regolare di \(it: key), \(it: source), \(fault.text.it)",
        en: "the regular expression of \(en: key), \(en: source), \(fault.text.en)"
      )
    case .otherKind(let kind): Bilingual(it: "è ", en: "is ") + kind.name
    case .id(let token, let count):
      Bilingual(
        it: "ogni token deve avere un id tutto suo da 0 a \(count - 1), e \(it: token) non ce l'ha",
        en: "each token needs an id of its own from 0 to \(count - 1), \(en: token) has none"
      )
    case .merge(let number):
      Bilingual(
        it: "ogni fusione deve unire due token, e la numero \(number) non lo fa",
        en: "each merge needs two tokens, number \(number) has not got them"
      )
    case .mergedToken(let token, let number):
      Bilingual(
        it: "ogni fusione deve unire token del vocabolario, e la numero \(number) nomina"
          + " \(it: token)",
        en: "each merge needs tokens of the vocabulary, number \(number) names \(en: token)"
      )
    case .tiktokenLine(let number):
      Bilingual(
        it: "ogni riga deve avere un token in base 64 e il suo rango, e la \(number) non li ha",
        en: "each line needs a token in base 64 and its rank, line \(number) has not got them"
      )
    case .tiktokenTwice(let found, let first, let number):
      Bilingual(
        it: "ogni riga vuole un token e un rango suoi, la \(number) ripete \(it: found) della"
          + " \(first)",
        en: "each line needs a token and a rank of its own, line \(number) repeats \(en: found)"
          + " of line \(first)"
      )
    case .tiktokenGap(let rank):
      Bilingual(
        it: "ogni rango vuole la sua riga, il \(rank) non ce l'ha",
        en: "each rank needs a line, \(rank) has none"
      )
    case .vocabulary(let problem): problem.message
    }
  }

  package var cause: (any Problem)? {
    if case .vocabulary(let problem) = self { problem } else { nil }
  }
}
