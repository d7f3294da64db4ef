// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import PassoFuzz

/// Attacks Passo's readers with inputs that a seed decides.
@main
struct PassoFuzzProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passo-fuzz",
    abstract: "Attacks Passo's readers with inputs that a seed decides.",
    discussion: """
      Each target runs in a process of its own. A trap, an abort, a hang, more than 2 GB or an
      answer without words is a fault: its number and its input are reported, and the target goes on
      with the next. The same seed, target and number give the same input again:

        passo-fuzz --target line --seed 1 --show 4711
      """
  )

  @Option(help: "Inputs in all, divided among the targets.")
  var inputs = 100_000

  @Option(help: "Decides all inputs.")
  var seed: UInt64 = 1

  @Option(name: .customLong("target"), help: "Only this target; may stand more than once.")
  var targets: [String] = []

  @Option(help: "Targets at the same time.")
  var jobs = 2

  @Option(help: "Seconds that one input may take.")
  var patience = 60.0

  @Option(help: "A folder for the inputs that were faults.")
  var findings: String?

  @Option(help: "Writes the input of this number to standard output, and does nothing else.")
  var show: Int?

  @Option(help: .hidden)
  var worker: String?

  @Option(help: .hidden)
  var from = 0

  @Option(help: .hidden)
  var folder = ""

  func run() throws {
    if let worker {
      try FuzzWorker(
        target: worker,
        seed: seed,
        inputs: from..<from + inputs,
        folder: folder
      )
      .run()
    } else if let show {
      let input = try FuzzWorker.input(show, target: targets.first ?? "", seed: seed)
      FileHandle.standardOutput.write(Data(input))
    } else {
      try campaign()
    }
  }

  private func campaign() throws {
    // The link stays while the program is replaced, which a name would not.
    let program = URL(filePath: CommandLine.arguments[0])
    var campaign = FuzzCampaign(inputs: inputs, seed: seed, program: program)
    (campaign.targets, campaign.jobs, campaign.patience) = (targets, jobs, patience)
    let findings = findings
    let results = try campaign.run { result in
      print(result.line)
      for fault in result.faults { fault.report(of: result.target, in: findings) }
    }
    let (all, faults) = results.reduce((0, 0)) { ($0.0 + $1.inputs, $0.1 + $1.faults.count) }
    let peak = results.map(\.peak).max() ?? 0
    print("\(all) inputs, \(faults) faults, at most \(peak >> 20) MB")
    if faults > 0 { throw ExitCode.failure }
  }
}

extension FuzzCampaign.Result {
  fileprivate var line: String {
    let share = 100 * Double(taken) / Double(max(1, inputs))
    let name = target.padding(toLength: 14, withPad: " ", startingAt: 0)
    return name
      + String(
        format: "%9d inputs, %3.0f %% taken, %5d MB, %7.1f s, %d faults",
        inputs,
        share,
        peak >> 20,
        seconds,
        faults.count
      )
  }
}

extension FuzzCampaign.Fault {
  fileprivate func report(of target: String, in folder: String?) {
    print("  \(target) \(number): \(what.prefix(400))")
    guard let folder else { return }
    let url = URL(filePath: folder).appending(path: "\(target)-\(number)")
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(input).write(to: url)
  }
}
