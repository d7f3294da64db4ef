// SPDX-License-Identifier: MIT

/// Finds the matches of a regular expression in a text, the leftmost first and of those that begin
/// there the one that the alternatives prefer; for one thread.
///
/// No loop holds another one, and what failed from a place is not tried from there again: the time
/// is linear in the length of the text, whatever expression and text are.
final class ExpressionMatcher {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// Where one may go on after a failure: further back in a run, or at another instruction.
  private struct Choice {
    let instruction: Int
    var place: Int

    /// The first place at which the run may end; the place of a fork.
    let least: Int

    /// Where the run begins; negative for a fork.
    let start: Int
  }

  private let instructions: [ExpressionProgram.Instruction]
  private let tables: [ScalarSetTable]
  private var choices: [Choice] = []

  // After so many steps since the last match, where one has been is remembered: what led to nothing
  // from one beginning leads to nothing from the next one.
  private static let patience = 4_096
  private var steps = 0
  private var visited: Set<UInt64> = []

  // By instruction, for runs without an end: places from which nothing is found, all in a row, and
  // the part of the text that the run covered last.
  private var failed: [Range<Int>]
  private var covered: [Range<Int>]

  // By first byte, whether a match may begin with it.
  private let begins: [Bool]

  // A match that was found while looking for the end of the text before it.
  private var ahead: Range<Int>?

  init(_ program: ExpressionProgram) {
    instructions = program.instructions
    tables = program.sets.map(ScalarSetTable.init)
    failed = Array(repeating: 0..<0, count: program.instructions.count)
    covered = failed
    begins = Self.firstBytes(program, tables)
  }

  /// Forgets the last text.
  func begin() {
    for place in failed.indices {
      failed[place] = 0..<0
      covered[place] = 0..<0
    }
    ahead = nil
    forget()
  }

  /// Where a match was found there is more to find: what lies before it is no failure.
  private func forget() {
    steps = 0
    if !visited.isEmpty { visited.removeAll() }
  }

  /// Where the piece that begins at a place ends: a match, or what stands before the next one.
  ///
  /// - Parameters:
  ///   - text: The text, in well-formed UTF-8; another one only from its beginning.
  ///   - start: A place inside it.
  /// - Returns: The end, and whether the piece is a match.
  func piece(of text: Text, from start: Int) -> (end: Int, isMatch: Bool) {
    if start == 0 { begin() }
    if let ahead, ahead.lowerBound == start { return (ahead.upperBound, true) }
    var place = start
    while place < text.count {
      if let end = end(in: text, from: place) {
        forget()
        if place == start { return (end, true) }
        ahead = place..<end
        return (place, false)
      }
      place &+= width(text[place])
    }
    return (text.count, false)
  }

  // MARK: One match

  private func end(in text: Text, from start: Int) -> Int? {
    guard begins[Int(text[start])] else { return nil }
    choices.removeAll(keepingCapacity: true)
    var (instruction, place) = (0, start)
    while true {
      var holds = true
      steps &+= 1
      if steps > Self.patience, wasHere(instruction, place) {
        guard let next = goBack(text) else { return nil }
        (instruction, place) = next
        continue
      }
      switch instructions[instruction] {
      case .match: return place
      case .set(let set):
        if let after = after(place, in: text, of: tables[set]) {
          place = after
        } else {
          holds = false
        }
      case .jump(let target):
        instruction = target
        continue
      case .fork(let other):
        choices.append(Choice(instruction: other, place: place, least: place, start: -1))
      case .ahead(let runs, let isNegated):
        holds = runs.contains { follows($0, text, place) } != isNegated
      case .run(let set, let least, let most, let isPossessive):
        if let end = run(instruction, tables[set], least, most, isPossessive, text, place) {
          place = end
        } else {
          holds = false
        }
      }
      if holds {
        instruction &+= 1
      } else {
        guard let next = goBack(text) else { return nil }
        (instruction, place) = next
      }
    }
  }

