// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows a trace of another engine beside the run.
package struct TraceComparisonView {
  private let session: Session
  private let comparison: TraceComparison

  /// Whether every value is listed, and not only those about the first that differs.
  private let showsAll: Bool

  package init(_ session: Session, _ comparison: TraceComparison, showsAll: Bool = false) {
    (self.session, self.comparison, self.showsAll) = (session, comparison, showsAll)
  }

  private var program: Program { session.timeline.plan.program }

  package var figure: Figure {
    guard let first = comparison.first else { return .group(title: same, [table] + notes) }
    return .group(title: title(first), [story(first)] + cells(first) + [table] + notes)
  }

  // MARK: The verdict

  private var same: Bilingual {
    let count = comparison.entries.count
    return Bilingual(
      it: "nessuna differenza oltre l'arrotondamento: \(count) valori confrontati",
      en: "no difference beyond rounding: \(count) values compared"
    )
  }

  private static let questions: Set = ["tokens", "targets"]

  private func title(_ first: TraceComparison.First) -> Bilingual {
    let name = first.entry.name
    if Self.questions.contains(name) {
      return Bilingual(
        it: "sono già diversi i \(name): tutto il resto può solo differire",
        en: "the \(name) differ already: all the rest can only differ"
      )
    }
    return Bilingual(
      it: "il primo valore che differisce è \(name)",
      en: "the first value that differs is \(name)"
    )
  }

  private func story(_ first: TraceComparison.First) -> Figure {
    let entry = first.entry
    var paragraphs = [TextFigure.Paragraph(extent(entry))]
    if let step = entry.step {
      paragraphs.insert(.init([Run(program.line(step), .code)], indent: 2), at: 0)
      paragraphs += origin(step)
    }
    return .text(TextFigure(paragraphs))
  }

  private func extent(_ entry: TraceComparison.Entry) -> Bilingual {
    guard entry.hasOneShape else {
      let (here, file) = (entry.shapes.here, entry.shapes.file)
      return Bilingual(
        it: "la forma qui è \(here), nel file \(file)",
        en: "the shape here is \(here), in the file \(file)"
      )
    }
    let difference = NumberText.general(entry.difference, digits: 3)
    guard entry.difference.isFinite else {
      return Bilingual(
        it: "un numero finito da una parte, dall'altra uno che non lo è",
        en: "a finite number on one side, one that is not on the other"
      )
    }
    let (share, limit) = (
      NumberText.general(Self.share(entry), digits: 3), NumberText.general(entry.tolerance)
    )
    return Bilingual(
      it: "di \(difference.it) al più, \(share.it) del suo numero più grande; la tolleranza è"
        + " \(limit.it)",
      en: "by \(difference.en) at most, \(share.en) of its largest number; the tolerance is"
        + " \(limit.en)"
    )
  }

  private static func share(_ entry: TraceComparison.Entry) -> Double {
    entry.size > 0 ? entry.difference / entry.size : entry.difference
  }

  /// Whether what the step reads agrees, as far as the file says.
  private func origin(_ step: Int) -> [TextFigure.Paragraph] {
    let compared = Set(comparison.entries.map(\.name))
    var (agreeing, absent): ([String], [String]) = ([], [])
    for id in program.steps[step].inputs where program[id].role != .parameter {
      if let name = program[id].names.first(where: compared.contains) {
        agreeing.append(name)
      } else {
        absent.append(program[id].name)
      }
    }
    let (known, other) = (agreeing.joined(separator: ", "), absent.joined(separator: ", "))
    var lines: [Bilingual] = []
    let update = session.timeline.update
    if update > 0 {
      lines.append(
        Bilingual(
          it: "qui i pesi sono quelli dopo \(update) aggiornamenti: nel file anche?",
          en: "the weights here are those after \(update) updates: in the file too?"
        )
      )
    }
    if !agreeing.isEmpty {
      lines.append(
        Bilingual(it: "ciò che legge è uguale: \(known)", en: "what it reads is the same: \(known)")
      )
    }
    if !absent.isEmpty {
      lines.append(
        Bilingual(
          it: "ciò che legge e il file non ha: \(other)",
          en: "what it reads and the file lacks: \(other)"
        )
      )
    }
    return lines.map { .init($0) }
  }

  // MARK: The numbers

  private static let mostCells = 6

  private func cells(_ first: TraceComparison.First) -> [Figure] {
    guard !first.places.isEmpty else { return [] }
    let rows = first.places.prefix(Self.mostCells).map { place -> [Bilingual] in
      let (here, file) = (first.here[place], first.file[place])
      return .same([
        index(place, first.here.shape), said(here, first.entry), said(file, first.entry),
        NumberText.code(file - here, digits: 3),
      ])
    }
    let count = first.places.count
    return [
      .table(
        TableFigure(
          title: Bilingual(
            it: "numeri diversi: \(count) di \(first.file.count)",
            en: "numbers that differ: \(count) of \(first.file.count)"
          ),
          columns: [
            .init(it: "cella", en: "cell"), .init(it: "qui", en: "here", .right),
            .init(it: "nel file", en: "in the file", .right),
            .init(it: "differenza", en: "difference", .right),
          ],
          rows: rows
        )
      )
    ]
  }

  /// A number, or a token.
  private func said(_ number: Double, _ entry: TraceComparison.Entry) -> String {
    guard Self.questions.contains(entry.name), let id = Int32(exactly: number), id >= 0,
      Int(id) < session.configuration.vocabularySize
    else { return NumberText.code(number, digits: 7) }
    return "\(id) \(session.label(id))"
  }

  /// A place, with the tokens that stand there.
  private func index(_ place: Int, _ shape: Shape) -> String {
    let places = Stats.places(of: place, shape.sizes)
    let row = shape.axes.first == .batch ? places.first ?? 0 : 0
    let labels = SessionLabels(session)
    let parts = zip(shape.axes, zip(shape.sizes, places)).map { axis, pair -> String in
      let tokens = labels.tokens(on: axis, size: pair.0, row: row)
      return tokens.indices.contains(pair.1) ? "\(pair.1) \(tokens[pair.1])" : "\(pair.1)"
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  // MARK: All values

  private static let (before, after) = (4, 6)

  /// The values in the order of computation, those about the first that differs.
  private var table: Figure {
    let entries = comparison.entries
    let first = entries.firstIndex(where: \.differs) ?? max(0, entries.count - Self.after)
    let shown =
      showsAll
      ? entries.indices
      : max(0, first - Self.before)..<min(entries.count, first + Self.after)
    let rest = entries.count - shown.count
    let wrong = entries.count(where: \.differs)
    let counts = Bilingual(
      it: "valori che differiscono: \(wrong) di \(entries.count)",
      en: "values that differ: \(wrong) of \(entries.count)"
    )
    var table = TableFigure(
      title: Bilingual(it: "nell'ordine del calcolo", en: "in the order of computation"),
      columns: [
        .init(it: "valore", en: "value"), .init(it: "forma", en: "shape"),
        .init(it: "differenza massima", en: "largest difference", .right),
        .init(it: "sul più grande", en: "of the largest", .right), .init(same: ""),
      ],
      rows: entries[shown].map(row),
      notes: [counts]
        + (rest > 0
          ? [
            Bilingual(
              it: "altri \(rest) non sono mostrati: all li mostra",
              en: "\(rest) more are not shown: all shows them"
            )
          ] : [])
    )
    table.records = records
    return .table(table)
  }

  private func row(_ entry: TraceComparison.Entry) -> [Bilingual] {
    let mark =
      entry.differs
      ? Bilingual(it: "diverso", en: "differs") : Bilingual(it: "uguale", en: "same")
    guard entry.hasOneShape else {
      let shapes = "\(entry.shapes.here) ≠ \(entry.shapes.file)"
      return [Bilingual(same: entry.name), Bilingual(same: shapes)] + .same(["", ""]) + [mark]
    }
    return [
      Bilingual(same: entry.name), Bilingual(same: "\(entry.shapes.here)"),
      NumberText.general(entry.difference, digits: 3),
      NumberText.general(Self.share(entry), digits: 3), mark,
    ]
  }

  private var records: RecordTable {
    RecordTable(
      ["value", "difference", "size", "differs"],
      comparison.entries.map { entry in
        [
          .text(entry.name), .number(entry.difference), .number(entry.size),
          .whole(entry.differs ? 1 : 0),
        ]
      }
    )
  }

  // MARK: What could not be compared

  private var notes: [Figure] {
    let lists = [
      (
        comparison.uncomputed,
        Bilingual(
          it: "nel file, qui non ancora calcolati (:run li calcola)",
          en: "in the file, not computed yet here (:run computes them)"
        )
      ),
      (
        comparison.unknown,
        Bilingual(it: "nel file, con nomi che qui non ci sono", en: "in the file, unknown here")
      ),
      (
        comparison.missing,
        Bilingual(it: "calcolati qui, nel file non ci sono", en: "computed here, not in the file")
      ),
    ].filter { !$0.0.isEmpty }
    guard !lists.isEmpty else { return [] }
    return [
      .text(
        TextFigure(
          lists.map { names, what in
            let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
            return .init(what + Bilingual(same: ", \(names.count): \(shown)"), .dim)
          }
        )
      )
    ]
  }
}
