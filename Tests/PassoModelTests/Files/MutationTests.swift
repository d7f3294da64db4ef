// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoFiles
import PassoModel
import PassoTestSupport
import PassoText
import Testing

// Readers answer with a value or with a typed problem; anything else ends the test process.
@Suite struct MutationTests {
  private static let rounds = 1_500

  /// `config.json` of both families, the index of shards and `tokenizer.json`, each through the
  /// reader that a model folder uses.
  @Test func mutatedFoldersAreOpenedOrRefused() throws {
    let scratch = try Scratch()
    for name in ["config.json", "model.safetensors"] {
      _ = try scratch.write(
        [UInt8](Data(contentsOf: URL(filePath: reference("llama-grouped-query/\(name)")))),
        to: name
      )
    }
    let tokenizer = try WordTokenizer(texts: ["Il gatto dorme sul divano."])
    try TokenizerFile.write(tokenizer, folder: scratch.path("."))
    let weights = try SafetensorsFile(path: scratch.path("model.safetensors")).names
    let index = weights.map { "\"\($0)\":\"shard.safetensors\"" }.joined(separator: ",")
    try FileManager.default.moveItem(
      atPath: scratch.path("model.safetensors"),
      toPath: scratch.path("shard.safetensors")
    )
    _ = try scratch.write(
      Array("{\"weight_map\":{\(index)}}".utf8),
      to: "model.safetensors.index.json"
    )
    _ = try ModelFolder(path: scratch.path("."))
    for name in ["config.json", "model.safetensors.index.json", "tokenizer.json"] {
      let whole = try scratch.read(name)
      var refused = 0
      for round in 0..<500 {
        _ = try scratch.write(mutated(whole, upTo: whole.count, round, seed: 4), to: name)
        do {
          let folder = try ModelFolder(path: scratch.path("."))
          _ = try TokenizerFile.read(folder: scratch.path("."))
          #expect(folder.configuration.headWidth.isMultiple(of: 2))
        } catch let problem as any Problem {
          #expect(!problem.message.it.isEmpty && !problem.message.en.isEmpty)
          refused += 1
        }
      }
      _ = try scratch.write(whole, to: name)
      #expect(refused > 150, "\(name)")
    }
  }

  @Test func mutatedSafetensorsAreReadOrRefused() throws {
    let scratch = try Scratch()
    let whole = try [UInt8](
      Data(contentsOf: URL(filePath: reference("gatto/model.safetensors")))
    )
    // Half of the mutations hit the header, which is a tenth of the bytes.
    var refused = 0
    for round in 0..<Self.rounds {
      let end = round.isMultiple(of: 2) ? 1_456 : whole.count
      let path = try scratch.write(mutated(whole, upTo: end, round, seed: 1))
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
    for round in 0..<Self.rounds {
      do throws(FileProblem) {
        let bytes = mutated(whole, upTo: whole.count, round, seed: 2)
        let file = try ModelDescription(GPT2Settings(), bytes: bytes, file: "config.json")
        let config = file.configuration
        #expect(config.width.isMultiple(of: config.headCount))
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
    for round in 0..<Self.rounds {
      do throws(FileProblem) {
        let file = try TokensFile(
          bytes: mutated(whole, upTo: whole.count, round, seed: 3),
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
}
