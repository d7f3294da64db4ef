// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let generate = CommandDescription(
    name: "generate",
    group: .learn,
    arguments: "[chat] [\"TEXT\"] [n] [temperature X] [top-k N] [top-p X] [seed N]"
      + " [window slide|stop] [alternatives [N]] [--unmask]",
    it: "continua un testo, un token dopo l'altro",
    en: "continues a text, one token after the other",
    details: Bilingual(
      it:
        "Senza opzioni, come con temperature 0, prende ogni volta il token più probabile."
        + " temperature sopra 0 tira a sorte: sotto 1 osa meno, sopra 1 osa di più. Lo stesso"
        + " seed dà lo stesso testo. Si ferma al token di inizio o di fine. Quando il contesto è"
        + " pieno, il modello legge solo gli ultimi"
        + " token che ci stanno: window slide, la finestra scorre; con window stop ci si ferma."
        + " alternatives mostra poi, a ogni token generato, la probabilità e il rango di quello"
        + " scelto, l'entropia e gli N token più probabili; :export FILE.csv li scrive. Il testo è"
        + " lo stesso. chat fa una domanda a un modello la cui cartella ha uno schema di chat"
        + " (chat_template): il testo diventa quello dopo cui ha imparato a rispondere. --unmask,"
        + " con un modello di any-order o masked always, parte da soli <mask>"
        + " e li scopre uno alla volta: il posto più sicuro, o uno a caso se c'è temperature.",
      en: "By itself, as with temperature 0, it takes the most probable token each time. A"
        + " temperature above 0 draws lots: below 1 it dares less, above 1 more. The same seed"
        + " gives the same text. It stops at the start or end token. Once the context is full the"
        + " model reads the last tokens that fit:"
        + " the window slides; with window stop the text ends there. alternatives then shows, at"
        + " each token made, probability and rank of the one that was chosen, the entropy, and the"
        + " N most probable tokens; :export FILE.csv writes them. The text is the same. chat asks a"
        + " question of a model whose folder has a chat template: the text becomes the one after"
        + " which the model has learned to answer. --unmask,"
        + " with a model of any-order or masked always, begins with nothing but <mask> and uncovers"
        + " one place at a time: the surest, or any if there is a temperature."
    ),
    examples: [
      ":generate \"Il gatto\"", ":generate \"Il gatto\" 3 temperature 1 seed 2",
      ":generate \"Il gatto\" window stop", ":generate \"Il gatto\" 5 alternatives",
      ":objective any-order", ":generate --unmask",
    ],
    completion: .words(
      [GenerateWords.unmask, GenerateWords.chat, "alternatives"] + GenerateWords.keys
        + GenerationWindow.allCases.map(\.rawValue)
    )
  )
  .show { session, arguments, context in
    if try session.unmask(arguments, context) { return }
    let words = try GenerateWords(arguments)
    let prompt = try words.prompt.map { word in
      try arguments.placing(word) {
        words.isQuestion
          ? try session.chatTokens(word.text)
          : try session.promptTokens(word.text, isQuoted: word.isQuoted)
      }
    }
    try session.generate(after: prompt ?? session.tokenizer.prompt(""), words, context)
  }
}

/// The words after `:generate`, understood.
struct GenerateWords {
  static let keys = ["temperature", "top-k", "top-p", "seed", "window"]

  /// What makes a question of the text.
  static let chat = "chat"

  /// What asks for a row that is uncovered instead.
  static let unmask = "--unmask"

  private(set) var prompt: Arguments.Word?

  /// Whether the text is a question, for the chat template of the model's folder.
  private(set) var isQuestion = false
  private(set) var count: Int?
  private(set) var settings = SamplingSettings(temperature: 0)
  private(set) var seed: UInt64 = 1
  private(set) var window = GenerationWindow.slide

  /// How many alternatives of each token are shown; nil for none.
  private(set) var alternatives: Int?

  private static let usualAlternatives = 3
  private static let mostAlternatives = 50

  /// The words beside `--unmask`; nil if that is not among them.
  init?(unmasking arguments: Arguments) throws {
    func asks(_ word: Arguments.Word) -> Bool {
      !word.isQuoted && "--" + OptionNames.plain(word.text) == Self.unmask
    }
    guard arguments.words.contains(where: asks) else { return nil }
    try self.init(arguments, arguments.words.filter { !asks($0) })
  }

  init(_ arguments: Arguments) throws { try self.init(arguments, arguments.words) }

  private init(_ arguments: Arguments, _ all: [Arguments.Word]) throws {
    var words = try Self.options(all, arguments, &alternatives)
    if let first = words.first, !first.isQuoted, first.text == Self.chat {
      let example = ":generate chat \"Ciao\""
      guard let question = words.dropFirst().first else {
        throw arguments.missing(it: "una domanda", en: "a question", example: example)
      }
      if Self.isText(question), !question.isQuoted {
        let rest = String(arguments.text(from: question.span.lowerBound))
        let problem = CommandProblem.unquotedText(command: "generate \(Self.chat)", rest)
        throw arguments.placed(problem, question)
      }
      isQuestion = question.isQuoted
      if isQuestion { words.removeFirst() }
    }
    if let first = words.first, first.isQuoted || first.text.hasPrefix("[") {
      prompt = words.popFirst()
    }
    if let word = words.first, word.text.first?.isNumber == true {
      count = try arguments.count(word)
      words.removeFirst()
    }
    if let word = words.first, prompt == nil, count == nil, Self.isText(word) {
      throw arguments.placed(CommandProblem.unquotedText(command: "generate", arguments.rest), word)
    }
    let example = ":generate \"Il gatto\" 3 temperature 1 seed 2"
    try arguments.forEachPair(in: words, keys: Self.keys, example: example) { key, value in
      try set(key, value, arguments)
    }
  }

