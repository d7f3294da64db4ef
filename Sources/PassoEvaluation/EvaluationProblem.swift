// SPDX-License-Identifier: MIT

import PassoData
import PassoModel
import PassoText

/// Why a model cannot be asked about a toy language.
package enum EvaluationProblem: Problem, Equatable {
  /// Fewer tokens than the language has.
  case vocabularyTooSmall(Int, needed: Int, language: String)

  /// Fewer positions than the longest sentence needs.
  case contextTooShort(Int, needed: Int, language: String)

  /// A model that was trained to answer another question than what comes next.
  case otherObjective(String)

  package var message: Bilingual {
    switch self {
    case .otherObjective(let name):
      Bilingual(
        it:
          "questo modello ha imparato un altro obiettivo, \(name)",
        en: "needs a model that predicts the next token, this one has learned the objective"
          + " \(name)"
      )
    case .vocabularyTooSmall(let size, let needed, let language):
      Bilingual(
        it: "il modello deve conoscere i \(needed) token di \(language), ne conosce \(size)",
        en: "the model needs to know the \(needed) tokens of \(language), it knows \(size)"
      )
    case .contextTooShort(let length, let needed, let language):
      Bilingual(
        it: "il modello deve leggere le \(needed) posizioni della frase più lunga di \(language),"
          + " ne legge \(length)",
        en: "the model needs to read the \(needed) positions of the longest sentence of"
          + " \(language), it reads \(length)"
      )
    }
  }

  /// Holds a model against the sizes of a language.
  ///
  /// - Throws: The first that is too small.
  static func check(
    _ model: ModelConfiguration,
    _ language: ToyLanguage,
    length: Int
  ) throws(EvaluationProblem) {
    let tokens = language.tokenizer.vocabularySize
    guard model.vocabularySize >= tokens else {
      throw .vocabularyTooSmall(model.vocabularySize, needed: tokens, language: language.name)
    }
    guard model.contextLength >= length else {
      throw .contextTooShort(model.contextLength, needed: length, language: language.name)
    }
  }
}
