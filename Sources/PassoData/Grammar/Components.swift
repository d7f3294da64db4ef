// SPDX-License-Identifier: MIT

/// Which nodes of a graph lie on a common circle.
///
/// Source: Tarjan 1972, doi 10.1137/0201010; without recursion, so that no graph is too deep.
struct Components {
  /// The nodes that can reach each other, in rising order; a group comes after all that it leads
  /// to.
  private(set) var groups: [[Int]] = []

  /// The group of each node.
  private(set) var group: [Int]

  /// A node that is being looked at, and the ways from it that were not yet.
  private struct Visit {
    let node: Int
    var rest: ArraySlice<Int>
  }

  /// Finds the groups.
  ///
  /// - Parameters:
  ///   - count: How many nodes there are.
  ///   - next: Where the ways from a node lead.
  init(count: Int, _ next: (Int) -> [Int]) {
    group = Array(repeating: -1, count: count)
    var order = Array(repeating: -1, count: count)
    var lowest = order
    var waiting: [Int] = []
    var visits: [Visit] = []
    var found = 0
    func begin(_ node: Int) {
      (order[node], lowest[node]) = (found, found)
      found += 1
      waiting.append(node)
      visits.append(Visit(node: node, rest: next(node)[...]))
    }
    for start in 0..<count where order[start] < 0 {
      begin(start)
      while let node = visits.last?.node {
        if let other = visits[visits.count - 1].rest.popFirst() {
          if order[other] < 0 {
            begin(other)
          } else if group[other] < 0 {
            lowest[node] = min(lowest[node], order[other])
          }
          continue
        }
        visits.removeLast()
        if let before = visits.last?.node { lowest[before] = min(lowest[before], lowest[node]) }
        guard lowest[node] == order[node], let first = waiting.lastIndex(of: node) else { continue }
        for member in waiting[first...] { group[member] = groups.count }
        groups.append(waiting[first...].sorted())
        waiting.removeSubrange(first...)
      }
    }
  }
}
