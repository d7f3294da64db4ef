// SPDX-License-Identifier: MIT

import PassoText

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

extension ModelConfiguration {
  /// Checks that there is such a head.
  package func check(_ head: HeadAddress) throws(NoSuchHead) {
    guard (0..<layerCount).contains(head.block), (0..<headCount).contains(head.head) else {
      throw NoSuchHead(head: head, blocks: layerCount, heads: headCount)
    }
  }
}

/// A head that a model does not have.
package struct NoSuchHead: WordedProblem, Equatable {
  let head: HeadAddress
  let blocks: Int
  let heads: Int

  package var wording: Wording {
    Bilingual(
      it: "i blocchi vanno da 0 a \(blocks - 1) e le teste da 0 a \(heads - 1): \(head) non c'è",
      en: "blocks go from 0 to \(blocks - 1) and heads from 0 to \(heads - 1), got \(head)"
    ).hint(
      it: "una testa si scrive blocco.testa, per esempio 0.0",
      en: "a head is written block.head, for example 0.0"
    )
  }
}
