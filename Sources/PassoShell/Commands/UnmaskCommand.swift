// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoSession
import PassoText

/// `:generate --unmask`: a row of nothing but `<mask>`, uncovered place by place.
extension Session {
  /// Uncovers a row if that was asked for.
  ///
  /// - Returns: Whether it was.
  /// - Throws: `UnmaskProblem`, or what is wrong with the words.
  func unmask(_ arguments: Arguments, _ context: CommandContext) throws -> Bool {
    guard let words = try GenerateWords(unmasking: arguments) else { return false }
    guard experiment.objective.uncovers else {
      throw UnmaskProblem.otherObjective(experiment.objective.name)
    }
    let known = try words.prompt.map { word in
      try arguments.placing(word) {
        word.isQuoted
          ? try tokenizer.encode(word.text)
          : try promptTokens(word.text, isQuoted: false)
      }
    }
    try RowUncovering(
      model,
      tokenizer,
      after: known ?? [],
      places: words.count,
      rowLength: batch.length
    )
    .run(words.settings, seed: words.seed, context.console, unless: context.shouldStop, context.say)
    context.endInterruptedLine()
    return true
  }
}

/// A row that is uncovered, shown step by step: in the REPL and on the command line.
package struct RowUncovering {
  private let unmasker: Unmasker
  private let known: [TokenID]
  private let mask: TokenID
  private let tokenizer: any Tokenizer

  /// Prepares a row.
  ///
  /// - Parameters:
  ///   - model: What has learned to find covered tokens.
  ///   - tokenizer: Its tokens.
  ///   - known: The beginning of the row.
  ///   - places: How many places follow it; nil for what is left of a row of the usual length.
  ///   - rowLength: That length.
  /// - Throws: `UnmaskProblem`, or what keeps the model from being executed.
  package init(
    _ model: Model,
    _ tokenizer: any Tokenizer,
    after known: [TokenID],
    places: Int?,
    rowLength: Int
  ) throws {
    guard let mask = tokenizer.id(of: .mask), Int(mask) < model.configuration.vocabularySize else {
      throw UnmaskProblem.noMask
    }
    let length = places.map { known.count + $0 } ?? rowLength
    guard known.count < length else {
      throw UnmaskProblem.nothingCovered(known: known.count, length: length)
    }
    unmasker = try Unmasker(model, length: length, mask: mask)
    (self.known, self.mask, self.tokenizer) = (known, mask, tokenizer)
  }

  /// Uncovers it, and shows each step as it is made.
  ///
  /// - Returns: What was covered; nil if it was stopped.
  /// - Throws: `Interrupted` or `ExecutionProblem`.
  @discardableResult
  package func run(
    _ settings: SamplingSettings,
    seed: UInt64,
    _ console: Console?,
    unless shouldStop: () -> Bool,
    _ warn: (Slowness?) -> Void = { _ in }
  ) throws -> [TokenID]? {
    warn(unmasker.slowness)
    if let console { show(Self.header[console.language], on: console) }
    let row = try unmasker.uncover(after: known, settings, seed: seed, unless: shouldStop) { step in
      if let console { show(line(step, console.language), on: console) }
    }
    guard let row else { return nil }
    if let console { show((try? text(row)) ?? "", on: console) }
    return Array(row.dropFirst(known.count))
  }

  /// The text of a row, up to the token that ends it.
  package func text(_ row: [TokenID]) throws -> String {
    let end = tokenizer.id(of: .end)
    return try tokenizer.decode(Array(row.prefix { $0 != end }))
  }

  private func show(_ line: String, on console: Console) {
    console.stream(line)
    console.stream("\n")
  }

  private static let header = Bilingual(
    it: columns("passo", "posto", "prob.", "token", "riga"),
    en: columns("step", "place", "prob.", "token", "row")
  )

  private func line(_ step: Unmasker.Step, _ language: Language) -> String {
    Self.columns(
      "\(step.number)",
      "\(step.place)",
      NumberText.fixed(step.probability, 4)[language],
      tokenizer.label(of: step.token),
      step.row.map { $0 == mask ? "·" : tokenizer.label(of: $0) }.joined(separator: " ")
    )
  }

  private static func columns(_ cells: String...) -> String {
    func filled(_ cell: String, _ width: Int, left: Bool) -> String {
      let blanks = String(repeating: " ", count: max(0, width - DisplayWidth.of(cell)))
      return left ? cell + blanks : blanks + cell
    }
    let numbers = cells.prefix(3).map { filled($0, 6, left: false) }
    return (numbers + [filled(cells[3], 10, left: true), cells[4]]).joined(separator: "  ")
  }
}
