// SPDX-License-Identifier: MIT

import Testing

@testable import PassoEngine

/// What several threads share is done whole, however few rows or columns there are.
struct SharedWorkTests {
  @Test(arguments: [
    (1, 131_072), (2, 70_000), (6, 21_846), (15, 9000), (16, 8192), (17, 7711), (33, 5000),
    (9000, 15), (21_846, 6), (131_072, 1),
  ])
  func everyNumberIsTransposed(rows: Int, columns: Int) throws {
    #expect(rows * columns >= SharedWork.worthSharing)
    var builder = ProgramBuilder()
    let shape = Shape(axes: [.item, .model], sizes: [rows, columns])
    let x = builder.input("x", shape, .parameter)
    let y = try builder.append(Transpose(), [x], name: "y", role: .activation)
    for precision in [Precision.f32, .f64] {
      var execution = try Execution(builder.program, precision: precision)
      try execution.set(x, to: Tensor(shape, (0..<shape.count).map(Double.init)))
      try execution.run()
      let found = try #require(try execution.tensor(y)).doubles
      let wrong = found.indices.first { place in
        found[place] != Double(place % rows * columns + place / rows)
      }
      #expect(wrong == nil)
    }
  }
}