  /// Whether one has been at an instruction and a place already, which then led to nothing.
  private func wasHere(_ instruction: Int, _ place: Int) -> Bool {
    !visited.insert(UInt64(place) << 12 | UInt64(instruction)).inserted
  }

  /// What to try next; nil if nothing is left.
  private func goBack(_ text: Text) -> (instruction: Int, place: Int)? {
    while var choice = choices.popLast() {
      if choice.start < 0 { return (choice.instruction, choice.place) }
      guard choice.place > choice.least else {
        fail(choice.instruction, choice.start)
        continue
      }
      repeat { choice.place &-= 1 } while text[choice.place] & 0xC0 == 0x80
      choices.append(choice)
      return (choice.instruction &+ 1, choice.place)
    }
    return nil
  }

  /// Goes as far as a run can; nil if that is not far enough, or was in vain before.
  private func run(
    _ instruction: Int,
    _ table: ScalarSetTable,
    _ least: Int,
    _ most: Int,
    _ isPossessive: Bool,
    _ text: Text,
    _ start: Int
  ) -> Int? {
    if most == .max, failed[instruction].contains(start) { return nil }
    var (end, count) = (start, 0)
    // What has to be there is counted.
    while count < least {
      guard let after = after(end, in: text, of: table) else { return nil }
      (end, count) = (after, count &+ 1)
    }
    let first = end
    if most == .max, covered[instruction].contains(end) {
      end = covered[instruction].upperBound
    } else {
      while count < most, let after = after(end, in: text, of: table) {
        (end, count) = (after, count &+ 1)
      }
      if most == .max { covered[instruction] = start..<end }
    }
    // One without an end is remembered even if there is nothing to give back.
    if !isPossessive, end > first || most == .max {
      choices.append(Choice(instruction: instruction, place: end, least: first, start: start))
    }
    return end
  }

  /// Remembers that a run without an end leads nowhere from a place, nor from further inside it.
  private func fail(_ instruction: Int, _ start: Int) {
    guard case .run(_, _, .max, _) = instructions[instruction] else { return }
    let run = covered[instruction]
    let end = run.contains(start) ? run.upperBound : start + 1
    let known = failed[instruction]
    let joins = start <= known.upperBound && known.lowerBound <= end && !known.isEmpty
    failed[instruction] =
      joins ? min(start, known.lowerBound)..<max(end, known.upperBound) : start..<end
  }

  private func follows(_ run: [Int], _ text: Text, _ place: Int) -> Bool {
    var place = place
    for set in run {
      guard let after = after(place, in: text, of: tables[set]) else { return false }
      place = after
    }
    return true
  }

  /// The place after a scalar, if the set has it.
  @inline(__always)
  private func after(_ place: Int, in text: Text, of table: ScalarSetTable) -> Int? {
    guard place < text.count else { return nil }
    let byte = text[place]
    if byte < 0x80 { return table.hasASCII(byte) ? place &+ 1 : nil }
    let width = width(byte)
    return table.has(TextScanner.wideScalar(text, place)) ? place &+ width : nil
  }

  @inline(__always)
  private func width(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  /// Which first bytes are worth a try: those of ASCII that some first set has, and all others.
  private static func firstBytes(
    _ program: ExpressionProgram,
    _ tables: [ScalarSetTable]
  ) -> [Bool] {
    var begins = Array(repeating: false, count: 128) + Array(repeating: true, count: 128)
    var (open, seen) = ([0], Set<Int>())
    while let instruction = open.popLast() {
      guard seen.insert(instruction).inserted else { continue }
      switch program.instructions[instruction] {
      case .match: return Array(repeating: true, count: 256)
      case .jump(let target): open.append(target)
      case .fork(let other): open += [instruction + 1, other]
      case .ahead: open.append(instruction + 1)
      case .set(let set):
        for byte in 0..<UInt8(128) where tables[set].hasASCII(byte) { begins[Int(byte)] = true }
      case .run(let set, let least, _, _):
        for byte in 0..<UInt8(128) where tables[set].hasASCII(byte) { begins[Int(byte)] = true }
        if least == 0 { open.append(instruction + 1) }
      }
    }
    return begins
  }
}
