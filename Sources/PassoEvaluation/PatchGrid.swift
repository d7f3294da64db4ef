// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

/// Two texts of equal length, and what becomes of the prediction after the first when one value of
/// the model at a time is replaced by what it is on the second.
///
/// The prediction is the difference of two logits after the last token; a cell says how much of the
/// way from the first text, 0, to the second, 1, it has gone. Each cell is a pass of its own from
/// the replaced value on, not an estimate.
/// Source: Wang et al. 2022, arXiv:2211.00593, section 3.1; Heimersheim and Nanda 2024,
/// arXiv:2404.15255.
package struct PatchGrid: Sendable {
  /// What is replaced in each cell.
  package enum Form: Sendable, Hashable {
    /// A vector: what a part of the model gives at one position.
    case positions
    /// A head, at all positions.
    case heads
  }

  /// Where a number is replaced.
  package enum Site: Hashable, Sendable {
    /// The residual stream before the first block.
    case embedding
    /// The residual stream after a block.
    case residual(Int)
    /// What attention adds to it.
    case attention(Int)
    /// What the MLP adds to it.
    case mlp(Int)
    case head(HeadAddress)
  }

  package struct Cell: Sendable, Hashable {
    package let site: Site

    /// Nil where all positions are replaced.
    package let position: Int?

    /// 0 as after the first text, 1 as after the second.
    package let recovered: Double
  }

  /// The two tokens whose logits are compared: the second's is taken off that of the first.
  package struct Answers: Sendable, Hashable {
    package let token: TokenID
    package let other: TokenID

    package init(_ token: TokenID, over other: TokenID) {
      (self.token, self.other) = (token, other)
    }
  }

  package let first: [TokenID]
  package let second: [TokenID]
  package let answers: Answers

  /// The difference of the two logits after each text.
  package let difference: (first: Double, second: Double)

  /// In the order in which the model computes what is replaced.
  package let cells: [Cell]
}

/// Why there is no way between two texts.
package enum PatchProblem: Problem, Equatable {
  /// So many tokens each.
  case lengths(Int, Int)

  /// More tokens than the model reads.
  case tooLong(Int, limit: Int)

  /// After both texts the two logits differ by the same.
  case nothingBetween(Double)

  package var message: Bilingual {
    switch self {
    case .lengths(let first, let second):
      Bilingual(
        it: "i due testi devono avere altrettanti token, ne hanno \(first) e \(second)",
        en: "needs two texts of equally many tokens, got \(first) and \(second)"
      )
    case .tooLong(let found, let limit):
      Bilingual(
        it: "il modello legge al più \(limit) token, i testi ne hanno \(found)",
        en: "the model reads at most \(limit) tokens, the texts have \(found)"
      )
    case .nothingBetween(let difference):
      Bilingual(
        it: "dopo i due testi la differenza dei logit è la stessa,"
          + " \(NumberText.general(difference).it): fra loro non c'è strada",
        en: "after both texts the logits differ by the same,"
          + " \(NumberText.general(difference).en): there is no way between them"
      )
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .lengths:
      Bilingual(
        it: "cambia una parola con un'altra, senza aggiungerne",
        en: "put one word in the place of another, and add none"
      )
    case .tooLong: Bilingual(it: "accorcia i testi", en: "shorten the texts")
    case .nothingBetween:
      Bilingual(
        it: "scegli due testi dopo i quali il modello si aspetta parole diverse",
        en: "choose two texts after which the model expects different words"
      )
    }
  }
}

// MARK: - Computing it

extension PatchGrid {
  /// Computes every cell.
  ///
  /// - Parameters:
  ///   - first: The text whose pass is patched.
  ///   - second: The text that the replaced values are from.
  ///   - model: Who reads them.
  ///   - form: What is replaced in each cell.
  ///   - answers: Whose logits are compared; if not given, the token that gains most probability
  ///     from the first text to the second over the one that loses most.
  ///   - shouldStop: Asked before each cell.
  /// - Returns: Nil if it was told to stop.
  /// - Throws: `PatchProblem`, `ShapeProblem` or `ExecutionProblem` if the model cannot be
  ///   executed, what its parameters throw, or `Interrupted`.
  package static func between(
    _ first: [TokenID],
    _ second: [TokenID],
    _ model: Model,
    _ form: Form,
    answers: Answers? = nil,
    unless shouldStop: () -> Bool = { false }
  ) throws -> PatchGrid? {
    guard first.count == second.count, !first.isEmpty else {
      throw PatchProblem.lengths(first.count, second.count)
    }
    let limit = model.configuration.contextLength
    guard first.count <= limit else { throw PatchProblem.tooLong(first.count, limit: limit) }
    let sites = Site.all(model.configuration, form)
    let pass = try PatchedPass(model, length: first.count)
    try pass.read(second)
    let (target, donors) = (try pass.logits, try sites.map { try pass.value($0) })
    try pass.read(first)
    let (start, own) = (try pass.logits, try sites.map { try pass.value($0) })
    let chosen = answers ?? Answers(from: start, to: target)
    let difference = (first: chosen.difference(start), second: chosen.difference(target))
    // Not a comparison with 0: what is NaN has no way either.
    guard abs(difference.second - difference.first) > 0 else {
      throw PatchProblem.nothingBetween(difference.first)
    }
    var cells: [[Cell]] = []
    // From the last value to the first: what comes before a value stays as it was computed.
    for index in sites.indices.reversed() {
      var row: [Cell] = []
      for part in sites[index].parts(form, length: first.count) {
        guard !shouldStop() else { return nil }
        try pass.replace(sites[index], own[index], by: donors[index], part)
        let reached = chosen.difference(try pass.logits)
        let recovered = (reached - difference.first) / (difference.second - difference.first)
        row.append(Cell(site: sites[index], position: part, recovered: recovered))
      }
      try pass.restore(sites[index], own[index])
      cells.append(row)
    }
    return PatchGrid(
      first: first,
      second: second,
      answers: chosen,
      difference: difference,
      cells: cells.reversed().flatMap(\.self)
    )
  }
}

