// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `passo export --torch` as a script sees it, without PyTorch.
struct TorchExportTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-torch-\(UUID().uuidString)")

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func run(_ arguments: String...) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      arguments + ["--lang", "en"],
      environment: ["XDG_CACHE_HOME": path("cache")]
    )
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  private func write(_ text: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: "text.txt"))
  }

  private static let text = (0..<400).map { number in
    let nouns = ["il gatto", "la nonna", "il cane", "la volpe", "il bambino"]
    return "\(nouns[number % 5]) \(["dorme", "corre", "mangia"][number / 5 % 3])."
  }.joined(separator: "\n")

  @discardableResult
  private func train(_ out: String, steps: Int, _ more: String...) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      [
        "train", "--preset", "gatto-llama", "--text", path("text.txt"), "--steps", "\(steps)",
        "--out", path(out), "--schedule", "cosine", "--decay-steps", "9", "--batch", "4",
        "--accumulate", "2", "--lang", "en",
      ] + more,
      environment: ["XDG_CACHE_HOME": path("cache")]
    )
  }

  /// The lines of a log without the rates, which differ from run to run.
  private func lines(_ file: String) throws -> [String] {
    let text = try String(contentsOfFile: path(file), encoding: .utf8)
    return text.split(separator: "\n").map { line in
      line.range(of: ",\"tokens_per_s\":").map { String(line[..<$0.lowerBound]) } ?? String(line)
    }
  }

  @Test func whatIsHandedOverCanBeGoneOnWithAtOnce() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.text)
    try train("whole", steps: 9, "--log", path("whole.jsonl"))
    try train("run", steps: 4, "--log", path("run.jsonl"))
    let reply = try run(
      "export",
      "--torch",
      path("torch"),
      "--model",
      path("run"),
      "--steps",
      "9"
    )
    #expect(reply.status == 0, "\(reply.errors)")
    #expect(reply.output.contains("from step 4 to step 9"), "\(reply.output)")
    #expect(reply.errors.isEmpty, "\(reply.errors)")
    #expect(reply.output.contains("8 rows a step: torchrun --nproc_per_node=2 "))
    for name in ["train.py", "torch.json", "order.bin", "tokens.bin", "tokenizer.json"] {
      #expect(exists("torch/\(name)"), "\(name)")
    }
    #expect(try lines("torch/log.jsonl") == lines("run.jsonl"))
    let resumed = try run("train", "--resume", "--out", path("torch"))
    #expect(resumed.status == 0 && !resumed.errors.contains("older version"), "\(resumed.errors)")
    #expect(try lines("torch/log.jsonl") == lines("whole.jsonl"))
    #expect(
      FileManager.default.contentsEqual(
        atPath: path("torch/checkpoint.safetensors"),
        andPath: path("whole/checkpoint.safetensors")
      )
    )
  }

  @Test func aScheduleThatEndsBeforeIsSaid() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.text)
    try train("run", steps: 4)
    let reply = try run("export", "--torch", path("new"), "--model", path("run"), "--steps", "12")
    #expect(reply.status == 0)
    #expect(reply.errors.contains("the schedule ends at step 9: from there"))
  }

  /// A model of somebody else keeps what stands beside its weights, on all the way.
  @Test func theFilesOfAFineTunedModelComeAlong() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.text)
    try train("base", steps: 1)
    let beside = [
      // Other ends than `config.json` has.
      "generation_config.json": #"{"eos_token_id": [1, 3], "pad_token_id": 4, "top_p": 0.9}"#,
      "chat_template.jinja": "{% for m in messages %}{{ m['content'] }}{% endfor %}",
      "tokenizer_config.json": #"{"model_max_length": 8, "tokenizer_class": "TokenizersBackend"}"#,
    ]
    for (name, text) in beside {
      try Data(text.utf8).write(to: URL(filePath: path("base/\(name)")))
    }
    for name in ["checkpoint.safetensors", "training.json"] {
      try FileManager.default.removeItem(atPath: path("base/\(name)"))
    }
    let words = ["--model", path("base"), "--text", path("text.txt"), "--out", path("run")]
    let begun = try PassoProgram.run(["train", "--steps", "2", "--lang", "en"] + words)
    #expect(begun.status == 0, "\(begun.errors)")
    let more = try run("train", "--resume", "--out", path("run"), "--steps", "3")
    #expect(more.status == 0, "\(more.errors)")
    let out = try run("export", "--torch", path("torch"), "--model", path("run"), "--steps", "5")
    #expect(out.status == 0, "\(out.errors)")
    let back = try run("train", "--resume", "--out", path("torch"))
    #expect(back.status == 0, "\(back.errors)")
    for name in beside.keys.sorted() + ["tokenizer.json"] {
      for place in ["run", "torch"] {
        let (one, other) = (path("base/\(name)"), path("\(place)/\(name)"))
        #expect(FileManager.default.contentsEqual(atPath: one, andPath: other), "\(place) \(name)")
      }
    }
  }

  @Test func whatSpeaksAgainstItIsSaidBeforeAnythingIsWritten() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(Self.text)
    try train("run", steps: 3)
    func refused(_ said: String, _ more: String..., model: String = "run") throws {
      let arguments = ["export", "--torch", path("new"), "--model", path(model), "--lang", "en"]
      let reply = try PassoProgram.run(
        arguments + more,
        environment: ["XDG_CACHE_HOME": path("cache")]
      )
      #expect(reply.status == 1 && reply.errors.contains(said), "\(said): \(reply.errors)")
      #expect(!exists("new"))
    }
    try refused("at step 3, the last")
    try refused("at step 3, the last", "--steps", "2")
    try refused("that has saved a checkpoint", "--steps", "9", model: "cache")
    try write(Self.text + " Fine.")
    try refused("no longer holds what it held", "--steps", "9")
    try FileManager.default.removeItem(at: folder.appending(path: "text.txt"))
    try refused("which is no longer there", "--steps", "9")
    try write(Self.text)
    try train("momentum", steps: 1, "--optimizer", "momentum")
    try refused("needs AdamW, it has momentum", "--steps", "9", model: "momentum")
    try train("masked", steps: 1, "--objective", "masked")
    try refused("needs the causal mask", "--steps", "9", model: "masked")
    // A folder with something in it.
    let there = try run("export", "--torch", path("run"), "--model", path("run"), "--steps", "9")
    #expect(there.status == 1 && there.errors.contains("needs a new or empty folder"))
  }

  @Test func theOptionsGoTogether() throws {
    for (arguments, said) in [
      (["--torch", "x"], "needs --model"), (["--model", "x"], "are for --torch"),
      (["--torch", "x", "--model", "y", "--lesson", "3"], "options of other exports"),
      (["--torch", "x", "--model", "y", "--steps", "0"], "--steps"),
    ] {
      let reply = try PassoProgram.run(["export", "--lang", "en"] + arguments)
      #expect(reply.status == 2 && reply.errors.contains(said), "\(reply.errors)")
    }
  }
}
