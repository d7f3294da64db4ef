// SPDX-License-Identifier: MIT
import Foundation
import PassoModel
import Testing

// Readers answer with a value or with a typed problem; anything else ends the test process.
@Suite struct MutationTests {
  private static let rounds = 3_000

  @Test func mutatedSafetensorsAreReadOrRefused() throws {
    let scratch = try Scratch()
    let whole = try [UInt8](
      Data(contentsOf: URL(filePath: reference("gatto/model.safetensors")))
    )
    // Half of the mutations hit the header, which is a tenth of the bytes.
    var refused = 0
    var random = SplitMix(state: 1)
    for round in 0..<Self.rounds {
      let end = round.isMultiple(of: 2) ? 1_456 : whole.count
      let path = try scratch.write(mutated(whole, upTo: end, &random))
      do throws(FileProblem) {
        let file = try SafetensorsFile(path: path)
        for name in file.names where file.entry(name)?.dtype == .f32 {
          _ = try file.readFloats(name)
        }
      } catch {
        #expect(!error.text(.it).isEmpty && !error.text(.en).isEmpty)
        refused += 1
      }
    }
    #expect(refused > Self.rounds / 2)
  }

  @Test func mutatedConfigurationsAreReadOrRefused() throws {
    let whole = try [UInt8](Data(contentsOf: URL(filePath: reference("gatto/config.json"))))
    var refused = 0
    var random = SplitMix(state: 2)
    for _ in 0..<Self.rounds {
      do throws(FileProblem) {
        let bytes = mutated(whole, upTo: whole.count, &random)
        let file = try ModelConfigFile(bytes: bytes, file: "config.json")
        #expect(file.config.modelWidth.isMultiple(of: file.config.headCount))
      } catch {
        #expect(!error.text(.it).isEmpty && !error.text(.en).isEmpty)
        refused += 1
      }
    }
    #expect(refused > Self.rounds / 2)
  }

  @Test func mutatedTokensAreReadOrRefused() throws {
    let whole = try [UInt8](
      Data(contentsOf: URL(filePath: reference("gpt2-two-layers/tokens.json")))
    )
    var refused = 0
    var random = SplitMix(state: 3)
    for _ in 0..<Self.rounds {
      do throws(FileProblem) {
        let file = try TokensFile(
          bytes: mutated(whole, upTo: whole.count, &random),
          file: "tokens.json",
          vocabularySize: 50,
          contextLength: 16
        )
        #expect(file.inputs.joined().allSatisfy { 0 <= $0 && $0 < 50 })
      } catch {
        #expect(!error.text(.it).isEmpty && !error.text(.en).isEmpty)
        refused += 1
      }
    }
    #expect(refused > Self.rounds / 2)
  }

  private static let pieces = [
    "9223372036854775807", "-9223372036854775808", "1e999", "18446744073709551616", "-1", "null",
    "[", "]", "{", "}", "\"", "\\u0000", "\\ud800", ",", ":", "\u{0}", "\u{1F600}", "\n",
  ].map { Array($0.utf8) }

  /// One to four changes: a byte, a piece put in, a run taken out, doubled or moved, an end cut.
  private func mutated(_ bytes: [UInt8], upTo end: Int, _ random: inout SplitMix) -> [UInt8] {
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
        let piece = Self.pieces.randomElement(using: &random) ?? []
        bytes.replaceSubrange(start..<min(stop, start + piece.count), with: piece)
      default: if Bool.random(using: &random) { bytes.removeSubrange(start...) }
      }
    }
    return bytes
  }
}
