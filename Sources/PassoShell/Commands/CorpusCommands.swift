// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let corpus = CommandDescription(
    name: "corpus",
    group: .data,
    arguments:
      "[NAME|RULES [floor] [take N] | TASK [KNOB VALUE ...] [floor] | FILE ... [field NAME]"
      + " [rows N] [seed N]"
      + " [\(InvalidText.word)]]",
    it: "impara da una lingua o da un compito di cui si conosce tutto, o da testi veri",
    en: "learns from a language or a task of which everything is known, or from real texts",
    details: Bilingual(
      it:
        "Di una lingua: frasi estratte ogni volta di nuovo, una per riga; take N ne estrae N e"
        + " ripete quelle; floor mostra, dalla grammatica, la loss sotto la quale nessun modello"
        + " può scendere e quelle dei modelli più semplici. Una lingua tua è un file di regole, che"
        + " finisce in .grammar: <sentence> = 0.6 <chi> dorme | 0.4 <chi> guarda <chi>, poi su"
        + " un'altra riga <chi> = il gatto | la gatta. Una regola comincia a margine e continua in"
        + " righe rientrate; () è niente, # apre un commento, senza numeri le alternative sono"
        + " ugualmente probabili. Un compito ha righe fatte da una regola: eco, somma, segmenti;"
        + " ciò che se ne può scegliere lo elenca :corpus somma floor, e si scrive :corpus somma 31"
        + " share 0.5; :eval dice quante risposte sono giuste. Di file lunghi quanto si vuole:"
        + " brani"
        + " in ordine casuale, al più un decimo resta da parte per :eval; field NOME prende il"
        + " testo da quel campo di una tabella CSV o di oggetti JSON; replace-invalid legge anche"
        + " un testo che non è UTF-8, con U+FFFD al posto di ogni sequenza sbagliata. Sceglie"
        + " anche un modello che basta e un ottimizzatore adatto: poi :train 800.",
      en: "Of a language: sentences drawn anew every time, one a row; take N draws N and repeats"
        + " those; floor shows, from the grammar, the loss that no model can beat and those of"
        + " simpler models. A language of your own is a file of rules, whose name ends in .grammar:"
        + " <sentence> = 0.6 <who> sleeps | 0.4 <who> sees <who>, then on a line of its own"
        + " <who> = the cat | the dog. A rule begins at the margin and goes on in lines that are"
        + " indented; () is nothing, # begins a remark, without numbers all alternatives are"
        + " equally probable. A task has rows that a rule makes: eco, somma, segmenti; what can be"
        + " chosen of it is listed by :corpus somma floor and typed :corpus somma 31 share 0.5;"
        + " :eval says how many answers are right. Of files of any length: pieces in random order;"
        + " at most a tenth is"
        + " kept apart for"
        + " :eval; field NAME takes the text from that field of a CSV table or of JSON objects;"
        + " replace-invalid also reads a text that is not UTF-8, with U+FFFD in the place of each"
        + " wrong sequence. It also"
        + " chooses a model that is large enough and a fitting optimizer: then :train 800."
    ),
    examples: [
      ":corpus gatto-1 floor", ":corpus gatto-1", ":corpus gatto-1 take 100 rows 8",
      ":corpus somma 31 share 0.5", ":corpus segmenti floor", ":corpus testo.txt rows 4", ":corpus",
    ],
    completion: .path(.file, or: ToyLanguage.names + RowTasks.names, then: nil)
  )
  .change { draft, arguments, context in
    if let word = arguments.words.first {
      let isDone =
        if let task = RowTasks.named(word.text), !word.isQuoted {
          try draft.session.learn(task, arguments, context)
        } else if TextCorpusWords.isFile(word) {
          try draft.session.learnFromFiles(arguments, context)
        } else {
          try draft.session.learn(
            arguments.language(word),
            arguments,
            context
          )
        }
      if isDone { return }
    }
    if case .typed = draft.session.experiment.data {
      return context.show(OracleView.languages)
    }
    context.show(DataView(draft.session).text)
    context.show(ModelView(draft.session).optimizer)
  }

  static let oracle = CommandDescription(
    name: "oracle",
    group: .data,
    arguments: "[WORDS]",
    it: "che cosa può seguire davvero, e che cosa si aspetta il modello",
    en: "what can really follow, and what the model expects",
    details: Bilingual(
      it:
        "La distribuzione vera del token che segue, dalla grammatica, accanto a quella del modello"
        + " se impara da questa lingua, e quanto divergono in quel punto.",
      en:
        "The true distribution of the next token, from the grammar, beside that of the model if it"
        + " learns from this language, and how far they diverge there."
    ),
    examples: [":oracle Il gatto", ":corpus gatto-1", ":oracle \"Il gatto delle bambine\""],
    takesText: true
  )
  .show { session, arguments, context in
    let language = session.experiment.language ?? .gatto1
    let sentence = TypedSentence(arguments, Oracle(language))
    if let unknown = sentence.unknown { throw unknown }
    let (view, tokens) = (OracleView(language), sentence.tokens)
    // An impossible beginning is said before a model is asked about it.
    try sentence.placing { _ = try view.next(after: tokens, expected: nil) }
    var examiner = session.predictsLanguage ? try session.examiner(for: "oracle") : nil
    // A model is asked no further than its rows go.
    let isAsked = tokens.count < Oracle(language).rowLength
    let expected = isAsked ? try examiner?.probabilities(after: tokens) : nil
    context.show(try view.next(after: tokens, expected: expected))
  }

  static let eval = CommandDescription(
    name: "eval",
    group: .learn,
    arguments: "[n]",
    it: "misura il modello su n frasi o righe estratte di nuovo, o sul testo tenuto da parte",
    en: "measures the model on n fresh sentences or rows, or on the text kept apart",
    details: Bilingual(
      it:
        "Di una lingua: la loss accanto al pavimento, la divergenza esatta dalla distribuzione"
        + " vera, i verbi concordati bene, anche oltre un nome dell'altro numero, e cinque domande."
        + " Di un compito: la loss e le risposte giuste, sulle righe da cui impara e sulle altre."
        + " Di un testo vero: la loss sulle righe tenute fuori, da cui il modello non impara.",
      en:
        "Of a language: the loss beside the floor, the exact divergence from the true distribution,"
        + " the verbs that agree, past a noun of the other number too, and five questions. Of a"
        + " task: the loss and the right answers, on the rows it learns from and on others. Of a"
        + " real text: the loss on the part kept apart, which the model never learns from."
    ),
    examples: [":corpus gatto-1", ":eval 64"],
    shows: ["loss"]
  )
  .show { session, arguments, context in
    let count = arguments.words.isEmpty ? LanguageExaminer.usualCount : try arguments.count()
    if let corpus = session.opened.corpus {
      try arguments.expect(atMost: 0)
      guard let (loss, rows) = try session.heldOutLoss(context.say) else {
        throw LearnedTextProblem.nothingKept
      }
      return context.show(CorpusView(corpus).evaluation(loss: loss, rows: rows))
    }
    if let task = session.experiment.task {
      let meter = try TaskMeter(session.model, task)
      context.say(meter.slowness)
      let rows = arguments.words.isEmpty ? TaskMeter.freshRows : count
      let scores = try meter.scores(rows: min(rows, TaskMeter.mostRows))
      context.endInterruptedLine()
      return context.show(TaskView(task).evaluation(scores, try meter.samples(3, of: .test)))
    }
    let examiner = try session.examiner(for: "eval")
    context.say(examiner.slowness)
    let found = try examiner.examine(sentences: count, unless: context.shouldStop)
    context.endInterruptedLine()
    guard let found else { return context.saySearchStopped() }
    context.show(OracleView(examiner.language).evaluation(found))
  }
}

