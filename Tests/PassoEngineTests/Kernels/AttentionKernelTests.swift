// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import PassoEngine
import PassoRuntime
import Testing

/// Attention in bands against attention by its definition, in double precision.
struct AttentionKernelTests {
  struct Case: Sendable {
    var batch = 2
    var heads = 2
    var keyHeads = 2
    var length = 5
    var width = 4
    var window = 0
    var scale = 0.5
    var prefixes: [Int32]?

    /// The probability with which a weight is turned off.
    var dropout = 0.0
  }

  /// Lengths around a band of queries and a tile of keys, widths that fill no vector.
  static let cases: [Case] = [
    Case(length: 1), Case(window: 9), Case(heads: 4, keyHeads: 2, length: 24, width: 7, window: 24),
    Case(heads: 3, keyHeads: 1, length: 25, width: 16), Case(length: 49, width: 5, window: 6),
    Case(heads: 1, keyHeads: 1, length: 33, width: 33, window: 33, scale: 1),
    Case(batch: 3, length: 5, width: 16, window: 5, prefixes: [0, 3, 5]),
    Case(batch: 4, keyHeads: 1, length: 60, width: 6, window: 60, prefixes: [60, 1, 0, 37]),
    Case(batch: 1, length: 73, width: 8, window: 1), Case(length: 31, width: 3, window: 73),
    Case(batch: 1, heads: 2, keyHeads: 1, length: 100, width: 20, window: 100, scale: 1),
    Case(length: 7, width: 16, window: 7, dropout: 0.5),
    Case(batch: 3, length: 30, width: 5, window: 30, prefixes: [0, 30, 11], dropout: 0.2),
    Case(batch: 1, length: 61, width: 16, dropout: 0.75),
  ]

  /// Queries, keys and values side by side, as the fast program packs them.
  private struct Operands {
    let test: Case
    let row: Int
    let outRow: Int
    let packed, gradient, out, dOut, logSums: Numbers
    private let prefixes: Integers?
    private let seed = Integers([-7])

    init(_ test: Case, _ source: inout RandomSource) {
      self.test = test
      row = (test.heads + 2 * test.keyHeads) * test.width
      outRow = test.heads * test.width + 3
      let rows = test.batch * test.length
      packed = Numbers(random: rows * row, &source, scale: 2)
      gradient = Numbers(count: rows * row)
      out = Numbers(count: rows * outRow, filling: 0)
      dOut = Numbers(random: rows * outRow, &source)
      logSums = Numbers(count: test.batch * test.heads * test.length)
      prefixes = test.prefixes.map { Integers($0) }
    }

    var keys: Int { test.heads * test.width }
    var values: Int { keys + test.keyHeads * test.width }
    var parts: Int { test.batch * test.keyHeads }

    private var dropout: ck_dropout {
      if test.dropout == 0 { return ck_dropout() }
      let limit = UInt64((test.dropout * 0x1p53).rounded(.up))
      let share = Float(1 / (1 - test.dropout))
      return ck_dropout(seed: seed.read, stream: 3, limit: limit, share: share)
    }

    /// By what each weight is multiplied, [batch, head, query, key]: as the readable step does.
    func shares() throws -> [Double] {
      let count = test.batch * test.heads * test.length * test.length
      let (shape, ones) = (Shape((.item, count)), Array(repeating: 1.0, count: count))
      if test.dropout == 0 { return ones }
      var builder = ProgramBuilder()
      let x = builder.input("x", shape, .activation)
      let number = builder.input("seed", .scalar, .data, element: .integer)
      let y = try builder.record(Dropout(rate: test.dropout, stream: 3), x, number, name: "y")
      var execution = try Execution(builder.program, precision: .f64)
      try execution.set(x, to: Tensor(shape, ones))
      try execution.set(number, to: Tensor(.scalar, [seed.read[0]]))
      try execution.run()
      return try #require(try execution.tensor(y)).doubles
    }

    func arguments(backward: Bool) -> ck_attention {
      ck_attention(
        q: packed.read,
        k: packed.read + keys,
        v: packed.read + values,
        row: row,
        out: out.start,
        out_row: outRow,
        log_sums: logSums.start,
        batch: Int32(test.batch),
        heads: Int32(test.heads),
        key_heads: Int32(test.keyHeads),
        length: Int32(test.length),
        width: Int32(test.width),
        window: Int32(test.window),
        scale: Float(test.scale),
        prefix: prefixes?.read,
        dropout: dropout,
        d_out: backward ? dOut.read : nil,
        dq: backward ? gradient.start : nil,
        dk: backward ? gradient.start + keys : nil,
        dv: backward ? gradient.start + values : nil
      )
    }
  }

  /// What has to come out.
  private struct ValueParser {
    var out, gradient, logSums: [Double]

    private let shares: [Double]

    init(_ o: Operands) throws {
      shares = try o.shares()
      out = [Double](repeating: 0, count: o.out.count)
      gradient = [Double](repeating: 0, count: o.gradient.count)
      logSums = [Double](repeating: 0, count: o.logSums.count)
      for row in 0..<o.test.batch {
        for head in 0..<o.test.heads {
          for query in 0..<o.test.length { add(o, row, head, query) }
        }
      }
    }

