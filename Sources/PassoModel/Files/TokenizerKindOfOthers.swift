// SPDX-License-Identifier: MIT
import PassoText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A kind of tokenizer file that Passo does not read, but can name.
package enum TokenizerKindOfOthers: Hashable, Sendable {
  /// The protocol buffer of `sentencepiece`.
  case sentencepiece

  /// Lines of a token in base 64 and its rank, as `tiktoken` has them.
  case tiktoken

  /// A list of words, one a line, as BERT's.
  case wordPiece

  /// A `vocab.json` whose `merges.txt` is not there.
  case withoutMerges

  /// JSON of words with their ids, `{"il": 0}`.
  case wordList

  var name: Bilingual {
    switch self {
    case .sentencepiece:
      Bilingual(it: "un file di sentencepiece", en: "a file of sentencepiece")
    case .tiktoken: Bilingual(it: "un file di tiktoken", en: "a file of tiktoken")
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

  /// What bytes are, if they are of such a kind; JSON is not looked into.
  static func of(_ bytes: [UInt8]) -> TokenizerKindOfOthers? {
    // Field 1 of a message: pieces, of which the first are `<unk>`, `<s>` or the like.
    if bytes.first == 0x0A, bytes.prefix(64).contains(0x15) { return .sentencepiece }
    let lines = bytes.prefix(400).split(separator: UInt8(ascii: "\n")).prefix(3)
    return lines.count == 3 && lines.allSatisfy(isRanked) ? .tiktoken : nil
  }

  private static func isRanked(_ line: ArraySlice<UInt8>) -> Bool {
    let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, let rank = Int(String(decoding: parts[1], as: UTF8.self)), rank >= 0
    else { return false }
    return Data(base64Encoded: Data(parts[0])) != nil
  }

  /// The first file of such a kind in a folder.
  static func found(in folder: String) -> (file: String, kind: TokenizerKindOfOthers)? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() {
      let kind: TokenizerKindOfOthers? =
        switch name {
        case "tokenizer.model", "spiece.model", "sentencepiece.bpe.model": .sentencepiece
        case "vocab.txt": .wordPiece
        case "vocab.json": .withoutMerges
        default: name.hasSuffix(".tiktoken") ? .tiktoken : nil
        }
      guard let kind else { continue }
      let file = "\(folder)/\(name)"
      guard kind == .sentencepiece, let bytes = try? InputFile.read(path: file, limit: 64 << 20)
      else { return (file, kind) }
      // Llama 3 keeps a tiktoken file under that name.
      return (file, of(bytes) ?? kind)
    }
    return nil
  }
}
