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

  /// A tokenizer of another kind, which Passo does not read.
  case otherKind(OtherTokenizer)

  /// An id that is not a whole number of its own, from 0 to one less than the number of tokens.
  case id(token: String, count: Int)

  /// A merge, counted from 1, that is not two tokens.
  case merge(number: Int)

  /// A merge, counted from 1, of a token that the vocabulary does not have.
  case mergedToken(String, number: Int)

  /// Tokens that cannot be a vocabulary.
  case vocabulary(DataProblem)

  package var message: Bilingual {
    switch self {
    case .missing(let key): JSONFault.missing(path: key).message
    case .wrong(let key, let needed, let found):
      JSONFault.wrong(path: key, needed: needed, found: found, line: 0).message
    case .unsupported(let key, let found, let known):
      Bilingual(it: "\(it: key) vale \(it: found)", en: "\(en: key) is \(en: found)")
        + Self.origin(of: found)
        + Bilingual(it: ", Passo conosce solo ", en: ", Passo knows only ") + known
    case .otherKind(let kind): Bilingual(it: "è ", en: "is ") + kind.name
    case .id(let token, let count):
      Bilingual(
        it: "ogni token vuole un id suo da 0 a \(count - 1), \(it: token) non ce l'ha",
        en: "each token needs an id of its own from 0 to \(count - 1), \(en: token) has none"
      )
    case .merge(let number):
      Bilingual(
        it: "ogni fusione vuole due token, la numero \(number) non li ha",
        en: "each merge needs two tokens, number \(number) has not got them"
      )
    case .mergedToken(let token, let number):
      Bilingual(
        it: "ogni fusione vuole token del vocabolario, la numero \(number) nomina \(it: token)",
        en: "each merge needs tokens of the vocabulary, number \(number) names \(en: token)"
      )
    case .vocabulary(let problem): problem.message
    }
  }

  /// What a kind is known from, as an aside; nothing for kinds that are known from nothing.
  private static func origin(of kind: String) -> Bilingual {
    switch kind {
    case "WordPiece": Bilingual(it: " (come in BERT)", en: " (as in BERT)")
    case "Unigram":
      Bilingual(it: " (di sentencepiece, come in T5)", en: " (of sentencepiece, as in T5)")
    case "Metaspace", "Prepend":
      Bilingual(
        it: " (di sentencepiece, come in Llama 2)",
        en: " (of sentencepiece, as in Llama 2)"
      )
    default: Bilingual(same: "")
    }
  }

  package var cause: (any Problem)? {
    if case .vocabulary(let problem) = self { problem } else { nil }
  }
}
