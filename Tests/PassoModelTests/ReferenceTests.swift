// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoModel
import PassoTestSupport
import Testing

/// The engine against PyTorch's numbers; where they come from is in `Reference/README.md`.
struct ReferenceTests {
  static let folder = Bundle.module.resourceURL?.appending(path: "Reference").path ?? ""
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

  /// The key bias has no gradient but rounding, which makes a relative error of 1 there.
  @Test func fiveAdamWStepsEqualPyTorchWhereNothingIsClipped() throws {
    struct Settings: Decodable {
      let lr: Double
      let losses: [Double]
    }
    let folder = "\(Self.folder)/gatto"
    let settings = try JSONDecoder().decode(
      Settings.self,
      from: Data(contentsOf: URL(filePath: "\(folder)/adamw.json"))
    )
    let model = try ModelFolder(path: folder)
    var timeline = try Timeline(
      TrainingProgram(
        model.configuration,
        batch: BatchShape(rows: 1, length: 5),
        optimizer: .standardAdamW
      ),
      precision: .f64,
      parameters: model.parameters(),
      inputs: [0, 1, 2, 3, 4],
      targets: [1, 2, 3, 4, 5],
      rate: settings.lr
    )
    _ = timeline.train(1)
    let first = try #require(timeline.losses[0])
    #expect(abs(first - settings.losses[0]) <= 1e-6 * settings.losses[0])
    // PyTorch clipped its gradients, which AdamW's first step does not feel: it divides by the
    // gradient's own size.
    _ = timeline.train(1)
    let second = try #require(timeline.losses[1])
    #expect(abs(second - settings.losses[1]) <= 1e-6 * settings.losses[1])
  }
}
