// SPDX-License-Identifier: MIT

/// Elements of which the least comes first.
///
/// Source: Williams 1964, algorithm 232, heapsort.
package struct Heap<Element: Comparable> {
  private var elements: [Element] = []

  /// A heap without elements.
  package init() {}

  package var count: Int { elements.count }

  /// The least element.
  package var first: Element? { elements.first }

  package mutating func insert(_ element: Element) {
    var place = elements.count
    elements.append(element)
    while place > 0, element < elements[(place - 1) / 2] {
      elements[place] = elements[(place - 1) / 2]
      place = (place - 1) / 2
    }
    elements[place] = element
  }

  package mutating func popFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    if !elements.isEmpty { replaceFirst(last) }
    return first
  }

  /// Takes the least element out and puts another one in.
  package mutating func replaceFirst(_ element: Element) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < elements.count else { break }
      if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
      guard elements[child] < element else { break }
      elements[place] = elements[child]
      place = child
    }
    elements[place] = element
  }
}

extension Heap: Sendable where Element: Sendable {}
