// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoEngine
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// Folders as strangers make them: what they say is done, what they are not is said.
@Suite struct StrangersFolderTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private static let tied =
    #""model_type": "gpt2", "vocab_size": 6, "n_positions": 8, "n_embd": 4"#
    + #", "n_layer": 1, "n_head": 2"#

  /// Writes a folder: the weights of a GPT-2 under names that a closure may change.
  private func folder(
    _ members: String,
    head: Float? = nil,
    rename: (String) -> String? = { $0 }
  ) throws -> String {
    let path = scratch.path("m")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data("{\(members)}".utf8).write(to: URL(filePath: "\(path)/config.json"))
    var configuration = ModelConfiguration(
      vocabularySize: 6,
      contextLength: 8,
      width: 4,
      layerCount: 1,
      headCount: 2
    )
    configuration.isTied = true
    var tensors: [OutgoingTensor] = []
    for packed in configuration.packedTensors {
      guard let name = rename(packed.name) else { continue }
      let count = packed.shape.reduce(1, *)
      let values = (0..<count).map { Float($0 % 7) / 8 }
      tensors.append(OutgoingTensor(name: name, shape: packed.shape, values: .floats { values }))
    }
    if let head {
      let values = (0..<24).map { Float($0 % 7) / 8 + head }
      let name = rename("lm_head.weight") ?? "lm_head.weight"
      tensors.append(OutgoingTensor(name: name, shape: [6, 4], values: .floats { values }))
    }
    try SafetensorsWriter.write(tensors, metadata: [:], to: "\(path)/model.safetensors")
    return path
  }

  @Test func aStoredHeadCountsWhereItIsAnotherMatrix() throws {
    let other = try ModelFolder(path: folder(Self.tied, head: 1))
    #expect(!other.configuration.isTied)
    #expect(other.description.notes.contains(.storedHead))
    #expect(try other.parameters()[.model(.unembedding)]?.floats.first == 1)
    let same = try ModelFolder(path: folder(Self.tied, head: 0))
    #expect(same.configuration.isTied && !same.description.notes.contains(.storedHead))
    let untied = try ModelFolder(
      path: folder(Self.tied + #", "tie_word_embeddings": false"#, head: 0)
    )
    #expect(!untied.configuration.isTied)
    #expect(throws: ModelFolderProblem.self) {
      try ModelFolder(path: folder(Self.tied + #", "tie_word_embeddings": false"#))
    }
  }

  @Test func anEmbeddingThatIsStoredAsTheHeadIsFound() throws {
    let path = try folder(Self.tied, head: 0) { $0.hasSuffix("wte.weight") ? nil : $0 }
    let folder = try ModelFolder(path: path)
    #expect(folder.configuration.isTied)
    #expect(try folder.parameters()[.model(.embedding)]?.floats.count == 24)
  }

  @Test(arguments: ["_orig_mod.", "module.", "module._orig_mod."])
  func namesOfWrappersDoNotCount(prefix: String) throws {
    for bare in [false, true] {
      let path = try folder(Self.tied, head: bare ? nil : 1) { name in
        prefix + (bare ? name.replacing("transformer.", with: "") : name)
      }
      let folder = try ModelFolder(path: path)
      #expect(folder.description.notes.contains(.wrapped(prefix)))
      #expect(folder.configuration.isTied == bare)
      #expect(try folder.parameters()[.model(.positions)]?.floats.count == 32)
    }
  }

  @Test func endsComeFromTheFirstFileThatSaysSo() throws {
    let path = try folder(Self.tied + #", "bos_token_id": 0, "eos_token_id": 1"#)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }
    #expect(try ModelFolder(path: path).description.special == SpecialTokens(start: 0, ends: [1]))
    try write("generation_config.json", #"{"eos_token_id": [2, 3], "pad_token_id": 4}"#)
    #expect(
      try ModelFolder(path: path).description.special
        == SpecialTokens(start: 0, ends: [2, 3], padding: 4)
    )
    try write("generation_config.json", "{}")
    try write("config.json", "{\(Self.tied), \"bos_token_id\": null, \"eos_token_id\": null}")
    try write("added_tokens.json", #"{"<end>": 5}"#)
    try write("special_tokens_map.json", #"{"eos_token": {"content": "<end>"}}"#)
    #expect(try ModelFolder(path: path).description.special.ends == [5])
  }

  @Test func whatStandsBesideTheWeightsIsSavedAsItWas() throws {
    let path = try folder(Self.tied)
    let names = ["chat_template.jinja", "generation_config.json", "special_tokens_map.json"]
    for name in names {
      try Data("{ \"of\": \"\(name)\" }\n".utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }
    let opened = try ModelFolder(path: path)
    let copy = scratch.path("copy")
    try ModelFolder.write(opened.description, opened.parameters(), tokenizer: nil, to: copy)
    for name in names {
      let (old, new) = ("\(path)/\(name)", "\(copy)/\(name)")
      #expect(try Data(contentsOf: URL(filePath: old)) == Data(contentsOf: URL(filePath: new)))
    }
    // A model in place of that one takes none of its files over.
    let other = ModelDescription(opened.configuration)
    try ModelFolder.write(other, opened.parameters(), tokenizer: nil, to: copy)
    for name in names { #expect(!FileManager.default.fileExists(atPath: "\(copy)/\(name)")) }
  }

  @Test func whatIsNoModelIsNamed() throws {
    let path = try folder(Self.tied)
    let outer = scratch.path("").replacing(/\/$/, with: "")
    #expect(problem(outer) == .folder(.above(["\(outer)/m"]), file: outer))
    #expect(problem("nobody-here/gpt2")?.hint?.en.contains("hf download") == true)
    try FileManager.default.removeItem(atPath: "\(path)/model.safetensors")
    try Data().write(to: URL(filePath: "\(path)/pytorch_model.bin"))
    #expect(problem(path)?.hint?.en.contains("save_pretrained") == true)
    try Data().write(to: URL(filePath: "\(path)/model-00001-of-00002.safetensors"))
    #expect(problem(path) == .folder(.shardsWithoutIndex(folder: path), file: path))
    try Data("{}".utf8).write(to: URL(filePath: "\(path)/adapter_config.json"))
    #expect(problem(path) == .folder(.adapter(folder: path), file: path))
  }

  private func problem(_ path: String) -> FileProblem? {
    do {
      _ = try ModelFolder(path: path)
      return nil
    } catch { return error as? FileProblem }
  }

  @Test func whatWouldChangeTheTextIsNoted() throws {
    let path = try folder(Self.tied)
    func notes(_ text: String) throws -> [Bilingual] {
      try Data(text.utf8).write(to: URL(filePath: "\(path)/generation_config.json"))
      return try ModelFolder(path: path).description.notes.map(\.text).filter {
        $0.en.hasPrefix("generation_config.json")
      }
    }
    let asked =
      #"{"repetition_penalty": 1.3, "suppress_tokens": [2], "num_beams": 1, "eos_token_id": 3}"#
    let found = try notes(asked)
    let note = try #require(found.first)
    #expect(found.count == 1 && note.en.contains("'repetition_penalty', 'suppress_tokens'"))
    #expect(note.en.contains("--repetition-penalty 1.3") && !note.en.contains("num_beams"))
    #expect(note.it.contains("«repetition_penalty», «suppress_tokens»"))
    #expect(try ModelFolder(path: path).description.special.ends == [3])
    let neutral =
      #"{"repetition_penalty": 1.0, "bad_words_ids": null, "suppress_tokens": [], "#
      + #""no_repeat_ngram_size": 0, "min_length": 0, "guidance_scale": 1, "temperature": 0.6}"#
    #expect(try notes(neutral).isEmpty)
    for key in ["min_new_tokens", "no_repeat_ngram_size", "num_beams", "forced_eos_token_id"] {
      let found = try notes("{\"\(key)\": 3}")
      #expect(found.first?.en.contains("'\(key)'") == true && found.count == 1)
    }
  }

  @Test func aSettingsFileThatIsNoneIsNoted() throws {
    let path = try folder(Self.tied)
    let file = "\(path)/generation_config.json"
    try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
    let note = ConfigNote.unreadCompanion("generation_config.json")
    #expect(try ModelFolder(path: path).description.notes.contains(note))
    try FileManager.default.removeItem(atPath: file)
    try FileManager.default.createSymbolicLink(
      atPath: file,
      withDestinationPath: "generation_config.json"
    )
    #expect(try ModelFolder(path: path).description.notes.contains(note))
  }

  @Test func aCheckpointIsNeverToBeRenamed() throws {
    let path = try folder(Self.tied)
    try FileManager.default.moveItem(
      atPath: "\(path)/model.safetensors",
      toPath: "\(path)/checkpoint.safetensors"
    )
    let found = problem(path)
    #expect(found == .folder(.trainingAlone(folder: path), file: path))
    let hint = try #require(found?.hint)
    #expect(hint.en.contains("passo train --resume --out") && !hint.en.contains("mv "))
  }

  @Test(arguments: ["config.json", "model.safetensors"])
  func linksToNothingAreSaid(name: String) throws {
    let path = try folder(Self.tied)
    let file = "\(path)/\(name)"
    for (target, fault) in [
      ("../blobs/gone", SystemFault.deadFileLink(to: "../blobs/gone")), (name, .linkLoop),
    ] {
      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: target)
      #expect(problem(path) == .system(fault, file: file))
    }
  }

  @Test func theOnlySnapshotOfACacheIsOpened() throws {
    let path = try folder(Self.tied)
    let cache = scratch.path("models--a--b/snapshots")
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: path, toPath: "\(cache)/0a1b")
    #expect(try ModelFolder(path: scratch.path("models--a--b")).configuration.width == 4)
  }
}

/// Settings count by what they do to the numbers.
@Suite struct SettingsByEffectTests {
  private static let llama = """
    "vocab_size": 6, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2,
    "num_attention_heads": 2, "max_position_embeddings": 16
    """

  private func read(_ type: String, _ members: String) throws -> ModelDescription {
    let text =
      "{\(Self.llama), \"model_type\": \"\(type)\"\(members.isEmpty ? "" : ", ")\(members)}"
    return try ModelDescription(bytes: Array(text.utf8), file: "config.json")
  }

  @Test(
    arguments: [
      #""hidden_act": "swish""#, #""rope_scaling": {"type": "linear", "factor": 1.0}"#,
      #""rope_scaling": {"rope_type": "dynamic", "factor": 2}"#, #""rope_theta": 10000"#,
      #""rope_parameters": {"rope_type": "default", "rope_theta": 10000}"#,
      #""rope_scaling": {}"#, #""use_sliding_window": true, "sliding_window": 4"#,
      #""quantization_config": null, "pretraining_tp": 2, "partial_rotary_factor": 1"#,
      #""rope_scaling": {"rope_type": "yarn", "factor": 1.0}"#, #""head_dim": null"#,
      #""rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "#
        + #""high_freq_factor": 4, "original_max_position_embeddings": 8192}"#,
    ]
  )
  func whatChangesNoNumberIsTaken(members: String) throws {
    #expect(try read("llama", members).configuration == read("llama", "").configuration)
  }

  @Test(
    arguments: [
      #""hidden_act": "mish""#, #""rope_scaling": {"type": "linear"}"#,
      #""rope_scaling": {"type": "linear", "factor": 0}"#,
      #""rope_scaling": {"rope_type": "longrope", "short_factor": [1], "long_factor": [1]}"#,
      #""rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "#
        + #""high_freq_factor": 4, "original_max_position_embeddings": 16}"#,
      #""partial_rotary_factor": 0.5"#,
      #""quantization_config": {"quant_method": "gptq", "bits": 4}"#,
    ]
  )
  func whatIsNotComputedIsRefused(members: String) {
    #expect(throws: FileProblem.self) { try read("llama", members) }
  }

  @Test func windowsCountAsInTheirFamily() throws {
    #expect(try read("mistral", "").configuration.contextLength == 16)
    #expect(try read("mistral", #""sliding_window": 16"#).notes == [])
    #expect(try read("mistral", #""sliding_window": 16"#).configuration.window == nil)
    let near = try read("mistral", #""sliding_window": 5"#).configuration
    #expect(near.contextLength == 16 && near.window == AttentionWindow(size: 5))
    #expect(try read("qwen2", #""sliding_window": 5"#).configuration.window == nil)
    let used = #""sliding_window": 5, "use_sliding_window": true"#
    #expect(try read("qwen2", used).configuration.window == nil)
    let late = try read("qwen2", used + #", "max_window_layers": 1"#).configuration
    #expect(late.window == AttentionWindow(size: 5, blocks: [false, true]))
    #expect(late.window(ofBlock: 0) == nil && late.window(ofBlock: 1) == 5)
    #expect(throws: FileProblem.self) { try read("mistral", #""sliding_window": 0"#) }
  }

  @Test func anotherFamilyIsNamedWithThoseThatAreRead() {
    #expect(throws: FileProblem.config(.family("qwen3_moe"), file: "config.json")) {
      try read("qwen3_moe", "")
    }
    let message = ConfigFault.family("qwen3_moe").message.en
    for family in ModelFamily.allCases { #expect(message.contains(family.rawValue)) }
  }

  @Test func idsWithoutTokensAreShownAsIds() throws {
    let tokenizer = IDTokenizer(vocabularySize: 6, reason: Bilingual(same: "a stranger's"))
    #expect(try tokenizer.encode("[1, 2, 5]") == [1, 2, 5])
    #expect(throws: DataProblem.self) { try tokenizer.encode("1 gatto") }
    let words = try WordTokenizer(texts: ["Il gatto dorme"])
    let fitted = FittedTokenizer.fit(words, to: words.vocabularySize - 1)
    #expect(throws: DataProblem.self) { try fitted.encode("Il gatto dorme") }
    #expect(try fitted.encode("Il gatto") == words.encode("Il gatto"))
    var stream = TextStream(words)
    #expect(stream.append(99) == "⟨#99⟩" && stream.unknownCount == 1)
  }
}
