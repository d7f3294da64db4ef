// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let grammar = CommandDescription(
    name: "grammar",
    group: .data,
    arguments: "WORDS | n",
    it: "se una frase appartiene alla lingua, o quante di n frasi del modello",
    en: "whether a sentence belongs to the language, or how many of n that the model makes up",
    details: Bilingual(
      it: "Di una frase giusta dice quanto è probabile e quanto sorprende ogni parola; di una"
        + " sbagliata la prima parola impossibile e che cosa poteva starci. Con un numero è il"
        + " modello che inventa frasi, e la grammatica le corregge.",
      en: "Of a right sentence it says how probable it is and how surprising each word; of a wrong"
        + " one the first impossible word, and what could stand there. With a number it is the"
        + " model that makes up sentences, and the grammar that marks them."
    ),
    examples: [
      ":grammar Il gatto dorme sul divano", ":grammar \"Il gatto delle bambine dormono\"",
      ":corpus gatto-1", ":grammar 32",
    ],
    takesText: true
  )
  .show { session, arguments, context in
    let word = try arguments.first(it: "una frase o un numero", en: "words or a number")
    if arguments.words.count == 1, !word.isQuoted, Int(word.text) != nil {
      return try session.markSentences(try arguments.count(), context)
    }
    let oracle = Oracle(session.experiment.language ?? .gatto1)
    let typed = TypedSentence(arguments, oracle)
    let unknown = typed.unknown?.problem as? LanguageProblem
    context.show(try GrammarView(oracle).answer(typed.tokens, unknown: unknown))
  }
}

extension Session {
  /// Lets the model make up sentences, and says how many belong to the language.
  fileprivate func markSentences(_ count: Int, _ context: CommandContext) throws {
    let examiner = try examiner(for: "grammar")
    context.say(examiner.slowness)
    let line = ProgressLine(context.console)
    let sample = try examiner.generate(
      sentences: count,
      seed: LanguageExaminer.usualSeed,
      unless: context.shouldStop
    ) { done in
      line.show {
        let place = "\(NumberText.count(done))/\(NumberText.count(count))"
        return Bilingual(it: "frasi \(place)  Ctrl-C ferma", en: "sentences \(place)  Ctrl-C stops")
      }
    }
    line.end()
    context.endInterruptedLine()
    guard let sample else { return context.saySearchStopped() }
    context.show(GrammarView(Oracle(examiner.language)).marks(of: sample))
  }
}

/// Words of a language that a person has typed, each with its place in the line.
struct TypedSentence {
  private(set) var tokens: [TokenID] = []

  /// The first word that the language does not have; what follows it was not read.
  private(set) var unknown: Placed?

  private let oracle: Oracle

  private var spans: [Range<Int>] = []
  private let line: String

  init(_ arguments: Arguments, _ oracle: Oracle) {
    line = arguments.line
    self.oracle = oracle
    for piece in arguments.pieces {
      switch ids(of: piece) {
      case .success(let more):
        tokens += more
        spans += more.map { _ in piece.span }
      case .failure(let placed):
        unknown = placed
        return
      }
    }
  }

  /// The ids of a word of the language, or of a token in any way in which one can be written.
  private func ids(of piece: Arguments.Word) -> Result<[TokenID], Placed> {
    let (tokenizer, problem): (WordTokenizer, LanguageProblem)
    do throws(LanguageProblem) {
      return .success(try oracle.tokens(of: piece.text, after: tokens.count))
    } catch {
      (tokenizer, problem) = (oracle.language.tokenizer, error)
    }
    do throws(WrittenTokenProblem) {
      let token = WrittenToken(piece.text, isQuoted: piece.isQuoted)
      return .success([try token.id(tokenizer, known: tokenizer.vocabularySize)])
    } catch {
      // Of a word, that the language does not have it says more.
      if case .outside = error {
        return .failure(Placed(error, source: line, span: piece.span))
      }
      return .failure(Placed(problem, source: line, span: piece.span))
    }
  }

  /// A problem of one of the words, with that word underlined.
  func placing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let problem as LanguageProblem where spans.indices.contains(problem.number - 1) {
      throw Placed(problem, source: line, span: spans[problem.number - 1])
    }
  }
}

extension Arguments {
  /// What stands between white space, inside quotation marks too, and where in the line.
  fileprivate var pieces: [Word] {
    words.flatMap { word -> [Word] in
      let scalars = word.text.unicodeScalars
      // Behind a backslash the places in the line are others.
      let isPlain = word.isQuoted && word.span.count == scalars.count + 2
      let parts = scalars.split(whereSeparator: \.properties.isWhitespace)
      return parts.map { part in
        guard isPlain else {
          return Word(text: String(part), span: word.span, isQuoted: word.isQuoted)
        }
        let before = scalars.distance(from: scalars.startIndex, to: part.startIndex)
        let start = word.span.lowerBound + 1 + before
        return Word(text: String(part), span: start..<start + part.count, isQuoted: true)
      }
    }
  }
}