extension Session {
  /// Whether the model learns to predict the next word of a language of which all is known.
  fileprivate var predictsLanguage: Bool {
    experiment.language != nil && experiment.objective.predictsNext
  }

  /// The model as it is now, ready to be asked about the language that it learns from.
  ///
  /// - Parameter command: Who asks.
  /// - Returns: The examiner.
  /// - Throws: `LearnedTextProblem` if there is no such language, or if something else is
  ///   predicted.
  func examiner(for command: String) throws -> LanguageExaminer {
    let experiment = experiment
    guard let language = experiment.language else {
      throw LearnedTextProblem.noCorpus(command: command)
    }
    guard experiment.objective.predictsNext else {
      throw LearnedTextProblem.notCausal(command: command, objective: experiment.objective.name)
    }
    return try LanguageExaminer(model, language)
  }
}

extension Arguments {
  /// A word as the name of a language; a slip may be meant for a task.
  fileprivate func language(_ word: Word) throws -> ToyLanguage {
    if let language = ToyLanguage.named(word.text) { return language }
    let names = ToyLanguage.names + RowTasks.names
    _ = try choice(word, of: names)
    return try choice(word, of: ToyLanguage.all, by: \.name)
  }

  /// A word as a number of rows.
  func rows(_ word: Word, atMost limit: Int) throws -> Int {
    let count = try count(word)
    return try placing(word) {
      guard count <= limit else { throw TooManyRows(count: count, limit: limit) }
      return count
    }
  }
}

/// More rows in a batch than memory is meant for.
struct TooManyRows: WordedProblem, Equatable {
  let count: Int
  let limit: Int

  var wording: Wording {
    Bilingual(
      it: "le righe sono da 1 a \(NumberText.count(limit)), non \(NumberText.count(count))",
      en: "needs from 1 to \(NumberText.count(limit)) rows, got \(NumberText.count(count))"
    ).hint(.example("rows \(limit)"))
  }
}

/// The words after `:corpus NAME`, understood.
private struct CorpusWords {
  private(set) var listed: Int?
  private(set) var batches = Session.Batches()

