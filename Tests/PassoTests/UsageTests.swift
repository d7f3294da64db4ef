// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import passo

/// Wrong usage, as a person sees it in either language: one sentence, one hint, status 2.
struct UsageTests {
  private static let train = ["train", "--steps", "1", "--out", "x"]
  private static let names = """
    01-labels, 02-tokens, 03-shift, 04-embeddings, 05-head, \
    06-mask, 07-block, 08-loss, 09-backward, 10-optimizer, \
    11-floor, 12-generation, 13-memorizing, 14-inside, 15-objectives, \
    16-bigger, 17-circuits, 18-questions
    """

  private static let lessons = (
    it: "le lezioni sono \(names)",
    en: "the lessons are \(names)"
  )

  struct Mistake: Sendable, CustomTestStringConvertible {
    let words: [String]
    let it: String
    let en: String
    var testDescription: String { words.joined(separator: " ") }

    /// The words, and in each language the sentence and the hint.
    init(_ words: [String], it: (String, String), en: (String, String)) {
      self.words = words
      self.it = "errore: \(it.0)\nsuggerimento: \(it.1)\n"
      self.en = "error: \(en.0)\nhint: \(en.1)\n"
    }
  }

  private func check(_ mistake: Mistake) throws {
    for (environment, expected) in [("it_IT.UTF-8", mistake.it), ("C", mistake.en)] {
      let reply = try PassoProgram.run(mistake.words, environment: ["LANG": environment])
      #expect(reply.errors == expected)
      #expect(reply.status == 2)
      #expect(reply.output.isEmpty)
    }
  }

  @Test(arguments: [
    Mistake(
      ["leson", "1"],
      it: ("il comando «leson» non esiste", "forse «passo lesson»?"),
      en: ("there is no command 'leson'", "did you mean 'passo lesson'?")
    ),
    Mistake(
      ["qwertyuiop", "--steps", "3"],
      it: ("il comando «qwertyuiop» non esiste", "passo --help elenca i comandi"),
      en: ("there is no command 'qwertyuiop'", "passo --help lists the commands")
    ),
    Mistake(
      ["help", "tokenizer", "encod"],
      it: ("il comando «passo tokenizer encod» non esiste", "forse «passo tokenizer encode»?"),
      en: ("there is no command 'passo tokenizer encod'", "did you mean 'passo tokenizer encode'?")
    ),
    Mistake(
      ["--nonsense"],
      it: ("passo non ha l'opzione «--nonsense»", "passo --help elenca i comandi"),
      en: ("passo has no option '--nonsense'", "passo --help lists the commands")
    ),
    Mistake(
      ["-x"],
      it: ("passo non ha l'opzione «-x»", "passo --help elenca i comandi"),
      en: ("passo has no option '-x'", "passo --help lists the commands")
    ),
    Mistake(
      ["--lang", "fr"],
      it: ("--lang vuole it o en, non «fr»", "--lang it parla italiano, --lang en inglese"),
      en: ("--lang needs it or en, got 'fr'", "--lang it speaks Italian, --lang en English")
    ),
    Mistake(
      ["lesson", "1", "--lang"],
      it: (
        "per --lang manca un valore",
        "--lang <lang>: La lingua: it o en; quella dell'ambiente (LANG) se non si dice"
      ),
      en: (
        "--lang needs a value, got none",
        "--lang <lang>: The language: it or en; that of the environment (LANG) if not given"
      )
    ),
  ])
  func commandsAndLanguages(mistake: Mistake) throws { try check(mistake) }

