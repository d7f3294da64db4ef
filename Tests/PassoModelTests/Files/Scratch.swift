// SPDX-License-Identifier: MIT
import Foundation
import PassoFuzz
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

/// Sound bytes with a few changes near their beginning, and the rest as it was.
func mutated(_ bytes: [UInt8], upTo end: Int, _ number: Int, seed: UInt64) -> [UInt8] {
  let words = ["\\u0000", "\\ud800", "\u{1F600}"]
  let mutator = Mutator(samples: [Array(bytes.prefix(end))], words: words)
  return mutator.input(number, of: "model tests", seed: seed) + bytes.dropFirst(end)
}