  init(_ arguments: Arguments) throws {
    let example = ":corpus gatto-1 take 100"
    try arguments.forEachPair(
      in: arguments.words.dropFirst(),
      keys: ["take", "rows", "seed"],
      example: example
    ) { key, value in
      switch key {
      case "take": listed = try arguments.count(value)
      case "rows": batches.rows = try arguments.rows(value, atMost: 4_096)
      default: batches.seed = UInt64(try arguments.count(value))
      }
    }
  }
}

/// The words after `:corpus FILE`, understood.
private struct TextCorpusWords {
  private(set) var files: [Arguments.Word] = []
  private(set) var batches = Session.Batches()

  /// The field of each record that is its text.
  private(set) var field: String?

  /// Whether texts that are not UTF-8 are read all the same.
  private(set) var replacesInvalid = false

  private static let keys = ["field", "rows", "seed"]

  /// Words behind which there are no more files.
  private static let ends = keys + ["take", "floor"]

  /// The files that a line names, before it is known what they hold.
  static func files(_ arguments: Arguments) -> [Arguments.Word] {
    let words = arguments.words.filter { !InvalidText.isAsked(by: $0) }
    return Array(words.prefix { $0.isQuoted || !ends.contains($0.text) })
  }

  init(_ arguments: Arguments) throws {
    let words = arguments.words.filter { !InvalidText.isAsked(by: $0) }
    replacesInvalid = words.count < arguments.words.count
    files = Self.files(arguments)
    try arguments.forEachPair(
      in: words.dropFirst(files.count),
      keys: Self.keys,
      example: ":corpus testo.txt rows 4"
    ) { key, value in
      switch key {
      case "field": field = value.text
      case "rows": batches.rows = try arguments.rows(value, atMost: 512)
      default: batches.seed = UInt64(try arguments.count(value))
      }
    }
  }

  /// Whether a word names a file, not a language: files have a dot or a slash, or are there.
  ///
  /// Who names a language means the language.
  static func isFile(_ word: Arguments.Word) -> Bool {
    if word.isQuoted { return true }
    if ToyLanguage.names.contains(word.text) { return false }
    return word.text == "-" || word.text.contains { "./".contains($0) }
      || TextFile.exists(word.text)
  }
}

extension Session {
  /// Learns from a task, or shows what can be chosen of it.
  ///
  /// - Returns: Whether it was shown, and nothing else is to be done.
  fileprivate mutating func learn(
    _ task: any RowTask.Type,
    _ arguments: Arguments,
    _ context: CommandContext
  ) throws -> Bool {
    let words = try TaskWords(task, arguments)
    if words.showsFloor {
      context.show(TaskView(words.task).facts)
      return true
    }
    try arguments.placing(arguments.words[0]) { try setTask(words.task, words.batches) }
    return false
  }

  /// Learns from a language, or shows how little of it has to be guessed.
  ///
  /// - Returns: Whether it was shown, and nothing else is to be done.
  fileprivate mutating func learn(
    _ language: ToyLanguage,
    _ arguments: Arguments,
    _ context: CommandContext
  ) throws -> Bool {
    if arguments.second?.text == "floor" {
      try arguments.expect(atMost: 2)
      context.show(try OracleView(language).facts())
      return true
    }
    let words = try CorpusWords(arguments)
    guard let name = arguments.words.first else { return true }
    try arguments.placing(name) {
      try setSentences(of: language, listed: words.listed, words.batches)
    }
    if let note = OracleView(language).cutNote { context.say(note) }
    return false
  }

  /// Learns from the rules in a file, or from texts in files.
  ///
  /// - Returns: Whether the floor of a language was shown, and nothing else is to be done.
  fileprivate mutating func learnFromFiles(
    _ arguments: Arguments,
    _ context: CommandContext
  ) throws -> Bool {
    try context.reading(TextCorpusWords.files(arguments).map(\.text)) { files in
      if files.count == 1, files[0] != "-", ToyLanguage.isFile(at: files[0]) {
        return try learn(ToyLanguage(path: files[0]), arguments, context)
      }
      try InvalidText.reading(in: arguments.line) {
        try readTexts(TextCorpusWords(arguments), in: files, context)
      }
      return false
    }
  }

  private mutating func readTexts(
    _ words: TextCorpusWords,
    in files: [String],
    _ context: CommandContext
  ) throws {
    var form = TextSource([])
    (form.field, form.replacesInvalid) = (words.field, words.replacesInvalid)
    var found: (TextSource, notes: [Bilingual])?
    try context.readingTexts { reading in
      found = try reading.inputs(files, form: form, readsInput: false)
    }
    guard let (source, notes) = found else { throw LearnedTextProblem.readingStopped }
    notes.forEach(context.say)
    try context.readingTexts { try setTexts(in: source, words.batches, $0) }
    if let corpus = opened.corpus { CorpusView(corpus).notes.forEach(context.say) }
  }
}
