// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoSession
import PassoText
import PassoView

/// Shows the loss: by position, and over the updates.
package struct LossView {
  let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// How far a training is, for a line that is written over.
  package static func progress(done: Int, of count: Int, loss: Double?) -> Bilingual {
    let none = Bilingual(same: "")
    let loss = loss.map { Bilingual(same: "  loss ") + NumberText.fixed($0, 4) } ?? none
    let place = "\(NumberText.count(done))/\(NumberText.count(count))"
    return Bilingual(it: "aggiornamenti ", en: "updates ") + Bilingual(same: place) + loss
      + Bilingual(it: "  Ctrl-C ferma", en: "  Ctrl-C stops")
  }

  /// - Throws: `ValueProblem.notComputed` if the loss has not been reached.
  package func figure() throws -> Figure {
    let loss = try session.tensor(.model(.loss))[0]
    let table = Figure.table(try positions(loss: loss))
    guard session.timeline.losses.count > 1 else { return table }
    return .group(
      title: Bilingual(same: "loss = ") + NumberText.general(loss),
      [table, .curve(curve)]
    )
  }

  private func positions(loss: Double) throws -> TableFigure {
    let losses = try session.tensor("loss_per_token")
    let probabilities = try session.tensor(.model(.probabilities))
    let width = probabilities.shape.lastSize
    var rows: [[Bilingual]] = []
    let batch = session.batch
    let asked = session.rowsAtWork.map { batch.targets[$0].count { $0 != ignoredTarget } }
    // One text of a large batch says enough.
    let isLong = asked.reduce(0, +) > Self.mostRows && asked.count > 1
    let isWeighted = session.experiment.objective.weighsTargets
    for (computed, row) in session.rowsAtWork.prefix(isLong ? 1 : asked.count).enumerated() {
      let inputs = session.inputTokens(row: row, of: batch)
      let targets = session.targetTokens(row: row, of: batch)
      for (position, target) in batch.targets[row].enumerated() where target != ignoredTarget {
        let index = computed * inputs.count + position
        rows.append(
          .same([inputs[position], targets[position]]) + [
            NumberText.fixed(probabilities[index * width + Int(target)], 4),
            NumberText.fixed(losses[index], 4),
          ]
            + (isWeighted ? [NumberText.fixed(batch.rows[row].weights?[position] ?? 1, 4)] : [])
        )
      }
    }
    return TableFigure(
      columns: [
        session.experiment.objective.predictsNext
          ? .init(it: "dopo", en: "after") : .init(it: "in ingresso", en: "input"),
        .init(it: "il target", en: "the target"),
        .init(it: "prob. del target", en: "its probability", .right),
        .init(it: "perdita = -ln p", en: "loss = -ln p", .right),
      ] + (isWeighted ? [.init(it: "peso", en: "weight", .right)] : []),
      rows: rows,
      notes: (isLong ? [rest(asked)] : []) + [summary(loss)] + kept
    )
  }

  /// A word on answers that the model need not find: its input shows them.
  private var kept: [Bilingual] {
    let count = session.keptAnswers
    guard count > 0 else { return [] }
    return [
      Bilingual(
        it: "in \(count == 1 ? "una" : "\(count)") di queste domande la risposta è rimasta fra gli"
          + " input: lì basta copiarla",
        en: "in \(count == 1 ? "one" : "\(count)") of these questions the answer has stayed among"
          + " the inputs: copying it is enough there"
      )
    ]
  }

  /// More positions than these do not fit on a screen.
  private static let mostRows = 40

  private func rest(_ asked: [Int]) -> Bilingual {
    let (rows, positions) = (asked.count - 1, asked.dropFirst().reduce(0, +))
    return Bilingual(
      it: "e altre \(NumberText.count(positions)) posizioni in altre \(rows) righe:"
        + " :show loss_per_token le mostra",
      en: "and \(NumberText.count(positions)) more positions in \(rows) more rows:"
        + " :show loss_per_token shows them"
    )
  }

  private func summary(_ loss: Double) -> Bilingual {
    let (value, size) = (NumberText.general(loss), session.configuration.vocabularySize)
    let choices = NumberText.count(size)
    let uniform = NumberText.fixed(.logarithm(Double(size)), 4)
    let perplexity = PerplexityText(ofLoss: loss).words
    let mean =
      session.experiment.objective.weighsTargets
      ? Bilingual(it: "media pesata", en: "weighted mean") : Bilingual(it: "media", en: "mean")
    return mean
      + Bilingual(
        it: ": loss = \(value.it) nat, \(perplexity.it); a caso fra \(choices):"
          + " ln \(size) = \(uniform.it)",
        en: ": loss = \(value.en) nats, \(perplexity.en); guessing among \(choices):"
          + " ln \(size) = \(uniform.en)"
      )
  }

  private var curve: CurveFigure {
    let losses = session.timeline.losses
    let start = losses.keys.min() ?? 0
    let end = losses.keys.max() ?? start
    return CurveFigure(
      title: Bilingual(it: "loss per aggiornamento", en: "loss by update"),
      horizontal: Bilingual(it: "aggiornamento", en: "update"),
      start: start,
      values: (start...end).map { losses[$0] ?? .nan },
      references: references
    )
  }

  /// What a loss on these data can be measured against: chance, simpler models, the floor.
  package var references: [CurveFigure.Reference] {
    let size = session.configuration.vocabularySize
    let chance = Bilingual(it: "a caso (ln V)", en: "uniform (ln V)")
    return [.init(chance, .logarithm(Double(size)))] + knownReferences
  }

  /// What is known of the data: the floor, and under the causal objective simpler models.
  private var knownReferences: [CurveFigure.Reference] {
    let experiment = session.experiment
    guard experiment.objective.asksForEveryToken, experiment.task == nil else {
      return CurveFigure.Reference.floor(of: experiment).map { [$0] } ?? []
    }
    if let corpus = session.opened.corpus { return [.unigram(of: corpus)] }
    guard let language = experiment.language else { return [] }
    return CurveFigure.Reference.levels(of: language, list: experiment.sentences)
  }

  /// A loss below the floor on sentences that are drawn anew.
  package var leakWarning: LeakWarning? {
    let last = session.timeline.losses.sorted { $0.key < $1.key }.suffix(20).map(\.value)
    guard session.experiment.isFresh, last.count >= 5,
      let floor = CurveFigure.Reference.floor(of: session.experiment)
    else { return nil }
    return LeakWarning(batchLosses: last, floor: floor.value)
  }

  /// What `:train` says: the losses before the first and the last update.
  package func training(from first: Int, count: Int) -> Figure {
    let losses = session.timeline.losses
    let shown = count <= Self.mostLines ? Array(first..<first + count) : sampled(first, count)
    return .text(
      TextFigure(
        shown.map { update in
          let loss = losses[update].map { NumberText.fixed($0, 6) }
          return .init([
            Run(Bilingual(it: "aggiornamento \(update)", en: "update \(update)"), .dim),
            Run(Bilingual(same: "  loss ") + (loss ?? Bilingual(same: "–"))),
          ])
        }
      )
    )
  }

  /// Fewer are all shown: of one that is left out in the middle everybody would ask why.
  private static let mostLines = 15

  /// Ten updates, evenly, with the last.
  private func sampled(_ first: Int, _ count: Int) -> [Int] {
    (0..<10).map { first + $0 * (count - 1) / 9 }
  }
}

