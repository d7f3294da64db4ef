// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Draws the heads of a model beside each other, and one head as arcs over the sentence.
package struct HeadsView {
  private let session: Session

  /// The row among those that are computed, and among all of the batch.
  private let row: Int
  private let place: Int

  /// The places of the row that hold something.
  private let places: Range<Int>

  /// Looks at a row of those that are computed.
  package init(_ session: Session, row: Int = 0) {
    self.session = session
    self.row = row
    place = session.rowsAtWork.lowerBound + row
    places = 0..<session.lengthWithoutPadding(row: place)
  }

  /// The weights of every head whose block is computed.
  ///
  /// - Throws: `ValueProblem.notComputed` if the first block is not.
  package func all() throws -> Figure {
    var items: [MultiplesFigure.Item] = []
    for block in 0..<session.configuration.layerCount {
      let name = ValueName.block(block, .attention(.pattern))
      guard let pattern = try? session.tensor(name) else {
        if block == 0 { throw ValueProblem.notComputed(name.description) }
        break
      }
      for head in 0..<session.configuration.headCount {
        let rows = weights(pattern, head: head)
        items.append(.init(name: "\(block).\(head)", sentence: Self.sentence(rows), rows: rows))
      }
    }
    return .multiples(
      MultiplesFigure(
        title: Bilingual(
          it: "attenzione: tutte le teste (blocco.testa), righe query, colonne key",
          en: "attention: all heads (block.head), rows are queries, columns keys"
        ) + session.remarkOnPadding(row: place),
        items: items,
        limit: Self.limit(items),
        limitName: Bilingual(
          it: "il più grande fuori dalla prima colonna, dove l'attenzione si ammassa",
          en: "the greatest outside the first column, where attention piles up"
        ),
        notes: [
          Bilingual(
            it: ":show attention 0.0 mostra una testa con i suoi numeri",
            en: ":show attention 0.0 shows one head with its numbers"
          )
        ]
      )
    )
  }

  /// The greatest weight of all heads but for those of the first key, which would leave all others
  /// without a shade; 1 if there is none.
  private static func limit(_ items: [MultiplesFigure.Item]) -> Float {
    let weights = items.lazy.flatMap(\.rows).flatMap { $0.dropFirst() }.filter(\.isFinite)
    let largest = weights.max() ?? 0
    return largest > 0 ? largest : 1
  }

  /// The strongest arc of each word in one head.
  ///
  /// - Throws: `NoSuchHead`, or `ValueProblem.notComputed` if its weights are not computed.
  package func arcs(_ address: HeadAddress) throws -> Figure {
    try session.configuration.check(address)
    let pattern = try session.tensor(.block(address.block, .attention(.pattern)))
    let rows = weights(pattern, head: address.head)
    let arcs = rows.enumerated().compactMap { query, weights -> ArcsFigure.Arc? in
      guard let best = weights.indices.max(by: { weights[$0] < weights[$1] }) else { return nil }
      return ArcsFigure.Arc(from: query, to: best, weight: Double(weights[best]))
    }
    return .arcs(
      ArcsFigure(
        title: Bilingual(
          it: "testa \(address): dove guarda di più ogni parola",
          en: "head \(address): where each word looks most"
        ) + session.remarkOnPadding(row: place),
        words: Array(session.inputTokens(row: place)[places]),
        arcs: arcs
      )
    )
  }

  private func weights(_ pattern: Tensor, head: Int) -> [[Float]] {
    let size = pattern.shape.lastSize
    let start = (row * session.configuration.headCount + head) * size * size
    return places.map { query in places.map { Float(pattern[start + query * size + $0]) } }
  }

  /// What a head mostly does, as shares of all its attention.
  private static func sentence(_ rows: [[Float]]) -> Bilingual {
    func share(_ weight: (Int) -> Float) -> Double {
      rows.indices.reduce(0) { $0 + Double(weight($1)) } / Double(max(1, rows.count))
    }
    let itself = share { rows[$0][$0] }
    let before = share { $0 > 0 ? rows[$0][$0 - 1] : 0 }
    let first = share { rows[$0][0] }
    func digits(_ part: Double) -> Bilingual { NumberText.fixed(part, 2) }
    return Bilingual(
      it: "sé stessa \(digits(itself).it), quella prima \(digits(before).it),"
        + " la prima \(digits(first).it)",
      en: "itself \(digits(itself).en), the one before \(digits(before).en),"
        + " the first \(digits(first).en)"
    )
  }
}
