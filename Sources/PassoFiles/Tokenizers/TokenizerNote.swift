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

  /// An added token whose number is another one than the file says.
  case renumbered(token: String, stated: Int, id: Int)

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
        it: "il tokenizer salta a caso delle fusioni (dropout \(NumberText.code(rate))): Passo"
          + " le fa tutte",
        en: "the tokenizer leaves out merges by chance (dropout \(NumberText.code(rate))): Passo"
          + " does them all"
      )
    case .renumbered(let token, let stated, let id):
      Bilingual(
        it: "il file del tokenizer dà a \(Bilingual.quoted(token).it) l'id \(stated), ma tokenizers"
          + " lo legge come \(id), e Passo con lui",
        en: "the tokenizer's file gives \(Bilingual.quoted(token).en) the id \(stated), but"
          + " tokenizers reads it as \(id), and so does Passo"
      )
    case .otherClass(let name):
      Bilingual(
        it: "transformers 5 apre questa cartella con \(it: name), che taglia i testi a modo suo"
          + " e può dare altri id: Passo segue il file del tokenizer",
        en: "transformers 5 opens this folder with \(en: name), which cuts texts in its own way"
          + " and may give other ids: Passo follows the tokenizer's file"
      )
    case .noDecoder:
      Bilingual(
        it: "il tokenizer non ha un decoder per i byte: i testi mostrano i token come stanno nel"
          + " file",
        en: "the tokenizer has no decoder for bytes: texts show the tokens as they stand in the"
          + " file"
      )
    }
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
