// SPDX-License-Identifier: MIT

import Foundation

/// Many inputs for many targets: each target in a process of its own, begun anew after a fault.
package struct FuzzCampaign {
  /// What a target came to.
  package struct Result {
    package let target: String
    package var inputs = 0
    package var taken = 0
    package var peak = 0
    package var seconds = 0.0
    package var faults: [Fault] = []
  }

  /// An input that ended a worker.
  package struct Fault {
    /// The number of the input.
    package let number: Int

    /// How it ended the worker.
    package let what: String

    /// The input.
    package let input: [UInt8]
  }

  /// The names of the targets; all if empty.
  package var targets: [String] = []

  /// Inputs in all, divided among the targets by their weights.
  package var inputs: Int

  /// Decides all inputs.
  package var seed: UInt64

  /// Targets at the same time.
  package var jobs = 1

  /// An input that takes longer is a fault, in seconds.
  package var patience = 60.0

  /// Faults after which a target is given up.
  private static let faultLimit = 20

  /// The program that runs a worker.
  private let program: URL

  package init(inputs: Int, seed: UInt64, program: URL) {
    (self.inputs, self.seed, self.program) = (inputs, seed, program)
  }

  /// Runs all targets.
  ///
  /// - Parameter report: Called when a target has ended, from the thread of the target.
  /// - Returns: What each target came to, in the order of their names.
  /// - Throws: `FuzzFault` if there is no target of a name.
  package func run(_ report: @escaping @Sendable (Result) -> Void) throws -> [Result] {
    let types = try chosen()
    let whole = types.reduce(0) { $0 + $1.weight }
    let results = Results()
    let campaign = self
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = jobs
    for type in types.sorted(by: { $0.weight < $1.weight }) {
      let (name, count) = (type.name, max(1, inputs * type.weight / whole))
      queue.addOperation {
        let result = campaign.run(name, count)
        results.add(result)
        report(result)
      }
    }
    queue.waitUntilAllOperationsAreFinished()
    return results.sorted
  }

  private func chosen() throws -> [any FuzzTarget.Type] {
    guard !targets.isEmpty else { return FuzzTargets.all }
    return try targets.map { name in
      guard let type = FuzzTargets.named(name) else { throw FuzzFault("no target '\(name)'") }
      return type
    }
  }

  private func run(_ target: String, _ count: Int) -> Result {
    var result = Result(target: target)
    let started = Date()
    let folder = NSTemporaryDirectory() + "passo-fuzz-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    while result.inputs < count, result.faults.count < Self.faultLimit {
      let worker = FuzzWorker(
        target: target,
        seed: seed,
        inputs: result.inputs..<count,
        folder: folder
      )
      let end = watch(worker)
      result.peak = max(result.peak, end.status.peak)
      result.taken += end.status.taken
      result.inputs = max(result.inputs + 1, end.status.begun)
      if let what = end.fault {
        let input = try? FuzzWorker.input(end.status.begun - 1, target: target, seed: seed)
        result.faults.append(
          Fault(number: end.status.begun - 1, what: what, input: input ?? [])
        )
      }
      try? FileManager.default.removeItem(atPath: folder)
    }
    result.seconds = Date().timeIntervalSince(started)
    return result
  }

  /// Runs a worker to its end, or to the end of all patience.
  private func watch(
    _ worker: FuzzWorker
  ) -> (status: (begun: Int, taken: Int, peak: Int), fault: String?) {
    let process = Process()
    process.executableURL = program
    process.arguments = [
      "--worker", worker.target, "--seed", "\(worker.seed)", "--from",
      "\(worker.inputs.lowerBound)", "--inputs", "\(worker.inputs.count)", "--folder",
      worker.folder,
    ]
    // A trap is told by its signal; a picture of the stack takes seconds.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do {
      let place = try Workplace(worker.folder)
      let status = try FuzzStatus(path: place.path(FuzzWorker.statusName))
      try process.run()
      let hangs = isStuck(process, status)
      let told = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let end = (status.begun, status.taken, status.peak)
      if hangs { return (end, "took longer than \(Int(patience)) s") }
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        let signal = process.terminationReason == .uncaughtSignal ? "signal " : "status "
        let words = String(decoding: told.prefix(2000), as: UTF8.self)
        return (end, "\(signal)\(process.terminationStatus): \(words)")
      }
      return (end, nil)
    } catch {
      return ((worker.inputs.lowerBound + 1, 0, 0), "the worker does not start: \(error)")
    }
  }

  /// Waits for the end of a worker; ends it if it stays at one input.
  private func isStuck(_ process: Process, _ status: FuzzStatus) -> Bool {
    var (last, since) = (-1, Date())
    while process.isRunning {
      if status.begun != last { (last, since) = (status.begun, Date()) }
      if Date().timeIntervalSince(since) > patience {
        kill(process.processIdentifier, SIGKILL)
        return true
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }
}

/// Results of targets that end in any order.
private final class Results: @unchecked Sendable {
  private let lock = NSLock()
  private var all: [FuzzCampaign.Result] = []

  func add(_ result: FuzzCampaign.Result) { lock.withLock { all.append(result) } }

  var sorted: [FuzzCampaign.Result] {
    lock.withLock { all.sorted { $0.target < $1.target } }
  }
}
