// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The families of models that Passo computes, as `model_type` in `config.json` says them.
package enum ModelFamily: String, CaseIterable, Sendable {
  case gpt2, llama, qwen2, mistral, qwen3, phi3, smollm3, olmo2, granite, gemma, gemma2
  case gemma3 = "gemma3_text"
  case gptNeo = "gpt_neo"
  case gptNeoX = "gpt_neox"
}

/// Why Passo cannot compute a model.
package enum ConfigFault: FileFault, WordedProblem {
  /// A setting that would change the numbers in a way that Passo does not compute.
  case unsupported(key: String, needed: String, found: String)

  /// A model of a family that is not read.
  case family(String)

  /// Weights that stand for others, by a method that the file may name.
  case quantized(String?)

  /// A size below 1 or above the limit.
  case size(key: String, found: Int, limit: Int)

  /// Heads that do not share the width equally.
  case heads(width: Int, heads: Int)

  /// A size that must be a multiple of another and is not.
  case multiple(key: String, of: String, found: [Int])

  /// A list that needs an entry for each block.
  case entries(key: String, needed: Int, found: Int)

  /// A base of rotary positions that is no positive number.
  case ropeBase(Double)

  /// An epsilon that is no small positive number.
  case epsilon(Double)

  /// More numbers than any machine here could hold.
  case tooManyParameters(limit: Int)

  package var wording: Wording {
    switch self {
    case .unsupported(let key, let needed, let found):
      Bilingual(
        it: "\(it: key) deve essere \(it: Self.bare(needed)), non \(it: Self.bare(found))",
        en: "\(en: key) needs to be \(en: Self.bare(needed)), got \(en: Self.bare(found))"
      ).hint(
        it: "Passo calcolerebbe altri numeri che quelli del modello: prendine un altro",
        en: "Passo would compute other numbers than the model's: take another model"
      )
    case .family(let found):
      Bilingual(
        it: "il modello è della famiglia \(it: found), che Passo non calcola: legge"
          + " \(Self.families("e"))",
        en: "the model is of the family \(en: found), which Passo does not compute: it reads"
          + " \(Self.families("and"))"
      ).hint(
        it: "prendi un modello di una di queste famiglie: «model_type» in config.json dice quale è",
        en: "take a model of one of these families: 'model_type' in config.json says which it is"
      )
    case .quantized(let method):
      Bilingual(
        it: "i pesi sono quantizzati\(Self.aside(method)), Passo legge F32, F16 e BF16",
        en: "the weights are quantized\(Self.aside(method)), Passo reads F32, F16 and BF16"
      ).hint(
        it: "prendi il modello da cui è stato fatto, quello non quantizzato",
        en: "take the model that it was made from, the one that is not quantized"
      )
    case .size(let key, let found, let limit):
      Bilingual(
        it: "\(it: key) deve essere da 1 a \(NumberText.count(limit)), non \(found)",
        en: "\(en: key) needs to be from 1 to \(NumberText.count(limit)), got \(found)"
      ).hint(Self.copyAgain)
    case .heads(let width, let heads):
      Bilingual(
        it: "«n_embd» deve essere un multiplo di «n_head», non \(width) e \(heads)",
        en: "'n_embd' needs to be a multiple of 'n_head', got \(width) and \(heads)"
      ).hint(Self.copyAgain)
    case .multiple(let key, let other, let found):
      Bilingual(
        it: "\(it: key) deve essere un multiplo di \(other), non \(found[0]) e \(found[1])",
        en: "\(en: key) needs to be a multiple of \(other), got \(found[0]) and \(found[1])"
      ).hint(Self.copyAgain)
    case .entries(let key, let needed, let found):
      Bilingual(
        it: "\(it: key) deve avere \(needed) voci, una per blocco, non \(found)",
        en: "\(en: key) needs \(needed) entries, one for each block, got \(found)"
      ).hint(Self.copyAgain)
    case .ropeBase(let found):
      Bilingual(
        it: "«rope_theta» deve essere positivo, non \(NumberText.code(found))",
        en: "'rope_theta' needs to be positive, got \(NumberText.code(found))"
      ).hint(Self.copyAgain)
    case .epsilon(let found):
      Bilingual(
        it: "«layer_norm_epsilon» deve essere fra 0 e 1, non \(NumberText.code(found))",
        en: "'layer_norm_epsilon' needs to be between 0 and 1, got \(NumberText.code(found))"
      ).hint(Self.copyAgain)
    case .tooManyParameters(let limit):
      Bilingual(
        it: "un modello può avere al massimo \(NumberText.count(limit)) parametri, "
          + "non di più",
        en: "a model needs to have at most \(NumberText.count(limit)) parameters, got more"
      ).hint(Self.copyAgain)
    }
  }

  private static let copyAgain = Bilingual(
    it: "copia config.json un'altra volta da dove viene il modello",
    en: "copy config.json again from where the model came from"
  )

  private static func families(_ and: String) -> String {
    let names = ModelFamily.allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " \(and) " + names[names.count - 1]
  }

  // JSON's quotes inside ours would only disturb.
  private static func bare(_ json: String) -> String { json.filter { $0 != "\"" } }

  private static func aside(_ word: String?) -> String {
    word.map { " (\($0.printable.prefix(80)))" } ?? ""
  }
}

