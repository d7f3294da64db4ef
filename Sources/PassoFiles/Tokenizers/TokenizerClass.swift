// SPDX-License-Identifier: MIT

/// The class with which `transformers` 5 opens the tokenizer of a folder: what the settings say is
/// only half of it, the family of the model is the other.
///
/// Source: https://github.com/huggingface/transformers, `models/auto/tokenization_auto.py`.
enum TokenizerClass {
  /// What opens a `tokenizer.json`, or a model of sentencepiece, as it stands.
  static let plain = "TokenizersBackend"

  /// The name of the class, without the `Fast` of older ones; nil if no file says anything of it.
  static func name(stated: String?, modelType: String?) -> String? {
    let stated = stated.map(known)
    let registered = modelType.flatMap { byModelType[$0] }
    guard let stated else { return registered }
    guard let registered, registered != stated else { return stated }
    if registered == plain { return plain }
    // Their folders are known to name a wrong one.
    return modelType == "qwen2" ? registered : stated
  }

  /// The class of a model's family, whatever the settings say.
  static func name(ofModelType type: String?) -> String? { type.flatMap { byModelType[$0] } }

  private static func known(_ name: String) -> String {
    switch name.replacing("Fast", with: "") {
    case "PreTrainedTokenizer", "PythonBackend", plain: plain
    case "Phi3Tokenizer": "LlamaTokenizer"
    case let name: name
    }
  }

  private static let byModelType: [String: String] = {
    var classes: [String: String] = [:]
    for (name, types) in modelTypes {
      for type in types.split(separator: " ") { classes[String(type)] = name }
    }
    return classes
  }()

  // Those whose folders Passo may meet; the others have no class of their own there.
  private static let modelTypes = [
    ("GPT2Tokenizer", "gpt2 gpt_neo gptj codegen phi starcoder2 opt dbrx jais2 emu3"),
    ("GPTNeoXTokenizer", "gpt_neox mamba mamba2 falcon_mamba mpt olmo olmoe rwkv xlstm"),
    (
      "Qwen2Tokenizer",
      "qwen2 qwen2_moe qwen2_vl qwen2_5_vl qwen2_5_omni qwen2_audio qwen3 qwen3_moe qwen3_next"
        + " qwen3_vl qwen3_vl_moe qwen3_omni_moe colqwen2 internvl ovis2"
    ),
    (
      "GemmaTokenizer",
      "gemma gemma2 gemma3 gemma3_text gemma3n gemma3n_text recurrent_gemma shieldgemma2 t5gemma"
    ),
    ("CodeLlamaTokenizer", "code_llama"), ("LlamaTokenizer", "idefics idefics2"),
    ("T5Tokenizer", "t5 mt5"), ("CohereTokenizer", "cohere cohere2"),
    (
      plain,
      "mistral mixtral phi3 phimoe olmo2 olmo3 granite stablelm modernbert nemotron internlm2"
        + " internlm3 minicpm3 ernie4_5 jamba"
    ),
  ]
}
