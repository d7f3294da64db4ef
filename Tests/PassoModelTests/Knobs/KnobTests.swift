// SPDX-License-Identifier: MIT

import PassoEngine
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// Words become sizes, and sizes that cannot be become one sentence.
struct KnobTests {
  private func preset(_ words: String, of name: String = "new") throws -> Preset {
    var preset = try #require(Preset.named(name))
    let words = words.split(separator: " ").map(String.init)
    for index in stride(from: 0, to: words.count, by: 2) {
      let knob = try #require(Knob.named(words[index]))
      let isTaken = preset.take(words[index + 1], for: knob)
      #expect(isTaken, "\(words[index])")
    }
    return preset
  }

  @Test func aNewModelIsTheFirstPreset() throws {
    #expect(Preset.new.knobs == Preset.all[0].knobs)
    #expect(Preset.new.changes.isEmpty)
  }

  @Test func presetsAreWhatTheyWere() throws {
    let counts = Preset.all.map { $0.configuration(vocabularySize: 7).parameterCount }
    #expect(counts == [3_664, 3_552, 26_432, 13_664, 6_744, 802_432])
    let llama = try #require(Preset.named("gatto-llama")).configuration(vocabularySize: 7)
    #expect((llama.keyHeadCount, llama.headWidth, llama.mlpWidth) == (2, 6, 64))
    #expect(llama.layout == .llama)
  }

  @Test(arguments: Knob.all.map(\.name))
  func whatIsTypedIsWhatIsSaid(name: String) throws {
    let knob = try #require(Knob.named(name))
    let words = knob.values.split(separator: "|").map(String.init).map {
      ["N": "3", "X": "0.25"][$0] ?? $0
    }
    for word in words {
      var knobs = ModelKnobs()
      let isTaken = knob.take(&knobs, word)
      #expect(isTaken && knob.word(knobs) == word)
    }
    for word in ["", "-1", "1e400", "nan", "x", "3.5.5", "99999999999999999999"] {
      var knobs = ModelKnobs()
      let isTaken = knob.take(&knobs, word)
      #expect(!isTaken, "\(word)")
    }
  }

  @Test(arguments: [
    ("width 10 heads 4", "width needs to be a multiple of heads, got 10 and 4"),
    ("heads 4 kv-heads 3", "heads needs to be a multiple of kv-heads, got 4 and 3"),
    (
      "positions rotary width 9 heads 3",
      "rotary positions turn pairs of components: a head needs an even number of them, got 3"
    ),
    (
      "tied on init zero-head",
      "init zero-head needs a head of its own, tied takes the embedding for it"
    ),
  ])
  func whatCannotBeIsSaidWithItsNumbers(words: String, sentence: String) throws {
    let knobs = try preset(words).knobs
    let problem = #expect(throws: KnobProblem.self) { try knobs.check() }
    #expect(problem?.message.en == sentence)
    #expect(problem?.hint != nil)
  }

  @Test func whatWouldFillEveryMachineIsRefusedBeforeAnythingIsMade() throws {
    let knobs = try preset("layers 1000 width 65536 heads 1024").knobs
    #expect(throws: KnobProblem.self) { try knobs.check() }
  }

  @Test func aZeroHeadFindsAllTokensEquallyProbable() throws {
    let knobs = try preset("init zero-head").knobs
    let model = knobs.configuration(vocabularySize: 9)
    let parameters = try model.initialParameters(
      seed: 1,
      standardDeviation: knobs.standardDeviation,
      hasZeroHead: knobs.hasZeroHead
    )
    let head = try #require(parameters[.model(.unembedding)])
    #expect(head.doubles.allSatisfy { $0 == 0 })
    let embedding = try #require(parameters[.model(.embedding)])
    #expect(embedding.doubles.contains { $0 != 0 })
  }

  @Test func whatWasChangedIsInTheFileBesideTheModel() throws {
    let changed = try preset("layers 2 norm none mlp none context 20", of: "gatto-llama")
    #expect(changed.words == "gatto-llama layers 2 mlp none norm none context 20")
    let experiment = Experiment(model: .preset(changed, seed: 5), data: .typed(["a b"]))
    let fields = Dictionary(uniqueKeysWithValues: experiment.fields.map { ($0.name, $0.words) })
    #expect(fields["model-context"] == ["20"])
    #expect(try Experiment(fields: fields) == experiment)
    let wrong = fields.merging(["heads": ["5"]]) { $1 }
    #expect(throws: ExperimentFault.self) { try Experiment(fields: wrong) }
  }

