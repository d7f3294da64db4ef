// SPDX-License-Identifier: MIT

import PassoEngine
import PassoTestSupport
import Testing

@testable import PassoFiles
@testable import PassoModel

/// Weights that came in 16 bits are written in 16 bits, unless they no longer fit.
struct SmallWeightsTests {
  private static let sizes = ModelConfiguration(
    vocabularySize: 6,
    contextLength: 4,
    width: 4,
    layerCount: 1,
    headCount: 1,
    mlpWidth: 8
  )

  private static func description(_ type: StorageType) -> ModelDescription {
    var description = ModelDescription(sizes)
    description.storage = type
    return description
  }

  @Test(arguments: [StorageType.bf16, .f16])
  func theWayThereAndBackChangesNothing(type: StorageType) throws {
    let scratch = try Scratch()
    let parameters = try Self.sizes.initialParameters(seed: 1, standardDeviation: 0.3)
    func write(_ parameters: Parameters, _ name: String) throws -> ModelFolder {
      let path = scratch.path(name)
      let written = try ModelFolder.write(
        Self.description(type),
        parameters,
        tokenizer: nil,
        to: path
      )
      #expect(written == type)
      return try ModelFolder(path: path)
    }
    let once = try write(parameters, "once")
    #expect(once.description.storage == type)
    let rounded = try once.parameters()
    for (name, tensor) in rounded {
      let exact = try #require(parameters[name]).floats
      for (small, number) in zip(tensor.floats, exact) {
        #expect(abs(small - number) <= abs(number) / 256, "\(name)")
      }
    }
    let twice = try write(rounded, "twice").parameters()
    #expect(twice == rounded)
  }

  @Test func whatHasGrownOutOfF16IsWrittenWider() throws {
    let scratch = try Scratch()
    var parameters = try Self.sizes.initialParameters(seed: 1, standardDeviation: 0.3)
    let gain = ValueName.block(0, .firstNorm(.gain))
    let shape = try #require(parameters[gain]).shape
    parameters[gain] = Tensor(shape, [1, 70_000, 1, -1] as [Float])
    for (type, expected) in [(StorageType.f16, StorageType.f32), (.bf16, .bf16)] {
      let path = scratch.path(type.rawValue)
      let written = try ModelFolder.write(
        Self.description(type),
        parameters,
        tokenizer: nil,
        to: path
      )
      #expect(written == expected)
      let again = try ModelFolder(path: path)
      let found = try #require(try again.parameters()[gain]).floats
      #expect(again.description.storage == expected && found.allSatisfy(\.isFinite))
      if expected == .f32 { #expect(found == [1, 70_000, 1, -1]) }
    }
  }
}
