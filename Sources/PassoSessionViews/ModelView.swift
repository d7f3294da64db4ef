// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows the model: its sizes, its parameters, its program.
package struct ModelView {
  let session: Session
  private var program: Program { session.timeline.plan.program }

  package init(_ session: Session) {
    self.session = session
  }

  package var summary: Figure {
    let model = session.configuration
    let bytes = session.timeline.byteCount
    let limit = megabytes(session.timeline.budget)
    let states = megabytes(bytes.states) + Bilingual(same: " / ") + limit
    let folder = session.folder
    let folderNotes = (folder?.notes ?? []) + [folder?.noteOnPrompts].compactMap(\.self)
    let notes = [session.textNote, session.noteOnOptimizer, noteOnStates].compactMap(\.self)
    return .table(
      TableFigure(
        title: title,
        columns: [.init(), .init(.right)],
        rows: [
          .row(it: "vocabolario", en: "vocabulary", [String(model.vocabularySize)]),
          .row(it: "contesto", en: "context", [String(model.contextLength)]),
          .row(it: "blocchi", en: "blocks", [String(model.layerCount)]),
          .row(it: "teste", en: "heads", ["\(model.headCount) × \(model.headWidth)"]),
          .row(it: "flusso residuo", en: "residual stream", [String(model.width)]),
          [Bilingual(same: "MLP"), mlp],
          .row(it: "parametri", en: "parameters", [NumberText.count(model.parameterCount)]),
          .row(it: "passi", en: "steps", [String(program.steps.count)]),
          [Bilingual(it: "maschera", en: "mask"), session.experiment.mask.words],
          .row(it: "precisione", en: "precision", [session.experiment.precision.rawValue]),
          .row(it: "memoria dei valori", en: "memory of the values", [megabytes(bytes.values)]),
          .row(it: "stati per tornare indietro", en: "states to go back to", [states]),
        ],
        notes: folderNotes.map(\.text) + notes
      )
    )
  }

  private var mlp: Bilingual {
    let model = session.configuration
    guard model.hasMLP else { return Bilingual(it: "nessuno", en: "none") }
    return Bilingual(same: String(model.mlpWidth))
  }

  private var noteOnStates: Bilingual? {
    guard session.timeline.isOverAllowance else { return nil }
    return Bilingual(
      it: "in memoria c'è posto solo per gli stati di partenza: per tornare a un aggiornamento"
        + " precedente lo si ricalcola",
      en: "there is room in memory for the states at the start only: going back to an earlier"
        + " update computes it again"
    )
  }

  private func megabytes(_ bytes: Int) -> Bilingual {
    NumberText.fixed(Double(bytes) / Double(1 << 20), 1) + Bilingual(same: " MB")
  }

  private var title: Bilingual {
    switch session.experiment.model {
    case .preset(let preset, let seed) where preset.changes.isEmpty:
      Bilingual(
        it: "\(preset.name), seme \(seed): \(preset.summary.it)",
        en: "\(preset.name), seed \(seed): \(preset.summary.en)"
      )
    case .preset(let preset, let seed):
      Bilingual(it: "\(preset.words), seme \(seed)", en: "\(preset.words), seed \(seed)")
    case .blank(let blank, let seed):
      Bilingual(
        it: "\(blank.path.visible), seme \(seed): pesi nuovi, misure del suo config.json",
        en: "\(blank.path.visible), seed \(seed): new weights, sizes of its config.json"
      )
    case .folder(let path): Bilingual(same: path)
    }
  }

  package var parameters: Figure {
    let total = NumberText.count(session.configuration.parameterCount)
    return .table(
      TableFigure(
        columns: [
          .init(it: "nome", en: "name"), .init(it: "forma", en: "shape"),
          .init(it: "numeri", en: "numbers", .right),
        ],
        rows: session.configuration.parameterSpecs.map { spec in
          .same(["\(spec.name)", "\(spec.shape)", NumberText.count(spec.shape.count)])
        },
        notes: [Bilingual(it: "in tutto \(total) numeri", en: "\(total) numbers in all")]
      )
    )
  }

  package var optimizer: Figure {
    let (experiment, optimizer) = (session.experiment, session.experiment.optimizer)
    let schedule = optimizer.schedule
    var parts = ["lr \(NumberText.code(experiment.rate))"]
    if case .momentum(let factor) = optimizer.rule {
      parts.append("momentum \(NumberText.code(factor))")
    }
    if case .adamW(let beta1, let beta2, _, let decay) = optimizer.rule {
      parts.append("beta1 \(NumberText.code(beta1))  beta2 \(NumberText.code(beta2))")
      parts.append("decay \(NumberText.code(decay))")
    }
    if let clip = optimizer.clip { parts.append("clip \(NumberText.code(clip))") }
    if schedule.warmup > 0 { parts.append("warmup \(schedule.warmup)") }
    if schedule.decay != .constant {
      parts.append("\(schedule.decay.rawValue) \(schedule.updates)")
    }
    if optimizer.rounds > 1 { parts.append("rounds \(optimizer.rounds)") }
    let clearing = optimizer.gradients
    if clearing != .cleared { parts.append("gradients \(clearing.rawValue)") }
    let runs = [Run(optimizer.name, .emphasis)] + parts.map { Run("  \($0)") }
    return .text(TextFigure([.init(runs)]))
  }

  /// What a mistake with gradients does, where one was chosen.
  package var noteOnGradients: Bilingual? {
    switch session.experiment.optimizer.gradients {
    case .cleared: nil
    case .twice:
      Bilingual(
        it: "backward viene chiamato due volte prima di ogni aggiornamento, senza azzerare: ogni"
          + " gradiente conta doppio, la loss è la stessa; con sgd è come un learning rate doppio",
        en: "backward is called two times before each update, and nothing is cleared: every"
          + " gradient counts double, the loss is the same; with sgd it is like twice the learning"
          + " rate"
      )
    case .kept:
      Bilingual(
        it: "i gradienti non vengono mai azzerati: ogni aggiornamento segue la somma di tutti"
          + " quelli trovati finora, come uno slancio (momentum) che non si smorza: all'inizio più"
          + " in fretta, poi oltre il minimo",
        en: "gradients are never cleared: each update follows the sum of all that were found so"
          + " far, like momentum that never fades: faster at first, then past the minimum"
      )
    }
  }
}

