// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows from which parts of the model a logit comes.
package struct AttributionView {
  private let session: Session
  private let place: LogitAttribution.Place
  private let attribution: LogitAttribution

  /// Divides a logit of the pass under way.
  ///
  /// - Throws: `ValueProblem.notComputed` before the logits are there.
  package init(_ session: Session, of place: LogitAttribution.Place) throws {
    (self.session, self.place) = (session, place)
    attribution = try LogitAttribution(of: place, session.configuration) { name in
      guard session.timeline.plan.program.id(of: name) != nil else { return nil }
      return try session.tensor(name)
    }
  }

  package var figure: Figure {
    var sum = 0.0
    let rows = attribution.shares.map { part, share in
      sum += share
      return [name(part), number(share), number(sum)]
    }
    return .table(
      TableFigure(
        title: title,
        columns: [
          .init(it: "parte", en: "part"), .init(it: "quota", en: "share", .right),
          .init(it: "somma fin qui", en: "sum so far", .right),
        ],
        rows: rows,
        notes: [note]
      )
    )
  }

  private var title: Bilingual {
    let token = Bilingual.quoted(session.label(TokenID(place.token)))
    let row = session.rowsAtWork.lowerBound + place.row
    let after = Bilingual.quoted(session.inputTokens(row: row)[place.position])
    let logit = number(attribution.logit)
    let end = Bilingual(
      it: " dopo \(after.it), posizione \(place.position): \(logit.it)",
      en: " after \(after.en), position \(place.position): \(logit.en)"
    )
    guard let other = place.other.map({ Bilingual.quoted(session.label(TokenID($0))) }) else {
      return Bilingual(it: "il logit di \(token.it)", en: "the logit of \(token.en)") + end
    }
    return Bilingual(
      it: "il logit di \(token.it) meno quello di \(other.it)",
      en: "the logit of \(token.en) less that of \(other.en)"
    ) + end
  }

  private func number(_ value: Double) -> Bilingual { NumberText.fixed(value, 4) }

  private func name(_ part: LogitAttribution.Part) -> Bilingual {
    switch part {
    case .embedding: Bilingual(it: "embedding del token", en: "embedding of the token")
    case .position: Bilingual(it: "embedding della posizione", en: "embedding of the position")
    case .head(let head): Bilingual(it: "testa \(head)", en: "head \(head)")
    case .attentionBias(let block):
      Bilingual(it: "termine noto b_O del blocco \(block)", en: "bias b_O of block \(block)")
    case .mlp(let block): Bilingual(it: "MLP del blocco \(block)", en: "MLP of block \(block)")
    case .rest:
      session.configuration.dropout > 0
        ? Bilingual(same: "dropout")
        : Bilingual(it: "messo con :set", en: "put in by :set")
    case .lastBias:
      Bilingual(it: "termine noto dell'ultima normalizzazione", en: "bias of the last norm")
    }
  }

  private var note: Bilingual {
    session.configuration.norm == .none
      ? Bilingual(
        it: "il flusso residuo è una somma, e la matrice di unembedding la divide in quote",
        en: "the residual stream is a sum, and the unembedding matrix divides it into shares"
      )
      : Bilingual(
        it: "il flusso residuo è una somma; l'ultima normalizzazione la divide per un solo numero,"
          + " quello di questa passata",
        en: "the residual stream is a sum; the last norm divides it by a single number, that of"
          + " this pass"
      )
  }
}
