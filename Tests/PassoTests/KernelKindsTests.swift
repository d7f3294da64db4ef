// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import Testing

/// What a session shows does not depend on the processor: the program says the same, to the last
/// digit and to the last bit of every fingerprint, whatever kind of kernels it uses.
struct KernelKindsTests {
  private static let llama = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "PassoTestSupport/Reference/llama-grouped-query")
    .path

  /// Both precisions and both families, forwards and backwards, changed, trained, generated from.
  private static let lines = [
    ":hash", ":run", ":hash", ":fork a", ":set W_E[1, 0] = 0.5", ":train 3", ":hash", ":diff a",
    ":precision f32", ":train 2", ":hash", ":model gatto", ":corpus gatto-1", ":optimizer adamw",
    ":train 3", ":hash", ":eval", ":generate \"Il gatto\" temperature 1 seed 3", ":back", ":step 5",
    ":undo", ":hash", "exp(W_E[0]) - tanh(W_E[1])", ":model \(llama)", ":run", ":hash",
    ":optimizer adamw", ":train 2", ":hash",
  ]

  private func said(_ environment: [String: String]) throws -> String {
    let found = try PassoProgram.run(
      ["--lang", "en"],
      input: Self.lines.joined(separator: "\n") + "\n",
      environment: environment
    )
    #expect(found.status == 0, "\(found.errors)")
    return found.output
  }

  @Test func everyKindSaysTheSame() throws {
    let wanted = try said([:])
    for kernels in Kernels.available {
      let found = try said([Kernels.variable: kernels.name])
      #expect(found == wanted, "\(kernels)")
    }
    // The C library with other code than it would choose here.
    let found = try said(["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"])
    #expect(found == wanted)
  }

  // MARK: Trainings

  /// Trains to a step, or on to it, with kernels of a kind.
  private func train(
    _ folder: String,
    to steps: Int,
    _ kernels: Kernels,
    _ more: String...
  ) throws -> PassoProgram.Reply {
    let isNew = !FileManager.default.fileExists(atPath: folder)
    let new = ["--preset", "gatto", "--corpus", "gatto-1", "--log", "\(folder).jsonl"]
    let found = try PassoProgram.run(
      ["train", "--out", folder, "--steps", "\(steps)"] + (isNew ? new : ["--resume"]) + more,
      environment: [Kernels.variable: kernels.name]
    )
    #expect(found.status == 0, "\(found.errors)")
    return found
  }

  /// What each line of a log says of the kernels.
  private func logged(_ folder: String) throws -> [String?] {
    try String(contentsOfFile: "\(folder).jsonl", encoding: .utf8).split(separator: "\n").map {
      let line = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      return line?["kernels"] as? String
    }
  }

  @Test func aTrainingSaysItsKernelsAndWhenTheyChange() throws {
    let folder = NSTemporaryDirectory() + "passo-kernels-\(UUID().uuidString)"
    defer {
      for path in [folder, "\(folder).jsonl"] { try? FileManager.default.removeItem(atPath: path) }
    }
    let kinds = Kernels.available
    let (first, last) = (kinds[0], kinds[kinds.count - 1])
    let begun = try train(folder, to: 2, first, "--precision", "f32", "--lang", "en")
    #expect(begun.output.contains(", f32, \(first) kernels\n"))
    let same = try train(folder, to: 3, first, "--lang", "en")
    #expect(!same.errors.contains("kernels"), "\(same.errors)")
    guard first.name != last.name else { return }
    let other = try train(folder, to: 5, last, "--lang", "en")
    #expect(
      other.errors.contains(
        """
        so far the \(first) kernels have computed, from here on the \(last) kernels: the last \
        digits may differ from those of a training without interruption

        """
      )
    )
    #expect(try logged(folder) == [first, first, first, last, last].map(\.name))
    let back = try train(folder, to: 6, first, "--lang", "it")
    #expect(back.output.contains(", f32, kernel \(first)\n"))
    #expect(back.errors.contains("finora hanno calcolato i kernel \(last)"), "\(back.errors)")
  }

  /// In f64 the readable form computes, which rounds alike everywhere.
  @Test func theReadableFormHasNoKind() throws {
    let folder = NSTemporaryDirectory() + "passo-kernels-\(UUID().uuidString)"
    defer {
      for path in [folder, "\(folder).jsonl"] { try? FileManager.default.removeItem(atPath: path) }
    }
    let begun = try train(folder, to: 1, Kernels.available[0], "--precision", "f64")
    #expect(begun.output.contains(", f64\n"))
    let next = try train(folder, to: 2, Kernels.best)
    #expect(!next.errors.contains("kernel "), "\(next.errors)")
    #expect(try logged(folder) == [nil, nil])
  }

  @Test func kernelsThatThereAreNotAreRefused() throws {
    let found = try PassoProgram.run(["--lang", "en"], environment: [Kernels.variable: "sse9"])
    #expect(found.status == 1)
    #expect(found.errors.contains("PASSO_KERNELS: this processor has plain"))
    #expect(found.errors.contains("not 'sse9'"))
  }
}
