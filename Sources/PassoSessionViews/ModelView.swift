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
    func row(_ it: String, _ en: String, _ value: String) -> [Bilingual] {
      [Bilingual(it: it, en: en), Bilingual(same: value)]
    }
    let bytes = session.timeline.byteCount
    let limit = megabytes(session.timeline.budget)
    let states = "\(megabytes(bytes.states)) / \(limit)"
    var table = TableFigure(
      title: title,
      columns: [.init(Bilingual(same: "")), .init(Bilingual(same: ""), .right)],
      rows: [
        row("vocabolario", "vocabulary", String(model.vocabularySize)),
        row("contesto", "context", String(model.contextLength)),
        row("blocchi", "blocks", String(model.layerCount)),
        row("teste", "heads", "\(model.headCount) × \(model.headWidth)"),
        row("flusso residuo", "residual stream", String(model.width)),
        row("MLP", "MLP", String(model.mlpWidth)),
        row("parametri", "parameters", NumberText.count(model.parameterCount)),
        row("passi", "steps", String(program.steps.count)),
        row("maschera", "mask", session.experiment.mask.description),
        row("precisione", "precision", session.experiment.precision.rawValue),
        row("memoria dei valori", "memory of the values", megabytes(bytes.values)),
        row("stati per tornare indietro", "states to go back to", states),
      ]
    )
    table.notes =
      (session.folder?.notes.map(\.text) ?? [])
      + [session.textNote, session.noteOnOptimizer, noteOnStates].compactMap(\.self)
    return .table(table)
  }

  private var noteOnStates: Bilingual? {
    guard session.timeline.isOverAllowance else { return nil }
    return Bilingual(
      it: "gli stati da cui si ricalcola non si possono lasciare: solo loro restano in memoria, gli"
        + " altri si ricalcolano",
      en: "the states that others are computed from cannot be given up: only they stay in memory,"
        + " the others are computed again"
    )
  }

  private func megabytes(_ bytes: Int) -> String {
    NumberText.fixed(Double(bytes) / Double(1 << 20), 1) + " MB"
  }

  private var title: Bilingual {
    switch session.experiment.model {
    case .preset(let preset, let seed):
      Bilingual(
        it: "\(preset.name), seme \(seed): \(preset.summary.it)",
        en: "\(preset.name), seed \(seed): \(preset.summary.en)"
      )
    case .folder(let path): Bilingual(same: path)
    }
  }

  package var parameters: Figure {
    let specs = session.configuration.parameterSpecs
    var table = TableFigure(
      columns: [
        .init(Bilingual(it: "nome", en: "name")),
        .init(Bilingual(it: "forma", en: "shape")),
        .init(Bilingual(it: "numeri", en: "numbers"), .right),
      ],
      rows: specs.map { spec in
        [spec.name.description, spec.shape.description, NumberText.count(spec.shape.count)].map {
          Bilingual(same: $0)
        }
      }
    )
    let total = NumberText.count(session.configuration.parameterCount)
    table.notes = [Bilingual(it: "in tutto \(total) numeri", en: "\(total) numbers in all")]
    return .table(table)
  }

  package var optimizer: Figure {
    let (experiment, optimizer) = (session.experiment, session.experiment.optimizer)
    let schedule = optimizer.schedule
    var parts = ["lr \(NumberText.general(experiment.rate))"]
    if case .momentum(let factor) = optimizer.rule {
      parts.append("momentum \(NumberText.general(factor))")
    }
    if case .adamW(let beta1, let beta2, _, let decay) = optimizer.rule {
      parts.append("beta1 \(NumberText.general(beta1))  beta2 \(NumberText.general(beta2))")
      parts.append("decay \(NumberText.general(decay))")
    }
    if let clip = optimizer.clip { parts.append("clip \(NumberText.general(clip))") }
    if schedule.warmup > 0 { parts.append("warmup \(schedule.warmup)") }
    if schedule.decay != .constant {
      parts.append("\(schedule.decay.rawValue) \(schedule.updates)")
    }
    if optimizer.rounds > 1 { parts.append("rounds \(optimizer.rounds)") }
    let runs = [Run(optimizer.name, .emphasis)] + parts.map { Run("  \($0)") }
    return .text(TextFigure([.init(runs)]))
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
          it: "il programma come grafo: \(phase.rawValue)",
          en: "the program as a graph: \(phase.rawValue)"
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
          "\(unit.lowerBound + 1)–\(unit.upperBound)", step.phase.rawValue,
          step.phase == .update ? session.timeline.plan.optimizer.name : step.layer,
          program[program.steps[unit.upperBound - 1].output].name,
        ].map { Bilingual(same: $0) }
      )
      index = unit.upperBound
    }
    var table = TableFigure(
      columns: [
        .init(Bilingual(it: "passi", en: "steps"), .right),
        .init(Bilingual(it: "fase", en: "phase")),
        .init(Bilingual(it: "parte", en: "part")),
        .init(Bilingual(it: "finisce con", en: "ends with")),
      ],
      rows: rows
    )
    table.markedRow = marked
    return .table(table)
  }

  // The update has one part per parameter; an overview takes them together.
  private func outlineUnit(_ index: Int) -> Range<Int> {
    let isUpdate = program.steps[index].phase == .update
    return session.timeline.unit(of: index, isUpdate ? .phase : .layer)
  }

  /// Every step of a phase.
  package func listing(_ phase: Phase) -> Figure {
    let steps = program.steps(of: phase)
    var table = TableFigure(
      title: phase.summary,
      columns: [
        .init(Bilingual(same: ""), .right), .init(Bilingual(same: "")),
        .init(Bilingual(same: "")),
      ],
      rows: steps.map { index in
        [
          String(index + 1), program.line(index),
          Self.sizes(program[program.steps[index].output].shape),
        ].map { Bilingual(same: $0) }
      }
    )
    let next = session.timeline.nextStep
    table.markedRow = steps.contains(next) ? next - steps.lowerBound : nil
    return .table(table)
  }

  private static func sizes(_ shape: Shape) -> String {
    "[" + shape.sizes.map(String.init).joined(separator: ", ") + "]"
  }
}
