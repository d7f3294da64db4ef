// SPDX-License-Identifier: MIT

/// The families of models that Passo computes, as `model_type` in `config.json` says them.
package enum ModelFamily: String, CaseIterable, Sendable {
  case gpt2
  case llama
  case qwen2
  case mistral
}