  @Test(arguments: [
    Mistake(
      ["train", "--stpes", "3", "--out", "x"],
      it: ("passo train non ha l'opzione «--stpes»", "forse «--steps»?"),
      en: ("passo train has no option '--stpes'", "did you mean '--steps'?")
    ),
    Mistake(
      train + ["--presett", "gatto", "--corpus", "gatto-1"],
      it: ("passo train non ha l'opzione «--presett»", "forse «--preset»?"),
      en: ("passo train has no option '--presett'", "did you mean '--preset'?")
    ),
    Mistake(
      train + ["--corpus", "gatto-1", "--foo"],
      it: ("passo train non ha l'opzione «--foo»", "passo train --help elenca le opzioni"),
      en: ("passo train has no option '--foo'", "passo train --help lists the options")
    ),
    Mistake(
      ["train", "--out", "x"],
      it: (
        "a passo train manca --steps <steps>",
        "--steps <steps>: Il numero dell'ultimo passo"
      ),
      en: (
        "passo train needs --steps <steps>, got none",
        "--steps <steps>: The number of the last step"
      )
    ),
    Mistake(
      ["lesson"],
      it: ("a passo lesson manca <nome>", lessons.it),
      en: ("passo lesson needs <name>, got none", lessons.en)
    ),
    Mistake(
      ["train", "--steps"],
      it: (
        "per --steps manca un valore", "--steps <steps>: Il numero dell'ultimo passo"
      ),
      en: ("--steps needs a value, got none", "--steps <steps>: The number of the last step")
    ),
    Mistake(
      ["evaluate", "--text", "--model", "x"],
      it: (
        "--text vuole un valore, non «--model»",
        "--text <text>: File di testo di qualsiasi dimensione"
      ),
      en: ("--text needs a value, got '--model'", "--text <text>: Text files of any size")
    ),
    Mistake(
      ["lesson", "1", "--plain=3"],
      it: (
        "--plain non vuole nessun valore: «3» è di troppo", "passo lesson --help elenca le opzioni"
      ),
      en: ("--plain needs no value, got '3'", "passo lesson --help lists the options")
    ),
    Mistake(
      ["generate", "--model", "x", "--max-new-tokens", "3", "--prompt", "Il", "gatto"],
      it: (
        "passo generate non sa che fare di «gatto»",
        "un testo di più parole va fra virgolette"
      ),
      en: (
        "passo generate has no use for 'gatto'",
        "a text of several words needs quotation marks"
      )
    ),
    Mistake(
      ["replay", "a", "b", "c"],
      it: (
        "passo replay non sa che fare di «b», «c»",
        "un testo di più parole va fra virgolette"
      ),
      en: (
        "passo replay has no use for 'b', 'c'",
        "a text of several words needs quotation marks"
      )
    ),
    Mistake(
      ["--generate-completion-script", "foo"],
      it: (
        "--generate-completion-script vuole zsh, bash o fish, non «foo»",
        "per esempio --generate-completion-script bash"
      ),
      en: (
        "--generate-completion-script needs one of zsh, bash, fish, got 'foo'",
        "for example --generate-completion-script bash"
      )
    ),
  ])
  func optionsAndArguments(mistake: Mistake) throws { try check(mistake) }

  @Test(arguments: [
    Mistake(
      ["train", "--steps", "-3"],
      it: (
        "--steps vuole un numero intero da 1 in su, non «-3»",
        "--steps <steps>: Il numero dell'ultimo passo"
      ),
      en: (
        "--steps needs a whole number from 1 up, got '-3'",
        "--steps <steps>: The number of the last step"
      )
    ),
    Mistake(
      ["train", "--lr", "-1"],
      it: (
        "--lr vuole un numero positivo, non «-1»",
        "--lr <lr>: Il learning rate, al suo massimo; 0.001 se non si dice, 0.003 con --corpus"
      ),
      en: (
        "--lr needs a positive number, got '-1'",
        "--lr <lr>: The learning rate, at its peak; 0.001 if not given, 0.003 with --corpus"
      )
    ),
    Mistake(
      ["train", "--lr", "0,1"],
      it: ("--lr vuole un numero positivo, non «0,1»", "i decimali vogliono il punto: 0.1"),
      en: ("--lr needs a positive number, got '0,1'", "decimals need a point: 0.1")
    ),
    Mistake(
      ["train", "--ablate", "x"],
      it: (
        "--ablate vuole blocco.testa, due numeri da 0 in su, non «x»",
        "--ablate 0.1 spegne la testa 1 del blocco 0"
      ),
      en: (
        "--ablate needs block.head, two numbers from 0 up, got 'x'",
        "--ablate 0.1 switches off head 1 of block 0"
      )
    ),
    Mistake(
      ["train", "--schedule", "cosin"],
      it: (
        "--schedule vuole constant, cosine, linear o trapezoid, non «cosin»",
        "forse «cosine»?"
      ),
      en: (
        "--schedule needs one of constant, cosine, linear, trapezoid, got 'cosin'",
        "did you mean 'cosine'?"
      )
    ),
    Mistake(
      ["train", "--objective", "causl"],
      it: (
        "--objective vuole causal, ahead, masked, prefix, span, middle, any-order o replaced, non"
          + " «causl»", "forse «causal»?"
      ),
      en: (
        "--objective needs one of causal, ahead, masked, prefix, span, middle, any-order, replaced,"
          + " got 'causl'",
        "did you mean 'causal'?"
      )
    ),
    Mistake(
      ["evaluate", "--precision", "f16"],
      it: (
        "--precision vuole f32 o f64, non «f16»",
        "--precision <precision>: f32 o f64; se non si dice, f64 per i modelli da lezione, "
          + "altrimenti f32"
      ),
      en: (
        "--precision needs one of f32, f64, got 'f16'",
        "--precision <precision>: f32 or f64; without it f64 for models of lesson size, else f32"
      )
    ),
  ])
  func values(mistake: Mistake) throws { try check(mistake) }

