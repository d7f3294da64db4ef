// SPDX-License-Identifier: MIT

/// A head of attention: its block, and its number there; as text `0.1`.
package struct HeadAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The block, counted from 0.
  package let block: Int

  /// The head within the block, counted from 0.
  package let head: Int

  /// A head of a block.
  package init(block: Int, head: Int) {
    self.block = block
    self.head = head
  }

  /// A head as a person types it: `0.1`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let block = parts[0], let head = parts[1], block >= 0, head >= 0 else {
      return nil
    }
    self.init(block: block, head: head)
  }

  /// Block and head, as they are typed.
  package var description: String { "\(block).\(head)" }

  /// The order in which blocks compute.
  package static func < (left: HeadAddress, right: HeadAddress) -> Bool {
    (left.block, left.head) < (right.block, right.head)
  }
}
