// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoModel
import PassoText

/// Text to ids and back, line by line.
struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "tokenizer",
    abstract: Bilingual(
      it: "Impara un tokenizer da un testo; fa di un testo gli id dei token, e ritorno.",
      en: "Learn a tokenizer from text; turn text into token ids and back."
    ),
    subcommands: [TrainTokenizerCommand.self, Encode.self, Decode.self]
  )

  /// What both directions need.
  struct Options: ParsableArguments {
    @Option(
      help: ArgumentHelp(it: "Il file tokenizer.json.", en: "The tokenizer.json.")
    )
    var tokenizer: String

    @Flag(
      help: ArgumentHelp(
        it: "Un valore JSON per riga, letto e scritto: una stringa per una lista di id, e ritorno.",
        en: "One JSON value a line, in and out: a string for a list of ids, and back."
      )
    )
    var json = false

    /// Answers each line of standard input with a line.
    func answerLines(_ answer: (String, any Tokenizer) throws -> String) throws {
      let tokenizer = try TokenizerFile.read(path: tokenizer)
      let lines = InputLines()
      let output = LineOutput()
      // Whoever asks line by line may wait for the answer before asking on.
      lines.beforeWaiting = output.flush
      defer { output.flush() }
      var number = 0
      while output.failure == nil, let line = lines.next() {
        number += 1
        do {
          output.write(try answer(line, tokenizer))
        } catch let problem as any Problem {
          throw InputLineProblem(problem: problem, number: number)
        }
      }
      output.flush()
      if let failure = output.failure, !failure.isReaderGone { throw failure }
    }
  }

  /// Text to ids.
  struct Encode: SpeakingCommand {
    static let configuration = CommandConfiguration(
      "encode",
      abstract: Bilingual(
        it: "Legge testi, uno per riga; scrive id.",
        en: "Read texts, one a line; write ids."
      ),
      discussion: Bilingual(
        it: """
          Non si applica nessun post-processor: gli id sono quelli di encode(testo, \
          add_special_tokens=False) di Hugging Face tokenizers. Dove il testo contiene un token \
          aggiunto, è quel token.
          """,
        en: """
          No post-processor is applied: the ids are those of encode(text, \
          add_special_tokens=False) of Hugging Face tokenizers. Where a text spells an added token, \
          it is that token.
          """
      )
    )

    @OptionGroup var options: Options

    @OptionGroup var speech: SpeechOptions

    func run() throws {
      try options.answerLines { line, tokenizer in
        let text = options.json ? try TokenList.parseText(line) : line
        return TokenList.json(text.isEmpty ? [] : try tokenizer.encode(text))
      }
    }
  }

  /// Ids to text.
  struct Decode: SpeakingCommand {
    static let configuration = CommandConfiguration(
      "decode",
      abstract: Bilingual(
        it: "Legge liste di id, una per riga; scrive testi.",
        en: "Read lists of ids, one a line; write texts."
      )
    )

    @OptionGroup var options: Options

    @OptionGroup var speech: SpeechOptions

    func run() throws {
      try options.answerLines { line, tokenizer in
        let text = try tokenizer.decode(
          TokenList.parse(line, known: tokenizer.vocabularySize)
        )
        return options.json ? TokenList.json(text) : text
      }
    }
  }
}

/// What is wrong with one of many lines of standard input.
struct InputLineProblem: Problem {
  let problem: any Problem

  /// Which line it is, from 1.
  let number: Int

  var message: Bilingual {
    Bilingual(it: "riga \(number): ", en: "line \(number): ") + problem.message
  }

  var hint: Bilingual? { problem.hint }

  var place: Place? { problem.place }
}
