// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoFiles
import PassoModel
import PassoText

/// Text to ids and back, line by line.
struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "tokenizer",
    it: "Impara un tokenizer da un testo; fa di un testo gli id dei token, e ritorno.",
    en: "Learn a tokenizer from text; turn text into token ids and back.",
    subcommands: [TrainTokenizerCommand.self, Encode.self, Decode.self, ChatText.self]
  )

  /// What both directions need.
  struct Options: ParsableArguments {
    @Option(
      it: "Il file tokenizer.json, o una cartella che ha un tokenizer.",
      en: "The tokenizer.json, or a folder that has a tokenizer."
    )
    var tokenizer: String

    @Flag(
      it: "Un valore JSON per riga, letto e scritto: una stringa per una lista di id, e ritorno.",
      en: "One JSON value a line, in and out: a string for a list of ids, and back."
    )
    var json = false

    /// Answers each line of standard input with a line.
    func answerLines(
      in language: Language,
      _ prepared: (any Tokenizer) -> any Tokenizer = { $0 },
      _ answer: (String, any Tokenizer) throws -> String
    ) throws {
      let opened = try TokenizerFile.open(path: tokenizer)
      opened.sayNotes(language)
      let tokenizer = prepared(opened.tokenizer)
      let lines = InputLines()
      let output = LineOutput()
      // A program that asks line by line may wait for the answer before asking on.
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
  struct Encode: LocalizedCommand {
    static let configuration = CommandConfiguration(
      "encode",
      it: "Legge testi, uno per riga; scrive id.",
      en: "Read texts, one a line; write ids.",
      discussion: Bilingual(
        it: """
          Non si applica nessun post-processor: gli id sono quelli di encode(testo, \
          add_special_tokens=False) di Hugging Face tokenizers, senza troncare i testi. Dove il \
          testo contiene un token aggiunto, è quel token; con --special-as-text uno speciale è \
          testo come un altro.
          """,
        en: """
          No post-processor is applied: the ids are those of encode(text, \
          add_special_tokens=False) of Hugging Face tokenizers, without truncation. Where a text \
          spells an added token, it is that token; with --special-as-text a special one is text as \
          any other.
          """
      )
    )

    @OptionGroup var options: Options

    @Flag(
      it: "Legge come testo anche ciò che sarebbe un token speciale.",
      en: "Read what would be a special token as text."
    )
    var specialAsText = false

    @OptionGroup var speech: SpeechOptions

    func run() throws {
      try options.answerLines(in: speech.chosenLanguage) {
        specialAsText ? $0.readingSpecialsAsText : $0
      } _: { line, tokenizer in
        let text = options.json ? try TokenList.parseText(line) : line
        return TokenList.json(text.isEmpty ? [] : try tokenizer.encode(text))
      }
    }
  }

  /// Ids to text.
  struct Decode: LocalizedCommand {
    static let configuration = CommandConfiguration(
      "decode",
      it: "Legge liste di id, una per riga; scrive testi.",
      en: "Read lists of ids, one a line; write texts.",
      discussion: Bilingual(
        it: """
          I token speciali non sono testo e si tolgono, come fa decode di Hugging Face tokenizers; \
          --special li tiene.
          """,
        en: """
          Special tokens are no text and are left out, as decode of Hugging Face tokenizers does; \
          --special keeps them.
          """
      )
    )

    @OptionGroup var options: Options

    @Flag(
      it: "Tiene nel testo i token speciali.",
      en: "Keep special tokens in the text."
    )
    var special = false

    @OptionGroup var speech: SpeechOptions

    func run() throws {
      try options.answerLines(in: speech.chosenLanguage) { line, tokenizer in
        let text = try tokenizer.decode(
          TokenList.parse(line, known: tokenizer.vocabularySize),
          keepingSpecials: special
        )
        return options.json ? TokenList.json(text) : text
      }
    }
  }
}

extension TokenizerCommand {
  /// Messages to the text of the chat template.
  struct ChatText: LocalizedCommand {
    static let configuration = CommandConfiguration(
      "chat",
      it: "Legge chat, una per riga; scrive il testo che ne fa lo schema di chat.",
      en: "Read chats, one a line; write the text that the chat template makes of them.",
      discussion: Bilingual(
        it: """
          Ogni riga è JSON: i messaggi, [{"role": "user", "content": "..."}], o un oggetto con \
          messages e tools. La risposta è una stringa JSON: il testo che apply_chat_template di \
          Hugging Face transformers fa con add_generation_prompt.
          """,
        en: """
          Each line is JSON: the messages, [{"role": "user", "content": "..."}], or an object with \
          messages and tools. The answer is a JSON string: the text that apply_chat_template of \
          Hugging Face transformers makes with add_generation_prompt.
          """
      )
    )

    @Option(
      it: """
        La cartella con lo schema di chat: chat_template.jinja, o chat_template in \
        tokenizer_config.json; i token speciali da tokenizer_config.json e \
        special_tokens_map.json. Né pesi né config.json.
        """,
      en: """
        The folder with the chat template: chat_template.jinja, or chat_template in \
        tokenizer_config.json; special tokens from tokenizer_config.json and \
        special_tokens_map.json. Neither weights nor config.json.
        """
    )
    var model: String

    @OptionGroup var speech: SpeechOptions

    func run() throws {
      let template = try ChatTemplate(folder: model)
      let (lines, output) = (InputLines(), LineOutput())
      lines.beforeWaiting = output.flush
      defer { output.flush() }
      var number = 0
      while output.failure == nil, let line = lines.next() {
        number += 1
        do {
          let chat = try Chat(json: Array(line.utf8), file: "-")
          output.write(JSONText.string(try template.text(of: chat)))
        } catch let problem as any Problem {
          throw InputLineProblem(problem: problem, number: number)
        }
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

  var cause: (any Problem)? { problem }
}
