// SPDX-License-Identifier: MIT
import PassoFiles
import PassoModel
import PassoTestSupport
import Testing

@Suite struct GPT2SettingsTests {
  private static let small = """
    "model_type": "gpt2", "vocab_size": 6, "n_positions": 8, "n_embd": 16, "n_layer": 1, "n_head": 2
    """

  private func read(_ members: String) throws(FileProblem) -> ModelDescription {
    try ModelDescription(GPT2Settings(), bytes: Array("{\(members)}".utf8), file: "config.json")
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
    let gatto = try ModelDescription(path: reference("gatto/config.json"))
    let needed = ModelConfiguration(
      vocabularySize: 6,
      contextLength: 8,
      width: 16,
      layerCount: 1,
      headCount: 2,
      isTied: true
    )
    #expect(gatto.configuration == needed)
    #expect(gatto.special == SpecialTokens(start: 0, ends: [0]))
    #expect(gatto.configuration.mlpWidth == 64)
    #expect(gatto.notes == [])
    let larger = try ModelDescription(path: reference("gpt2-two-layers/config.json")).configuration
    #expect((larger.vocabularySize, larger.contextLength, larger.width) == (50, 16, 32))
    #expect((larger.layerCount, larger.headCount, larger.mlpWidth) == (2, 4, 128))
  }

  @Test func whatIsLeftOutIsAsInGPT2() throws {
    let file = try read(Self.small)
    let config = file.configuration
    #expect(config.mlpWidth == 64 && config.normEpsilon == 1e-5 && config.isTied)
    #expect(file.special.start == nil && file.special.ends == [])
  }

  @Test func whatIsSaidIsKept() throws {
    let more = """
      , "n_inner": 40, "layer_norm_epsilon": 1e-6, "tie_word_embeddings": false, "bos_token_id": 1,
      "eos_token_id": 2, "quantization_config": null, "scale_attn_weights": true, "n_ctx": [{}]
      """
    let file = try read(Self.small + more)
    let config = file.configuration
    #expect(config.mlpWidth == 40 && config.normEpsilon == 1e-6 && !config.isTied)
    #expect(file.special.start == 1 && file.special.ends == [2])
  }

  @Test func dropoutAndForeignTokensAreNoted() throws {
    let file = try read(
      Self.small + #", "attn_pdrop": 0.1, "resid_pdrop": 0.0, "bos_token_id": 50256"#
    )
    #expect(file.special.start == nil)
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
      (
        "activation_function", "gelu_pytorch_tanh|gelu|quick_gelu|relu|relu2|silu", "\"mish\""
      ),
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
    let members = """
      "model_type": "gpt2", "vocab_size": \(vocabulary), "n_positions": \(context),
      "n_embd": \(1 << 22), "n_layer": \(layers), "n_head": 1
      """
    #expect(problem(members) == .config(.tooManyParameters(limit: 1 << 36), file: "config.json"))
  }

  @Test func gpt2ItselfIsAllowed() throws {
    let members = """
      "model_type": "gpt2", "vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12,
      "n_head": 12
      """
    _ = try read(members)
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let small = ModelConfiguration(
      vocabularySize: 6,
      contextLength: 8,
      width: 16,
      layerCount: 1,
      headCount: 2,
      isTied: true
    )
    let odd = ModelConfiguration(
      vocabularySize: 7,
      contextLength: 9,
      width: 12,
      layerCount: 2,
      headCount: 3,
      mlpWidth: 5,
      normEpsilon: 1.25e-7
    )
    let all = [(small, SpecialTokens()), (odd, SpecialTokens(start: 0, ends: [6]))]
    for (configuration, special) in all {
      let description = ModelDescription(configuration, special: special)
      let file = try ModelDescription(
        GPT2Settings(),
        bytes: description.encoded(),
        file: "config.json"
      )
      #expect(file.configuration == configuration && file.special == special)
      #expect(file.notes == [])
    }
  }
}
