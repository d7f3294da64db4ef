// SPDX-License-Identifier: MIT
import Foundation
import PassoModel

/// A folder of its own for one test; gone when the test is.
final class Scratch {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID().uuidString)", directoryHint: .isDirectory)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  func write(_ bytes: [UInt8], to name: String = "file") throws -> String {
    try Data(bytes).write(to: folder.appending(path: name))
    return path(name)
  }

  func read(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: name)))
  }

  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        .sorted()
    }
  }
}

/// The path of a file of the reference models.
func reference(_ name: String) -> String {
  Bundle.module.bundleURL.appending(path: "Reference").appending(path: name)
    .path(percentEncoded: false)
}

/// The bytes of a safetensors file with this header and these data, as they are.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
  let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
  return length + Array(header.utf8) + data
}

/// Small seeded random numbers, as in Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private let pieces = [
  "9223372036854775807", "-9223372036854775808", "1e999", "18446744073709551616", "-1", "null",
  "[", "]", "{", "}", "\"", "\\u0000", "\\ud800", ",", ":", "\u{0}", "\u{1F600}", "\n",
].map { Array($0.utf8) }

/// One to four changes: a byte, a piece put in, a run taken out, doubled or moved, an end cut.
func mutated(_ bytes: [UInt8], upTo end: Int, _ random: inout SplitMix) -> [UInt8] {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...4, using: &random) {
    guard !bytes.isEmpty else { return bytes }
    let start = Int.random(in: 0..<min(end, bytes.count), using: &random)
    let stop = min(bytes.count, start + Int.random(in: 1...16, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[start] = .random(in: .min ... .max, using: &random)
    case 1: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes.removeSubrange(start..<stop)
    case 3: bytes.insert(contentsOf: bytes[start..<stop], at: start)
    case 4:
      let piece = pieces.randomElement(using: &random) ?? []
      bytes.replaceSubrange(start..<min(stop, start + piece.count), with: piece)
    default: if Bool.random(using: &random) { bytes.removeSubrange(start...) }
    }
  }
  return bytes
}
