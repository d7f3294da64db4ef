// SPDX-License-Identifier: MIT

/// The size of what one execution works on.
public struct BatchShape: Hashable, Sendable {
  /// Rows of text.
  public var rows: Int

  /// Tokens of each row.
  public var length: Int

  /// Rows of so many tokens.
  public init(rows: Int, length: Int) {
    self.rows = rows
    self.length = length
  }
}
