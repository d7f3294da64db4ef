// SPDX-License-Identifier: MIT

/// At which instructions and places of a text a matcher has been in vain: one bit each, in pages
/// that exist where it came.
///
/// Only forks and runs are remembered: between them there is one way, no longer than the program.
struct VisitedPlaces {
  private static let placesPerPage = 4_096

  // By instruction, its number among those that are remembered; -1 for the others.
  private let numbers: [Int]
  private let count: Int

  // By page and number.
  private var pages: [Int: [UInt64]] = [:]
  private var firstPage = 0

  init(_ instructions: [ExpressionProgram.Instruction]) {
    var count = 0
    numbers = instructions.map { instruction in
      switch instruction {
      case .fork, .run:
        count += 1
        return count - 1
      default: return -1
      }
    }
    self.count = count
  }

  /// Whether one has been there already; from now on one has.
  mutating func has(_ instruction: Int, _ place: Int) -> Bool {
    let number = numbers[instruction]
    guard number >= 0 else { return false }
    let (page, bit) = place.quotientAndRemainder(dividingBy: Self.placesPerPage)
    let mask: UInt64 = 1 << UInt64(bit & 63)
    let old = pages[page * count + number, default: Self.emptyPage][bit >> 6]
    guard old & mask == 0 else { return true }
    pages[page * count + number, default: Self.emptyPage][bit >> 6] = old | mask
    return false
  }

  /// A match ends at a place: one was not in vain there, and one will not be before it again.
  mutating func found(upTo place: Int) {
    guard !pages.isEmpty else { return }
    let (page, bit) = place.quotientAndRemainder(dividingBy: Self.placesPerPage)
    for number in 0..<count {
      for old in min(firstPage, page)..<page { pages[old * count + number] = nil }
      pages[page * count + number]?[bit >> 6] &= ~(1 << UInt64(bit & 63))
    }
    firstPage = page
  }

  mutating func removeAll() {
    firstPage = 0
    if !pages.isEmpty { pages.removeAll() }
  }

  private static let emptyPage = [UInt64](repeating: 0, count: placesPerPage / 64)
}
