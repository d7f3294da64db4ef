// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText
import PassoView

/// Draws attention: the four stages from dot products to weights.
struct AttentionView {
  let session: Session

  init(_ session: Session) {
    self.session = session
  }

  private static let stages: [(value: String, title: Bilingual)] = [
    ("dots", Bilingual(it: "1 prodotti scalari (dots)", en: "1 dot products (dots)")),
    ("scores", Bilingual(it: "2 divisi per √D (scores)", en: "2 over √D (scores)")),
    ("masked", Bilingual(it: "3 mascherati (masked)", en: "3 masked (masked)")),
    ("pattern", Bilingual(it: "4 softmax (pattern)", en: "4 softmax (pattern)")),
  ]

  /// The stages of one head, for the first row of the batch.
  ///
  /// - Throws: `SessionProblem` if there is no such head, or if a stage is not computed yet.
  func figure(head: (block: Int, head: Int)) throws -> Figure {
    let model = session.configuration
    guard head.block < model.layerCount, head.head < model.headCount else {
      throw SessionProblem.noSuchHead(
        block: head.block,
        head: head.head,
        blocks: model.layerCount,
        heads: model.headCount
      )
    }
    // The last stage first: who lacks it lacks it alone, or lacks all of them.
    _ = try session.tensor("blocks.\(head.block).attn.pattern")
    let stages = try Self.stages.map { stage in
      let name = "blocks.\(head.block).attn.\(stage.value)"
      return Figure.matrix(
        try matrix(name, title: stage.title, tensor: session.tensor(name), head: head.head)
      )
    }
    return .group(
      title: Bilingual(
        it: "attenzione, blocco \(head.block), testa \(head.head): ogni riga guarda le colonne",
        en: "attention, block \(head.block), head \(head.head): each row looks at the columns"
      ),
      stages
    )
  }

  private func matrix(
    _ name: String,
    title: Bilingual,
    tensor: Tensor,
    head: Int
  ) throws -> MatrixFigure {
    let size = tensor.shape.sizes[2]
    let start = head * size * size
    let numbers = (start..<start + size * size).map { tensor[$0] }
    let isMasked = name.hasSuffix(".masked")
    let tensors = TensorFigure(session)
    let sees = session.sight(row: session.rowsAtWork.lowerBound)
    var matrix = MatrixFigure(
      title: title,
      rows: tensors.axis(.query, size: size),
      columns: tensors.axis(.key, size: size),
      cells: numbers.enumerated().map { index, number in
        let isAllowed = sees(index / size, index % size)
        return isMasked && !isAllowed ? .masked : .number(number)
      },
      scale: name.hasSuffix(".pattern") ? .sequential : .signed
    )
    matrix.slice = "\(name)[0, \(head), 0:8, 0:8]"
    return matrix
  }
}