extension PatchGrid.Answers {
  /// The token that gains most probability, over the one that loses most.
  fileprivate init(from first: [Double], to second: [Double]) {
    let (one, two) = (LogProbabilities(first).numbers, LogProbabilities(second).numbers)
    let gains = one.indices.map { Double.exponential(two[$0]) - .exponential(one[$0]) }
    var (best, worst) = (0, 0)
    for index in gains.indices {
      if gains[index] > gains[best] { best = index }
      if gains[index] < gains[worst] { worst = index }
    }
    self.init(TokenID(best), over: TokenID(worst))
  }

  fileprivate func difference(_ logits: [Double]) -> Double {
    logits[Int(token)] - logits[Int(other)]
  }
}

extension PatchGrid.Site {
  /// Every place of a model where something is replaced, in the order in which it is computed.
  fileprivate static func all(
    _ configuration: ModelConfiguration,
    _ form: PatchGrid.Form
  ) -> [PatchGrid.Site] {
    let blocks = 0..<configuration.layerCount
    switch form {
    case .heads:
      return blocks.flatMap { block in
        (0..<configuration.headCount).map { .head(HeadAddress(block: block, head: $0)) }
      }
    case .positions:
      return [.embedding]
        + blocks.flatMap { block -> [PatchGrid.Site] in
          configuration.hasMLP
            ? [.attention(block), .mlp(block), .residual(block)]
            : [.attention(block), .residual(block)]
        }
    }
  }

  /// The cells that it has: one for each position, or a single one for all.
  fileprivate func parts(_ form: PatchGrid.Form, length: Int) -> [Int?] {
    form == .heads ? [nil] : Array(0..<length)
  }

  /// The value that holds it.
  package func value(_ configuration: ModelConfiguration) -> ValueName {
    switch self {
    case .embedding:
      configuration.layerCount > 0 ? .block(0, .residual(.before)) : .model(.residual)
    case .residual(let block): .block(block, .residual(.after))
    case .attention(let block): .block(block, .attention(.out))
    case .mlp(let block): .block(block, .mlp(.out))
    case .head(let head): .block(head.block, .attention(.z))
    }
  }
}

/// A forward pass over one row, of which single values can be replaced.
private struct PatchedPass {
  private let runner: ModelRunner
  private let configuration: ModelConfiguration
  private let length: Int

  init(_ model: Model, length: Int) throws {
    (configuration, self.length) = (model.configuration, length)
    var builder = ProgramBuilder()
    _ = try model.transformer(BatchShape(rows: 1, length: length)).write(into: &builder)
    let whole = builder.program
    let last = whole.id(of: .model(.logits)).flatMap { whole[$0].producer } ?? 0
    // Up to the logits: what comes after them nobody asks for.
    runner = ModelRunner(
      try Execution(whole.beginning(last + 1), precision: model.precision)
    )
    try runner.load(model.parameters)
  }

  func read(_ tokens: [TokenID]) throws {
    try runner.set(TokenBatch(inputs: tokens, targets: tokens.map { _ in ignoredTarget }))
    try runner.run(to: .model(.logits))
  }

  /// Those after the last token.
  var logits: [Double] {
    get throws(ExecutionProblem) {
      let all = try runner.computed(.model(.logits))
      return (all.count - configuration.vocabularySize..<all.count).map { all[$0] }
    }
  }

  func value(_ site: PatchGrid.Site) throws(ExecutionProblem) -> Tensor {
    try runner.computed(site.value(configuration))
  }

  /// Computes what follows a value in which a position, or a head, is that of another.
  func replace(
    _ site: PatchGrid.Site,
    _ own: Tensor,
    by donor: Tensor,
    _ position: Int?
  ) throws {
    let slots = slots(of: site, position, in: own.shape)
    let patch = Dictionary(uniqueKeysWithValues: slots.map { ($0, donor[$0]) })
    try runner.overwrite(site.value(configuration), with: own.replacing(patch))
    try runner.run(to: .model(.logits))
  }

  func restore(_ site: PatchGrid.Site, _ own: Tensor) throws(ExecutionProblem) {
    try runner.overwrite(site.value(configuration), with: own)
  }

  /// Row-major places, of [1, position, ...] or of [1, position, head, head_dim].
  private func slots(of site: PatchGrid.Site, _ position: Int?, in shape: Shape) -> [Int] {
    let width = shape.count / length
    if let position { return Array(position * width..<(position + 1) * width) }
    guard case .head(let head) = site else { return Array(0..<shape.count) }
    let size = configuration.headWidth
    return (0..<length).flatMap { place in
      let start = place * width + head.head * size
      return start..<start + size
    }
  }
}