// MARK: - The graph

extension ModelView {
  /// The steps of a phase, each with the steps that it reads.
  package func graph(_ phase: Phase) -> Figure {
    let steps = program.steps(of: phase)
    let cursor = session.timeline.nextStep
    let nodes = steps.map { index in
      let step = program.steps[index]
      let inputs = step.inputs.compactMap { program[$0].producer }.filter { steps.contains($0) }
      return GraphFigure.Node(
        name: program[step.output].name,
        work: type(of: step.op).card.name,
        inputs: Set(inputs).sorted().map { $0 - steps.lowerBound }
      )
    }
    return .graph(
      GraphFigure(
        title: Bilingual(
          it: "il programma come grafo: \(phase.name.it)",
          en: "the program as a graph: \(phase.name.en)"
        ),
        nodes: nodes,
        current: steps.contains(cursor) ? cursor - steps.lowerBound : nil,
        notes: [
          Bilingual(
            it: "ogni colonna è un risultato che qualcuno leggerà ancora",
            en: "each column is a result that somebody will still read"
          )
        ]
      )
    )
  }
}

// MARK: - The program

extension ModelView {
  /// One line for each part of each phase.
  package var outline: Figure {
    let timeline = session.timeline
    var rows: [[Bilingual]] = []
    var marked: Int?
    var index = 0
    while index < program.steps.count {
      let unit = outlineUnit(index)
      if unit.contains(timeline.nextStep) { marked = rows.count }
      let step = program.steps[index]
      rows.append(
        [
          Bilingual(same: "\(unit.lowerBound + 1)–\(unit.upperBound)"), step.phase.name,
        ]
          + .same([
            step.phase == .update ? session.timeline.plan.optimizer.name : step.layer,
            program[program.steps[unit.upperBound - 1].output].name,
          ])
      )
      index = unit.upperBound
    }
    return .table(
      TableFigure(
        columns: [
          .init(it: "passi", en: "steps", .right), .init(it: "fase", en: "phase"),
          .init(it: "parte", en: "part"), .init(it: "finisce con", en: "ends with"),
        ],
        rows: rows,
        markedRow: marked
      )
    )
  }

  // The update has one part per parameter; an overview takes them together.
  private func outlineUnit(_ index: Int) -> Range<Int> {
    let isUpdate = program.steps[index].phase == .update
    return session.timeline.unit(of: index, isUpdate ? .phase : .layer)
  }

  /// Every step of a phase.
  package func listing(_ phase: Phase) -> Figure {
    let steps = program.steps(of: phase)
    let next = session.timeline.nextStep
    return .table(
      TableFigure(
        title: phase.summary,
        columns: [.init(.right), .init(), .init()],
        rows: steps.map { index in
          let sizes = program[program.steps[index].output].shape.sizes
          return .same([String(index + 1), program.line(index), "\(sizes)"])
        },
        markedRow: steps.contains(next) ? next - steps.lowerBound : nil
      )
    )
  }
}
