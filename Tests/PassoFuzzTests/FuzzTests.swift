// SPDX-License-Identifier: MIT

import Foundation
import PassoFuzz
import Testing

/// A short campaign; `swift run -c release passo-fuzz --inputs 10000000` is a long one.
@Suite struct FuzzTests {
  private static let program = Bundle.main.bundleURL.appending(path: "passo-fuzz")

  @Test func noInputEndsAReader() throws {
    var campaign = FuzzCampaign(inputs: 1_500, seed: 20_261_128, program: Self.program)
    campaign.jobs = 2
    let results = try campaign.run { _ in }
    #expect(results.count == FuzzTargets.all.count)
    for result in results {
      #expect(result.faults.map { "\(result.target) \($0.number): \($0.what)" } == [])
      #expect(result.inputs > 0)
      // A target that takes nothing, or everything, tests nothing.
      #expect(result.taken > 0, "\(result.target)")
    }
  }

  @Test func anInputIsFoundAgainFromItsNumber() throws {
    let one = try FuzzWorker.input(41, target: "config", seed: 5)
    #expect(try FuzzWorker.input(41, target: "config", seed: 5) == one)
    #expect(try FuzzWorker.input(42, target: "config", seed: 5) != one)
    #expect(try FuzzWorker.input(41, target: "config", seed: 6) != one)
  }

  @Test func aWorkerThatDiesIsReportedAndReplaced() throws {
    // Every worker of this program ends at once.
    let campaign = FuzzCampaign(inputs: 3, seed: 1, program: URL(filePath: "/bin/false"))
    var one = campaign
    one.targets = ["config"]
    let results = try one.run { _ in }
    #expect(results.first?.faults.count == 3)
    #expect(results.first?.inputs == 3)
  }
}
