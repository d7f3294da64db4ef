// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// Why Passo cannot compute a model.
package enum ConfigFault: FileFault {
  /// A setting that would change the numbers in a way that Passo does not compute.
  case unsupported(key: String, needed: String, found: String)

  /// A size below 1 or above the limit.
  case size(key: String, found: Int, limit: Int)

  /// Heads that do not share the width equally.
  case heads(width: Int, heads: Int)

  /// A size that must be a multiple of another and is not.
  case multiple(key: String, of: String, found: [Int])

  /// A base of rotary positions that is no positive number.
  case ropeBase(Double)

  /// An epsilon that is no small positive number.
  case epsilon(Double)

  /// More numbers than any machine here could hold.
  case tooManyParameters(limit: Int)

  package var message: Bilingual {
    switch self {
    case .unsupported(let key, let needed, let found):
      .quoted(key) + Bilingual(it: " deve essere ", en: " needs to be ") + Self.bare(needed)
        + Bilingual(it: ", trovato ", en: ", got ") + Self.bare(found)
    case .size(let key, let found, let limit):
      .quoted(key)
        + Bilingual(
          it: " deve essere da 1 a \(NumberText.count(limit)), trovato \(found)",
          en: " needs to be from 1 to \(NumberText.count(limit)), got \(found)"
        )
    case .heads(let width, let heads):
      Bilingual(
        it: "«n_embd» deve essere un multiplo di «n_head», trovati \(width) e \(heads)",
        en: "'n_embd' needs to be a multiple of 'n_head', got \(width) and \(heads)"
      )
    case .multiple(let key, let other, let found):
      .quoted(key)
        + Bilingual(
          it: " deve essere un multiplo di \(other), trovati \(found[0]) e \(found[1])",
          en: " needs to be a multiple of \(other), got \(found[0]) and \(found[1])"
        )
    case .ropeBase(let found):
      Bilingual(
        it: "«rope_theta» deve essere positivo, trovato \(NumberText.general(found))",
        en: "'rope_theta' needs to be positive, got \(NumberText.general(found))"
      )
    case .epsilon(let found):
      Bilingual(
        it: "«layer_norm_epsilon» deve essere fra 0 e 1, trovato \(NumberText.general(found))",
        en: "'layer_norm_epsilon' needs to be between 0 and 1, got \(NumberText.general(found))"
      )
    case .tooManyParameters(let limit):
      Bilingual(
        it: "un modello può avere al massimo \(NumberText.count(limit)) parametri, "
          + "trovati di più",
        en: "a model needs to have at most \(NumberText.count(limit)) parameters, got more"
      )
    }
  }

  // JSON's quotes inside ours would only disturb.
  private static func bare(_ json: String) -> Bilingual {
    .quoted(json.filter { $0 != "\"" })
  }
}

/// Something in a configuration that does not change what Passo computes, but is good to know.
package enum ConfigNote: Hashable, Sendable {
  /// A rate of dropout; Passo trains without.
  case dropout(key: String, rate: Double)

  /// A special token that the vocabulary does not have, as when only its size was set.
  case tokenOutside(key: String, id: Int, vocabularySize: Int)

  /// A tokenizer that Passo does not read, so that there are ids only.
  case tokenizer(FileProblem)

  /// What is good to know of the tokenizer.
  case ofTokenizer(TokenizerNote)

  /// The note as a sentence.
  package var text: Bilingual {
    switch self {
    case .dropout(let key, let rate):
      .quoted(key)
        + Bilingual(
          it: " è \(NumberText.general(rate)), ma Passo addestra senza dropout",
          en: " is \(NumberText.general(rate)), but Passo trains without dropout"
        )
    case .tokenizer(let problem):
      Bilingual(
        it: "il tokenizer della cartella non si legge, e i token hanno solo il loro id: ",
        en: "the tokenizer of the folder is not read, and tokens have their ids only: "
      ) + problem.sentence
    case .ofTokenizer(let note): note.text
    case .tokenOutside(let key, let id, let size):
      .quoted(key)
        + Bilingual(
          it: " è \(id), fuori dal vocabolario di \(size) token: resta inutilizzato",
          en: " is \(id), outside the vocabulary of \(size) tokens: it is not used"
        )
    }
  }
}
