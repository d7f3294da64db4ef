// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoText

// Opening model folders.
extension Session {
  /// Opens a model folder with its own tokens; those of a tokenizer that Passo does not read are
  /// numbers.
  ///
  /// The texts stay if the model knows them: else it gets one that it knows, as `textNote` says.
  ///
  /// What is asked of it, under which mask and with which heads, is what the folder says, if it
  /// does.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - texts: What to learn from instead; the model has to know them.
  ///   - reading: Where texts in files become the model's tokens.
  /// - Throws: `FileProblem`, `ModelFolderProblem`, or what is wrong with the texts given.
  package mutating func load(_ path: String, texts: [String]?, _ reading: TextReading) throws {
    var (next, experiment) = (self, experiment)
    experiment.model = .folder(path)
    experiment.ablatedHeads = []
    // What a person has let the model before look at is not asked of this one.
    experiment.ask(experiment.objective)
    let model = try OpenedModel(experiment.model, needsTokenizer: false)
    guard let tokenizer = model.tokenizer else { return }
    let configuration = model.configuration()
    if let recorded = try LearnedTask(folder: model.path ?? path, of: configuration).recorded {
      experiment.ask(recorded.objective)
      (experiment.mask, experiment.ablatedHeads) = (recorded.mask, recorded.ablatedHeads)
    }
    next.folder = model.description
    (next.presetSuitsData, next.textNote) = (false, nil)
    if let texts { experiment.data = .typed(texts) }
    try next.keepData(&experiment, tokenizer, configuration, reading)
    let parameters = try model.parameters(configuration)
    next.suitOptimizer(&experiment, configuration)
    do {
      if texts == nil { try next.checkKnown(experiment) }
      try next.rebuild(experiment, configuration, parameters)
    } catch let problem as any Problem where texts == nil && Self.isAboutText(problem) {
      try next.takeKnownText(&experiment, configuration)
      // The text in its place need not have the token that the training waited for.
      experiment.objective = experiment.objective.waitingForNothing
      try next.rebuild(experiment, configuration, parameters)
    } catch let problem as ExecutionProblem {
      throw NoRoomForModel(problem: problem, path: path)
    }
    self = next
  }

  /// Makes the folder's tokens of the data, if it knows them; else the first text takes their
  /// place.
  private mutating func keepData(
    _ experiment: inout Experiment,
    _ tokenizer: any Tokenizer,
    _ configuration: ModelConfiguration,
    _ reading: TextReading
  ) throws {
    if opened.fits(tokenizer, experiment) {
      opened = OpenedData(tokenizer, opened.corpus)
      return
    }
    do {
      if opened.corpus != nil {
        opened = try FileScope.own {
          try Self.open(
            experiment,
            given: tokenizer,
            ends: folder?.special.ends ?? [],
            contextLength: configuration.contextLength,
            reading
          )
        }
        return
      }
    } catch LearnedTextProblem.readingStopped {
      throw LearnedTextProblem.readingStopped
    } catch let problem as any Problem {
      textNote =
        Bilingual(
          it: "il modello non conosce i testi di prima: ",
          en: "the model does not know the texts so far: "
        ) + problem.message
    }
    experiment.data = Experiment.first.data
    opened = OpenedData(tokenizer)
  }

  /// Checks that the model knows all of what was typed.
  private func checkKnown(_ experiment: Experiment) throws {
    guard case .typed(let texts) = experiment.data, let unknown = tokenizer.id(of: .unknown) else {
      return
    }
    for text in texts where try tokenizer.encode(text).contains(unknown) {
      throw DataProblem.noSequences
    }
  }

  /// Whether a problem is about the text, so that another text may do.
  private static func isAboutText(_ problem: any Problem) -> Bool {
    switch problem {
    case let problem as DataProblem:
      if case .missingToken = problem { false } else { true }
    case LearnedTextProblem.unfit: true
    default: false
    }
  }

  /// Takes a text that the model knows: the beginning of the one so far, or its first tokens.
  private mutating func takeKnownText(
    _ experiment: inout Experiment,
    _ configuration: ModelConfiguration
  ) throws {
    let contextLength = max(2, configuration.contextLength)
    let knows = tokenizer.vocabularySize <= configuration.vocabularySize
    var typed = ""
    if case .typed(let texts) = experiment.data { typed = texts.first ?? "" }
    let start = knows ? try? tokenizer.beginning(of: typed, most: contextLength) : nil
    guard let text = start ?? tokenizer.sampleText(most: contextLength) else {
      throw DataProblem.noSequences
    }
    experiment.data = .typed([text])
    opened = OpenedData(tokenizer)
    textNote = Bilingual(
      it: "il testo di prima non va con questo modello: ora c'è \(it: text.printable), :text ne"
        + " sceglie un altro",
      en: "the text so far does not suit this model: now it is \(en: text.printable), :text chooses"
        + " another one"
    )
  }
}

/// A model whose training has no room: every value of a step is kept, gradients included.
private struct NoRoomForModel: WordedProblem {
  let problem: ExecutionProblem
  let path: String

  var wording: Wording {
    let quoted = path.contains(where: \.isWhitespace) ? "\"\(path)\"" : path
    let command = "passo generate --model \(quoted) --prompt \"…\""
    return problem.message.hint(
      it: "qui resta ogni valore, coi gradienti; per generare ne basta un quinto, in una shell: "
        + command,
      en: "here every value stays, with gradients; to generate a fifth is enough, in a shell: "
        + command
    )
  }
}

/// Why a model, a folder or a tokenizer is not what a session works with.
package enum ModelChoiceProblem: WordedProblem {
  case unknownModel(String, closest: String?)
  case modelThere(String)
  case otherFilesThere(String)
  case tokenizerOfFolder
  case tokenizerOfLanguage(String)

  package var wording: Wording {
    switch self {
    case .unknownModel(let name, let closest):
      Bilingual(
        it: "nessun modello e nessuna cartella si chiama \(it: name)",
        en: "no model and no folder is called \(en: name)"
      ).hint(closest.map(Bilingual.didYouMean) ?? Self.models)
    case .modelThere(let path):
      Bilingual(it: "in \(it: path) c'è già un modello", en: "\(en: path) already holds a model")
        .hint(
          it: ":save \(path) replace lo sostituisce",
          en: ":save \(path) replace takes its place"
        )
    case .otherFilesThere(let path):
      Bilingual(
        it: "in \(it: path) ci sono file con i nomi di un modello che un modello non sono",
        en: "\(en: path) holds files with a model's names that are no model"
      ).hint(it: "scegli un'altra cartella", en: "choose another folder")
    case .tokenizerOfFolder:
      Bilingual(
        it: "il modello viene da una cartella e ha imparato con i token di quella",
        en: "the model is from a folder and has learned with the tokens of that folder"
      ).hint(
        it: ":model gatto comincia un modello nuovo, con i token che vuoi",
        en: ":model gatto begins a new model, with the tokens that you want"
      )
    case .tokenizerOfLanguage(let name):
      Bilingual(
        it: "la lingua \(name) è fatta di parole: i suoi token sono quelle",
        en: "the language \(name) is made of words: they are its tokens"
      ).hint(
        it: ":text \"…\" torna a un testo tuo",
        en: ":text \"...\" goes back to a text of yours"
      )
    }
  }

  private static var models: Bilingual {
    let names = Preset.all.map(\.name).joined(separator: ", ")
    return Bilingual(
      it: "i modelli sono \(names); una cartella si scrive ./NOME",
      en: "the models are \(names); a folder is written ./NAME"
    )
  }
}
