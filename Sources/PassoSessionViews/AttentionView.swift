// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Draws attention: the four stages from dot products to weights.
package struct AttentionView {
  let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// The first row of those that are computed.
  private var row: Int { session.rowsAtWork.lowerBound }

  private var stages: [(part: AttentionPart, title: Bilingual)] {
    [
      (.dots, Bilingual(it: "1 prodotti scalari (dots)", en: "1 dot products (dots)")),
      (.scores, scores),
      (.masked, Bilingual(it: "3 mascherati (masked)", en: "3 masked (masked)")),
      (.pattern, Bilingual(it: "4 softmax (pattern)", en: "4 softmax (pattern)")),
    ]
  }

  private var scores: Bilingual {
    if session.configuration.attentionMultiplier != nil {
      return Bilingual(
        it: "2 per un fattore fisso (scores)",
        en: "2 times a fixed factor (scores)"
      )
    }
    return switch session.configuration.attentionScale {
    case .head: Bilingual(it: "2 divisi per √D (scores)", en: "2 over √D (scores)")
    case .width:
      Bilingual(it: "2 divisi per √larghezza (scores)", en: "2 over √width (scores)")
    case .none: Bilingual(it: "2 come sono (scores)", en: "2 as they are (scores)")
    }
  }

  /// The stages of one head, for the first row of the batch.
  ///
  /// - Throws: `NoSuchHead`, or `ValueProblem.notComputed` if a stage is not computed yet.
  package func figure(head: HeadAddress) throws -> Figure {
    try session.configuration.check(head)
    // The last stage first: who lacks it lacks it alone, or lacks all of them.
    _ = try session.tensor(.block(head.block, .attention(.pattern)))
    let stages = try stages.map { stage in
      let name = ValueName.block(head.block, .attention(stage.part))
      return Figure.matrix(
        try matrix(name, title: stage.title, tensor: session.tensor(name), head: head.head)
      )
    }
    return .group(
      title: Bilingual(
        it: "attenzione, blocco \(head.block), testa \(head.head): ogni riga guarda le colonne",
        en: "attention, block \(head.block), head \(head.head): each row looks at the columns"
      ) + session.remarkOnPadding(row: row),
      stages
    )
  }

  private func matrix(
    _ name: ValueName,
    title: Bilingual,
    tensor: Tensor,
    head: Int
  ) throws -> MatrixFigure {
    let size = tensor.shape.sizes[2]
    let start = head * size * size
    let places = 0..<session.lengthWithoutPadding(row: row)
    let words = Array(session.inputTokens(row: row)[places])
    var matrix = MatrixFigure(
      title: title,
      rows: MatrixFigure.Axis("query", words),
      columns: MatrixFigure.Axis("key", words),
      cells: places.flatMap { query in
        places.map { key in
          MatrixFigure.Cell(tensor[start + query * size + key], name.display)
        }
      },
      scale: name.display == .shares ? .sequential : .signed
    )
    matrix.slice = "\(name)[0, \(head), 0:8, 0:8]"
    return matrix
  }
}