  /// The words without `alternatives` and the number behind it, which need not be there.
  private static func options(
    _ words: [Arguments.Word],
    _ arguments: Arguments,
    _ alternatives: inout Int?
  ) throws -> ArraySlice<Arguments.Word> {
    let place = words.indices.first { index in
      let (word, name) = (words[index], OptionNames.plain(Arguments.pair(words[index]).name.text))
      return !word.isQuoted && !name.isEmpty && "alternatives".hasPrefix(name)
    }
    guard let place else { return words[...] }
    let next = place + 1 < words.count ? words[place + 1] : nil
    let behind = next?.text.first?.isNumber == true ? next : nil
    let joined = Arguments.pair(words[place]).value
    let count = try (joined ?? behind).map { try arguments.count($0) } ?? usualAlternatives
    alternatives = min(count, mostAlternatives)
    let end = place + (joined == nil && behind != nil ? 2 : 1)
    return words[..<place] + words[end...]
  }

  /// Whether a word is no setting, here or elsewhere: then it is text without quotation marks.
  private static func isText(_ word: Arguments.Word) -> Bool {
    let name = OptionNames.plain(word.text)
    return !word.text.hasPrefix("-") && !word.text.contains("=")
      && !keys.contains { $0.hasPrefix(name) }
      && OptionNames.hint(for: word.text, among: keys) == nil
      && Suggestion.closest(to: word.text, among: keys) == nil
  }

  private mutating func set(
    _ key: String,
    _ value: Arguments.Word,
    _ arguments: Arguments
  ) throws {
    switch key {
    case "temperature": settings.temperature = try arguments.number(value, .fromZero)
    case "top-k": settings.topK = try arguments.count(value)
    case "top-p": settings.topP = try arguments.number(value, .aboveZeroToOne)
    case "window":
      window = try arguments.choice(value, of: GenerationWindow.allCases, by: \.rawValue)
    default: seed = UInt64(try arguments.count(value))
    }
  }
}

extension Session {
  /// The ids that end a text: what the folder of the model says, else the tokenizer's own.
  var ends: [Int] {
    if let ends = folder?.special.ends, !ends.isEmpty { return ends }
    return [SpecialToken.start, .end].compactMap { tokenizer.id(of: $0).map(Int.init) }
  }
}

extension Session {
  /// The ids of a question in the chat template of the model's folder.
  ///
  /// - Throws: A problem if the model is from no folder, or its template is not read.
  fileprivate func chatTokens(_ question: String) throws -> [TokenID] {
    guard case .folder(let path) = experiment.model else {
      throw CommandProblem.chatWithoutFolder
    }
    let folder = FolderContents.modelFolder(at: path)
    return try tokenizer.encode(ChatTemplate(folder: folder).text(of: Chat(question)))
  }

  private static let looksBack = Bilingual(
    it: "chi genera vede solo i token già scritti: qui vale la maschera causale",
    en: "whoever generates sees only the tokens written so far: the causal mask holds here"
  )

  /// Makes text and shows it token by token.
  fileprivate func generate(
    after prompt: [TokenID],
    _ words: GenerateWords,
    _ context: CommandContext
  ) throws {
    let console = context.console
    let generator = try Generator(model)
    context.say(generator.slowness)
    if model.mask != .causal { context.say(Self.looksBack) }
    var stream = TextStream(tokenizer, after: prompt)
    var sampler = Sampler(words.settings, seed: words.seed)
    var read = prompt
    var rows: [ExpectationsView.Row] = []
    let (most, truth) = (words.alternatives, ExpectedPlaces.truth(self))
    if let note = generator.note(onPromptOf: prompt.count, words.window) { console.say(note) }
    console.stream(words.isQuestion ? "" : words.prompt?.text ?? "")
    let end = try generator.generate(
      after: prompt,
      count: words.count ?? 50,
      sampler: &sampler,
      window: words.window,
      ends: ends,
      unless: context.shouldStop,
      chosen: { logits, token in
        guard let most else { return }
        let expectation = Expectation(logits: logits, answer: token, most: most)
        rows.append(.init(place: read.count, expectation, truth: truth(read[...])))
        read.append(token)
      },
      show: { console.stream(stream.append($0)) }
    )
    console.stream("\n")
    if stream.unknownCount > 0 { console.say(stream.remark) }
    if let note = generator.note(on: end) { console.say(note) }
    if let most { showExpectations(rows, most: most, words.settings, context) }
    context.endInterruptedLine()
  }

  private func showExpectations(
    _ rows: [ExpectationsView.Row],
    most: Int,
    _ settings: SamplingSettings,
    _ context: CommandContext
  ) {
    guard !rows.isEmpty else { return }
    let notes = settings.temperature > 0 ? [ExpectationsView.noteOnSampling] : []
    let view = ExpectationsView(rows, most: most, label: label)
    context.show(view.table(ExpectationsView.titleOfGenerated, notes: notes))
    context.say(view.summary)
  }
}
