// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoShell
import PassoText

extension GenerateCommand {
  /// Uncovers a row of `<mask>` after what is known of it.
  ///
  /// - Throws: `UnmaskProblem` if the model has learned something else, or reads no such row.
  func uncover(
    _ folder: ModelFolder,
    _ task: LearnedTask,
    _ tokenizer: (any Tokenizer)?,
    after ids: [TokenID]
  ) throws {
    guard task.objective.uncovers else {
      throw UnmaskProblem.otherObjective(task.objective.name)
    }
    guard let tokenizer else { throw UnmaskProblem.noMask }
    // A row that is uncovered has no opening of its own.
    let known = try prompt.map { try tokenizer.encode($0) } ?? ids
    let row = try RowUncovering(
      task.model(folder, precision: precision, threads: threads),
      tokenizer,
      after: known,
      places: maxNewTokens,
      rowLength: folder.configuration.contextLength
    )
    Interrupt.watch(unanswered: .ends)
    let found = try row.run(
      sampling.settings,
      seed: sampling.seed,
      json ? nil : FrontEnd(speech).console(),
      unless: { Interrupt.isPending },
      { StandardError.say([$0?.note], speech.chosenLanguage) }
    )
    guard let found else { throw ExitCode(130) }
    if json { print(TokenList.json(found, text: try row.text(found))) }
  }
}
