// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import PassoEngine
import PassoRuntime
import Testing

/// Matrix products of every kind of processor against sums in double precision.
struct ProductKernelTests {
  /// One product; everything lies in longer rows than it needs.
  struct Case {
    var m = 1
    var n = 1
    var k = 1
    var isLeftTransposed = false
    var isRightTransposed = false
    var accumulates = false
    var hasBias = false
    var hasResidual = false
    var finish = CK_FINISH_NONE
    var rowParts = 1
    var columnParts = 1
  }

  /// The numbers of a case, and what has to come out.
  private struct Operands {
    let test: Case
    let a, b, c, bias, residual, post, aux: Numbers
    let (aRow, bRow, cRow): (Int, Int, Int)

    init(_ test: Case, _ source: inout RandomSource) {
      self.test = test
      aRow = (test.isLeftTransposed ? test.m : test.k) + 3
      bRow = (test.isRightTransposed ? test.k : test.n) + 5
      cRow = test.n + 7
      a = Numbers(random: aRow * (test.isLeftTransposed ? test.k : test.m), &source)
      b = Numbers(random: bRow * (test.isRightTransposed ? test.n : test.k), &source)
      c = Numbers(random: cRow * test.m, &source)
      bias = Numbers(random: test.n, &source)
      residual = Numbers(random: cRow * test.m, &source)
      post = Numbers(count: cRow * test.m)
      aux = Numbers(random: cRow * test.m, &source, scale: 4)
    }

    var arguments: ck_product {
      ck_product(
        m: Int32(test.m),
        n: Int32(test.n),
        k: Int32(test.k),
        a: a.read,
        a_row: test.isLeftTransposed ? 1 : aRow,
        a_column: test.isLeftTransposed ? aRow : 1,
        b: b.read,
        b_row: test.isRightTransposed ? 1 : bRow,
        b_column: test.isRightTransposed ? bRow : 1,
        c: c.start,
        c_row: cRow,
        accumulate: test.accumulates ? 1 : 0,
        finish: Int32(test.finish.rawValue),
        bias: test.hasBias ? bias.read : nil,
        residual: test.hasResidual ? residual.read : nil,
        residual_row: cRow,
        post: test.finish == CK_FINISH_GELU ? post.start : nil,
        aux: test.finish == CK_FINISH_TIMES ? aux.read : nil,
        other_row: cRow,
        row_parts: Int32(test.rowParts),
        column_parts: Int32(test.columnParts)
      )
    }

    /// `c` and `post` as they should be afterwards, with what lies between the rows untouched.
    func wanted() -> (c: [Double], post: [Double]) {
      var (c, post) = (c.doubles, post.doubles)
      for i in 0..<test.m {
        for j in 0..<test.n {
          let at = i * cRow + j
          var sum = test.accumulates ? c[at] : 0
          for p in 0..<test.k {
            let left = a.start[test.isLeftTransposed ? p * aRow + i : i * aRow + p]
            let right = b.start[test.isRightTransposed ? j * bRow + p : p * bRow + j]
            sum += Double(left) * Double(right)
          }
          if test.hasBias { sum += Double(bias.start[j]) }
          if test.hasResidual { sum += Double(residual.start[at]) }
          if test.finish == CK_FINISH_GELU {
            post[at] = ExactGELU.value(sum)
            sum = ExactGELU.derivative(sum)
          }
          if test.finish == CK_FINISH_TIMES { sum *= Double(aux.start[at]) }
          c[at] = sum
        }
      }
      return (c, post)
    }
  }

  private func check(_ test: Case, _ kind: KernelKind, _ source: inout RandomSource) throws {
    let operands = Operands(test, &source)
    let wanted = operands.wanted()
    try kind.run(
      \.product,
      operands.arguments,
      parts: test.rowParts * test.columnParts,
      scratch: ck_product_scratch(Int32(test.m), Int32(test.n), Int32(test.k))
    )
    // Sums in float stray with the root of their length.
    let tolerance = 1e-6 * (1 + Double(test.k).squareRoot() / 8)
    expectNear(operands.c, wanted.c, within: tolerance, "c of \(test)")
    if test.finish == CK_FINISH_GELU {
      // Between the rows stands the mark, which is far greater than the numbers.
      for (index, number) in wanted.post.enumerated() where number == 12345 {
        #expect(operands.post.start[index] == 12345, "post of \(test), beyond a row")
        operands.post.start[index] = 0
      }
      let numbers = wanted.post.map { $0 == 12345 ? 0 : $0 }
      expectNear(operands.post, numbers, within: tolerance, "post of \(test)")
    }
  }

