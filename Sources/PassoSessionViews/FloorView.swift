// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime
import PassoSession
import PassoText
import PassoView

/// Shows the least loss that any model can have under each objective, all on one scale.
package struct FloorView {
  private let session: Session
  private let language: ToyLanguage

  /// Prepares to show the floors of the language that is learned from, or of gatto-1.
  package init(_ session: Session) {
    self.session = session
    language = session.experiment.language ?? .gatto1
  }

  /// The objective that is in use, if sentences of the language are learned from.
  private var inUse: String? {
    session.experiment.language == nil ? nil : session.experiment.objective.name
  }

  // MARK: All of them

  /// How far the work is, for a line that is written over.
  package static func progress(done: Int, of count: Int) -> Bilingual {
    Bilingual(
      it: "pavimenti \(done)/\(count)  Ctrl-C ferma",
      en: "floors \(done)/\(count)  Ctrl-C stops"
    )
  }

  /// Every floor as a pair of bars; where a person has asked to stop, those that are known.
  ///
  /// - Parameter ruleBegins: Called before each, with how many are done, and of how many.
  /// - Returns: The bars.
  /// - Throws: `Interrupted` if none is known, or `ExecutionProblem.refused` if there is no memory
  ///   for them.
  package func all(ruleBegins: (Int, Int) -> Void = { _, _ in }) throws -> Figure {
    try MemoryRoom.check(FloorWork.byteCount)
    var bars: [BarsFigure.Bar] = []
    var unknown: [(names: [String], problem: any Problem)] = []
    func note(_ name: String, _ problem: any Problem) {
      if let place = unknown.firstIndex(where: { $0.problem.message == problem.message }) {
        unknown[place].names.append(name)
      } else {
        unknown.append(([name], problem))
      }
    }
    for (done, rule) in rules.enumerated() {
      ruleBegins(done, rules.count)
      do {
        let floor = try FloorMemory.floor(rule, of: language)
        bars.append(BarsFigure.Bar(label(rule.name), floor.perSentence, floor.perToken))
      } catch let problem as FloorProblem {
        note(rule.name, problem)
      } catch let stop as Interrupted {
        guard !bars.isEmpty else { throw stop }
        note(rule.name, FloorStopped())
      }
    }
    return .bars(
      BarsFigure(
        title: Bilingual(
          it: "pavimenti di \(language.name), in nat",
          en: "floors of \(language.name), in nats"
        ),
        series: [
          Bilingual(it: "per frase", en: "per sentence"),
          Bilingual(it: "per token chiesto", en: "per token asked"),
        ],
        bars: bars,
        decimals: 4,
        notes: [Self.scale] + unknown.map { Self.note($0.names, $0.problem) }
      )
    )
  }

  /// Those of the list, and the one in use if the list lacks it.
  private var rules: [any FloorRule] {
    guard let inUse, let rule = Floors.of(session.experiment.objective),
      !Floors.all.contains(where: { $0.name == inUse })
    else { return Floors.all }
    return Floors.all + [rule]
  }

  private func label(_ name: String) -> Bilingual {
    guard name == inUse else { return Bilingual(same: name) }
    return Bilingual(it: "\(name), in uso", en: "\(name), in use")
  }

  /// What one scale means.
  private static let scale = Bilingual(
    it: "Su frasi nuove nessun modello, per quanto grande, perde in media meno di così. Per frase"
      + " si confrontano gli obiettivi, perché ognuno chiede un numero diverso di token; per token"
      + " chiesto è la loss che si vede mentre il modello impara.",
    en: "On fresh sentences no model, however large, loses less than this on average. Objectives"
      + " are compared by sentence, because each asks a different number of tokens; per token"
      + " asked it is the loss that is seen while the model learns."
  )

  private static func note(_ names: [String], _ problem: any Problem) -> Bilingual {
    let names = names.joined(separator: ", ")
    return Bilingual(it: "\(names): non calcolato: ", en: "\(names): not computed: ")
      + problem.message
  }

  // MARK: One

  /// One floor: what it is, and how it follows from the grammar.
  ///
  /// - Throws: `FloorProblem` if it is not known, or as `all()`.
  package func one(_ objective: ObjectiveChoice) throws -> Figure {
    guard let rule = Floors.of(objective) else { throw FloorProblem.notAll(objective.name) }
    try MemoryRoom.check(FloorWork.byteCount)
    let floor = try FloorMemory.floor(rule, of: language)
    var rows: [[Bilingual]] = [
      .row(it: "nat per frase", en: "nats per sentence", [digits(floor.perSentence)]),
      .row(
        it: "token chiesti per frase, in media",
        en: "tokens asked per sentence, on average",
        [digits(floor.asked)]
      ),
      .row(it: "nat per token chiesto", en: "nats per token asked", [digits(floor.perToken)]),
    ]
    if rule.name == inUse, let loss = recentLoss {
      let label = Bilingual(
        it: "loss degli ultimi \(loss.count) aggiornamenti, in media",
        en: "loss of the last \(loss.count) updates, on average"
      )
      rows.append([label, digits(loss.mean)])
    }
    let table = TableFigure(columns: [.init(), .init(.right)], rows: rows)
    return .group(
      title: Bilingual(
        it: "pavimento di \(rule.name), lingua \(language.name)",
        en: "floor of \(rule.name), language \(language.name)"
      ),
      [.line(objective.explanation, .dim), .line(rule.derivation), .table(table)]
    )
  }

  private func digits(_ number: Double) -> Bilingual { NumberText.fixed(number, 6) }

  /// What training shows beside the floor: a single batch says little.
  private var recentLoss: (mean: Double, count: Int)? {
    let last = session.timeline.losses.sorted { $0.key < $1.key }.suffix(20).map(\.value)
    guard last.count > 1 else { return nil }
    return (last.reduce(0, +) / Double(last.count), last.count)
  }
}

/// A floor that nobody wanted to wait for.
private struct FloorStopped: Problem {
  var message: Bilingual { Bilingual(it: "fermato prima", en: "stopped before") }
}
