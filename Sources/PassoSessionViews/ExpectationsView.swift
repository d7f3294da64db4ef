// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoText
import PassoView

/// Shows what a model expects at many places: the alternatives of each with their probabilities,
/// beside the token that was there.
package struct ExpectationsView {
  package struct Row: Sendable {
    /// The number of the token in its text, from 0.
    package let place: Int

    package let expectation: Expectation

    /// The entropy of what may truly follow, in nats; nil where it is not known.
    package let truth: Double?

    package init(place: Int, _ expectation: Expectation, truth: Double? = nil) {
      (self.place, self.expectation, self.truth) = (place, expectation, truth)
    }
  }

  private let rows: [Row]
  private let most: Int
  private let label: (TokenID) -> String

  /// - Parameters:
  ///   - rows: The places, in order.
  ///   - most: How many alternatives each of them has.
  ///   - label: How a token is shown.
  package init(_ rows: [Row], most: Int, label: @escaping (TokenID) -> String) {
    (self.rows, self.most, self.label) = (rows, most, label)
  }

  private var knowsTruth: Bool { rows.contains { $0.truth != nil } }

  /// A row for each place.
  ///
  /// - Parameters:
  ///   - title: What the places are of.
  ///   - notes: Lines below the table.
  /// - Returns: A table that fits on a terminal of 80 columns, with records of all digits.
  package func table(_ title: Bilingual, notes: [Bilingual] = []) -> Figure {
    var columns: [TableFigure.Column] = [
      .init(it: "posto", en: "place", .right), .init(same: "token"), .init(same: "p", .right),
      .init(it: "rango", en: "rank", .right), .init(it: "nat", en: "nats", .right),
      .init(it: "entropia", en: "entropy", .right),
    ]
    if knowsTruth { columns.append(.init(it: "vera", en: "true", .right)) }
    columns.append(.init(it: "alternative", en: "alternatives"))
    var table = TableFigure(title: title, columns: columns, rows: rows.map(cells), notes: notes)
    table.records = records
    return .table(table)
  }

  private func cells(_ row: Row) -> [Bilingual] {
    let (answer, found) = (row.expectation.answer, row.expectation)
    let known: [Bilingual]
    if let answer {
      known = [
        Bilingual(same: label(answer.token)), Self.share(answer.probability),
        Bilingual(same: answer.rank.map { "\($0)" } ?? ""), NumberText.fixed(answer.surprisal, 2),
      ]
    } else {
      known = .same(["", "", "", ""])
    }
    return [Bilingual(same: "\(row.place)")] + known + [NumberText.fixed(found.entropy, 2)]
      + (knowsTruth ? [Self.number(row.truth)] : []) + [alternatives(found)]
  }

  private func alternatives(_ expectation: Expectation) -> Bilingual {
    // As percentages: three of them have to stand in what is left of 80 columns.
    let texts = expectation.best.map { candidate in
      "\(label(candidate.token)) \(NumberText.code(100 * candidate.probability, decimals: 0))%"
    }
    return Bilingual(same: texts.joined(separator: "  "))
  }

  /// A share of 1, with digits where four decimals would be 0.
  private static func share(_ number: Double) -> Bilingual {
    number > 0 && number < 0.000_1
      ? NumberText.general(number, digits: 1) : NumberText.fixed(number, 4)
  }

  private static func number(_ number: Double?) -> Bilingual {
    guard let number else { return Bilingual(same: "") }
    return NumberText.fixed(number, 2)
  }

  // MARK: Records

  /// The names with which the columns of its records begin.
  package static let columns = [
    "place", "token", "id", "probability", "rank", "surprisal", "entropy", "true_entropy",
  ]

  /// A record for each place.
  package var records: RecordTable { RecordTable(recordColumns, rows.map(record)) }

  private var recordColumns: [String] {
    Self.columns + (1..<most + 1).flatMap { ["token_\($0)", "id_\($0)", "probability_\($0)"] }
  }

  private func record(_ row: Row) -> [RecordTable.Field] {
    let (answer, best) = (row.expectation.answer, row.expectation.best)
    let start: [RecordTable.Field] = [
      .whole(row.place), answer.map { .text(label($0.token)) } ?? .none,
      .init(answer.map { Int($0.token) }), .init(answer?.probability), .init(answer?.rank),
      .init(answer?.surprisal), .number(row.expectation.entropy), .init(row.truth),
    ]
    return start
      + (0..<most).flatMap { index -> [RecordTable.Field] in
        guard index < best.count else { return [.none, .none, .none] }
        let token = best[index].token
        return [.text(label(token)), .whole(Int(token)), .number(best[index].probability)]
      }
  }

  // MARK: Words

  /// What the table of a generated text is called.
  package static let titleOfGenerated = Bilingual(
    it: "che cosa si aspettava il modello a ogni token generato",
    en: "what the model expected at each token that it made"
  )

  /// That the chances of sampling are others.
  package static let noteOnSampling = Bilingual(
    it: "sono le probabilità del modello, prima che temperature, top-k e top-p le cambino",
    en: "these are the model's probabilities, before temperature, top-k and top-p change them"
  )

  /// The means of what the known tokens cost and of how much was left open at their places.
  package var summary: Bilingual {
    let known = rows.filter { $0.expectation.answer != nil }
    let count = Double(known.count)
    guard count > 0 else { return Bilingual(it: "nessun token noto", en: "no token is known") }
    let loss = known.reduce(0) { $0 + ($1.expectation.answer?.surprisal ?? 0) } / count
    let entropy = known.reduce(0) { $0 + $1.expectation.entropy } / count
    let (cost, open) = (NumberText.fixed(loss, 4), NumberText.fixed(entropy, 4))
    let start = Bilingual(
      it: "in media \(cost.it) nat per token, entropia del modello \(open.it)",
      en: "in the mean \(cost.en) nats per token, entropy of the model \(open.en)"
    )
    let truths = known.compactMap(\.truth)
    guard truths.count == known.count else { return start }
    let truth = NumberText.fixed(truths.reduce(0, +) / count, 4)
    return start + Bilingual(it: ", quella vera \(truth.it)", en: ", the true one \(truth.en)")
  }
}
