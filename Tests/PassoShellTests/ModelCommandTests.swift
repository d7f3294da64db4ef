// SPDX-License-Identifier: MIT

import PassoModel
import PassoTestSupport
import Testing

@testable import PassoShell

/// A model with sizes of one's own, as it is typed.
struct ModelCommandTests {
  @Test func theSizesAreThoseThatWereTyped() throws {
    let probe = try ShellProbe()
    let said = probe.run(":model new layers 2 heads 2 width 32 mlp none norm none positions none")
    #expect(said.contains("new layers 2 width 32 mlp none norm none positions none, seed 7"))
    let model = probe.shell.session.configuration
    #expect((model.layerCount, model.headCount, model.width) == (2, 2, 32))
    #expect(!model.hasMLP)
    #expect(probe.run(":run", ":back 1", "shape(blocks.1.resid_post)").contains("32"))
  }

  @Test(arguments: [
    ("layers=2", "layers 2"), ("pos none", ""), ("lay 3", "layers 3"), ("kv 1", "kv-heads 1"),
  ])
  func otherFormsAreUnderstood(typed: String, words: String) throws {
    let probe = try ShellProbe()
    let said = probe.run(":model new \(typed)")
    #expect(words.isEmpty ? said.contains("positions") : said.contains("new \(words), seed 7"))
  }

  @Test(arguments: [
    (":model new layers", "a value after layers"), (":model new layers x", "a whole number"),
    (":model new norm batch", "one of layer, rms, none"),
    (":model new heads 3", "width needs to be a multiple of heads, got 16 and 3"),
    (":model new colour 3", "colour"), (":model new seed x", "x"),
    (":model gatto dropout 1", "a number from 0 up and below 1"),
    (":model new layers 1000 width 65536", "parameters"),
  ])
  func whatCannotBeChangesNothing(line: String, said: String) throws {
    let probe = try ShellProbe()
    let before = try probe.shell.session.stateHash
    let errors = probe.type(line).errors
    #expect(errors.contains("error:"))
    #expect(errors.contains("hint:"))
    #expect(errors.contains(said), "\(errors)")
    #expect(try probe.shell.session.stateHash == before)
  }

  @Test func aModelOfOnesOwnIsSavedAndOpened() throws {
    let scratch = try Scratch()
    let probe = try ShellProbe()
    let path = scratch.path("m")
    probe.run(":model new positions sinusoidal position-scale 0.5 biases off", ":train 2")
    #expect(probe.run(":save \(path)").contains("saved"))
    let other = try ShellProbe()
    other.run(":load \(path)")
    #expect(other.shell.session.configuration.positions == .sinusoidal(scale: 0.5))
    #expect(other.shell.session.configuration.hasBiases == false)
  }

  @Test func dropoutIsAStepThatIsDoneAgainTheSame() throws {
    let probe = try ShellProbe()
    probe.run(":model new dropout 0.5", ":run")
    let first = probe.run("blocks.0.attn.out_dropped[0]")
    #expect(probe.run(":explain blocks.0.attn.out_dropped").contains("dropout"))
    probe.run(":train 2", ":goto update 0", ":run")
    #expect(probe.run("blocks.0.attn.out_dropped[0]") == first)
    probe.run(":train 1")
    #expect(probe.run("blocks.0.attn.out_dropped[0]") != first)
  }
}
