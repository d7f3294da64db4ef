// SPDX-License-Identifier: MIT

import PassoData
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Lists the tokens of the vocabulary: all of a small one, of a large one what is asked for.
package struct VocabularyView {
  /// Tokens that stand beside the text without being asked for.
  private static let mostBeside = 100

  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  private var count: Int { session.tokenizer.vocabularySize }

  /// What stands below the tokens of the text.
  package var beside: Figure {
    guard count > Self.mostBeside else { return list(Array(0..<count)) }
    let size = NumberText.count(count)
    return .line(
      Bilingual(
        it: "vocabolario: \(size) token; :tokens all li elenca, :tokens 100:200 una fetta,"
          + " :tokens \"gat\" quelli che contengono un testo",
        en: "vocabulary: \(size) tokens; :tokens all lists them, :tokens 100:200 a part, :tokens"
          + " \"gat\" those that contain a text"
      ),
      .dim
    )
  }

  /// Every token.
  package var all: Figure { list(Array(0..<count)) }

  /// The tokens of `100:200`, half open, where both ends may be missing; nil for anything else.
  package func part(_ text: String) -> Figure? {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false)
    guard ends.count == 2, text.utf8.allSatisfy({ $0 == 0x3A || (0x30...0x39).contains($0) })
    else { return nil }
    let first = min(ends[0].isEmpty ? 0 : Int(ends[0]) ?? count, count)
    let last = min(ends[1].isEmpty ? count : Int(ends[1]) ?? count, count)
    return list(first < last ? Array(first..<last) : [])
  }

  /// The tokens in which a text stands, as figures show them or as it is.
  package func containing(_ text: String) -> Figure {
    let drawn = ByteSpelling.shown(Array(text.utf8))
    return list(
      (0..<count).filter { id in
        let label = session.label(TokenID(id))
        return label.contains(drawn) || label.contains(text)
      }
    )
  }

  private func list(_ ids: [Int]) -> Figure {
    let title = Run(Bilingual(it: "vocabolario:  ", en: "vocabulary:  "), .dim)
    guard !ids.isEmpty else {
      return .line(title, Run(Bilingual(it: "nessun token così", en: "no such token"), .dim))
    }
    // An id and its token stay on one line.
    let listed = ids.map { "\($0)\u{A0}\(session.label(TokenID($0)))" }.joined(separator: " · ")
    return .line(title, Run(listed))
  }
}
