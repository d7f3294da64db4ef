// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Patches between two texts: what must hold for any model.
struct PatchGridTests {
  private static let models: [[(String, String)]] = [
    [], [("layers", "3"), ("heads", "4")], [("tied", "on")],
    [("norm", "rms"), ("positions", "rotary"), ("kv-heads", "1")],
    [("norm", "none"), ("mlp", "none"), ("layers", "2")], [("dropout", "0.3")],
    [("positions", "none"), ("activation", "swiglu"), ("norm", "rms")],
  ]

  private static let first: [TokenID] = [1, 4, 2, 8, 5]
  private static let second: [TokenID] = [1, 4, 7, 8, 5]

  @Test(arguments: models.indices, [Precision.f32, .f64])
  func theEndsOfTheWayAreExact(index: Int, precision: Precision) throws {
    let model = try randomModel(Self.models[index], seed: 5, precision)
    let grid = try #require(
      try PatchGrid.between(Self.first, Self.second, model, .positions)
    )
    let layers = model.configuration.layerCount
    let count = Self.first.count
    let kinds = model.configuration.hasMLP ? 3 : 2
    #expect(grid.cells.count == (1 + kinds * layers) * count)
    func cell(_ site: PatchGrid.Site, _ position: Int) throws -> Double {
      try #require(grid.cells.first { $0.site == site && $0.position == position }?.recovered)
    }
    // All that the last logits are made of.
    #expect(try cell(.residual(layers - 1), count - 1) == 1)
    // The only token that differs, before any block has read it.
    #expect(try cell(.embedding, 2) == 1)
    for position in 0..<count where position != 2 {
      #expect(try cell(.embedding, position) == 0)
    }
    // Nothing that comes after the last block's positions but the last can be seen.
    for position in 0..<count - 1 { #expect(try cell(.residual(layers - 1), position) == 0) }
    // Before the change nothing differs, and no position looks ahead.
    for position in 0..<2 {
      for block in 0..<layers { #expect(try cell(.attention(block), position) == 0) }
    }
  }

  @Test func theAnswersAreThoseBetweenWhichProbabilityMoves() throws {
    let model = try randomModel(seed: 5)
    let grid = try #require(try PatchGrid.between(Self.first, Self.second, model, .heads))
    let before = try NextToken.probabilities(after: Self.first, model)
    let after = try NextToken.probabilities(after: Self.second, model)
    let gains = zip(before, after).map { $1 - $0 }
    #expect(abs(gains[Int(grid.answers.token)] - (gains.max() ?? 0)) < 1e-12)
    #expect(abs(gains[Int(grid.answers.other)] - (gains.min() ?? 0)) < 1e-12)
    #expect(grid.cells.count == model.configuration.headCount)
    let named = try PatchGrid.between(
      Self.first,
      Self.second,
      model,
      .heads,
      answers: .init(3, over: 6)
    )
    #expect(named?.answers == .init(3, over: 6))
  }

  /// Without a norm, an MLP and later blocks a patched head adds its own part and no other.
  @Test func headsOfALinearModelAddUp() throws {
    let model = try randomModel([("norm", "none"), ("mlp", "none"), ("heads", "4")], seed: 5)
    let heads = try #require(try PatchGrid.between(Self.first, Self.second, model, .heads))
    let sum = heads.cells.reduce(0) { $0 + $1.recovered }
    let grid = try #require(try PatchGrid.between(Self.first, Self.second, model, .positions))
    let whole = try #require(
      grid.cells.first { $0.site == .attention(0) && $0.position == Self.first.count - 1 }
    )
    #expect(abs(whole.recovered) > 1e-3)
    #expect(abs(sum - whole.recovered) < 1e-10)
    // The last token is the same in both: all of the way goes through attention.
    #expect(abs(whole.recovered - 1) < 1e-10)
  }

  @Test func whatHasNoWayIsRefused() throws {
    let model = try randomModel(seed: 5)
    func refusal(_ first: [TokenID], _ second: [TokenID]) -> PatchProblem? {
      do {
        _ = try PatchGrid.between(first, second, model, .heads)
        return nil
      } catch { return error as? PatchProblem }
    }
    #expect(refusal([1, 2, 3], [1, 2]) == .lengths(3, 2))
    #expect(refusal([], []) == .lengths(0, 0))
    let long = Array(repeating: TokenID(1), count: model.configuration.contextLength + 1)
    #expect(refusal(long, long) == .tooLong(long.count, limit: long.count - 1))
    if case .nothingBetween? = refusal([1, 2], [1, 2]) {} else { Issue.record("no way is a way") }
    #expect(
      try PatchGrid.between(Self.first, Self.second, model, .heads, unless: { true }) == nil
    )
  }
}
