// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoText
import Testing

/// Rows that rules make, held against the rules said a second time.
struct RowTaskTests {
  static let lines = [
    "eco", "eco symbols 2 shortest 1 longest 3", "somma", "somma 7 share 0.5", "segmenti",
    "segmenti symbols 3 shortest 2 longest 4 positions 9",
    "segmenti symbols 12 repeats off positions 20",
  ]

  private func corpus(_ line: String) throws -> TaskCorpus {
    try #require(try TaskCorpus(line: line))
  }

  private func words(_ row: TaskRow, _ task: TaskCorpus) -> [String] {
    row.tokens.map { task.task.tokenizer.token(of: $0) ?? "?" }
  }

  @Test(arguments: lines)
  func aRowIsWhatItIsWheneverItIsAskedFor(line: String) throws {
    let task = try corpus(line)
    let again = try corpus(task.words)
    #expect(again == task && again.hashValue == task.hashValue)
    for part in TaskPart.allCases {
      let count = min(task.task.count(of: part) ?? 40, 40)
      let rows = (0..<count).map { task.task.row($0, of: part, seed: 3) }
      #expect(
        rows.reversed()
          == (0..<count).reversed().map {
            again.task.row($0, of: part, seed: 3)
          }
      )
      for row in rows {
        #expect(row.tokens.count - 1 <= task.task.positions)
        #expect(row.counts.contains(true), "\(words(row, task))")
        // What follows from what stands before is asked for.
        #expect(zip(row.counts, row.isDetermined).allSatisfy { $0 || !$1 })
        #expect(row.example.targets.count { $0 >= 0 } == row.counts.count { $0 })
      }
      #expect(Set(rows.map(\.tokens)).count >= min(count / 2, 5))
    }
  }

  @Test(arguments: ["eco", "segmenti"])
  func otherSeedsAndOtherPartsAreOtherRows(line: String) throws {
    let task = try corpus(line).task
    func rows(_ part: TaskPart, _ seed: UInt64) -> [TaskRow] {
      (0..<20).map { task.row($0, of: part, seed: seed) }
    }
    #expect(Set(rows(.training, 1)).isDisjoint(with: rows(.training, 2)))
    #expect(Set(rows(.training, 1)).isDisjoint(with: rows(.test, 1)))
  }

  // MARK: eco

  @Test func anEchoSaysItsWordTwice() throws {
    let task = try corpus("eco")
    var lengths: Set<Int> = []
    for number in 0..<200 {
      let row = task.task.row(number, of: .training, seed: 5)
      let all = words(row, task)
      let middle = try #require(all.firstIndex(of: "<sep>"))
      #expect(all.first == "<start>" && all.last == "<end>")
      #expect(all[1..<middle] == all[(middle + 1)..<(all.count - 1)])
      #expect(all[1..<middle].allSatisfy { $0.count == 1 && $0.first?.isLowercase == true })
      lengths.insert(middle - 1)
      #expect(row.counts.allSatisfy { $0 })
      #expect(row.isDetermined.suffix(middle).allSatisfy { $0 })
      #expect(row.isDetermined.prefix(middle - 1).allSatisfy { !$0 })
    }
    #expect(lengths == Set(5...12))
  }

  /// The floor from every row there is: how surprising each answer is to whoever knows all rows and
  /// how often they come.
  @Test(arguments: [(2, 1, 3), (3, 2, 4), (4, 1, 1)])
  func theFloorIsTheSurpriseOfWhoKnowsEveryRow(
    symbols: Int,
    shortest: Int,
    longest: Int
  ) throws {
    let line = "eco symbols \(symbols) shortest \(shortest) longest \(longest)"
    var mass: [[String]: Double] = [:]
    var rows: [(words: [String], probability: Double)] = []
    for length in shortest...longest {
      let words = (0..<length).reduce([[String]]()) { words, place in
        let letters = (0..<symbols).map { ["\($0)"] }
        return place == 0 ? letters : words.flatMap { word in letters.map { word + $0 } }
      }
      for word in words {
        let row = word + ["|"] + word + ["."]
        let probability = 1 / Double(longest - shortest + 1) / Double(words.count)
        rows.append((row, probability))
        for end in 0...row.count { mass[Array(row[..<end]), default: 0] += probability }
      }
    }
    var (nats, answers) = (0.0, 0.0)
    for row in rows {
      for end in 1...row.words.count {
        let (before, after) = (mass[Array(row.words[..<(end - 1)])], mass[Array(row.words[..<end])])
        nats += row.probability * log(try #require(before) / (try #require(after)))
      }
      answers += row.probability * Double(row.words.count)
    }
    #expect(abs(try corpus(line).task.floor - nats / answers) < 1e-12)
  }

  @Test func theFloorOfEcoIsThatOfTheCourse() throws {
    #expect(abs(try corpus("eco").task.floor - 1.567014) < 5e-7)
  }

  // MARK: somma

  @Test(arguments: [(53, 0.3), (7, 0.5), (2, 0.01), (2, 0.99), (31, 0.4)])
  func everySumStandsInOnePart(modulus: Int, share: Double) throws {
    let task = try corpus("somma \(modulus) share \(share)")
    var seen: [TaskPart: Set<[String]>] = [:]
    for part in TaskPart.allCases {
      for number in 0..<(try #require(task.task.count(of: part))) {
        let row = task.task.row(number, of: part, seed: 1)
        let all = words(row, task)
        let (a, b) = (try #require(Int(all[0])), try #require(Int(all[1])))
        #expect(all == ["\(a)", "\(b)", "=", "\((a + b) % modulus)"])
        #expect(row.counts == [false, false, true])
        #expect(seen[part, default: []].insert(all).inserted)
      }
    }
    let (learned, others) = (seen[.training] ?? [], seen[.test] ?? [])
    #expect(learned.isDisjoint(with: others))
    #expect(learned.count + others.count == modulus * modulus)
    let wanted = (share * Double(modulus * modulus)).rounded()
    #expect(abs(Double(learned.count) - wanted) <= 1 && !learned.isEmpty && !others.isEmpty)
  }

  @Test func anotherSplitIsAnother() throws {
    func learned(_ line: String) throws -> Set<[TokenID]> {
      let task = try corpus(line).task
      let count = try #require(task.count(of: .training))
      return Set((0..<count).map { task.row($0, of: .training, seed: 1).tokens })
    }
    #expect(try learned("somma 11") != learned("somma 11 split 2"))
    #expect(try learned("somma 11") == learned("somma p 11 split 1 share 0.3"))
  }

  // MARK: segmenti

  /// Every segment that there could be, tried out: an answer counts if the row has begun to repeat
  /// and all segments that fit what stands before, and repeat by then, go on in the same way.
  @Test func whatCountsIsWhatTheRepetitionDetermines() throws {
    let (symbols, lengths, positions) = (2, 1...4, 9)
    let line = "segmenti symbols 2 shortest 1 longest 4 positions 9"
    let task = try corpus(line)
    let segments = lengths.flatMap { length in
      (0..<1 << length).map { bits in (0..<length).map { bits >> $0 & 1 } }
    }
    #expect(segments.count == lengths.reduce(0) { $0 + Int(pow(Double(symbols), Double($1))) })
    for number in 0..<60 {
      let row = task.task.row(number, of: .training, seed: 2)
      let letters = row.tokens.dropFirst().map { Int($0) - 1 }
      let answers = (0..<positions).map { place in
        let fitting = segments.filter { segment in
          segment.count < place
            && (0..<place).allSatisfy { segment[$0 % segment.count] == letters[$0] }
        }
        return Set(fitting.map { $0[place % $0.count] })
      }
      // The row does not tell how long its segment was: one of the lengths that explain it all.
      let explains = lengths.contains { length in
        letters.indices.allSatisfy { $0 < length || letters[$0] == letters[$0 - length] }
          && (0..<positions).allSatisfy {
            row.counts[$0] == ($0 > length && answers[$0].count == 1)
          }
      }
      #expect(explains, "\(letters) \(row.counts)")
      for place in 0..<positions where row.counts[place] {
        #expect(answers[place] == [letters[place]])
      }
    }
  }

  @Test func aSegmentRepeatsToTheEnd() throws {
    for line in ["segmenti", "segmenti repeats off symbols 12 positions 20"] {
      let task = try corpus(line)
      var lengths: Set<Int> = []
      for number in 0..<150 {
        let row = task.task.row(number, of: .test, seed: 9)
        let letters = Array(row.tokens.dropFirst())
        #expect(row.tokens.first == 0 && letters.count == task.task.positions)
        let length = try #require(
          (5...12).first { length in
            letters.indices.allSatisfy { $0 < length || letters[$0] == letters[$0 - length] }
          }
        )
        lengths.insert(length)
        if line.contains("off") { #expect(Set(letters.prefix(length)).count == length) }
        #expect(row.counts.prefix(length + 1).allSatisfy { !$0 })
      }
      #expect(lengths == Set(5...12))
    }
  }

  // MARK: Words

  @Test(arguments: [
    ("somma", ""), ("somma 53", ""), ("somma 31", "p 31"),
    ("somma share 0.5 p 31", "p 31 share 0.5"),
    ("segmenti repeats off symbols 12", "symbols 12 repeats off"),
    ("eco longest 12 symbols 26", ""),
  ])
  func whatWasChosenIsSaid(line: String, changes: String) throws {
    #expect(try corpus(line).changes.joined(separator: " ") == changes)
  }

  @Test(arguments: [
    ("somma 1", "from 2 to 4096, got '1'"), ("somma p 1", "from 2 to 4096, got '1'"),
    ("somma p 4097", "from 2 to 4096"), ("somma p 99999999999999999999", "from 2 to 4096"),
    ("somma share 0", "between 0 and 1"), ("somma share 1", "between 0 and 1"),
    ("somma share nan", "between 0 and 1"), ("somma share", "after share, got nothing"),
    ("somma split -1", "from 0 to 1000000"), ("somma shar 0.5", "'shar'"),
    ("eco symbols 53", "from 2 to 52"), ("eco shortest 9 longest 7", "got 9 and 7"),
    ("segmenti positions 13", "at least 14 positions, got 13"),
    ("segmenti positions 2000", "from 3 to 1024"),
    ("segmenti symbols 7 repeats off", "at least 12 symbols, got 7"),
    ("segmenti repeats maybe", "on or off, got 'maybe'"),
  ])
  func whatCannotBeIsSaidInOneSentence(line: String, expected: String) {
    do {
      _ = try TaskCorpus(line: line)
      Issue.record("\(line) is no task")
    } catch {
      #expect(error.message.en.contains(expected), "\(error.message.en)")
      #expect(error.hint != nil && error.message.it != error.message.en)
    }
  }

  @Test func anotherWordIsNoTask() throws {
    #expect(try TaskCorpus(line: "gatto-1") == nil)
    #expect(!RowTasks.isTask("") && RowTasks.isTask("eco"))
  }
}
