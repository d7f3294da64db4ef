// SPDX-License-Identifier: MIT

import Testing

@testable import PassoData

struct HeapTests {
  @Test func elementsComeInOrder() {
    var heap = Heap<Int>()
    #expect(heap.popFirst() == nil && heap.first == nil)
    let numbers = (0..<200).map { $0 * 7919 % 211 }
    for number in numbers { heap.insert(number) }
    heap.replaceFirst(500)
    var found: [Int] = []
    while let next = heap.popFirst() { found.append(next) }
    #expect(found == numbers.sorted().dropFirst() + [500])
  }
}
