// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime

/// The rows of a task, so many in each round: drawn anew, or those there are in an order of its own
/// in every epoch.
///
/// Short rows are filled up, and nothing is asked there.
package struct TaskBatches: BatchSource {
  let task: TaskCorpus
  private let part: TaskPart
  private let rows: Int
  private let seed: UInt64

  /// Prepares a source.
  ///
  /// - Parameters:
  ///   - task: What makes the rows.
  ///   - part: Those to learn from, or others.
  ///   - rows: Rows of a batch.
  ///   - seed: Decides rows that are drawn, and the order of those that are not.
  package init(
    _ task: TaskCorpus,
    _ part: TaskPart = .training,
    rows: Int,
    seed: UInt64
  ) {
    (self.task, self.part, self.rows, self.seed) = (task, part, rows, seed)
  }

  /// What one round works on.
  package var shape: BatchShape { BatchShape(rows: rows, length: task.task.positions) }

  /// Tells one source from another.
  package var fingerprint: UInt64 {
    var hash = StateHash()
    hash.add("task \(task.words) \(part.rawValue)")
    hash.add(UInt64(rows))
    hash.add(seed)
    return hash.value
  }

  package func batch(_ round: Int) -> TokenBatch {
    let length = task.task.positions
    let examples = taskRows(round).map(\.example)
    return TokenBatch(Batch(examples: examples, padding: task.padding, length: length).rows)
  }

  package func texts(_ round: Int) -> [[TokenID]]? { taskRows(round).map(\.tokens) }

  private func taskRows(_ round: Int) -> [TaskRow] {
    (0..<rows).map { row in
      let number = round * rows + row
      guard let count = task.task.count(of: part) else {
        return task.task.row(number, of: part, seed: seed)
      }
      let (epoch, place) = number.quotientAndRemainder(dividingBy: count)
      let shuffle = Shuffle(count: count, seed: seed &+ UInt64(epoch))
      return task.task.row(shuffle[place], of: part, seed: seed)
    }
  }
}