/// Something in a configuration that does not change what Passo computes, but is good to know.
package enum ConfigNote: Hashable, Sendable {
  /// A rate of dropout; Passo trains without.
  case dropout(key: String, rate: Double)

  /// A special token that the vocabulary does not have, as when only its size was set.
  case tokenOutside(key: String, id: Int, vocabularySize: Int)

  /// A setting that says something else and changes no number here.
  case noEffect(key: String, found: String)

  /// A file beside the configuration that is no JSON.
  case unreadCompanion(String)

  /// Settings of `generation_config.json` that would change what a text is continued with.
  case unusedGeneration([GenerationSettings.Unused])

  /// A head that is stored, although the configuration takes the embedding for it.
  case storedHead

  /// Names of tensors that all begin with something that a wrapper has put before them.
  case wrapped(String)

  /// A tokenizer that Passo does not read, so that there are ids only.
  case tokenizer(FileProblem)

  /// What is good to know of the tokenizer.
  case ofTokenizer(TokenizerNote)

  /// A template for conversations, which a plain prompt does not use.
  case chatTemplate(file: String)

  /// Weights of 16 bits.
  case stored(StorageType)

  /// Weights of 64 bits.
  case narrowed

  /// A token that `tokenizer_config.json` asks for and `tokenizer.json` does not put there.
  case unusedEdge(key: String)

  /// The note as a sentence.
  package var text: Bilingual {
    switch self {
    case .dropout(let key, let rate):
      Bilingual(
        it: "\(it: key) è \(NumberText.code(rate)), ma Passo addestra senza dropout",
        en: "\(en: key) is \(NumberText.code(rate)), but Passo trains without dropout"
      )
    case .noEffect(let key, let found):
      Bilingual(
        it: "\(it: key) dice \(found): entro il contesto del modello non cambia nessun numero",
        en: "\(en: key) says \(found): within the context of the model it changes no number"
      )
    case .unreadCompanion(let name):
      Bilingual(
        it: "\(name) non si legge: non conta",
        en: "\(name) cannot be read: it does not count"
      )
    case .unusedGeneration(let settings): Self.unused(settings)
    case .storedHead:
      Bilingual(
        it:
          "«tie_word_embeddings» è true, ma lm_head.weight è un'altra matrice: vale quella, come in"
          + " transformers",
        en: "'tie_word_embeddings' is true, but lm_head.weight is another matrix: it is used, as in"
          + " transformers"
      )
    case .wrapped(let prefix):
      Bilingual(
        it: "i nomi dei tensori cominciano tutti con \(it: prefix), che non conta",
        en: "the names of all tensors begin with \(en: prefix), which does not count"
      )
    case .tokenizer(.folder(.noTokenizer, _)):
      Bilingual(
        it: "la cartella non ha un tokenizer: i token hanno solo il loro id",
        en: "the folder has no tokenizer: tokens have their ids only"
      )
    case .tokenizer(let problem):
      Bilingual(
        it: "il tokenizer della cartella non si legge, e i token hanno solo il loro id: ",
        en: "the tokenizer of the folder is not read, and tokens have their ids only: "
      ) + problem.sentence
    case .ofTokenizer(let note): note.text
    case .stored(let type):
      Bilingual(
        it: "i pesi sono in \(type.rawValue): Passo calcola in f32, e ciò che ha imparato lo scrive"
          + " di nuovo in \(type.rawValue), arrotondato",
        en: "the weights are \(type.rawValue): Passo computes in f32, and writes what it has"
          + " learned as \(type.rawValue) again, rounded"
      )
    case .narrowed:
      Bilingual(
        it: "alcuni pesi sono in F64: Passo scrive in F32 ciò che ha imparato",
        en: "some weights are F64: Passo writes what it has learned as F32"
      )
    case .chatTemplate(let file):
      Bilingual(
        it:
          "la cartella ha uno schema di chat (\(file)): serve per fare domande (chat); un"
          + " prompt va al modello così com'è",
        en:
          "the folder has a chat template (\(file)): it is for questions (chat); a prompt goes to"
          + " the model as it is"
      )
    case .unusedEdge(let key):
      Bilingual(
        it: "tokenizer_config.json dice \(it: key), ma tokenizer.json non mette quel token: vale"
          + " tokenizer.json, come in transformers",
        en: "tokenizer_config.json says \(en: key), but tokenizer.json does not put that token"
          + " there: tokenizer.json counts, as in transformers"
      )
    case .tokenOutside(let key, let id, let size):
      Bilingual(
        it: "\(it: key) è \(id), fuori dal vocabolario di \(size) token: resta inutilizzato",
        en: "\(en: key) is \(id), outside the vocabulary of \(size) tokens: it is not used"
      )
    }
  }

  private static func unused(_ settings: [GenerationSettings.Unused]) -> Bilingual {
    let (shown, rest) = (settings.prefix(4), settings.count > 4 ? ", …" : "")
    let options = settings.compactMap(\.option).joined(separator: " ")
    let note = Bilingual(
      it: "generation_config.json dice "
        + shown.map { "\(it: $0.key)" }.joined(separator: ", ") + rest
        + ": con questo transformers continua un testo in un altro modo; Passo non ne tiene conto",
      en: "generation_config.json says "
        + shown.map { "\(en: $0.key)" }.joined(separator: ", ") + rest
        + ": by it transformers continues a text in another way; Passo does not look at it"
    )
    guard !options.isEmpty else { return note }
    return note
      + Bilingual(
        it: " (con passo generate c'è \(options))",
        en: " (passo generate has \(options))"
      )
  }
}
