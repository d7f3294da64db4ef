// SPDX-License-Identifier: MIT

import Foundation
import PassoModel
import PassoSession
import PassoText
import Testing

@testable import PassoShell

/// A `config.json` without weights begins a new model.
struct BlankModelTests {
  /// As transformers 5.24 writes it: `GPT2Config(vocab_size=61, ...).save_pretrained(folder)`.
  private static let gpt2 = """
    {
      "activation_function": "gelu_new", "add_cross_attention": false, "attn_pdrop": 0.1,
      "bos_token_id": 50256, "embd_pdrop": 0.1, "eos_token_id": 50256, "initializer_range": 0.02,
      "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_embd": 24, "n_head": 3,
      "n_inner": null, "n_layer": 2, "n_positions": 20, "pad_token_id": null,
      "reorder_and_upcast_attn": false, "resid_pdrop": 0.1,
      "scale_attn_by_inverse_layer_idx": false, "scale_attn_weights": true,
      "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true,
      "summary_type": "cls_index", "summary_use_proj": true, "tie_word_embeddings": true,
      "transformers_version": "5.24.0", "use_cache": true, "vocab_size": 61
    }
    """

  private static let llama = """
    {
      "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2,
      "head_dim": 10, "hidden_act": "silu", "hidden_size": 24, "initializer_range": 0.02,
      "intermediate_size": 36, "max_position_embeddings": 24, "mlp_bias": false,
      "model_type": "llama", "num_attention_heads": 4, "num_hidden_layers": 2,
      "num_key_value_heads": 2, "pad_token_id": null, "pretraining_tp": 1, "rms_norm_eps": 1e-06,
      "rope_parameters": {"rope_theta": 5000.0, "rope_type": "default"},
      "tie_word_embeddings": false, "transformers_version": "5.24.0", "use_cache": true,
      "vocab_size": 53
    }
    """

  private func inFolder(
    _ config: String,
    others: [String] = [],
    _ body: (String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try config.write(toFile: "\(folder)/config.json", atomically: true, encoding: .utf8)
    for name in others {
      try "{}".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    try body(folder)
  }

  @Test func gpt2BeginsWithItsSizes() throws {
    try inFolder(Self.gpt2, others: ["generation_config.json", ".gitattributes"]) { folder in
      let probe = try ShellProbe()
      let said = probe.run(":model \(folder)")
      #expect(said.contains("holds no weights: a new model begins"))
      #expect(said.contains("resid_pdrop") || said.contains("pdrop"))
      let sizes = probe.shell.session.configuration
      #expect((sizes.vocabularySize, sizes.contextLength, sizes.width) == (61, 20, 24))
      #expect((sizes.layerCount, sizes.headCount, sizes.mlpWidth) == (2, 3, 96))
      #expect(sizes.isTied && sizes.layout == .gpt2)
      // Untrained: among 61 tokens each has about the same probability.
      probe.run(":until loss")
      let loss = try probe.shell.session.tensor("loss")[0]
      #expect(abs(loss - log(61)) < 0.1)
      #expect(probe.run(":train 3").contains("update 2"))
      // The tokens are those of the text.
      #expect(probe.run(":tokens").contains("gatto"))
      #expect(probe.run(":text \"Il topo corre\"").contains("error") == false)
      #expect(probe.shell.session.configuration == sizes)
      #expect(probe.run(":model").contains("new weights, sizes of its config.json"))
    }
  }

  @Test func llamaAndOurOwnBeginToo() throws {
    try inFolder(Self.llama) { folder in
      let probe = try ShellProbe(.it)
      #expect(probe.run(":model \(folder)").contains("non ci sono pesi"))
      let sizes = probe.shell.session.configuration
      #expect((sizes.headWidth, sizes.keyHeadCount, sizes.normEpsilon) == (10, 2, 1e-6))
      #expect(sizes.positions == .rotary(base: 5000) && sizes.vocabularySize == 53)
    }
    var knobs = ModelKnobs()
    (knobs.norm, knobs.layers, knobs.mlp) = (.none, 2, .none)
    let own = ModelDescription(knobs.configuration(vocabularySize: 30))
    try inFolder(String(decoding: own.encoded(), as: UTF8.self)) { folder in
      let probe = try ShellProbe()
      probe.run(":model \(folder)")
      #expect(probe.shell.session.configuration == own.configuration)
    }
  }

  @Test func theSameFolderGivesTheSameWeights() throws {
    try inFolder(Self.gpt2) { folder in
      let (one, other) = (try ShellProbe(), try ShellProbe())
      for probe in [one, other] { probe.run(":model \(folder)", ":train 2") }
      let hashes = try [one, other].map { try $0.shell.session.timeline.stateHash }
      #expect(hashes[0] == hashes[1])
      // A language with fewer tokens than the model has, and sentences that it can read.
      let before = one.shell.session.configuration
      one.run(":model \(folder)", ":text \"a b c\"")
      #expect(one.shell.session.configuration == before)
      one.run(":undo", ":undo")
      #expect(try one.shell.session.timeline.stateHash == hashes[0])
    }
  }

  @Test(arguments: [
    ("\"n_layer\": 2,", "", "'n_layer'"), ("\"n_embd\": 24", "\"n_embd\": -4", "'n_embd'"),
    ("\"n_head\": 3", "\"n_head\": 5", "'n_head'"), ("gelu_new", "mish", "'activation_function'"),
    ("\"gpt2\"", "\"bert\"", "bert"), ("\"vocab_size\": 61\n", "\"vocab_size\": 61", "JSON"),
  ])
  func whatIsWrongIsSaidAsWithWeights(find: String, replace: String, said: String) throws {
    let isCut = said == "JSON"
    let config = Self.gpt2.replacing(find, with: replace)
    try inFolder(isCut ? String(config.dropLast()) : config) { folder in
      let probe = try ShellProbe()
      let before = try probe.shell.session.timeline.stateHash
      let alone = probe.type(":model \(folder)").errors
      #expect(alone.contains("error:") && alone.contains(said), "\(alone)")
      #expect(try probe.shell.session.timeline.stateHash == before)
      // The same sentence where weights are there.
      try "x".write(toFile: "\(folder)/model.safetensors", atomically: true, encoding: .utf8)
      #expect(probe.type(":model \(folder)").errors == alone)
    }
  }

  /// Weights that did not arrive are no reason to begin anew.
  @Test(arguments: ["tokenizer.json", "pytorch_model.bin", "adapter_config.json", "passo.txt"])
  func whereWeightsMayBeMissingTheyAreAskedFor(other: String) throws {
    try inFolder(Self.gpt2, others: [other]) { folder in
      let (blank, probe) = (try BlankModel(folder: folder), try ShellProbe())
      #expect(blank == nil)
      #expect(probe.type(":model \(folder)").errors.contains("error:"))
    }
  }

  @Test func moreTokensThanTheVocabularyHasAreRefused() throws {
    try inFolder(Self.gpt2.replacing("\"vocab_size\": 61", with: "\"vocab_size\": 4")) { folder in
      let errors = try ShellProbe().type(":model \(folder)").errors
      #expect(errors.contains("error:") && errors.contains("4"), "\(errors)")
    }
  }
}
