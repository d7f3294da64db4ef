// SPDX-License-Identifier: MIT

import Glibc
import PassoModel
import PassoRuntime
import Testing

@testable import PassoEngine

/// What operations say that they read and write is what their kernels do: everything else rests on
/// it, the plan of the memory and its verifier.
struct FastAccessTests {
  /// All numbers of a program, by buffer, each with room behind it that is nobody's.
  private typealias Numbers = [[Float]]

  private static let guarded = 64

  /// What no computation gives.
  private static let poison = Float(bitPattern: 0x7fc0_dead)

  /// All kinds of steps; short ones, because each is run by itself.
  private static let kinds = ProgramKind.all.filter {
    [
      "gpt2", "gpt2, tied", "short window", "prefixes of short rows", "short, grouped",
      "llama, one key head", "clip, schedule", "rounds", "sgd", "ablated heads, rounds",
      "mask written by hand", "gatto-2, adamw, 3", "loss of llama", "1 tokens of llama",
      "2 tokens of llama", "1 tokens of gatto-tied", "7 tokens of gatto",
    ].contains($0.testDescription)
  }

  /// With poison wherever a step does not say that it reads, it writes the same, and nothing else.
  @Test(arguments: kinds, Kernels.available)
  func kernelsKeepToWhatTheirOperationsSay(_ kind: ProgramKind, kernels: Kernels) throws {
    let fast = try Lowering.lower(kind.make())
    var numbers = Self.start(fast)
    for isLater in fast.accumulates ? [false, true] : [false] {
      for (index, step) in fast.steps.enumerated() where !isLater || step.phase != .update {
        let accesses = step.accesses(inLaterRound: isLater)
        let execution = try FastExecution(
          Self.program(of: step, in: fast, isLater: isLater),
          threads: 1,
          kernels: kernels
        )
        let after = Self.run(execution, on: numbers, isLater: isLater)
        let place = fast.place(of: index)
        let names = fast.buffers.map(\.name)
        Self.expect(after, numbers, but: accesses, from: after, names, "\(place) \(kernels)")
        var poisoned = numbers.map { Array(repeating: Self.poison, count: $0.count) }
        for access in accesses where access.reads { Self.copy(access.view, numbers, &poisoned) }
        let found = Self.run(execution, on: poisoned, isLater: isLater)
        Self.expect(found, poisoned, but: accesses, from: after, names, "\(place) \(kernels)")
        numbers = after
      }
    }
  }

  @Test func allKindsAreThere() { #expect(Self.kinds.count == 17) }

  /// Small numbers, and ids that every table has.
  private static func start(_ fast: FastProgram) -> Numbers {
    var source = RandomSource(seed: 9)
    var numbers = fast.buffers.map { buffer in
      (0..<buffer.count + guarded).map { _ in Float(source.next() % 1000) / 2000 + 0.01 }
    }
    for id in fast.inputs.values {
      let ids = (0..<numbers[id.index].count).map { _ in UInt32(source.next() % 4) }
      numbers[id.index] = ids.map { Float(bitPattern: $0) }
    }
    for (id, angles) in fast.constants {
      numbers[id.index].replaceSubrange(0..<angles.count, with: angles)
    }
    return numbers
  }

  /// One step as a program in which no two buffers share memory.
  private static func program(
    of step: FastStep,
    in fast: FastProgram,
    isLater: Bool
  ) -> FastProgram {
    var program = FastProgram()
    program.buffers = fast.buffers.map {
      FastBuffer(name: $0.name, count: $0.count + guarded, lifetime: .kept)
    }
    program.steps = [
      FastStep(
        name: step.name,
        phase: .forward,
        covers: step.covers,
        operation: step.operation,
        reads: step.reads,
        writes: step.writes,
        bytes: step.bytes
      )
    ]
    program.rounds = isLater ? 2 : 1
    program.scratch = fast.scratch
    return program
  }

  private static func run(
    _ execution: FastExecution,
    on numbers: Numbers,
    isLater: Bool
  ) -> Numbers {
    let views = numbers.enumerated().map { FastView(BufferID(index: $0), 1, $1.count) }
    for (view, numbers) in zip(views, numbers) { execution.set(view, to: numbers) }
    execution.runRound(isLater ? 1 : 0)
    return views.map(execution.numbers)
  }

  /// Copies the numbers of a view.
  private static func copy(_ view: FastView, _ from: Numbers, _ to: inout Numbers) {
    for row in 0..<view.rows {
      let start = view.offset + row * view.stride
      let range = start..<start + view.columns
      to[view.buffer.index].replaceSubrange(range, with: from[view.buffer.index][range])
    }
  }

  /// Everything is as before but what is written, which is as it was written elsewhere.
  private static func expect(
    _ found: Numbers,
    _ before: Numbers,
    but accesses: [FastBinder.Access],
    from written: Numbers,
    _ names: [String],
    _ place: String
  ) {
    var wanted = before
    for access in accesses where access.writes { copy(access.view, written, &wanted) }
    for (index, (found, wanted)) in zip(found, wanted).enumerated() {
      let isSame = found.withUnsafeBytes { found in
        wanted.withUnsafeBytes { wanted in
          guard let left = found.baseAddress, let right = wanted.baseAddress else { return false }
          return memcmp(left, right, found.count) == 0
        }
      }
      guard !isSame else { continue }
      let first = found.indices.first { found[$0].bitPattern != wanted[$0].bitPattern }
      Issue.record("\(place) \(names[index]) at \(first ?? -1)")
    }
  }
}
