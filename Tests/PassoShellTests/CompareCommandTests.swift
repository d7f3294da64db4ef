// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoShell
import PassoTestSupport
import Testing

/// A trace of another engine beside the run: those of the reference models are PyTorch's.
struct CompareCommandTests {
  private static let trace = reference("gatto/expected.safetensors")

  private func probe(_ text: String = "0 1 2 3 4 5") throws -> ShellProbe {
    let probe = try ShellProbe()
    probe.run(":model \(reference("gatto"))", ":text \"\(text)\"")
    return probe
  }

  /// The values of the reference, some of them changed.
  private func changed(
    _ scratch: Scratch,
    of source: String = Self.trace,
    _ change: (String, [Int], [Float]) -> (shape: [Int], numbers: [Float])?
  ) throws -> String {
    let file = try SafetensorsFile(path: source)
    let tensors = try file.names.compactMap { name -> OutgoingTensor? in
      let (shape, numbers) = (file.entry(name)?.shape ?? [], try file.readFloats(name))
      guard let new = change(name, shape, numbers) else { return nil }
      return OutgoingTensor(name: name, shape: new.shape, floats: new.numbers)
    }
    let path = scratch.path("trace.safetensors")
    try SafetensorsWriter.write(tensors, to: path)
    return path
  }

  @Test(arguments: ["f32", "f64"])
  func valuesAndGradientsArePyTorchs(precision: String) throws {
    let probe = try probe()
    let output = probe.run(":precision \(precision)", ":run", ":compare \(Self.trace)")
    #expect(output.contains("no difference beyond rounding: 55 values compared"), "\(output)")
    #expect(output.contains("values that differ: 0 of 55"))
  }

  @Test func whatIsNotComputedYetIsSaid() throws {
    let probe = try probe()
    let early = probe.type(":compare \(Self.trace)")
    #expect(early.outcome == .failed && early.errors.contains("none of the values"))
    #expect(early.errors.contains(":run computes all of them"))
    let output = probe.run(":until logits", ":compare \(Self.trace)")
    #expect(output.contains("no difference beyond rounding: 19 values compared"), "\(output)")
    #expect(output.contains("in the file, not computed yet here (:run computes them), 36: grad."))
  }

  /// Mistakes that people make, put into the trace: each is found at its own step.
  @Test func mistakesAreFoundAtTheirStep() throws {
    let scratch = try Scratch()
    // Scaled by 1/D in place of 1/√D, and all that follows from it.
    let scaled = try changed(scratch) { name, shape, numbers in
      let before = ["embed", "pos_embed", "blocks.0.resid_pre", "blocks.0.ln1.out"]
      let follows =
        !before.contains(name)
        && ![".q", ".k", ".v"].contains { name.hasSuffix($0) && !name.hasPrefix("grad") }
      return (shape, follows ? numbers.map { $0 / Float(8).squareRoot() } : numbers)
    }
    let probe = try probe()
    let output = probe.run(":run", ":compare \(scaled)")
    #expect(output.contains("the first value that differs is blocks.0.attn.scores"), "\(output)")
    #expect(output.contains("blocks.0.attn.scores = scale(blocks.0.attn.dots, 0.353553)"))
    #expect(output.contains("value blocks.0.attn.v; shape [1, 5, 2, 8]"))
    // A slip in one number only.
    let slip = try changed(scratch) { name, shape, numbers in
      var numbers = numbers
      if name == "blocks.0.attn.pattern" { numbers[1 * 25 + 3 * 5 + 1] += 0.01 }
      return (shape, numbers)
    }
    let found = probe.type(":compare \(slip)").output
    #expect(found.contains("the first value that differs is blocks.0.attn.pattern"))
    #expect(found.contains("cell [0, 1, 3 #3, 1 #1]"), "\(found)")
    #expect(found.contains("numbers that differ: 1 of 50"))
    #expect(probe.type(":compare \(slip) 0.1").output.contains("no difference beyond rounding"))
  }

