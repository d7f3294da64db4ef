// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

// Opening model folders.
extension Session {
  /// Opens a model folder with its own tokens; those of a tokenizer that Passo does not read are
  /// numbers.
  ///
  /// The texts stay if the model knows them: else it gets one that it knows, as `textNote` says.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - texts: What to learn from instead; the model has to know them.
  ///   - reading: Where texts in files become the model's tokens.
  /// - Throws: `FileProblem`, `ModelFolderProblem`, or what is wrong with the texts given.
  package mutating func load(_ path: String, texts: [String]?, _ reading: TextReading) throws {
    let folder = try ModelFolder(path: path)
    let description = folder.description
    var next = self
    next.source = .folder(path)
    next.presetSuitsData = false
    next.silenced = []
    next.configuration = description.configuration
    next.folderDescription = description
    next.notes = description.notes.map(\.text)
    next.textNote = nil
    next.hasFolderTokenizer = true
    next.tokenizer = try Self.tokenizer(of: folder)
    if let texts { (next.texts, next.choice.corpus) = (texts, nil) }
    try next.keepData(reading)
    let parameters = try folder.parameters()
    next.suitOptimizer()
    do {
      if texts == nil { try next.checkKnown() }
      try next.rebuild(parameters: parameters)
    } catch let problem as any Problem where texts == nil && Self.isAboutText(problem) {
      try next.takeKnownText()
      try next.rebuild(parameters: parameters)
    } catch let problem as ExecutionProblem {
      throw NoRoomForModel(problem: problem, path: path)
    }
    self = next
  }

  private static func tokenizer(of folder: ModelFolder) throws -> any Tokenizer {
    if let tokenizer = try folder.tokenizerIfReadable(isNeeded: false) { return tokenizer }
    return IDTokenizer(
      vocabularySize: folder.configuration.vocabularySize,
      reason: folder.tokenizerProblem?.sentence ?? Bilingual(same: "")
    )
  }

  /// Makes the folder's tokens of the texts in files, if there are any and it knows them.
  private mutating func keepData(_ reading: TextReading) throws {
    if choice.fits(tokenizer) { return }
    guard choice.textCorpus != nil else {
      choice.corpus = nil
      return
    }
    do {
      try reopenTexts(reading) { _ in }
    } catch SessionProblem.readingStopped {
      throw SessionProblem.readingStopped
    } catch let problem as any Problem {
      choice.corpus = nil
      textNote =
        Bilingual(
          it: "il modello non conosce i testi di prima: ",
          en: "the model does not know the texts so far: "
        ) + problem.message
    }
  }

  /// Checks that the model knows all of what was typed.
  private func checkKnown() throws {
    guard choice.corpus == nil, let unknown = tokenizer.id(of: .unknown) else { return }
    for text in texts where try tokenizer.encode(text).contains(unknown) {
      throw DataProblem.noSequences
    }
  }

  /// Whether a problem is about the text, so that another text may do.
  private static func isAboutText(_ problem: any Problem) -> Bool {
    switch problem {
    case let problem as DataProblem:
      if case .missingToken = problem { false } else { true }
    case SessionProblem.textTooLong, SessionProblem.tooManyTokens, SessionProblem.tokenOutside: true
    default: false
    }
  }

  /// Takes a text that the model knows: the beginning of the one so far, or its first tokens.
  private mutating func takeKnownText() throws {
    let room = max(2, configuration.contextLength)
    let knows = tokenizer.vocabularySize <= configuration.vocabularySize
    let start = knows ? try? tokenizer.beginning(of: texts.first ?? "", most: room) : nil
    guard let text = start ?? tokenizer.sampleText(most: room) else {
      throw DataProblem.noSequences
    }
    choice.corpus = nil
    texts = [text]
    textNote = Bilingual(
      it: "il testo di prima non va con questo modello: ora c'è «\(text.printable)», :text ne"
        + " sceglie un altro",
      en: "the text so far does not suit this model: now it is '\(text.printable)', :text chooses"
        + " another one"
    )
  }
}

/// A model whose training has no room: every value of a step is kept, gradients included.
private struct NoRoomForModel: Problem {
  let problem: ExecutionProblem
  let path: String

  var message: Bilingual { problem.message }

  var hint: Bilingual? {
    let quoted = path.contains(where: \.isWhitespace) ? "\"\(path)\"" : path
    let command = "passo generate --model \(quoted) --prompt \"…\""
    return Bilingual(
      it: "qui resta ogni valore, coi gradienti; per generare ne basta un quinto, in una shell: "
        + command,
      en: "here every value stays, with gradients; to generate a fifth is enough, in a shell: "
        + command
    )
  }
}
