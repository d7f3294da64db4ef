// SPDX-License-Identifier: MIT

import Foundation
import PassoModel
import Testing

/// `passo train` of a model of which only the `config.json` is there, and with gradients that are
/// not cleared.
struct BlankTrainingTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-blank-\(UUID().uuidString)")

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private static let config = """
    {"model_type": "gpt2", "vocab_size": 61, "n_positions": 20, "n_embd": 24, "n_layer": 2,
     "n_head": 3, "bos_token_id": 50256, "eos_token_id": 50256, "resid_pdrop": 0.1}
    """

  private func write(_ text: String, _ name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: file)
  }

  private func train(_ arguments: [String]) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["train", "--lang", "en"] + arguments,
      environment: ["XDG_CACHE_HOME": path("cache")]
    )
  }

  private func state(_ reply: PassoProgram.Reply) -> Substring? {
    reply.output.range(of: "state 0x").map { reply.output[$0.upperBound...].prefix { $0 != "\n" } }
  }

  @Test func aConfigurationAloneIsTrained() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.config, "sizes/config.json")
    try write(String(repeating: "il gatto dorme\nla volpe corre\n", count: 60), "text.txt")
    let begin = [
      "--model", path("sizes"), "--text", path("text.txt"), "--tokenizer", "words", "--batch", "2",
    ]
    let whole = try train(begin + ["--steps", "4", "--out", path("whole")])
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.errors.contains("holds no weights: a new model begins"))
    let model = try ModelFolder(path: path("whole"))
    #expect((model.configuration.vocabularySize, model.configuration.width) == (61, 24))
    #expect((model.configuration.contextLength, model.configuration.layerCount) == (20, 2))
    let half = try train(begin + ["--steps", "2", "--out", path("half")])
    #expect(half.status == 0 && state(half) != state(whole))
    // The checkpoint is enough.
    try FileManager.default.removeItem(atPath: path("half/model.safetensors"))
    let resumed = try train(["--resume", "--steps", "4", "--out", path("half")])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(state(resumed) != nil && state(resumed) == state(whole))
    // It is a model now, and goes on with its own tokens.
    let further = try train([
      "--model", path("whole"), "--text", path("text.txt"), "--steps", "1", "--out", path("next"),
    ])
    #expect(further.status == 0 && !further.errors.contains("holds no weights"))
    let wrong = Self.config.replacing("\"n_layer\": 2,", with: "")
    try write(wrong, "sizes/config.json")
    let refused = try train(begin + ["--steps", "1", "--out", path("never")])
    #expect(refused.status == 1 && refused.errors.contains("'n_layer'"), "\(refused.errors)")
  }

  @Test func gradientsThatAreNotClearedAreGoneOnWith() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    func run(_ steps: String, _ out: String, _ more: [String] = []) throws -> PassoProgram.Reply {
      try train(["--corpus", "gatto-1", "--steps", steps, "--out", path(out)] + more)
    }
    let decay = ["--decay-steps", "4"]
    let kept = try run("4", "kept", ["--gradients", "kept"] + decay)
    #expect(kept.status == 0, "\(kept.errors)")
    #expect(try run("2", "half", ["--gradients", "kept"] + decay).status == 0)
    let other = try train([
      "--resume", "--steps", "4", "--gradients", "cleared", "--out", path("half"),
    ])
    #expect(other.status != 0 && other.errors.contains("--gradients"), "\(other.errors)")
    let resumed = try train(["--resume", "--steps", "4", "--out", path("half")])
    #expect(state(resumed) != nil && state(resumed) == state(kept))
    let cleared = try run("4", "cleared", decay)
    #expect(state(cleared) == state(try run("4", "same", ["--gradients", "cleared"] + decay)))
    #expect(state(cleared) != state(kept))
    #expect(try run("1", "lost", ["--gradients", "lost"]).status == 2)
  }
}