  @Test(arguments: [
    (
      ["generate", "--temperature", "-1"], "--temperature vuole un numero da 0 in su, non «-1»"
    ),
    (["generate", "--top-p", "2"], "--top-p vuole un numero sopra 0 e fino a 1, non «2»"),
    (["train", "--beta1", "1"], "--beta1 vuole un numero da 0 in su e sotto 1, non «1»"),
    (["train", "--lr", "nan"], "--lr vuole un numero positivo, non «nan»"),
    (["evaluate", "--top", "x"], "--top vuole un numero intero da 0 in su, non «x»"),
    (["train", "--ablate", "-1.0"], "--ablate vuole un valore, non «-1.0»"),
    (
      ["train", "--steps", "99999999999999999999"],
      "--steps vuole un numero intero da 1 a 1000000000, non «99999999999999999999»"
    ),
    (
      ["bench", "--generate-text", "5000"],
      "--generate-text vuole un numero intero da 1 a 4096, non «5000»"
    ),
  ])
  func numbersSayWhichOnes(words: [String], sentence: String) throws {
    let reply = try PassoProgram.run(words)
    #expect(reply.errors.hasPrefix("errore: \(sentence)\nsuggerimento: "))
    #expect(reply.status == 2)
  }
}

// MARK: - What options mean together

extension UsageTests {
  @Test(arguments: [
    Mistake(
      train + ["--model", "a", "--preset", "gatto", "--text", "b"],
      it: (
        "passo train vuole --model o --preset, non tutte e due",
        "--preset gatto comincia un modello nuovo, --model ne continua uno"
      ),
      en: (
        "passo train needs --model or --preset, got both",
        "--preset gatto begins a new model, --model goes on with one"
      )
    ),
    Mistake(
      train + ["--preset", "gatto"],
      it: (
        "passo train vuole una sola opzione fra --text, --corpus e --tokens, non c'è nessuna "
          + "delle tre",
        "per esempio --corpus gatto-1, o --text FILE"
      ),
      en: (
        "passo train needs one of --text, --corpus and --tokens, got none",
        "for example --corpus gatto-1, or --text FILE"
      )
    ),
    Mistake(
      train + ["--corpus", "gatto-1", "--context", "8"],
      it: (
        "--context va con --text, non --corpus, che ha per righe le sue frasi",
        "passo train --help elenca le opzioni"
      ),
      en: (
        "--context is for --text, got --corpus, whose rows are its sentences",
        "passo train --help lists the options"
      )
    ),
    Mistake(
      train + ["--corpus", "gatto-1", "--lr", "0.1", "--min-lr", "0.5"],
      it: (
        "--min-lr vuole un numero fino a --lr, 0.1, non «0.5»",
        "passo train --help elenca le opzioni"
      ),
      en: (
        "--min-lr needs a number up to --lr, 0.1, got '0.5'",
        "passo train --help lists the options"
      )
    ),
    Mistake(
      ["generate", "--model", "x", "--max-new-tokens", "3"],
      it: (
        "passo generate vuole --prompt o --tokens, non c'è nessuna delle due",
        "--prompt continua un testo, --tokens degli id"
      ),
      en: (
        "passo generate needs --prompt or --tokens, got neither",
        "--prompt continues a text, --tokens continues ids"
      )
    ),
    Mistake(
      ["export", "--out", "x.html"],
      it: ("passo export vuole --lesson o --session, non c'è nessuna delle due", lessons.it),
      en: ("passo export needs --lesson or --session, got neither", lessons.en)
    ),
    Mistake(
      ["export", "--lesson", "1", "--out", "x.pdf"],
      it: (
        "--out vuole un nome che finisce con .html o .cast, non «x.pdf»",
        "passo export --help elenca le opzioni"
      ),
      en: (
        "--out needs a name that ends in .html or .cast, got 'x.pdf'",
        "passo export --help lists the options"
      )
    ),
    Mistake(
      ["bench", "--tokenizer-train"],
      it: (
        "--tokenizer-train non va senza --text", "--text FILE è il testo con cui misurare"
      ),
      en: (
        "--tokenizer-train needs --text, got none", "--text FILE is the text to measure with"
      )
    ),
  ])
  func optionsTogether(mistake: Mistake) throws { try check(mistake) }

  /// These are found when the command runs, so the status is 1.
  @Test(arguments: [
    (["lesson", "99"], "errore: nessuna lezione si chiama «99»\nsuggerimento: \(lessons.it)\n"),
    (
      ["export", "--lesson", "99", "--out", "passo-lesson-99.html"],
      "errore: nessuna lezione si chiama «99»\nsuggerimento: \(lessons.it)\n"
    ),
    (
      ["lesson", "06-musk"],
      "errore: nessuna lezione si chiama «06-musk»\nsuggerimento: forse «06-mask»?\n"
    ),
    (
      ["lint", "/nowhere/nope"],
      """
      errore: passo lint vuole una cartella esistente, non c'è niente che si chiami \
      «/nowhere/nope»
      suggerimento: una lezione è una cartella con lesson.it.md e lesson.en.md

      """
    ),
  ])
  func lessonsThatAreNotThere(words: [String], errors: String) throws {
    let reply = try PassoProgram.run(words)
    #expect(reply.errors == errors)
    #expect(reply.status == 1)
  }
}
