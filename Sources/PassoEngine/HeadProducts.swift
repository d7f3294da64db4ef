// SPDX-License-Identifier: MIT

/// The sizes of a multi-head product, and the products that attention needs in both directions.
///
/// A *heads* value is `[batch, position, head, head_dim]`, a *square* value is
/// `[batch, head, query, key]`. Several query heads may share one key head (grouped queries): then
/// head `h` meets key head `h / group`, and what flows back to a key head is added up.
struct HeadProducts {
  let batch: Int
  let queries: Int
  let keys: Int
  let heads: Int
  let keyHeads: Int
  let width: Int

  /// - Parameters:
  ///   - square: `[batch, head, query, key]`.
  ///   - keyHeads: The number of heads of the keys or values.
  ///   - width: The components of one head.
  init(square: Shape, keyHeads: Int, width: Int) {
    batch = square.sizes[0]
    heads = square.sizes[1]
    queries = square.sizes[2]
    keys = square.sizes[3]
    self.keyHeads = keyHeads
    self.width = width
  }

  /// `square = a b^T`: queries times keys, or the gradient of `z` times the values.
  func headsByHeads<S: Scalar>(
    _ a: UnsafeBufferPointer<S>,
    _ b: UnsafeBufferPointer<S>,
    into square: UnsafeMutableBufferPointer<S>
  ) {
    multiplyHeads(a, b, square) { a, b, c, row, head in
      MatrixProduct(
        rows: queries,
        columns: keys,
        inner: width,
        a: a + queryOffset(row, head),
        aStride: heads * width,
        b: b + keyOffset(row, head),
        bStride: keyHeads * width,
        bTransposed: true,
        c: c + squareOffset(row, head),
        cStride: keys
      )
    }
  }

  /// `heads = square b`: pattern times values, or the gradient of the dot products times the keys.
  func squareByHeads<S: Scalar>(
    _ square: UnsafeBufferPointer<S>,
    _ b: UnsafeBufferPointer<S>,
    into output: UnsafeMutableBufferPointer<S>
  ) {
    multiplyHeads(square, b, output) { a, b, c, row, head in
      MatrixProduct(
        rows: queries,
        columns: width,
        inner: keys,
        a: a + squareOffset(row, head),
        aStride: keys,
        b: b + keyOffset(row, head),
        bStride: keyHeads * width,
        c: c + queryOffset(row, head),
        cStride: heads * width
      )
    }
  }

  /// `heads = square^T b`, added up over the query heads that share a key head.
  func squareTransposedByHeads<S: Scalar>(
    _ square: UnsafeBufferPointer<S>,
    _ b: UnsafeBufferPointer<S>,
    into output: UnsafeMutableBufferPointer<S>
  ) {
    multiplyHeads(square, b, output) { a, b, c, row, head in
      MatrixProduct(
        rows: keys,
        columns: width,
        inner: queries,
        a: a + squareOffset(row, head),
        aStride: keys,
        aTransposed: true,
        b: b + queryOffset(row, head),
        bStride: heads * width,
        c: c + keyOffset(row, head),
        cStride: keyHeads * width,
        // The first of its group begins anew.
        adds: !head.isMultiple(of: heads / keyHeads)
      )
    }
  }

  private func multiplyHeads<S: Scalar>(
    _ a: UnsafeBufferPointer<S>,
    _ b: UnsafeBufferPointer<S>,
    _ c: UnsafeMutableBufferPointer<S>,
    _ product: (
      UnsafePointer<S>, UnsafePointer<S>, UnsafeMutablePointer<S>, _ row: Int, _ head: Int
    ) -> MatrixProduct<S>
  ) {
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
    for row in 0..<batch { for head in 0..<heads { S.multiply(product(a, b, c, row, head)) } }
  }

  private func queryOffset(_ row: Int, _ head: Int) -> Int {
    (row * queries * heads + head) * width
  }

  private func keyOffset(_ row: Int, _ head: Int) -> Int {
    (row * keys * keyHeads + head / (heads / keyHeads)) * width
  }

  private func squareOffset(_ row: Int, _ head: Int) -> Int {
    (row * heads + head) * queries * keys
  }
}

extension Shape {
  /// Whether this is `[batch, position, head, head_dim]`.
  var isHeads: Bool {
    axes == [.batch, .position, .head, .headDim]
  }

  /// Whether this is `[batch, head, query, key]`.
  var isSquare: Bool {
    axes == [.batch, .head, .query, .key]
  }
}

extension Op {
  /// The rule of both products of a square with heads.
  func headsShape(_ inputs: [Shape], positionsAre axis: Axis) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].isSquare, inputs[1].isHeads,
      inputs[0].sizes[0] == inputs[1].sizes[0],
      inputs[0].sizes[1].isMultiple(of: inputs[1].sizes[2]),
      inputs[0].sizes[axis == .key ? 3 : 2] == inputs[1].sizes[1]
    else {
      throw Self.needs(
        it: "una matrice [batch, head, query, key] e un vettore per posizione e testa",
        en: "a matrix [batch, head, query, key] and a vector for each position and head",
        found: inputs
      )
    }
    let (square, heads) = (inputs[0].sizes, inputs[1].sizes)
    return Shape(
      (.batch, square[0]),
      (.position, square[axis == .key ? 2 : 3]),
      (.head, square[1]),
      (.headDim, heads[3])
    )
  }
}
