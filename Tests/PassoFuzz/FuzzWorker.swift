// SPDX-License-Identifier: MIT

import Foundation

/// A part of a campaign, in a process that may be ended by what it tries.
package struct FuzzWorker {
  /// The name of the target.
  package var target: String

  /// Decides all inputs.
  package var seed: UInt64

  /// The numbers of the inputs.
  package var inputs: Range<Int>

  /// The folder of the worker.
  package var folder: String

  package init(target: String, seed: UInt64, inputs: Range<Int>, folder: String) {
    (self.target, self.seed, self.inputs, self.folder) = (target, seed, inputs, folder)
  }

  static let statusName = "status"

  /// Beyond this an input has asked for more than it may.
  static let memoryLimit = 2 << 30

  /// Tries all inputs, and notes which one it is at.
  ///
  /// - Throws: `FuzzFault` at the first that is neither taken nor refused as it should be.
  package func run() throws {
    guard let type = FuzzTargets.named(target) else { throw FuzzFault("no target '\(target)'") }
    let place = try Workplace(folder)
    let status = try FuzzStatus(path: place.path(Self.statusName))
    try run(type.init(place), status)
  }

  private func run<Target: FuzzTarget>(_ reader: Target, _ status: FuzzStatus) throws {
    var reader = reader
    guard !reader.samples.isEmpty else { throw FuzzFault("nothing to make inputs of") }
    let mutator = Mutator(samples: reader.samples, words: Target.words)
    for number in inputs {
      status.begun = number + 1
      let input = mutator.input(number, of: target, seed: seed)
      if try reader.judge(input) { status.taken += 1 }
      status.peak = max(status.peak, Self.peakMemory)
      guard status.peak <= Self.memoryLimit else { throw FuzzFault("took more than 2 GB") }
    }
  }

  /// The most memory that this process had, in bytes.
  private static var peakMemory: Int {
    var usage = rusage()
    // The type of the constant is the C library's own with some headers, a number with others.
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

  /// Every input of the range, for whoever wants to see one again.
  package static func input(_ number: Int, target: String, seed: UInt64) throws -> [UInt8] {
    guard let type = FuzzTargets.named(target) else { throw FuzzFault("no target '\(target)'") }
    let folder = NSTemporaryDirectory() + "passo-fuzz-\(getpid())"
    let place = try Workplace(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let mutator = Mutator(samples: try type.init(place).samples, words: type.words)
    return mutator.input(number, of: target, seed: seed)
  }
}