  // MARK: Folders

  @Test(arguments: [
    ("", FolderLayout.gpt2), ("activation relu", .gpt2), ("attention-scale none", .gpt2),
    ("dropout 0.5", .gpt2), ("attention-scale width", .passo), ("biases off", .passo),
    ("mlp none", .passo), ("norm none", .passo), ("norm rms", .passo), ("kv-heads 1", .passo),
    ("positions none", .passo), ("positions sinusoidal", .passo), ("activation swiglu", .passo),
  ])
  func whatOthersHaveAPlaceForIsWrittenForThem(words: String, layout: FolderLayout) throws {
    #expect(try preset(words).configuration(vocabularySize: 5).layout == layout)
  }

  @Test func ofOurOwnModelsTensorsHaveOurNames() throws {
    let model = try preset("norm none mlp none positions none").configuration(vocabularySize: 5)
    #expect(
      model.packedTensors.map(\.name) == [
        "W_E", "blocks.0.attn.W_Q", "blocks.0.attn.b_Q", "blocks.0.attn.W_K", "blocks.0.attn.b_K",
        "blocks.0.attn.W_V", "blocks.0.attn.b_V", "blocks.0.attn.W_O", "blocks.0.attn.b_O", "W_U",
      ]
    )
    let json = String(decoding: ModelDescription(model).encoded(), as: UTF8.self)
    #expect(json.contains(#""model_type": "passo""#))
  }

  @Test(arguments: [
    (#""heads": 2"#, #""heads": 0"#), (#""norm": "none""#, #""norm": "batch""#),
    (#""width": 16"#, #""width": 99999999999"#), (#""mlp": 0"#, #""mlp": -4"#),
    (#""kv_heads": 2"#, #""kv_heads": 3"#), (#""layers": 1"#, #""layers": 99000000"#),
    (#""positions": "none""#, #""positions": "rotary", "rope_theta": -1"#),
    (#""tied": false"#, #""tied": "perhaps""#), (#""vocab_size": 5,"#, ""),
  ])
  func aStrangersConfigurationOfOursIsReadOrRefused(old: String, new: String) throws {
    let model = try preset("norm none mlp none positions none").configuration(vocabularySize: 5)
    let json = String(decoding: ModelDescription(model).encoded(), as: UTF8.self)
    let changed = json.replacing(old, with: new)
    #expect(changed != json)
    #expect(throws: FileProblem.self) {
      try ModelDescription(bytes: Array(changed.utf8), file: "config.json")
    }
  }

  @Test(arguments: ["1", "-0.5", "\"x\""])
  func aRateOfDropoutThatCannotBeIsRefused(rate: String) throws {
    let model = try preset("dropout 0.5").configuration(vocabularySize: 5)
    let json = String(decoding: ModelDescription(model).encoded(), as: UTF8.self)
    let changed = json.replacing(#""passo_dropout": 0.5"#, with: #""passo_dropout": \#(rate)"#)
    #expect(throws: FileProblem.self) {
      try ModelDescription(bytes: Array(changed.utf8), file: "config.json")
    }
  }

  // MARK: Dropout

  @Test func dropoutTurnsOffItsPartAndKeepsTheMean() throws {
    let out = try dropped(seed: 5)
    #expect(abs(Double(out.count { $0 == 0 }) / 40_000 - 0.25) < 0.01)
    #expect(out.allSatisfy { $0 == 0 || $0 == 1 / 0.75 })
    #expect(try dropped(seed: 5) == out)
    #expect(try dropped(seed: 6) != out)
  }

  private func dropped(seed: Int32) throws -> [Double] {
    var builder = ProgramBuilder()
    let shape = Shape((.item, 40_000))
    let x = builder.input("x", shape, .activation)
    let seedID = builder.input("seed", .scalar, .data, element: .integer)
    let y = try builder.record(Dropout(rate: 0.25, stream: 3), x, seedID, name: "y")
    var execution = try Execution(builder.program, precision: .f64)
    try execution.set(x, to: Tensor(shape, Array(repeating: 1.0, count: 40_000)))
    try execution.set(seedID, to: Tensor(.scalar, [seed]))
    try execution.run()
    return try #require(try execution.tensor(y)).doubles
  }
}
