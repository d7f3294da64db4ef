// SPDX-License-Identifier: MIT

import PassoEngine
import Testing

/// Sums over long rows, and over many rows, are as exact as those of a lesson.
struct SummationTests {
  /// An op on numbers whose f64 result its f32 result is held against, and its gradients too.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let op: any Op
    let inputs: [Tensor]
    /// The largest error relative to the largest number of the result; one rounding is 6e-8.
    let bound: Double

    init(_ op: any Op, _ inputs: [Tensor], within bound: Double = 1.5e-7) {
      (self.op, self.inputs, self.bound) = (op, inputs, bound)
      name = type(of: op).card.name
    }

    var testDescription: String { name }
  }

  private static let (vocabulary, many, some) = (49_152, 200_000, 20_000)

  /// Numbers that every program can make again: the upper bits of Knuth's multiplicative hash.
  private static func numbers(
    _ shape: Shape,
    _ salt: Int,
    _ range: ClosedRange<Double> = -1...1
  ) -> Tensor {
    let scale = range.upperBound - range.lowerBound
    let numbers = (0..<shape.count).map { index in
      let hash = UInt32(truncatingIfNeeded: (index + salt * 1_000_003) &* 2_654_435_761)
      return Float(range.lowerBound + scale * Double(hash >> 8) / 16_777_216)
    }
    return Tensor(shape, numbers)
  }

  private static func row(_ axis: Axis, _ count: Int) -> Shape {
    Shape((.batch, 1), (.position, 1), (axis, count))
  }

  private static func table(_ axis: Axis, _ width: Int, rows: Int = some) -> Shape {
    Shape((.batch, 1), (.position, rows), (axis, width))
  }

  private static func ids(_ count: Int, below size: Int32) -> Tensor {
    Tensor(Shape((.batch, 1), (.position, count)), (0..<Int32(count)).map { $0 % size })
  }

  private static func heads(_ positions: Int) -> Shape {
    Shape((.batch, 1), (.position, positions), (.head, 1), (.headDim, 4))
  }

  static let cases: [Case] = [
    Case(Softmax(), [numbers(row(.vocab, vocabulary), 1, -10...10)], within: 3e-7),
    Case(
      CrossEntropy(),
      [numbers(row(.vocab, vocabulary), 2, -10...10), ids(1, below: 7)],
      within: 3e-7
    ),
    Case(MeanLoss(), [numbers(ids(many, below: 2).shape, 3, 0...12), ids(many, below: 2)]),
    Case(LayerNorm(epsilon: 1e-5), norm(row(.model, vocabulary)), within: 3e-7),
    Case(LayerNorm(epsilon: 1e-5), norm(table(.model, 4)), within: 5e-7),
    Case(RMSNorm(epsilon: 1e-5), Array(norm(row(.model, vocabulary))[..<2]), within: 3e-7),
    Case(RMSNorm(epsilon: 1e-5), Array(norm(table(.model, 4))[..<2]), within: 5e-7),
    Case(SumOver(nil), [numbers(table(.item, 1, rows: many), 4, 0...1)]),
    Case(SumOver(.position), [numbers(table(.item, 3), 5, 0...1)]),
    Case(SumOver(.vocab), [numbers(Shape((.model, 2), (.vocab, vocabulary)), 6, 0...1)]),
    Case(Add(), [numbers(table(.model, 1, rows: many), 7), numbers(Shape((.model, 1)), 8)]),
    Case(Times(), [numbers(table(.model, 2), 9, 0...1), numbers(Shape((.model, 2)), 10)]),
    Case(
      Contraction(left: [0], right: [0], output: [], axes: []),
      [numbers(Shape((.model, many)), 11, 0...1), numbers(Shape((.model, many)), 12, 0...1)]
    ),
    Case(Embedding(), [numbers(Shape((.vocab, 3), (.model, 1)), 13), ids(many, below: 3)]),
    Case(GlobalNorm(), [numbers(table(.model, 1), 14), numbers(row(.model, 9), 15)]),
    Case(
      CachedAttention(scale: 0.5),
      [
        numbers(heads(1), 16),
        numbers(Shape((.batch, 1), (.key, 8192), (.head, 1), (.headDim, 4)), 17),
        numbers(Shape((.batch, 1), (.key, 8192), (.head, 1), (.headDim, 4)), 18, 0...1),
        Tensor(scalar: 8191),
      ],
      within: 3e-7
    ),
    // Products are chains of multiply-adds in the precision of the numbers themselves.
    Case(
      WeightedValues(),
      [
        numbers(Shape((.batch, 1), (.head, 1), (.query, 2), (.key, 8192)), 19, 0...1),
        numbers(heads(8192), 20, 0...1),
      ],
      within: 2e-6
    ),
    Case(
      Linear(),
      [
        numbers(row(.model, vocabulary), 21, 0...1),
        numbers(Shape((.model, vocabulary), (.mlp, 2)), 22, 0...1),
      ],
      within: 2e-6
    ),
    Case(
      Linear(),
      [
        numbers(table(.model, 2), 23, 0...1), numbers(Shape((.model, 2), (.mlp, 3)), 24),
        numbers(Shape((.mlp, 3)), 25),
      ],
      within: 4e-6
    ),
  ]

  private static func norm(_ shape: Shape) -> [Tensor] {
    let vector = Shape((.model, shape.lastSize))
    return [numbers(shape, 26, 0...3), numbers(vector, 27, 0.5...1.5), numbers(vector, 28)]
  }

  @Test(arguments: cases)
  func manyTermsAreAsExactAsFew(test: Case) throws {
    let (found, exact) = (try Self.results(test, .f32), try Self.results(test, .f64))
    #expect(found.count == exact.count && !found.isEmpty)
    for (name, numbers) in found {
      let reference = try #require(exact[name])
      let largest = reference.reduce(0) { max($0, abs($1)) }
      let error = zip(numbers, reference).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
      #expect(error <= test.bound, "\(name)")
    }
  }

  /// Its result and the gradients that it sends to its inputs.
  private static func results(_ test: Case, _ precision: Precision) throws -> [String: [Double]] {
    let example = OpExample(test.op, test.inputs, gives: [])
    var builder = try OpCatalogTests.prepare(example, precision).builder
    let y = try #require(builder.program.id(of: "y"))
    let shape = builder.program[y].shape
    if test.op is any DifferentiableOp {
      let seed = builder.input("seed", shape, .gradient)
      try builder.appendGradients(of: y, seed: seed)
    }
    var execution = try Execution(builder.program, precision: precision)
    if let seed = builder.program.id(of: "seed") {
      try execution.set(seed, to: numbers(shape, 29, 0...1))
    }
    for (index, tensor) in test.inputs.enumerated() {
      try execution.set(try execution.id(of: "x\(index)"), to: tensor)
    }
    try execution.run()
    var results: [String: [Double]] = [:]
    for name in ["y"] + test.inputs.indices.map({ "grad.x\($0)" }) {
      guard let id = builder.program.id(of: name) else { continue }
      results[name] = try execution.tensor(id)?.doubles
    }
    return results
  }

  @Test func aSumInDoublePrecisionIsRoundedOnce() {
    var tenths = DoubleSum()
    for _ in 0..<200_000 { tenths.add(0.1) }
    #expect(tenths.rounded == 20_000)
    var cancelling = DoubleSum()
    for term in [1, 1e100, 1, -1e100] { cancelling.add(term) }
    #expect(cancelling.rounded == 2)
    var products = DoubleSum()
    let third = 1.0 / 3
    products.add(third, times: 3)
    products.add(-1)
    #expect(products.rounded == (-1.0).addingProduct(third, 3))
  }

  @Test func infinityAndNaNStayWhatTheyAre() {
    func sum(_ terms: [Double]) -> (Float, Double) {
      var (single, double) = (FloatSum(), DoubleSum())
      for term in terms {
        single.add(Float(term))
        double.add(term)
      }
      return (single.rounded, double.rounded)
    }
    #expect(sum([1, .infinity, 2]) == (.infinity, .infinity))
    #expect(sum([-.infinity, 1]) == (-.infinity, -.infinity))
    #expect(sum([.infinity, -.infinity]).0.isNaN && sum([.infinity, -.infinity]).1.isNaN)
    #expect(sum([.nan, 1]).0.isNaN && sum([.nan, 1]).1.isNaN)
    #expect(sum([]) == (0, 0))
  }

  @Test func aNormWhoseSquaresLeaveTheRangeIsANumber() throws {
    let example = OpExample(GlobalNorm(), [Tensor(Shape((.item, 2)), [3e30, 4e30])], gives: [5e30])
    var execution = try OpCatalogTests.prepare(example, .f32).execution
    try execution.run()
    #expect(try execution.tensor(execution.id(of: "y"))?[0] == Double(Float(5e30)))
  }
}
