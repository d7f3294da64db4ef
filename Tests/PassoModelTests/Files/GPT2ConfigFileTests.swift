// SPDX-License-Identifier: MIT
import PassoFiles
import PassoModel
import PassoTestSupport
import Testing

@Suite struct GPT2ConfigFileTests {
  private static let small = """
    "model_type": "gpt2", "vocab_size": 6, "n_positions": 8, "n_embd": 16, "n_layer": 1, "n_head": 2
    """

  private func read(_ members: String) throws(FileProblem) -> GPT2ConfigFile {
    try GPT2ConfigFile(bytes: Array("{\(members)}".utf8), file: "config.json")
  }

  private func problem(_ members: String) -> FileProblem? {
    do throws(FileProblem) {
      _ = try read(members)
      return nil
    } catch {
      return error
    }
  }

  @Test func readsTheReferenceModels() throws {
    let gatto = try GPT2ConfigFile(path: reference("gatto/config.json"))
    let needed = GPT2Config(
      vocabularySize: 6,
      contextLength: 8,
      modelWidth: 16,
      layerCount: 1,
      headCount: 2,
      startToken: 0,
      endTokens: [0]
    )
    #expect(gatto.config == needed)
    #expect(gatto.config.mlpWidth == 64)
    #expect(gatto.notes == [])
    let larger = try GPT2ConfigFile(path: reference("gpt2-two-layers/config.json")).config
    #expect((larger.vocabularySize, larger.contextLength, larger.modelWidth) == (50, 16, 32))
    #expect((larger.layerCount, larger.headCount, larger.mlpWidth) == (2, 4, 128))
  }

  @Test func whatIsLeftOutIsAsInGPT2() throws {
    let config = try read(Self.small).config
    #expect(config.mlpWidth == 64 && config.normEpsilon == 1e-5 && config.tiedHead)
    #expect(config.startToken == nil && config.endTokens == [])
  }

  @Test func whatIsSaidIsKept() throws {
    let more = """
      , "n_inner": 40, "layer_norm_epsilon": 1e-6, "tie_word_embeddings": false, "bos_token_id": 1,
      "eos_token_id": 2, "quantization_config": null, "scale_attn_weights": true, "n_ctx": [{}]
      """
    let config = try read(Self.small + more).config
    #expect(config.mlpWidth == 40 && config.normEpsilon == 1e-6 && !config.tiedHead)
    #expect(config.startToken == 1 && config.endTokens == [2])
  }

  @Test func dropoutAndForeignTokensAreNoted() throws {
    let file = try read(
      Self.small + #", "attn_pdrop": 0.1, "resid_pdrop": 0.0, "bos_token_id": 50256"#
    )
    #expect(file.config.startToken == nil)
    #expect(
      file.notes == [
        .dropout(key: "attn_pdrop", rate: 0.1),
        .tokenOutside(key: "bos_token_id", id: 50_256, vocabularySize: 6),
      ]
    )
    #expect(file.notes[0].text.it == "«attn_pdrop» è 0.1, ma Passo addestra senza dropout")
    #expect(file.notes[0].text.en == "'attn_pdrop' is 0.1, but Passo trains without dropout")
    #expect(
      file.notes[1].text.it
        == "«bos_token_id» è 50256, fuori dal vocabolario di 6 token: resta inutilizzato"
    )
    #expect(
      file.notes[1].text.en
        == "'bos_token_id' is 50256, outside the vocabulary of 6 tokens: it is not used"
    )
  }

  @Test(
    arguments: [
      ("activation_function", "gelu_new", "\"relu\""), ("scale_attn_weights", "true", "false"),
      ("scale_attn_by_inverse_layer_idx", "false", "true"),
      ("add_cross_attention", "false", "true"), ("is_encoder_decoder", "false", "true"),
    ]
  )
  func whatWouldChangeTheNumbersIsRefused(key: String, needed: String, found: String) {
    let layers = Self.small.replacing("\"n_layer\": 1", with: "\"n_layer\": 2")
    #expect(
      problem(layers + #", "\#(key)": \#(found)"#)
        == .config(.unsupported(key: key, needed: needed, found: found), file: "config.json")
    )
  }

  @Test func anotherFamilyIsNamedBeforeAnythingElse() {
    let llama = #""hidden_act": "silu", "activation_function": 3, "model_type": "llama""#
    #expect(
      problem(llama) == .config(.family("llama"), file: "config.json")
    )
  }

  @Test(arguments: ["model_type", "vocab_size", "n_positions", "n_embd", "n_layer", "n_head"])
  func whatIsMissingIsNamed(key: String) {
    let without = Self.small.replacing("\"\(key)\"", with: "\"other\"")
    #expect(problem(without) == .json(.missing(path: key), file: "config.json"))
  }

  @Test(
    arguments: [
      ("vocab_size", 6, 0), ("n_positions", 8, -1), ("n_embd", 16, 1 << 62),
      ("n_layer", 1, (1 << 24) + 1), ("n_head", 2, Int.min),
    ]
  )
  func sizesHaveLimits(key: String, old: Int, new: Int) {
    let members = Self.small.replacing("\"\(key)\": \(old)", with: "\"\(key)\": \(new)")
    #expect(
      problem(members)
        == .config(.size(key: key, found: new, limit: 1 << 24), file: "config.json")
    )
  }

  @Test func headsShareTheWidth() {
    let members = Self.small.replacing("\"n_head\": 2", with: "\"n_head\": 3")
    #expect(problem(members) == .config(.heads(width: 16, heads: 3), file: "config.json"))
  }

  @Test(arguments: ["0", "1", "-1e-5"])
  func epsilonIsSmallAndPositive(epsilon: String) throws {
    let found = try #require(Double(epsilon))
    #expect(
      problem(Self.small + ", \"layer_norm_epsilon\": \(epsilon)")
        == .config(.epsilon(found), file: "config.json")
    )
  }

  @Test(
    arguments: [(1 << 24, 1, 1), (6, 1 << 24, 1), (6, 1, 1 << 24), (1 << 24, 1 << 24, 1 << 24)]
  )
  func modelsThatNoMachineHoldsAreRefused(vocabulary: Int, layers: Int, context: Int) {
    let config = GPT2Config(
      vocabularySize: vocabulary,
      contextLength: context,
      modelWidth: 1 << 22,
      layerCount: layers,
      headCount: 1
    )
    #expect(throws: ConfigFault.tooManyParameters(limit: 1 << 36)) { try config.validate() }
  }

  @Test func gpt2ItselfIsAllowed() throws {
    let config = GPT2Config(
      vocabularySize: 50_257,
      contextLength: 1_024,
      modelWidth: 768,
      layerCount: 12,
      headCount: 12
    )
    try config.validate()
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let configs = [
      GPT2Config(vocabularySize: 6, contextLength: 8, modelWidth: 16, layerCount: 1, headCount: 2),
      GPT2Config(
        vocabularySize: 7,
        contextLength: 9,
        modelWidth: 12,
        layerCount: 2,
        headCount: 3,
        mlpWidth: 5,
        normEpsilon: 1.25e-7,
        tiedHead: false,
        startToken: 0,
        endTokens: [6]
      ),
    ]
    for config in configs {
      let special = SpecialTokens(start: config.startToken, ends: config.endTokens)
      let description = ModelDescription(ModelConfiguration(config), special: special)
      let file = try GPT2ConfigFile(bytes: description.encoded(), file: "config.json")
      #expect(file.config == config)
      #expect(file.notes == [])
    }
  }
}
