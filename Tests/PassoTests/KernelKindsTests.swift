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

  @Test func kernelsThatThereAreNotAreRefused() throws {
    let found = try PassoProgram.run(["--lang", "en"], environment: [Kernels.variable: "sse9"])
    #expect(found.status == 1)
    #expect(found.errors.contains("PASSO_KERNELS: this processor has plain"))
    #expect(found.errors.contains("not 'sse9'"))
  }
}
