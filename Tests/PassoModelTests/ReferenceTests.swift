// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoFiles
import PassoModel
import PassoTestSupport
import Testing

/// The engine against PyTorch's numbers; where they come from is in `Reference/README.md`.
struct ReferenceTests {
  static let folder = reference("")
  static let cases = ["gatto", "gpt2-two-layers", "llama-grouped-query", "masked-lm"]

  /// PyTorch itself differs from float64 by 2.5e-6 in float32 on these models.
  static func tolerance(_ precision: Precision) -> Double {
    precision == .f32 ? 5e-5 : 1e-6
  }

  @Test(arguments: ReferenceTests.cases, Precision.allCases)
  func everyValueAndGradientEqualsPyTorch(name: String, precision: Precision) throws {
    let folder = "\(Self.folder)/\(name)"
    let output = FileManager.default.temporaryDirectory
      .appending(path: "passo-trace-\(name)-\(precision)-\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: output) }
    try Trace.write(
      ModelFolder(path: folder),
      tokens: "\(folder)/tokens.json",
      to: output,
      precision: precision
    )
    let found = try SafetensorsFile(path: output)
    let expected = try SafetensorsFile(path: "\(folder)/expected.safetensors")
    #expect(expected.names.count > 50)
    for tensor in expected.names {
      let entry = try #require(found.entry(tensor), "\(tensor) is missing")
      #expect(entry.shape == expected.entry(tensor)?.shape, "\(tensor)")
      let error = relativeError(
        try found.readDoubles(tensor),
        try expected.readDoubles(tensor)
      )
      // Rounding noise around an exact zero has no relative size: b_K's gradient is one.
      let isZero = try expected.readDoubles(tensor).allSatisfy { abs($0) < 1e-7 }
      #expect(error <= Self.tolerance(precision) || isZero, "\(tensor): \(error)")
    }
  }
}
