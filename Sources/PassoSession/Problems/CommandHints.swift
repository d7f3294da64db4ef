// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoText

// What commands do about problems of the layers below, in both front ends.

extension ExecutionProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .tooLarge, .refused, .unread: nil
    case .unknownName(_, nil):
      Bilingual(it: ":program elenca tutti i nomi", en: ":program lists all names")
    case .unknownName(_, let closest?):
      .didYouMean(closest)
        + Bilingual(it: " :program li elenca tutti", en: " :program lists them all")
    }
  }
}

extension LanguageProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .unknownWord(_, _, nil):
      Bilingual(
        it: "con :corpus gatto-1, :tokens elenca le parole",
        en: "with :corpus gatto-1, :tokens lists the words"
      )
    case .unknownWord, .impossible: nil
    }
  }
}

extension WrittenTokenProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .outside, .unknown(_, nil):
      Bilingual(
        it: "un token si scrive com'è in :tokens, come testo fra virgolette, o con il suo id",
        en: "a token is written as :tokens shows it, as a text in quotation marks, or by its id"
      )
    case .several, .unknown: nil
    }
  }
}

extension DataProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .missingToken:
      Bilingual(
        it: "un modello nuovo, con :model gatto o --preset gatto, ha i token che servono",
        en: "a new model, with :model gatto or --preset gatto, has the tokens that are needed"
      )
    case .noSuchToken(_, _, nil):
      Bilingual(it: ":tokens mostra quelli che ci sono", en: ":tokens shows those that there are")
    case .afterInBlocks:
      Bilingual(
        it: "scrivi i testi con :text, o usa una lingua con :corpus o --corpus",
        en: "type the texts with :text, or use a language with :corpus or --corpus"
      )
    case .longCharacter, .mergeWithoutToken, .addedTokenID, .emptyVocabulary, .emptyToken,
      .duplicateToken, .longToken:
      Bilingual(
        it: "passo tokenizer train e Hugging Face tokenizers scrivono file adatti",
        en: "passo tokenizer train and Hugging Face tokenizers write files that fit"
      )
    case .noWords, .onlySpecialText, .unknownWord, .unknownCharacter, .tooFewForBytes,
      .tooFewTokensForText, .onlySpecials, .unknownID, .onlyIDs, .beyondModel, .vocabularyTooLarge,
      .tooFewTokens, .noSequences, .noSuchToken, .nothingAfter,
      .growingText, .noMemory:
      nil
    }
  }
}

extension UnmaskProblem: HintedProblem {
  package var commandHint: Bilingual? {
    guard case .otherObjective = self else { return nil }
    return Bilingual(
      it: ":objective any-order e :train lo addestrano, o passo train --objective any-order",
      en: ":objective any-order and :train train one, or passo train --objective any-order"
    )
  }
}

extension TokenizerFault: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .unsupported, .otherKind, .expression:
      Bilingual(
        it: "gli id si fanno in Python con tokenizers e si danno con --tokens",
        en: "make the ids in Python with tokenizers and give them with --tokens"
      )
    case .vocabulary(let problem) where problem.wayOn != nil: nil
    case .missing, .wrong, .id, .merge, .mergedToken, .tiktokenLine, .tiktokenTwice, .tiktokenGap,
      .vocabulary:
      Bilingual(
        it: "un tokenizer.json intero lo scrivono passo tokenizer train e, in Python,"
          + " Tokenizer.save di tokenizers",
        en: "a whole tokenizer.json is written by passo tokenizer train and, in Python, by"
          + " Tokenizer.save of tokenizers"
      )
    }
  }
}

extension FolderFault: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .unfinished:
      Bilingual(
        it: "salvalo di nuovo: con replace in :save, con --replace in passo train",
        en: "save it again: with replace in :save, with --replace in passo train"
      )
    case .noTokenizer:
      Bilingual(
        it: "copialo da dove viene il modello; senza, gli id si danno con --tokens",
        en: "copy it from where the model came from; without one, give ids with --tokens"
      )
    case .tokenizerThere(let folder):
      Bilingual(
        it: "--tokenizer \("\(folder)/tokenizer.json".inShell) lo usa, --replace lo sostituisce;"
          + " altrimenti scegli un'altra cartella",
        en: "--tokenizer \("\(folder)/tokenizer.json".inShell) uses it, --replace takes its place;"
          + " else choose another folder"
      )
    case .missing, .hubName, .file, .above, .noConfiguration, .noWeights, .adapter, .gguf, .pickle,
      .shardsWithoutIndex, .original, .otherName, .otherEngine, .trainingAlone, .missingShard,
      .otherProgram:
      nil
    }
  }
}

extension CheckpointFault: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .damaged, .format, .steps:
      Bilingual(
        it: "passo train --model con questa cartella e un --out nuovo ricomincia dai pesi salvati",
        en: "passo train --model with this folder and a new --out begins anew from the saved"
          + " weights"
      )
    case .recipe:
      Bilingual(
        it: "togli il file e ripeti le opzioni accanto a --resume",
        en: "take the file away and give the options again beside --resume"
      )
    }
  }
}

extension EvaluationProblem: HintedProblem {
  package var commandHint: Bilingual? {
    switch self {
    case .vocabularyTooSmall(_, _, let language), .contextTooShort(_, _, let language):
      Bilingual(
        it: ":corpus \(language), o passo train --corpus \(language), comincia un modello adatto",
        en: ":corpus \(language), or passo train --corpus \(language), begins a fitting model"
      )
    case .otherObjective:
      Bilingual(
        it: "la loss sul testo tenuto da parte la dice passo train, mentre impara",
        en: "passo train says its loss on the text kept apart, while it learns"
      )
    }
  }
}

extension LeakWarning {
  /// What is wrong, and what shows where it comes from.
  package var sentence: Bilingual {
    message
      + Bilingual(
        it: "; :leaks nel REPL mostra da dove",
        en: "; :leaks in the REPL shows from where"
      )
  }
}
