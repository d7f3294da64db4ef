// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoText
import PassoView

/// Shows what is known of a toy language, and how much of it a model knows.
package struct OracleView {
  private let language: ToyLanguage
  private let oracle: Oracle

  /// Prepares to show a language.
  package init(_ language: ToyLanguage) {
    self.language = language
    oracle = Oracle(language)
  }

  /// The languages there are.
  package static var languages: Figure {
    .table(
      TableFigure(
        columns: [.init(it: "lingua o compito", en: "language or task"), .init()],
        rows: ToyLanguage.all.map { [Bilingual(same: $0.name), $0.summary] }
          + RowTasks.all.map { [Bilingual(same: $0.name), $0.explanation] }
      )
    )
  }

  // MARK: Facts

  /// The floor, what simpler models reach, and how long sentences are.
  ///
  /// - Throws: `Interrupted`: the longest contexts take their time; or `ExecutionProblem.refused`.
  package func facts() throws -> Figure {
    .group(
      title: Bilingual(same: language.name),
      [
        .line(language.summary, .dim), .table(try losses()), .table(sizes), lengths,
      ]
    )
  }

  private func nats(_ value: Double) -> [Bilingual] { [NumberText.fixed(value, 6)] }

  /// Bytes that the longest contexts take: a number for each that there is.
  private static let contextByteCount = 96 << 20

  private func losses() throws -> TableFigure {
    try MemoryRoom.check(Self.contextByteCount)
    let uniform = nats(oracle.uniformLoss)
    var rows: [[Bilingual]] = [
      .row(it: "a caso fra tutti i token", en: "uniform over all tokens", uniform)
    ]
    for order in 1...7 {
      try Interruption.check()
      let (it, en) =
        order == 1
        ? ("con le frequenze delle parole", "by word frequencies")
        : (
          "da \(order - 1) token prima", "from \(order - 1) token\(order == 2 ? "" : "s") before"
        )
      let loss = oracle.loss(ofOrder: order).map { NumberText.fixed($0, 6) } ?? Self.tooMany
      rows.append(.row(it: it, en: en, [loss]))
    }
    rows.append(
      .row(
        it: "da tutta la frase: è il pavimento",
        en: "from the whole sentence: the floor",
        nats(oracle.floor)
      )
    )
    return TableFigure(
      columns: [
        .init(it: "chi prevede", en: "who predicts"),
        .init(it: "loss minima (nat per token)", en: "least loss (nats per token)", .right),
      ],
      rows: rows,
      markedRow: rows.count - 1
    )
  }

  private static let tooMany = Bilingual(it: "troppi contesti", en: "too many contexts")

  /// How many sentences there are; about, where no integer of a computer holds it.
  private var sentenceCount: Bilingual {
    let count = oracle.sentenceCount
    if let whole = Int(exactly: count), count <= 0x1p53 {
      return Bilingual(same: NumberText.count(whole))
    }
    if oracle.longest == nil { return Bilingual(it: "senza limite", en: "without limit") }
    guard count.isFinite else {
      return Bilingual(it: "più di 1e308", en: "more than 1e308")
    }
    return Bilingual(it: "circa ", en: "about ") + NumberText.general(count, digits: 4)
  }

  private var longest: Bilingual {
    oracle.longest.map { Bilingual(same: NumberText.count($0)) }
      ?? Bilingual(it: "senza limite", en: "without limit")
  }

  private var sizes: TableFigure {
    let length = NumberText.general(oracle.expectedLength)
    var rows: [[Bilingual]] = [
      .row(it: "entropia per frase", en: "entropy per sentence", nats(oracle.entropyPerSentence)),
      .row(it: "token per frase, con <end>", en: "tokens per sentence, with <end>", [length]),
      .row(
        it: "frasi diverse",
        en: "different sentences",
        [sentenceCount]
      ),
    ]
    if oracle.isCut {
      rows += [
        .row(it: "la più lunga", en: "the longest", [longest]),
        .row(
          it: "posizioni di una riga, poi è tagliata",
          en: "positions of a row, where it is cut",
          [Bilingual(same: "\(oracle.rowLength)")]
        ),
      ]
    }
    if let example = language.example, let tokens = try? oracle.tokens(of: "\(example) <end>"),
      let surprisals = try? oracle.surprisals(of: tokens)
    {
      let probability = NumberText.general(Double.exponential(-surprisals.reduce(0, +)), digits: 10)
      rows.append([Bilingual(same: "P(\(example))"), probability])
    }
    return TableFigure(columns: [.init(), .init(.right)], rows: rows)
  }

  /// What a person should know whose sentences do not all fit into a row.
  package var cutNote: Bilingual? {
    guard oracle.isCut else { return nil }
    let length = NumberText.count(oracle.rowLength)
    return Bilingual(
      it: "una riga ha posto per \(length) token: le poche frasi più lunghe sono tagliate lì",
      en: "a row has room for \(length) tokens: the few longer sentences are cut there"
    )
  }

  /// Lengths that one screen has room for.
  private static let mostLengths = 20

  private var lengthBars: [BarsFigure.Bar] {
    let all = oracle.lengths.sorted { $0.key < $1.key }
    let shown = all.prefix(Self.mostLengths)
    let bars = shown.map { BarsFigure.Bar(String($0.key), $0.value) }
    guard let last = shown.last?.key, all.count > shown.count || oracle.isCut else { return bars }
    let rest = 1 - shown.reduce(0) { $0 + $1.value }
    return bars + [BarsFigure.Bar("> \(last)", max(0, rest))]
  }

  private var lengths: Figure {
    .bars(
      BarsFigure(
        title: Bilingual(it: "lunghezza delle frasi, con <end>", en: "sentence length, with <end>"),
        bars: lengthBars
      )
    )
  }

  // MARK: The next token

  /// Rows that one screen has room for.
  private static let mostRows = 15

  /// What may follow some words, beside what a model expects.
  ///
  /// - Throws: `LanguageProblem` if the language has no sentence that begins so.
  package func next(after tokens: [TokenID], expected: [Double]?) throws -> Figure {
    let ways = try oracle.distribution(after: tokens)
    let words = tokens.map { language.tokenizer.token(of: $0) ?? "" }.joined(separator: " ")
    let shown = ways.prefix(Self.mostRows)
    return PredictionView.bars(
      title: words.isEmpty
        ? Bilingual(it: "come comincia una frase", en: "how a sentence begins")
        : Bilingual(it: "dopo \(it: words)", en: "after \(en: words)"),
      isCompared: expected != nil,
      shown.map { way in
        let word = language.tokenizer.token(of: way.token) ?? ""
        return (word, way.probability, expected?[Int(way.token)])
      },
      notes: notes(ways, shown: shown.count, expected)
    )
  }

  private func notes(
    _ ways: [(token: TokenID, probability: Double)],
    shown: Int,
    _ expected: [Double]?
  ) -> [Bilingual] {
    guard !ways.isEmpty else {
      return [Bilingual(it: "la frase è finita", en: "the sentence is over")]
    }
    let entropy = ways.reduce(0) { $0 - $1.probability * Double.logarithm($1.probability) }
    var notes = [
      Bilingual(
        it: "entropia \(NumberText.fixed(entropy, 4).it) nat su \(ways.count) possibilità",
        en: "entropy \(NumberText.fixed(entropy, 4).en) nats over \(ways.count)"
          + (ways.count == 1 ? " possibility" : " possibilities")
      )
    ]
    if shown < ways.count {
      notes.append(
        Bilingual(
          it: ways.count - shown == 1 ? "un'altra" : "altre \(ways.count - shown)",
          en: "\(ways.count - shown) more"
        )
      )
    }
    guard let expected else { return notes }
    let divergence = ways.reduce(0) {
      $0 + $1.probability * Double.logarithm($1.probability / expected[Int($1.token)])
    }
    let wasted = 1 - ways.reduce(0) { $0 + expected[Int($1.token)] }
    notes.append(
      Bilingual(
        it: "divergenza del modello \(NumberText.fixed(divergence, 4).it) nat; dà"
          + " \(NumberText.fixed(max(0, wasted), 4).it) a parole impossibili",
        en: "the model diverges by \(NumberText.fixed(divergence, 4).en) nats; it gives"
          + " \(NumberText.fixed(max(0, wasted), 4).en) to impossible words"
      )
    )
    return notes
  }

  // MARK: A model

  /// How well a model knows the language.
  package func evaluation(_ found: LanguageEvaluation) -> Figure {
    let warning = LeakWarning(
      loss: found.loss,
      standardError: found.standardError,
      floor: found.floor
    )
    let alarm = warning.map { [Figure.line($0.sentence, .bad)] } ?? []
    return .group(
      title: Bilingual(
        it: "\(NumberText.count(found.sentences)) frasi di \(language.name) estratte di nuovo",
        en: "\(NumberText.count(found.sentences)) fresh sentences of \(language.name)"
      ),
      [.table(figures(found))] + (found.answers.isEmpty ? [] : [.table(questions(found))]) + alarm
    )
  }

  private func figures(_ found: LanguageEvaluation) -> TableFigure {
    func digits(_ value: Double) -> Bilingual { NumberText.fixed(value, 4) }
    // Not every language has words that agree.
    let agrees = found.verbs.asked > 0
    let loss = digits(found.loss) + Bilingual(same: " ± ") + digits(found.standardError)
    let rows: [[Bilingual]] = [
      [Bilingual(same: "loss"), loss],
      [PerplexityText.name, PerplexityText(ofLoss: found.loss).number],
      .row(it: "pavimento", en: "floor", [digits(found.floor)]),
      .row(
        it: "divergenza media dalla distribuzione vera",
        en: "mean divergence from the truth",
        [digits(found.divergence)]
      ),
    ]
    return TableFigure(
      columns: [.init(), .init()],
      rows: agrees ? rows + agreement(found) : rows,
      notes: agrees ? [Self.agreementNote] : []
    )
  }

  private func agreement(_ found: LanguageEvaluation) -> [[Bilingual]] {
    func score(_ score: LanguageEvaluation.Score) -> Bilingual {
      NumberText.percent(score.share)
        + Bilingual(it: " di \(score.asked)", en: " of \(score.asked)")
    }
    return [
      [Bilingual(it: "verbi concordati", en: "verbs that agree"), score(found.verbs)],
      [
        Bilingual(
          it: "… oltre un nome dell'altro numero",
          en: "... past a noun of the other number"
        ),
        score(found.attractors),
      ],
    ]
  }

  private static var agreementNote: Bilingual {
    let times = NumberText.general(LanguageExaminer.clearly)
    return Bilingual(
      it: "un verbo conta se le forme giuste sono insieme più di \(times.it) volte più"
        + " probabili delle sbagliate",
      en: "a verb counts if the right forms together are more than \(times.en) times as"
        + " probable as the wrong ones"
    )
  }

  private func questions(_ found: LanguageEvaluation) -> TableFigure {
    TableFigure(
      columns: [
        .init(it: "dopo", en: "after"), .init(it: "giuste", en: "right", .right),
        .init(it: "sbagliate", en: "wrong", .right), .init(it: "prova", en: "tests"),
      ],
      rows: found.answers.map { answer in
        let (right, wrong) = (NumberText.fixed(answer.right, 3), NumberText.fixed(answer.wrong, 3))
        return [Bilingual(same: answer.question.prefix), right, wrong, answer.question.tests]
      }
    )
  }
}
