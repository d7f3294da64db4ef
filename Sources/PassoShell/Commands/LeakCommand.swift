// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

extension Command {
  static let leaks = Command(
    name: "leaks",
    group: .look,
    summary: Bilingual(
      it: "controlla se il modello può vedere la sua risposta",
      en: "checks whether the model can see its answer"
    ),
    details: Bilingual(
      it: "Sostituisce a turno ogni token in ingresso con altri, rifà il passo in avanti e guarda"
        + " quali logit cambiano anche di un solo bit. Confronta ciò che si muove con la maschera e"
        + " con i target attuali. Lo stato della sessione non cambia.",
      en: "Replaces every input token in turn by others, does the forward pass again and looks"
        + " which logits change by a single bit. Compares what moves with the mask and the targets"
        + " as they are now. The session's state does not change."
    ),
    examples: [":leaks", ":mask none", ":leaks"]
  ) { shell, arguments in
    try arguments.expect(atMost: 0)
    let session = shell.session
    var probe = try LeakProbe(
      session.timeline.execution,
      layerCount: session.configuration.layerCount,
      vocabularySize: session.configuration.vocabularySize,
      hidesAnswers: session.choice.objective.hidesAnswers
    )
    let report = try probe.report(unless: shell.shouldStop)
    shell.endInterruptedLine()
    guard let report else {
      return shell.console.say(
        Bilingual(
          it: "fermato prima della fine: non c'è un giudizio",
          en: "stopped before the end: there is no verdict"
        )
      )
    }
    for figure in LeakView(shell.session, report).figures { shell.console.show(figure) }
  }
}

/// Runs a session's forward pass on other tokens, on a twin that goes up to the logits.
package struct LeakProbe {
  private var execution: Execution
  private let hidesAnswers: Bool
  private let layerCount: Int
  private let vocabularySize: Int

  /// - Throws: `ExecutionProblem` if there is no memory for the values up to the logits.
  package init(
    _ execution: Execution,
    layerCount: Int,
    vocabularySize: Int,
    hidesAnswers: Bool = false
  ) throws {
    self.execution = try execution.beginning(to: execution.position(after: "logits"))
    self.hidesAnswers = hidesAnswers
    self.layerCount = layerCount
    self.vocabularySize = vocabularySize
  }

  /// - Throws: Nothing in practice: every session's program has these values.
  package mutating func report(unless shouldStop: () -> Bool) throws -> LeakReport? {
    let tokens = try value(.tokens)
    var check = LeakCheck(
      tokens: tokens,
      targets: try value(.targets),
      mask: try value(.mask),
      layerCount: layerCount,
      vocabularySize: vocabularySize
    )
    check.hidesAnswers = hidesAnswers
    let id = try execution.id(of: .model(.tokens))
    return try check.report(unless: shouldStop) { tokens in
      try execution.set(id, to: tokens)
      return try value(.logits)
    }
  }

  /// A value, computed if it is not yet.
  private mutating func value(_ part: ModelPart) throws -> Tensor {
    let name = ValueName.model(part)
    let count = execution.program[try execution.id(of: name)].shape.count
    // The logits of before and after are there at once, and one of them is copied for the check.
    try MemoryRoom.check(3 * count * MemoryLayout<Double>.stride)
    if let tensor = execution.tensor(name) { return tensor }
    try execution.complete(to: execution.position(after: name))
    guard let tensor = execution.tensor(name) else {
      throw SessionProblem.notComputed(part.rawValue)
    }
    return tensor
  }
}
