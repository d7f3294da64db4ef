// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// Makes hostile inputs of sound ones.
///
/// The seed, the name of the target and the number of the input decide every byte, so that an input
/// is found again from these three.
package struct Mutator {
  private let samples: [[UInt8]]
  private let words: [[UInt8]]
  private let longest: Int

  /// Makes inputs of at most `longest` bytes.
  package init(samples: [[UInt8]], words: [String], longest: Int = 1 << 16) {
    self.samples = samples
    self.words = words.map { Array($0.utf8) } + Self.commonWords
    self.longest = longest
  }

  /// The input of a number.
  package func input(_ number: Int, of target: String, seed: UInt64) -> [UInt8] {
    var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in Array(target.utf8) { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var seeding = RandomSource(seed: mixed ^ seed)
    var random = RandomSource(seed: seeding.next() &+ UInt64(bitPattern: Int64(number)))
    return input(&random)
  }

  /// Most inputs have few changes: those that come far into a reader.
  private func input(_ random: inout RandomSource) -> [UInt8] {
    var input = samples.randomElement(using: &random) ?? []
    repeat { change(&input, &random) } while Int.random(in: 0..<3, using: &random) > 0
    return Array(input.prefix(longest))
  }

  private func change(_ input: inout [UInt8], _ random: inout RandomSource) {
    let start = Int.random(in: 0...input.count, using: &random)
    let end = min(input.count, start + Self.length(&random))
    switch Int.random(in: 0..<13, using: &random) {
    case 0 where start < input.count: input[start] = .random(in: .min ... .max, using: &random)
    case 1 where start < input.count: input[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: input.removeSubrange(start..<end)
    case 3: input.insert(contentsOf: input[start..<end], at: start)
    case 4: repeatPart(&input, start..<end, &random)
    case 5: input.insert(contentsOf: word(&random), at: start)
    case 6: input.replaceSubrange(start..<end, with: word(&random))
    case 7: replaceNumber(&input, near: start, &random)
    case 8: moveLine(&input, &random)
    case 9: cross(&input, at: start, &random)
    case 10: replaceToken(&input, near: start, &random)
    case 11 where Bool.random(using: &random): input.removeSubrange(start...)
    default: input.insert(contentsOf: input[start..<end].reversed(), at: end)
    }
  }

  private static func length(_ random: inout RandomSource) -> Int {
    Int.random(in: 1...(1 << Int.random(in: 0...8, using: &random)), using: &random)
  }

  private func word(_ random: inout RandomSource) -> [UInt8] {
    words.randomElement(using: &random) ?? []
  }

  /// Deep nesting and long runs.
  private func repeatPart(
    _ input: inout [UInt8],
    _ range: Range<Int>,
    _ random: inout RandomSource
  ) {
    let part = range.isEmpty ? word(&random) : Array(input[range])
    guard !part.isEmpty else { return }
    let times = 1 << Int.random(in: 1...12, using: &random)
    let count = min(times, longest / part.count)
    input.insert(
      contentsOf: Array(repeatElement(part, count: count).joined()),
      at: range.lowerBound
    )
  }

  /// Puts a number at the end of some range in the place of one that is there.
  private func replaceNumber(
    _ input: inout [UInt8],
    near place: Int,
    _ random: inout RandomSource
  ) {
    guard let start = input[place...].firstIndex(where: Self.isDigit) else { return }
    let end = input[start...].firstIndex { !Self.isDigit($0) } ?? input.count
    input.replaceSubrange(start..<end, with: Self.numbers.randomElement(using: &random) ?? [])
  }

  /// Puts a word of the format in the place of one that is there.
  private func replaceToken(
    _ input: inout [UInt8],
    near place: Int,
    _ random: inout RandomSource
  ) {
    guard let start = input[place...].firstIndex(where: Self.isLetter) else { return }
    let end = input[start...].firstIndex { !Self.isLetter($0) } ?? input.count
    input.replaceSubrange(start..<end, with: word(&random))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
  }

  /// Puts a line, or all up to the next comma, in another place.
  private func moveLine(_ input: inout [UInt8], _ random: inout RandomSource) {
    let separator: UInt8 = input.contains(0x0A) && Bool.random(using: &random) ? 0x0A : 0x2C
    var parts = input.split(separator: separator, omittingEmptySubsequences: false)
    let from = Int.random(in: 0..<parts.count, using: &random)
    let to = Int.random(in: 0..<parts.count, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: parts.swapAt(from, to)
    case 1: parts.insert(parts[from], at: to)
    default: parts.remove(at: from)
    }
    input = Array(parts.joined(separator: [separator]))
  }

  /// Goes on as another sound input does.
  private func cross(_ input: inout [UInt8], at place: Int, _ random: inout RandomSource) {
    guard let other = samples.randomElement(using: &random), !other.isEmpty else { return }
    let start = Int.random(in: 0..<other.count, using: &random)
    let end = min(other.count, start + Self.length(&random))
    if Bool.random(using: &random) {
      input.replaceSubrange(place..., with: other[start...])
    } else {
      input.insert(contentsOf: other[start..<end], at: place)
    }
  }

  private static let numbers = [
    "0", "-0", "1", "-1", "2", "3", "7", "127", "128", "255", "256", "65535", "65536", "1000000",
    "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "9007199254740993",
    "4611686018427387904", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "18446744073709551615", "18446744073709551616", "99999999999999999999999999", "1e308", "1e999",
    "-1e999", "1e-999", "0.1", "0x10", "1_000", "nan", "inf", "-inf", "NaN", "Infinity", "",
  ].map { Array($0.utf8) }

  private static let commonWords: [[UInt8]] =
    [
      "null", "true", "false", "[", "]", "{", "}", "(", ")", "\"", "'", "\\", ",", ":", "=", "#",
      "-", "--", "..", "/", "../", "~", "$", "`", "\t", "\n", "\r\n", "\r", " ", "\u{A0}", "\u{0}",
      "\u{1B}[2J", "\u{9B}31m", "\u{202E}", "\u{2066}", "\u{200B}", "\u{200D}", "\u{FEFF}",
      "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}", "e\u{301}", "\u{E8}", "\u{FFFD}", "\u{10FFFF}",
      "\\u0000", "\\ud800", "\\udc00\\ud800", "«", "”",
    ].map { Array($0.utf8) } + numbers
    + [
      [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80], [0xFF, 0xFE], [0x80],
    ]
}