extension CurveFigure.Reference {
  /// The least loss under the objective of an experiment, in nats per token asked.
  ///
  /// - Parameter experiment: What is learned, and how.
  /// - Returns: The level; nil if nobody knows it, there is no memory for it, or nobody wanted to
  ///   wait.
  package static func floor(of experiment: Experiment) -> CurveFigure.Reference? {
    if let task = experiment.task { return TaskView(task).floor }
    guard let language = experiment.language, let rule = Floors.of(experiment.objective),
      MemoryRoom.has(FloorWork.byteCount),
      let floor = try? FloorMemory.floor(rule, of: language)
    else { return nil }
    return CurveFigure.Reference(Bilingual(it: "pavimento", en: "floor"), floor.perToken)
  }

  /// The levels that a loss on a toy language can be held against.
  ///
  /// - Parameters:
  ///   - language: What is learned.
  ///   - list: How sentences are chosen; a list that comes again can be learned by heart.
  /// - Returns: Unigram, bigram, floor, and the floor of a list.
  package static func levels(
    of language: ToyLanguage,
    list: LanguageBatches.Choice?
  ) -> [CurveFigure.Reference] {
    let oracle = Oracle(language)
    let simpler = [
      Bilingual(it: "frequenze", en: "unigram"), Bilingual(it: "bigrammi", en: "bigram"),
    ]
    var levels = zip(1..., simpler).compactMap { order, name in
      oracle.loss(ofOrder: order).map { CurveFigure.Reference(name, $0) }
    }
    levels.append(.init(Bilingual(it: "pavimento", en: "floor"), oracle.floor))
    if let list, list.listed != nil {
      let sentences =
        LanguageBatches(language, CausalObjective(language.tokenizer), list).list ?? []
      levels.append(
        .init(Bilingual(it: "a memoria", en: "by heart"), Oracle.memorizingFloor(sentences))
      )
    }
    return levels
  }
}
