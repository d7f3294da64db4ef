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

  /// Files beside the tokenizer that cannot be read.
  case unreadSettings(FileProblem)

  /// Ids become text without a decoder.
  case noDecoder

  /// A class of `transformers` that cuts a text as it does itself, whatever the file says.
  case otherClass(String)

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
    case .otherClass(let name):
      Bilingual(
        it: "transformers 5 apre questa cartella con \(it: name), che taglia i testi a modo suo"
          + " e può dare altri id: Passo segue il file del tokenizer",
        en: "transformers 5 opens this folder with \(en: name), which cuts texts in its own way"
          + " and may give other ids: Passo follows the tokenizer's file"
      )
    case .unreadSettings(let problem):
      problem.sentence
        + Bilingual(
          it: "; i token che solo quel file nomina non ci sono",
          en: "; tokens that only that file names are missing"
        )
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
  /// One of them: how it is spelled, the number in the file, and the one that it gets.
  private struct Token: Hashable {
    let content: String
    let stated: TokenID
    let id: TokenID
  }

  private var tokens: [Token] = []

  package var count: Int { tokens.count }

  init() {}

  /// Adds a token as the file has it, and the number that it gets.
  mutating func add(_ token: AddedToken, _ id: TokenID) {
    tokens.append(Token(content: token.content, stated: token.id, id: id))
  }

  /// Those that are left without some; nil if none are.
  func without(_ contents: Set<String>) -> RenumberedTokens? {
    var left = self
    left.tokens.removeAll { contents.contains($0.content) }
    return left.tokens.isEmpty ? nil : left
  }

  var text: Bilingual {
    guard let first = tokens.first else { return Bilingual(same: "") }
    let name = Bilingual.quoted(first.content)
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
      it: "il file del tokenizer dà a \(name.it) l'id \(first.stated), ma tokenizers"
        + " lo legge come \(first.id), e così fa Passo",
      en: "the tokenizer's file gives \(name.en) the id \(first.stated), but"
        + " tokenizers reads it as \(first.id), and so does Passo"
    ) + more
  }
}

/// A tokenizer from a file, and what is good to know of it.
package struct OpenedTokenizer: Sendable {
  package var tokenizer: any Tokenizer
  package let notes: [TokenizerNote]

  /// The same tokenizer with other notes.
  func with(_ notes: [TokenizerNote]) -> OpenedTokenizer {
    OpenedTokenizer(tokenizer: tokenizer, notes: notes)
  }
}
