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

  var name: Bilingual {
    switch self {
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

  /// Why a folder without a tokenizer that Passo reads has another one, if it has.
  static func problem(in folder: String) -> FileProblem? {
    for name in PrivateFolder.names(in: folder).sorted() {
      let file = "\(folder)/\(name)"
      switch name {
      case "vocab.txt": return .tokenizer(.otherKind(.wordPiece), file: file)
      case "vocab.json": return .tokenizer(.otherKind(.withoutMerges), file: file)
      case "tokenizer.model", "spiece.model", "sentencepiece.bpe.model":
        return foreign(file, usual: .sentencePiece)
      default:
        if name.hasSuffix(".tiktoken") { return foreign(file, usual: .tiktoken) }
      }
    }
    return nil
  }

  /// What a file is by its bytes, or as files of its name usually are.
  private static func foreign(_ file: String, usual: FileFormat) -> FileProblem {
    let start = try? InputFile.read(path: file, limit: TokenizerFile.largestFile)
    let format = start.flatMap { FileFormat($0) } ?? usual
    return .foreign(ForeignFormat(format, needed: .tokenizer, file: file))
  }
}
