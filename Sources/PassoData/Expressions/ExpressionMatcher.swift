// SPDX-License-Identifier: MIT

/// Finds the matches of a regular expression in a text, the leftmost first and of those that begin
/// there the one that the alternatives prefer; for one thread.
///
/// What lies before a match does not change what can follow it, and no path comes to an instruction
/// twice. So what failed at an instruction and a place is not tried there again, neither from
/// another beginning nor after another match: the time is linear in the length of the text,
/// whatever expression and text are.
final class ExpressionMatcher {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// Where one may go on after a failure: further back in a run, or at another instruction.
  private struct Choice {
    let instruction: Int
    var place: Int

    /// The first place at which the run may end; the place of a fork.
    let least: Int

    /// The last place at which the run may end; negative for a fork.
    let most: Int
  }

  private let instructions: [ExpressionProgram.Instruction]
  private let tables: [ScalarSetTable]
  private var choices: [Choice] = []

  // After more steps than this in vain it is remembered where one has been. An expression of the
  // usual kind never gets so far; each byte of a piece pays for some steps.
  private let patience: Int
  private static let stepsPerByte = 64
  private var steps = 0
  private var visited: VisitedPlaces

  // By instruction, for runs: the ends after which nothing is found, all in a row, and the part of
  // the text that a run without a limit covered last, up to where no more of its set follows.
  private var failed: [Range<Int>]
  private var covered: [Range<Int>]

  // By first byte, whether a match may begin with it.
  private let begins: [Bool]

  // A match that was found while looking for the end of the text before it.
  private var ahead: Range<Int>?

  /// - Parameters:
  ///   - program: What to find.
  ///   - patience: So many steps in vain, and it is remembered where one has been.
  init(_ program: ExpressionProgram, patience: Int = 4_096) {
    instructions = program.instructions
    self.patience = patience
    visited = VisitedPlaces(program.instructions)
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
    steps = 0
    visited.removeAll()
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
        steps = max(0, steps &- (end &- start) &* Self.stepsPerByte)
        visited.found(upTo: end)
        if place == start { return (end, true) }
        ahead = place..<end
        return (place, false)
      }
      place &+= UTF8.width(ofLead: text[place])
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
      if steps > patience, visited.has(instruction, place) {
        guard let next = goBack(text) else { return nil }
        (instruction, place) = next
        continue
      }
      switch instructions[instruction] {
      case .match: return place
      case .set(let set):
        let after = after(place, in: text, of: tables[set])
        holds = after != nil
        place = after ?? place
      case .jump(let target):
        instruction = target
        continue
      case .fork(let other):
        choices.append(Choice(instruction: other, place: place, least: place, most: -1))
      case .ahead(let runs, let isNegated):
        holds = runs.contains { follows($0, text, place) } != isNegated
      case .run(let set, let least, let most, let isPossessive):
        let end = run(instruction, tables[set], least, most, isPossessive, text, place)
        holds = end != nil
        place = end ?? place
      }
      if holds {
        instruction &+= 1
      } else {
        guard let next = goBack(text) else { return nil }
        (instruction, place) = next
      }
    }
  }

  /// What to try next; nil if nothing is left.
  private func goBack(_ text: Text) -> (instruction: Int, place: Int)? {
    while var choice = choices.popLast() {
      if choice.most < 0 { return (choice.instruction, choice.place) }
      guard choice.place > choice.least else {
        fail(choice)
        continue
      }
      choice.place = before(choice.place, in: text)
      choices.append(choice)
      return (choice.instruction &+ 1, choice.place)
    }
    return nil
  }

  /// Remembers that nothing is found after any end of a run, and what is known of its neighbours.
  private func fail(_ choice: Choice) {
    let ends = choice.least..<choice.most &+ 1
    let known = failed[choice.instruction]
    failed[choice.instruction] =
      ends.overlaps(known)
      ? min(ends.lowerBound, known.lowerBound)..<max(ends.upperBound, known.upperBound) : ends
  }

  /// Goes as far as a run can; nil if that is not far enough, or in vain.
  private func run(
    _ instruction: Int,
    _ table: ScalarSetTable,
    _ least: Int,
    _ most: Int,
    _ isPossessive: Bool,
    _ text: Text,
    _ start: Int
  ) -> Int? {
    var (first, count) = (start, 0)
    // What has to be there is counted.
    while count < least {
      guard let after = after(first, in: text, of: table) else { return nil }
      (first, count) = (after, count &+ 1)
    }
    var end = first
    if most == .max {
      end = cover(instruction, table, text, start, from: first)
    } else {
      while count < most, let after = after(end, in: text, of: table) {
        (end, count) = (after, count &+ 1)
      }
    }
    var place = end
    if failed[instruction].contains(end) {
      // Only ends before all those that failed are worth a try.
      let tried = failed[instruction].lowerBound
      guard !isPossessive, tried > first else { return nil }
      place = before(tried, in: text)
    }
    // One without a limit is remembered even if there is nothing to give back.
    if !isPossessive, place > first || most == .max {
      choices.append(Choice(instruction: instruction, place: place, least: first, most: end))
    }
    return place
  }

  /// Where a run without a limit ends: what was covered before is not read again.
  private func cover(
    _ instruction: Int,
    _ table: ScalarSetTable,
    _ text: Text,
    _ start: Int,
    from first: Int
  ) -> Int {
    let known = covered[instruction]
    var end = first
    var joins = known.contains(end)
    while !joins, let after = after(end, in: text, of: table) {
      end = after
      joins = end == known.lowerBound
    }
    if joins { end = known.upperBound }
    covered[instruction] = (joins ? min(start, known.lowerBound) : start)..<end
    return end
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
    guard table.has(TextScanner.wideScalar(text, place)) else { return nil }
    return place &+ UTF8.width(ofLead: byte)
  }

  /// The place of the scalar before a place.
  private func before(_ place: Int, in text: Text) -> Int {
    var place = place
    repeat { place &-= 1 } while text[place] & 0xC0 == 0x80
    return place
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

// It is with one thread at a time: the one that has taken it out.
extension ExpressionMatcher: @unchecked Sendable {}

/// The matchers of an expression, kept for the next text: what each has looked up of the sets is
/// worth more than most texts.
final class ExpressionMatchers: Sendable {
  private let program: ExpressionProgram
  private let idle = IdleWorkers<ExpressionMatcher>()

  init(_ program: ExpressionProgram) { self.program = program }

  /// The matches in a text, from the left.
  func matches(in text: ExpressionMatcher.Text) -> [Range<Int>] {
    let matcher = idle.take() ?? ExpressionMatcher(program)
    var (matches, place): ([Range<Int>], Int) = ([], 0)
    while place < text.count {
      let (end, isMatch) = matcher.piece(of: text, from: place)
      if isMatch { matches.append(place..<end) }
      place = end
    }
    idle.put(matcher)
    return matches
  }

  /// How many there are that nobody uses.
  var idleCount: Int { idle.count }
}