  /// A gradient that is all rounding makes a step by chance: with SGD one of no length, with AdamW
  /// one of the learning rate.
  @Test(arguments: ["sgd", "momentum", "adamw"])
  func stepsOfRoundedGradientsAreRounding(optimizer: String) throws {
    let scratch = try Scratch()
    let probe = try ShellProbe()
    let own = scratch.path("own.safetensors")
    probe.run(":optimizer \(optimizer)", ":run", ":export \(own)")
    var size: Float = 0
    let rounded = try changed(scratch, of: own) { name, shape, numbers in
      guard name == "next.blocks.0.attn.b_K" else { return (shape, numbers) }
      size = numbers.map { abs($0) }.max() ?? 0
      return (shape, numbers.map { optimizer == "adamw" ? -$0 : 0 })
    }
    #expect(size > 0)
    let same = probe.type(":compare \(rounded)").output
    #expect(same.contains("no difference beyond rounding"), "\(same)")
    for name in ["next.W_E", "next.blocks.0.attn.b_V"] {
      let wrong = try changed(scratch, of: own) { found, shape, numbers in
        (shape, found == name ? numbers.map { $0 * 1.05 } : numbers)
      }
      let found = probe.type(":compare \(wrong)").output
      #expect(found.contains("the first value that differs is \(name)"), "\(found)")
    }
  }

  @Test func aWrongNumberHidesNoOther() throws {
    let scratch = try Scratch()
    let wrong = try changed(scratch) { name, shape, numbers in
      var numbers = numbers
      if name == "grad.logits" { numbers = numbers.map { $0 * 1.02 } }
      if name == "grad.embed" { numbers[0] = 1e6 }
      return (shape, numbers)
    }
    let output = try probe().run(":run", ":compare \(wrong)")
    #expect(output.contains("the first value that differs is grad.logits"), "\(output)")
    #expect(output.contains("values that differ: 2 of 55"), "\(output)")
  }

  @Test func shapesThatDifferAreNamed() throws {
    let scratch = try Scratch()
    let turned = try changed(scratch) { name, shape, numbers in
      (name == "blocks.0.attn.q" ? [1, 2, 5, 8] : shape, numbers)
    }
    let output = try probe().run(":run", ":compare \(turned)")
    #expect(output.contains("the first value that differs is blocks.0.attn.q"), "\(output)")
    #expect(output.contains("the shape here is [1, 5, 2, 8], in the file [1, 2, 5, 8]"))
  }

  @Test func otherTokensAreSaidFirst() throws {
    let scratch = try Scratch()
    let path = scratch.path("own.safetensors")
    let first = try probe()
    first.run(":run", ":export \(path)")
    #expect(first.type(":compare \(path) 1e-12").output.contains("no difference"))
    let output = try probe("0 1 2 4 4 5").run(":run", ":compare \(path)")
    #expect(output.contains("the tokens differ already: all the rest can only differ"), "\(output)")
    #expect(output.contains("here 4 #4; in the file 3 #3"))
  }

  @Test func anUnmaskedRunDiffersAtTheMask() throws {
    let scratch = try Scratch()
    let trace = try changed(scratch) { name, shape, numbers in (shape, numbers) }
    let probe = try probe()
    let output = probe.run(":mask none", ":run", ":compare \(trace)")
    // The file has no masked scores: the weights are the first that it has.
    #expect(output.contains("the first value that differs is blocks.0.attn.pattern"), "\(output)")
    #expect(output.contains("what it reads and the file lacks: blocks.0.attn.masked"))
    let path = scratch.path("own.safetensors")
    let own = try self.probe()
    own.run(":run", ":export \(path)")
    let second = probe.type(":compare \(path)").output
    #expect(second.contains("the first value that differs is mask"), "\(second)")
  }

  @Test func strangeFilesAreRefused() throws {
    let scratch = try Scratch()
    let probe = try probe()
    probe.run(":run")
    let path = scratch.path("other.safetensors")
    try SafetensorsWriter.write(
      [OutgoingTensor(name: "hidden_states", shape: [2], floats: [1, 2])],
      to: path
    )
    let reply = probe.type(":compare \(path)")
    #expect(reply.outcome == .failed && reply.errors.contains("got") == false)
    #expect(reply.errors.contains("needs values under Passo's names"), "\(reply.errors)")
    #expect(probe.type(":compare \(path).gone").outcome == .failed)
    #expect(probe.type(":compare").outcome == .failed)
    #expect(probe.type(":compare \(Self.trace) much").errors.contains("positive number"))
  }
}
