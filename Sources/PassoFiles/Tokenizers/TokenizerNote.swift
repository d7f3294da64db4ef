// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// What is good to know of a tokenizer that was read: what its file says and Passo does not do.
package enum TokenizerNote: Hashable, Sendable {
  /// Texts are cut after so many tokens, when the file is asked to encode.
  case truncation(limit: Int?)

  /// Short texts are filled up.
  case padding

  /// Merges are left out by chance, which is meant for training.
  case dropout(Double)

  /// Added tokens whose number is another one than the file says.
  case renumbered(RenumberedTokens)

  /// Ids become text without a decoder.
  case noDecoder

  /// The note as a sentence.
  package var text: Bilingual {
    switch self {
    case .truncation(let limit):
      Bilingual(
        it: "il file del tokenizer taglia i testi\(limit.map { " a \($0) token" } ?? "")"
          + " (truncation): Passo li legge interi",
        en: "the tokenizer's file cuts texts\(limit.map { " at \($0) tokens" } ?? "")"
          + " (truncation): Passo reads them whole"
      )
    case .padding:
      Bilingual(
        it: "il file del tokenizer riempie i testi corti (padding): Passo non aggiunge niente",
        en: "the tokenizer's file fills up short texts (padding): Passo adds nothing"
      )
    case .dropout(let rate):
      Bilingual(
        it: "il tokenizer salta a caso alcune fusioni (dropout \(NumberText.code(rate))): Passo"
          + " le fa tutte",
        en: "the tokenizer leaves out merges by chance (dropout \(NumberText.code(rate))): Passo"
          + " does them all"
      )
    case .renumbered(let tokens): tokens.text
    case .noDecoder:
      Bilingual(
        it: "il tokenizer non ha un decoder per i byte: i testi mostrano i token come sono"
          + " scritti nel file",
        en: "the tokenizer has no decoder for bytes: texts show the tokens as they stand in the"
          + " file"
      )
    }
  }
}

/// How many added tokens have another number than their file says, and the first of them.
package struct RenumberedTokens: Hashable, Sendable {
  package private(set) var count = 0
  package private(set) var first = ""
  package private(set) var stated: TokenID = 0
  package private(set) var id: TokenID = 0

  init() {}

  /// Counts a token as the file has it, and the number that it gets.
  mutating func add(_ token: AddedToken, _ id: TokenID) {
    count += 1
    if count == 1 { (first, stated, self.id) = (token.content, token.id, id) }
  }

  var text: Bilingual {
    let others = NumberText.count(count - 1)
    let more =
      switch count - 1 {
      case 0: Bilingual(same: "")
      case 1:
        Bilingual(it: "; lo stesso vale per un altro token", en: "; so it is with one more token")
      default:
        Bilingual(
          it: "; lo stesso vale per altri \(others) token",
          en: "; so it is with \(others) more tokens"
        )
      }
    return Bilingual(
      it: "il file del tokenizer dà a \(Bilingual.quoted(first).it) l'id \(stated), ma tokenizers"
        + " lo legge come \(id), e così fa Passo",
      en: "the tokenizer's file gives \(Bilingual.quoted(first).en) the id \(stated), but"
        + " tokenizers reads it as \(id), and so does Passo"
    ) + more
  }
}

/// A tokenizer from a file, and what is good to know of it.
package struct OpenedTokenizer: Sendable {
  package var tokenizer: any Tokenizer
  package let notes: [TokenizerNote]
}
