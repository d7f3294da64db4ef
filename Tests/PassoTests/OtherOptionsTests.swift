// SPDX-License-Identifier: MIT

import PassoModel
import PassoShell
import Testing

@testable import passo

/// Options that people know from nanoGPT, `transformers` and llama.cpp.
struct OtherOptionsTests {
  private func hint(_ command: [String], _ option: String) -> String? {
    OtherOptions(options: CommandPath(command).options).hint(for: option)?.en
  }

  @Test(arguments: [
    ("--learning-rate", "--lr"), ("--learning_rate", "--lr"), ("--lr_", "--lr"), ("-lr", "--lr"),
    ("--batch_size", "--batch"), ("--block_size", "--context"), ("--max_iters", "--steps"),
    ("--max-length", "--context"), ("--output-dir", "--out"), ("--out_dir", "--out"),
    ("--grad_clip", "--clip"), ("--gradient_accumulation_steps", "--accumulate"),
    ("--weight_decay", "--weight-decay"), ("--maxIters", "--steps"), ("--Seed", "--seed"),
    ("--adam_beta1", "--beta1"), ("--batch_size=4", "--batch"), ("--treads", "--threads"),
    ("--dtype", "--precision"), ("--resume_from_checkpoint", "--resume"),
  ])
  func trainNamesItsOwnOption(typed: String, own: String) {
    #expect(hint(["train"], typed) == "did you mean '\(own)'?")
  }

  @Test(arguments: [
    ("--max_new_tokens", "--max-new-tokens"), ("--max-length", "--max-new-tokens"),
    ("--top_k", "--top-k"), ("--topp", "--top-p"), ("--temp", "--temperature"),
    ("--eos-token-id", "--end-token"), ("--model_path", "--model"), ("--promt", "--prompt"),
  ])
  func generateNamesItsOwnOption(typed: String, own: String) {
    #expect(hint(["generate"], typed) == "did you mean '\(own)'?")
  }

  @Test(arguments: [
    ("--n_layer", "--layers"), ("--n-head", "--heads"), ("--n_embd", "--width"),
    ("--attn-dropout", "--dropout"), ("--initializer_range", "--init"), ("--epochs", "--steps"),
    ("--num-train-epochs", "--steps"), ("--device", "--threads"), ("--compile", "--threads"),
    ("--push_to_hub", "--model"),
  ])
  func whatPassoDoesNotHaveIsSaid(typed: String, instead: String) throws {
    #expect(try #require(hint(["train"], typed)).contains(instead))
  }

  // A size gets its option as soon as there is one.
  @Test func sizesAreOptionsWhereTheyExist() {
    let hint = OtherOptions(options: ["--layers", "--steps"]).hint(for: "--n_layer")
    #expect(hint?.it == "forse «--layers»?")
  }

  @Test(arguments: Knob.all.map(\.name))
  func everyKnobOfAModelIsAnOption(name: String) {
    #expect(CommandPath(["train"]).options.contains("--\(name)"))
  }

  @Test func otherOptionsAreNotForced() {
    #expect(hint(["lint"], "--epochs") == nil)
    #expect(hint(["train"], "--zzzzzz") == nil)
  }

  @Test(arguments: [
    ("trian", "train"), ("fit", "train"), ("sample", "generate"), ("eval", "evaluate"),
    ("lezione", "lesson"), ("tokenise", "tokenizer"), ("benchmark", "bench"),
  ])
  func subcommandsHaveOtherNames(typed: String, own: String) {
    #expect(CommandPath([typed]).problem?.hint?.en == "did you mean 'passo \(own)'?")
  }

  @Test func theProgramSaysItOnce() throws {
    let reply = try PassoProgram.run(["train", "--n_layer", "3"])
    #expect(reply.status == 2)
    #expect(reply.errors.hasPrefix("errore: passo train non ha l'opzione «--n_layer»\n"))
    #expect(reply.errors.contains("«--layers»"))
  }
}
