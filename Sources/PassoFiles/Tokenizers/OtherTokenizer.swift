// SPDX-License-Identifier: MIT
import PassoText

/// A kind of tokenizer that Passo does not read, but can name.
package enum OtherTokenizer: Hashable, Sendable {
  /// A `vocab.json` whose `merges.txt` is not there.
  case withoutMerges

  /// JSON of words with their ids, `{"il": 0}`.
  case wordList

  /// A file of tiktoken with so many tokens, which is no encoding whose pattern is known.
  case unknownTiktoken(count: Int)

  /// A model of sentencepiece that changes texts after decoding too.
  case sentencePieceDenormalizer

  /// A model of sentencepiece with some bytes as pieces, but not all.
  case sentencePieceBytes

  /// A model of sentencepiece whose pieces `transformers` numbers in another way.
  case renumberedSentencePiece(className: String)

  /// A model of sentencepiece that is not whole.
  case brokenSentencePiece

  var name: Bilingual {
    switch self {
    case .unknownTiktoken(let count):
      Bilingual(
        it: "un file di tiktoken con \(count) token, che non dice come si taglia un testo: Passo"
          + " lo sa solo di r50k_base, p50k_base, cl100k_base e o200k_base",
        en: "a file of tiktoken with \(count) tokens, which does not say how a text is cut: Passo"
          + " knows that only of r50k_base, p50k_base, cl100k_base and o200k_base"
      )
    case .sentencePieceDenormalizer:
      Bilingual(
        it: "un modello di sentencepiece che cambia i testi anche dopo averli ricomposti: Passo"
          + " questo non lo fa",
        en: "a model of sentencepiece that changes texts after putting them together too, which"
          + " Passo does not do"
      )
    case .sentencePieceBytes:
      Bilingual(
        it: "un modello di sentencepiece con solo una parte dei 256 byte",
        en: "a model of sentencepiece with only some of the 256 bytes"
      )
    case .renumberedSentencePiece(let name):
      Bilingual(
        it: "un modello di sentencepiece i cui pezzi hanno altri id in transformers"
          + " (\(name)): AutoTokenizer ne fa un tokenizer.json con save_pretrained",
        en: "a model of sentencepiece whose pieces have other ids in transformers (\(name)):"
          + " AutoTokenizer makes a tokenizer.json of it with save_pretrained"
      )
    case .brokenSentencePiece:
      Bilingual(
        it: "un modello di sentencepiece incompleto o danneggiato",
        en: "a model of sentencepiece that is incomplete or damaged"
      )
    case .withoutMerges:
      Bilingual(
        it: "un vocabolario senza le sue fusioni: manca merges.txt",
        en: "a vocabulary without its merges: merges.txt is not there"
      )
    case .wordList:
      Bilingual(
        it: "una lista di parole con i loro id, senza le regole per tagliare un testo",
        en: "a list of words with their ids, without the rules by which a text is cut"
      )
    }
  }

  /// Files that hold a tokenizer of another form, in the order in which they are looked for.
  static func files(in folder: String) -> [String] {
    let names = PrivateFolder.names(in: folder).sorted()
    return
      (SentencePieceFolder.names.filter(names.contains)
      + names.filter(TiktokenFile.isName)).map { "\(folder)/\($0)" }
  }

  /// Why a folder without a tokenizer that Passo reads has another one, if it has.
  static func problem(in folder: String) -> FileProblem? {
    let file = "\(folder)/vocab.json"
    return InputFile.exists(file) ? .tokenizer(.otherKind(.withoutMerges), file: file) : nil
  }
}
