// SPDX-License-Identifier: MIT

/// The size of what one execution works on.
package struct BatchShape: Hashable, Sendable {
  /// Rows of text.
  package var rows: Int

  /// Tokens of each row.
  package var length: Int

  /// Rows of so many tokens.
  package init(rows: Int, length: Int) {
    self.rows = rows
    self.length = length
  }
}
