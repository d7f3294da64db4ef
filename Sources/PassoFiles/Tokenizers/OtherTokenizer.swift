// SPDX-License-Identifier: MIT
import PassoText

/// A kind of tokenizer that Passo does not read, but can name.
package enum OtherTokenizer: Hashable, Sendable {
  /// A list of words, one a line, as BERT's.
  case wordPiece

  /// A `vocab.json` whose `merges.txt` is not there.
  case withoutMerges

  /// JSON of words with their ids, `{"il": 0}`.
  case wordList

  /// A file of tiktoken with so many tokens, which is no encoding whose pattern is known.
  case unknownTiktoken(count: Int)

  /// A model of sentencepiece that cuts at words or characters.
  case sentencePieceWords

  /// A model of sentencepiece that takes blanks away, or puts one before symbols of its own.
  case sentencePieceSpaces

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
    case .sentencePieceWords:
      Bilingual(
        it: "un modello di sentencepiece che non è né bpe né unigram",
        en: "a model of sentencepiece that is neither bpe nor unigram"
      )
    case .sentencePieceSpaces:
      Bilingual(
        it: "un modello di sentencepiece che cambia gli spazi in un modo che Passo non segue;"
          + " AutoTokenizer di transformers ne fa un tokenizer.json con save_pretrained",
        en: "a model of sentencepiece that changes blanks in a way that Passo does not follow;"
          + " AutoTokenizer of transformers makes a tokenizer.json of it with save_pretrained"
      )
    case .brokenSentencePiece:
      Bilingual(
        it: "un modello di sentencepiece non intero",
        en: "a model of sentencepiece that is not whole"
      )
    case .wordPiece:
      Bilingual(
        it: "un vocabolario WordPiece, come quello di BERT",
        en: "a WordPiece vocabulary, as that of BERT"
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
    let models = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"]
    return (models.filter(names.contains) + names.filter { $0.hasSuffix(".tiktoken") })
      .map { "\(folder)/\($0)" }
  }

  /// Why a folder without a tokenizer that Passo reads has another one, if it has.
  static func problem(in folder: String) -> FileProblem? {
    for name in PrivateFolder.names(in: folder).sorted() {
      let file = "\(folder)/\(name)"
      switch name {
      case "vocab.txt": return .tokenizer(.otherKind(.wordPiece), file: file)
      case "vocab.json": return .tokenizer(.otherKind(.withoutMerges), file: file)
      default: break
      }
    }
    return nil
  }
}