  /// Sizes just below, at and above one and two tiles.
  private func edges(_ size: Int32) -> [Int] {
    let size = Int(size)
    return [1, size - 1, size, size + 1, 2 * size + 3]
  }

  @Test(arguments: KernelKind.all, [false, true])
  func everySizeAroundATileInEveryTransposition(kind: KernelKind, isLeft: Bool) throws {
    var source = RandomSource(seed: 1)
    let table = try kind.table
    for isRight in [false, true] {
      for m in edges(table.tile_rows) {
        for n in edges(table.tile_columns) {
          var test = Case(m: m, n: n, k: 5)
          (test.isLeftTransposed, test.isRightTransposed) = (isLeft, isRight)
          try check(test, kind, &source)
        }
      }
    }
  }

  @Test(arguments: KernelKind.all, [CK_FINISH_NONE, CK_FINISH_GELU, CK_FINISH_TIMES])
  func whateverIsDoneAtTheEnd(kind: KernelKind, finish: ck_finish) throws {
    var source = RandomSource(seed: 2)
    let table = try kind.table
    for choice in 0..<8 {
      for (m, n) in [(Int(table.tile_rows) * 2 + 1, Int(table.tile_columns) * 2), (7, 41)] {
        var test = Case(m: m, n: n, k: 9)
        test.accumulates = choice & 1 != 0
        test.hasBias = choice & 2 != 0
        test.hasResidual = choice & 4 != 0
        test.finish = finish
        try check(test, kind, &source)
        test.isRightTransposed = true
        (test.rowParts, test.columnParts) = (3, 2)
        try check(test, kind, &source)
      }
    }
  }

  @Test(arguments: KernelKind.all)
  func deepTallAndWideProductsAreCutIntoBlocks(kind: KernelKind) throws {
    var source = RandomSource(seed: 3)
    for (m, n, k) in [(13, 33, 777), (13, 32, 384), (151, 17, 11), (3, 2065, 7), (5, 64, 385)] {
      for flip in 0..<4 {
        var test = Case(m: m, n: n, k: k)
        (test.isLeftTransposed, test.isRightTransposed) = (flip & 1 != 0, flip & 2 != 0)
        test.accumulates = flip == 2
        test.hasBias = flip == 3
        test.finish = k > 384 ? CK_FINISH_GELU : CK_FINISH_NONE
        test.columnParts = 1 + flip
        try check(test, kind, &source)
      }
    }
  }

  @Test(arguments: KernelKind.all)
  func moreParts(kind: KernelKind) throws {
    var source = RandomSource(seed: 4)
    for (rows, columns) in [(1, 5), (5, 1), (4, 3), (40, 1)] {
      var test = Case(m: 31, n: 70, k: 6)
      (test.rowParts, test.columnParts) = (rows, columns)
      try check(test, kind, &source)
    }
  }

  /// Numbers from far below to far above where the curves become straight, and some extreme ones.
  private static let range: [Float] =
    (-24_000...24_000).map { Float($0) / 2000 } + [-1e30, -1e10, -100, -1e-30, 1e-30, 100, 1e10]

  /// A product that does nothing but its finish: a row of numbers times 1.
  private func curves(_ kind: KernelKind) throws -> (values: [Double], slopes: [Double]) {
    let (one, input) = (Numbers([1]), Numbers(Self.range))
    let (c, post) = (Numbers(count: input.count), Numbers(count: input.count))
    var arguments = ck_product()
    (arguments.m, arguments.n, arguments.k) = (1, Int32(input.count), 1)
    (arguments.a, arguments.a_row, arguments.a_column) = (one.read, 1, 1)
    (arguments.b, arguments.b_row, arguments.b_column) = (input.read, input.count, 1)
    (arguments.c, arguments.c_row, arguments.other_row) = (c.start, input.count, input.count)
    (arguments.row_parts, arguments.column_parts) = (1, 1)
    arguments.finish = Int32(CK_FINISH_GELU.rawValue)
    arguments.post = post.start
    try kind.run(\.product, arguments, scratch: ck_product_scratch(1, Int32(input.count), 1))
    return (post.doubles, c.doubles)
  }

