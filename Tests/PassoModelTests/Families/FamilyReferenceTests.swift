// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoModel

/// A small model of each family, made by transformers: `Tests/Interop/make_family_fixtures.py`.
struct FamilyReferenceTests {
  static let names = [
    "llama", "mistral", "qwen2", "qwen3", "phi3", "smollm3", "olmo2", "granite", "gemma", "gemma2",
    "gemma3", "gpt_neo", "gpt_neox", "gpt_neox_one_by_one",
  ]

  @Test func everyFamilyHasAModel() throws {
    let families = try Self.names.map { name -> String in
      let folder = try ModelFolder(path: reference("families/\(name)"))
      return folder.configuration.format.modelType
    }
    // GPT-2 has models of its own, see `ReferenceTests`.
    #expect(Set(families + ["gpt2"]) == Set(ModelFamily.allCases.map(\.rawValue)))
  }

  @Test(arguments: names, Precision.allCases)
  func logitsAreThoseOfTransformers(name: String, precision: Precision) throws {
    let path = reference("families/\(name)")
    let scratch = try Scratch()
    let output = scratch.path("trace.safetensors")
    try Trace.write(
      ModelFolder(path: path),
      tokens: "\(path)/tokens.json",
      to: output,
      precision: precision
    )
    let found = try SafetensorsFile(path: output).readDoubles("logits")
    let expected = try SafetensorsFile(path: "\(path)/expected.safetensors").readDoubles("logits")
    let error = relativeError(found, expected)
    #expect(error < 1e-5, "\(name): \(error)")
  }

  @Test(arguments: names)
  func whatIsWrittenIsTheSameModelOfTheSameFamily(name: String) throws {
    let folder = try ModelFolder(path: reference("families/\(name)"))
    let scratch = try Scratch()
    let path = scratch.path("again")
    try ModelFolder.write(folder.description, folder.parameters(), tokenizer: nil, to: path)
    let again = try ModelFolder(path: path)
    #expect(again.configuration == folder.configuration)
    #expect(again.configuration.format.modelType == folder.configuration.format.modelType)
    let old = try SafetensorsFile(path: "\(reference("families/\(name)"))/model.safetensors")
    let new = try SafetensorsFile(path: "\(path)/model.safetensors")
    #expect(Set(new.names) == Set(old.names))
    for tensor in old.names {
      #expect(new.entry(tensor)?.shape == old.entry(tensor)?.shape, "\(tensor)")
      let pairs = zip(try new.readDoubles(tensor), try old.readDoubles(tensor))
      // A gain that the file holds as what it is more than 1 loses its last bits.
      let isShifted = name.hasPrefix("gemma") && tensor.hasSuffix("norm.weight")
      let limit = isShifted ? 6e-8 : 0
      #expect(pairs.allSatisfy { abs($0 - $1) <= limit }, "\(tensor)")
    }
    let ours = try folder.parameters()
    for (parameter, tensor) in try again.parameters() {
      #expect(tensor.floats == ours[parameter]?.floats, "\(parameter)")
    }
  }

  /// Where parts take turns in a tensor, what is packed is unpacked again.
  @Test func partsTakeTurns() {
    let names = [AttentionPart.weightQ, .weightK, .weightV].map {
      ValueName.block(0, .attention($0))
    }
    let matrix = PackedTensor("m", inputs: 2, names.map { ($0, 4) }, turns: 2)
    // Rows of two inputs: q, q, k, k, v, v of the first head, then of the second.
    let stored = (0..<24).map(Double.init)
    let unpacked = matrix.unpack(stored)
    #expect(unpacked[0].numbers == [0, 2, 12, 14, 1, 3, 13, 15])
    #expect(unpacked[2].numbers == [8, 10, 20, 22, 9, 11, 21, 23])
    #expect(matrix.pack(unpacked.map(\.numbers)) == stored)
    let vector = PackedTensor("v", names.map { ($0, 2) }, turns: 2)
    #expect(vector.unpack([0, 1, 2, 3, 4, 5]).map(\.numbers) == [[0, 3], [1, 4], [2, 5]])
    #expect(vector.pack([[0, 3], [1, 4], [2, 5]]) == [0, 1, 2, 3, 4, 5])
    let uneven = PackedTensor("u", inputs: 1, [(names[0], 4), (names[1], 2), (names[2], 2)])
    #expect(uneven.shape == [8, 1])
    #expect(uneven.unpack(Array(0..<8)).map(\.numbers) == [[0, 1, 2, 3], [4, 5], [6, 7]])
    #expect(uneven.adding(1).weights([0.0, 1, 2, 3, 4, 5, 6, 7])[1].numbers == [5, 6])
    #expect(
      uneven.adding(1).stored([[1.0, 2, 3, 4], [5, 6], [7, 8]]) == (0..<8).map(Double.init)
    )
  }
}