    private mutating func add(_ o: Operands, _ row: Int, _ head: Int, _ query: Int) {
      let test = o.test
      let keyHead = head / (test.heads / test.keyHeads)
      let width = 0..<test.width
      func place(_ position: Int) -> Int { (row * test.length + position) * o.row }
      func number(_ at: Int) -> Double { Double(o.packed.start[at]) }
      let q = place(query) + head * test.width
      let seen = (0..<test.length).filter {
        test.window == 0 || ($0 <= query && query - $0 < test.window)
          || $0 < test.prefixes?[row] ?? 0
      }
      func k(_ key: Int) -> Int { place(key) + o.keys + keyHead * test.width }
      func v(_ key: Int) -> Int { place(key) + o.values + keyHead * test.width }
      let scores = seen.map { key in
        test.scale * width.reduce(0) { $0 + number(q + $1) * number(k(key) + $1) }
      }
      let sum = scores.reduce(0) { $0 + exp($1) }
      let weights = scores.map { exp($0) / sum }
      logSums[(row * test.heads + head) * test.length + query] = log(sum) / test.scale
      let result = (row * test.length + query) * o.outRow + head * test.width
      func dOut(_ i: Int) -> Double { Double(o.dOut.start[result + i]) }
      let first = ((row * test.heads + head) * test.length + query) * test.length
      let shares = seen.map { self.shares[first + $0] }
      let dWeights = zip(seen, shares).map { key, share in
        share * width.reduce(0) { $0 + dOut($1) * number(v(key) + $1) }
      }
      let mean = zip(weights, dWeights).reduce(0) { $0 + $1.0 * $1.1 }
      for (index, key) in seen.enumerated() {
        let dScore = weights[index] * (dWeights[index] - mean) * test.scale
        for i in width {
          out[result + i] += shares[index] * weights[index] * number(v(key) + i)
          gradient[v(key) + i] += shares[index] * weights[index] * dOut(i)
          gradient[q + i] += dScore * number(k(key) + i)
          gradient[k(key) + i] += dScore * number(q + i)
        }
      }
    }
  }

  @Test(arguments: KernelKind.all, cases)
  func forwardAndBackward(kind: KernelKind, test: Case) throws {
    var source = RandomSource(seed: 6)
    let operands = Operands(test, &source)
    let wanted = try ValueParser(operands)
    let scratch = ck_attention_scratch(Int32(test.length), Int32(test.width))
    try kind.run(
      \.attention,
      operands.arguments(backward: false),
      parts: operands.parts,
      scratch: scratch
    )
    expectNear(operands.out, wanted.out, within: 5e-6, "out of \(test)")
    expectNear(operands.logSums, wanted.logSums, "sums of \(test)")
    try kind.run(
      \.attention_gradient,
      operands.arguments(backward: true),
      parts: operands.parts,
      scratch: scratch
    )
    expectNear(operands.gradient, wanted.gradient, within: 1e-5, "gradient of \(test)")
  }

  /// New positions over a cache are the last rows of attention over everything.
  @Test(arguments: KernelKind.all, [(0, 1), (0, 3), (6, 1), (5, 40)])
  func aCacheGivesTheLastRowsOfTheWhole(kind: KernelKind, sizes: (known: Int, rows: Int)) throws {
    var source = RandomSource(seed: 7)
    let length = sizes.known + sizes.rows
    let shapes = [(2, 2, 5, 0), (4, 2, 16, 0), (3, 1, 33, 0), (4, 2, 16, 3), (2, 1, 5, 2)]
    for (heads, keyHeads, width, window) in shapes {
      var test = Case(batch: 1, heads: heads, keyHeads: keyHeads, length: length, width: width)
      test.window = window == 0 ? length : window
      let operands = Operands(test, &source)
      let wanted = try ValueParser(operands)
      let capacity = length + 2
      let caches = (0..<2).map { _ in Numbers(count: keyHeads * capacity * width, filling: .nan) }
      for position in 0..<sizes.known {
        for head in 0..<keyHeads {
          for i in 0..<width {
            let source = operands.packed.start + position * operands.row + head * width + i
            let target = (head * capacity + position) * width + i
            caches[0].start[target] = source[operands.keys]
            caches[1].start[target] = source[operands.values]
          }
        }
      }
      let known = Integers([Int32(sizes.known)])
      let first = operands.packed.read + sizes.known * operands.row
      let arguments = ck_cached_attention(
        q: first,
        k: first + operands.keys,
        v: first + operands.values,
        row: operands.row,
        cache_k: caches[0].start,
        cache_v: caches[1].start,
        rows: Int32(sizes.rows),
        heads: Int32(heads),
        key_heads: Int32(keyHeads),
        width: Int32(width),
        capacity: Int32(capacity),
        window: Int32(window),
        known: known.read,
        scale: Float(test.scale),
        out: operands.out.start + sizes.known * operands.outRow,
        out_row: operands.outRow
      )
      try kind.run(\.cached_attention, arguments, parts: keyHeads, scratch: capacity)
      var rows = wanted.out
      for index in 0..<sizes.known * operands.outRow { rows[index] = 0 }
      expectNear(operands.out, rows, "\(sizes), heads \(heads) × \(width)")
      for cache in caches { #expect(cache.isIntact) }
    }
  }
}