  @Test(arguments: KernelKind.all)
  func geluIsExactOverItsWholeRange(kind: KernelKind) throws {
    var errors: [String] = []
    for (x, found) in zip(Self.range, try curves(kind).values) {
      let wanted = ExactGELU.value(Double(x))
      // Far on the left the exponent, up to 87, keeps fewer digits behind its point.
      let tolerance = x < -1 ? 2e-5 : 6e-7
      let error = abs(found - wanted)
      // Beyond -10 the sigmoid stays at 1e-38.
      let smallest = 2e-38 * max(1, abs(Double(x)))
      if !(error <= tolerance * abs(wanted) + smallest) {
        errors.append("gelu(\(x)) off by \(error)")
      }
    }
    #expect(errors.isEmpty, "\(errors.count): \(errors.prefix(3))")
  }

  @Test(arguments: KernelKind.all)
  func theSlopeOfGELUIsExactOverItsWholeRange(kind: KernelKind) throws {
    var errors: [String] = []
    for (x, found) in zip(Self.range, try curves(kind).slopes) {
      let error = abs(found - ExactGELU.derivative(Double(x)))
      if !(error <= 4e-7) { errors.append("gelu'(\(x)) off by \(error)") }
    }
    #expect(errors.isEmpty, "\(errors.count): \(errors.prefix(3))")
  }
}

/// Products of one row, as generation has them.
struct MatrixVectorKernelTests {
  @Test(arguments: KernelKind.all, [false, true])
  func everySize(kind: KernelKind, isTransposed: Bool) throws {
    var source = RandomSource(seed: 5)
    for (inputs, outputs, parts) in [
      (1, 1, 1), (7, 5, 1), (33, 17, 1), (33, 17, 3), (130, 67, 5), (64, 64, 2), (5, 131, 4),
    ] {
      let row = (isTransposed ? inputs : outputs) + 3
      let x = Numbers(random: inputs, &source)
      let w = Numbers(random: row * (isTransposed ? outputs : inputs), &source)
      let (bias, residual) = (Numbers(random: outputs, &source), Numbers(random: outputs, &source))
      let partial = Numbers(count: parts * outputs)
      let (y, post) = (Numbers(count: outputs), Numbers(count: outputs))
      for choice in 0..<8 {
        let arguments = ck_matvec(
          inputs: Int32(inputs),
          outputs: Int32(outputs),
          parts: Int32(parts),
          x: x.read,
          w: w.read,
          row: row,
          transposed: isTransposed ? 1 : 0,
          partial: partial.start,
          bias: choice & 1 != 0 ? bias.read : nil,
          residual: choice & 2 != 0 ? residual.read : nil,
          y: y.start,
          post: choice & 4 != 0 ? post.start : nil
        )
        try kind.run(\.matvec, arguments, parts: parts)
        try kind.run(\.matvec_finish, arguments)
        let wanted = (0..<outputs).map { j in
          var sum = (0..<inputs).reduce(0.0) {
            $0 + Double(x.start[$1]) * Double(w.start[isTransposed ? j * row + $1 : $1 * row + j])
          }
          if choice & 1 != 0 { sum += Double(bias.start[j]) }
          if choice & 2 != 0 { sum += Double(residual.start[j]) }
          return sum
        }
        guard choice & 4 != 0 else {
          expectNear(y, wanted, "\(inputs) × \(outputs), \(parts) parts")
          continue
        }
        expectNear(y, wanted.map(ExactGELU.derivative), within: 1e-5, "the slope of its gelu")
        expectNear(post, wanted.map(ExactGELU.value), "its gelu")
        #expect(partial.isIntact)
      }
    }
  }
}
