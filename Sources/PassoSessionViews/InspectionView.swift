// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Looks inside a model: layer by layer, and at its embeddings.
package struct InspectionView {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  // MARK: The lens

  /// Every value of the residual stream that a block begins or ends with.
  private var layers: [(name: ValueName, title: Bilingual)] {
    let count = session.configuration.layerCount
    let first = Bilingual(it: "embedding", en: "embeddings")
    guard count > 0 else { return [(.model(.residual), first)] }
    return [(.block(0, .residual(.before)), first)]
      + (0..<count).map { block in
        let title = Bilingual(it: "dopo il blocco \(block)", en: "after block \(block)")
        return (.block(block, .residual(.after)), title)
      }
  }

  /// The most probable token for each layer and position of a row.
  ///
  /// - Throws: `ValueProblem.notComputed` if not even the embeddings are there.
  package func lens(row: Int) throws -> Figure {
    let first = session.rowsAtWork.lowerBound + row
    let length = session.lengthWithoutPadding(row: first)
    let inputs = session.inputTokens(row: first).prefix(length)
    var (titles, vectors): ([Bilingual], [Tensor]) = ([], [])
    for layer in layers {
      guard let found = try? session.tensor(layer.name) else { break }
      titles.append(layer.title)
      vectors.append(found)
    }
    guard !vectors.isEmpty else {
      throw ValueProblem.notComputed(ValueName.model(.logits).description)
    }
    let best = try LogitLens.best(of: vectors, row: row, session.modelAtWork)
    var rows = zip(titles, best).map { title, places in
      [title]
        + places.prefix(length).map { place in
          Bilingual(same: session.label(TokenID(place.token)) + " ")
            + NumberText.fixed(place.share, 2)
        }
    }
    let targets = session.targetTokens(row: first).prefix(length)
    rows.append(.same(["target"] + targets))
    return .table(
      TableFigure(
        title: Bilingual(
          it: "lente sui logit: il token più probabile dopo ogni blocco",
          en: "logit lens: the most probable token after each block"
        ) + session.remarkOnPadding(row: first),
        columns: [.init(it: "strato", en: "after token")]
          + inputs.map { .init(same: $0) },
        rows: rows,
        notes: titles.count < layers.count
          ? [
            Bilingual(
              it: "il resto non è ancora calcolato: :until logits",
              en: "the rest is not computed yet: :until logits"
            )
          ] : []
      )
    )
  }

  // MARK: Embeddings

  private var embeddings: Embeddings {
    get throws { Embeddings(try session.tensor(.model(.embedding))) }
  }

  /// The tokens with the most similar embeddings.
  package func near(_ id: Int, count: Int) throws -> Figure {
    func name(_ row: Int) -> String { session.label(TokenID(row)) }
    let found = try embeddings.nearest(to: id).prefix(count)
    return .table(
      TableFigure(
        title: Bilingual(
          it: "gli embedding più vicini a \(name(id))",
          en: "the embeddings nearest to \(name(id))"
        ),
        columns: [.init(same: "token"), .init(it: "coseno", en: "cosine", .right)],
        rows: found.map { row, cosine in [Bilingual(same: name(row)), NumberText.fixed(cosine, 4)] }
      )
    )
  }

  /// Tokens that a plane has room for.
  private static let mostPoints = 200

  /// All embeddings from the two directions in which they differ most.
  package func plane() throws -> Figure {
    let (points, shown) = try embeddings.mainPlane()
    let hidden = max(0, points.count - Self.mostPoints)
    let note =
      shown.isFinite
      ? Bilingual(
        it: "varianza mostrata dalle due direzioni principali: ",
        en: "variance shown by the two main directions: "
      ) + NumberText.percent(shown)
      : Bilingual(
        it: "non tutti i numeri di W_E sono finiti, o sono troppo grandi: non ci sono direzioni",
        en: "not all numbers of W_E are finite, or they are too large: there are no directions"
      )
    let more = Bilingual(
      it: "; i primi \(Self.mostPoints) token, altri \(hidden) no",
      en: "; the first \(Self.mostPoints) tokens, \(hidden) more are not shown"
    )
    return .points(
      PointsFigure(
        title: Bilingual(it: "gli embedding dei token (PCA)", en: "the token embeddings (PCA)"),
        points: points.prefix(Self.mostPoints).enumerated().map { row, point in
          .init(session.label(TokenID(row)), x: point.x, y: point.y)
        },
        horizontal: Bilingual(it: "prima direzione principale", en: "first main direction"),
        vertical: Bilingual(it: "seconda direzione principale", en: "second main direction"),
        notes: [hidden > 0 ? note + more : note]
      )
    )
  }
}
