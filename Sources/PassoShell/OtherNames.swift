// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoSession
import PassoText

/// What people type who come from other programs, or who speak Italian to this one.
enum OtherNames {
  /// Words by the command that they mean.
  private static let byCommand: KeyValuePairs<String, [String]> = [
    "quit": [
      "exit", "bye", "logout", "q!", "qa", "qa!", "x", "x!", "zz",
      "wq", "wq!", "exit!", "quit!", "esci",
      "uscire", "fine", "chiudi",
    ],
    "help": ["?", "aiuto", "man", "info", "doc", "docs", "comandi", "commands", "usage"],
    "text": ["testo", "frase", "frasi", "sentence", "prompt", "input"],
    "tokens": ["tokenize", "encode", "vocab", "vocabolario", "vocabulary"],
    "pairs": ["coppie"],
    "shift": ["sposta", "spostamento"],
    "objective": ["obiettivo"],
    "corpus": ["dataset", "dati", "data", "lingua-giocattolo"],
    "floor": ["pavimento", "entropy", "entropia"],
    "grammar": ["grammatica"],
    "oracle": ["oracolo"],
    "model": ["modello", "config", "summary", "architecture"],
    "params": ["parametri", "parameters", "who", "whos", "vars"],
    "program": ["programma", "listing", "disassemble"],
    "mask": ["maschera"],
    "optimizer": [
      "ottimizzatore", "optim", "lr", "learning-rate", "zero-grad", "zero_grad", "backward",
    ],
    "precision": ["precisione", "dtype"],
    "step": ["passo", "passi", "avanti", "stepi", "forward"],
    "next": ["prossimo", "successivo", "nexti"],
    "back": ["indietro", "reverse-step", "previous", "prev"],
    "run": ["esegui", "finish"],
    "until": ["fino", "finché", "finche", "advance"],
    "goto": ["vai", "jump", "reset", "restart", "rewind"],
    "mark": ["segna", "bookmark"],
    "where": ["dove", "backtrace", "bt", "pwd"],
    "break": ["ferma", "breakpoint", "tbreak"],
    "watch": ["osserva", "sorveglia", "display"],
    "show": ["mostra", "print", "view", "cat", "less", "plot", "vedi", "guarda"],
    "stats": ["statistiche", "describe"],
    "explain": ["spiega", "spiegazione"],
    "why": ["perché", "perche"],
    "predict": ["prevedi", "previsione", "infer", "topk"],
    "surprise": ["sorpresa", "perplexity"],
    "curve": ["curva", "losses"],
    "chapters": ["capitoli"],
    "weights": ["pesi"],
    "near": ["vicini", "vicino", "neighbors", "neighbours", "similar"],
    "leaks": ["fughe", "leak"],
    "patch": ["innesta", "trapianta", "intervene", "interchange"],
    "set": ["imposta", "assegna", "assign", "poke"],
    "ablate": ["spegni", "silenzia", "disable"],
    "fork": ["copia", "copy", "clone"],
    "swap": ["scambia", "switch"],
    "diff": ["differenza", "differenze"],
    "undo": ["annulla"],
    "train": ["addestra", "allena", "impara", "fit", "learn", "backprop", "epoch", "epochs"],
    "race": ["gara", "corsa", "sweep"],
    "eval": ["valuta", "evaluate", "test", "validate"],
    "generate": ["genera", "sample", "complete", "temperature", "temperatura"],
    "save": ["salva", "write", "w", "dump"],
    "load": ["carica", "apri", "open", "import"],
    "lessons": ["lezioni"],
    "lesson": ["lezione", "tutorial", "course", "corso"],
    "continue": ["continua", "prosegui", "cont"],
    "answer": ["rispondi", "risposta"],
    "hint": ["suggerimento", "indizio"],
    "check": ["verifica", "controlla", "assert"],
    "play": ["prova", "gioca"],
    "resume": ["riprendi"],
    "progress": ["progressi"],
    "lang": ["lingua", "language"],
    "theme": ["tema", "colors", "colori"],
    "hash": ["impronta", "fingerprint"],
    "record": ["registra", "script"],
    "replay": ["ripeti", "source", "exec"],
    "export": ["esporta", "savefig"],
    "history": ["storia", "cronologia"],
  ]

  /// Constants of other languages.
  private static let constants = [
    "pi": "3.141592653589793", "inf": "1e999", "infinity": "1e999", "nan": "1e999 - 1e999",
    "true": "1", "false": "0",
  ]

  /// What is wrong with a line that calls a method of another library, as `model.generate(...)`;
  /// nil if it calls none.
  static func problem(withCallIn line: String) -> Placed? {
    guard let call = line.firstMatch(of: /^\s*(?:\w+\s*=\s*)?((?:\w+\.)+(\w+))\s*\(/),
      let command = methods.first(where: { $0.value.contains(String(call.2)) })?.key
    else { return nil }
    let start = line[..<call.1.startIndex].unicodeScalars.count
    return Placed(
      ExpressionProblem.unknownFunction(String(call.1), closest: command),
      source: line,
      span: start..<start + call.1.unicodeScalars.count
    )
  }

  /// Methods of models, tokenizers and trainers by what does the same here.
  private static let methods: KeyValuePairs<String, Set<String>> = [
    ":generate \"Il gatto\" 20": ["generate", "sample", "chat", "complete"],
    ":predict \"Il gatto\"": ["predict", "forward", "infer"],
    ":train 20": ["train", "fit", "learn", "finetune"],
    ":eval": ["eval", "evaluate", "score"],
    ":save": ["save", "save_pretrained", "save_model"],
    ":load": ["load", "from_pretrained", "load_state_dict", "load_model"],
    ":params": ["parameters", "named_parameters", "state_dict"],
    ":step": ["step"],
    ":optimizer sgd 0.1 gradients kept": ["zero_grad", "backward"],
    ":tokens": ["encode", "tokenize", "decode", "batch_decode"],
    ":model": ["summary", "config"],
  ]

  private static let leaving: Set<String> = ["exit", "quit", "exit()", "quit()"]

  private static let asking: Set<String> = ["?", "help", "help()", "--help", "-h", "-?", "/?"]

  /// The command that a word means elsewhere.
  static func command(for word: String) -> String? {
    let word = word.lowercased()
    return byCommand.first { $0.value.contains(word) }?.key
  }

  /// What to type in the place of a command's name that there is not.
  static func hint(for word: String) -> Bilingual? {
    if ["chat", "ask", "chiedi", "domanda"].contains(word.lowercased()) {
      return Bilingual(
        it: ":generate chat \"Ciao\" lo chiede a un modello che sa rispondere",
        en: ":generate chat \"Hello\" asks a model that has learned to answer"
      )
    }
    return switch command(for: word) {
    case "quit"?:
      word.lowercased().hasPrefix("w")
        ? Bilingual(
          it: ":quit (o Ctrl-D) esce, :save CARTELLA salva il modello",
          en: ":quit (or Ctrl-D) leaves, :save FOLDER saves the model"
        )
        : Bilingual(
          it: "forse «:quit»? Anche Ctrl-D esce",
          en: "did you mean ':quit'? Ctrl-D leaves too"
        )
    case let name?: .didYouMean(":\(name)")
    case nil: constants[word.lowercased()].map(Bilingual.didYouMean) ?? shellHint(word)
    }
  }

  /// Passo has no folder of its own to walk in.
  private static func shellHint(_ word: String) -> Bilingual? {
    guard ["ls", "dir", "cd", "mkdir", "rm", "cp", "mv", "!"].contains(word.lowercased()) else {
      return nil
    }
    return Bilingual(
      it: "Passo non è una shell: i nomi di file cominciano dalla cartella da cui è partito, e Tab"
        + " li completa, per esempio dopo :load",
      en: "Passo is no shell: file names begin at the folder in which it was started, and Tab"
        + " completes them, for example after :load"
    )
  }

  /// The command that a line without a colon stands for: `exit` and `quit` leave, `?` and `help`
  /// explain; nil for anything else, and where a value has this name.
  static func line(meantBy line: String, _ session: Session) -> String? {
    let text = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let word = text.lowercased()
    if leaving.contains(word) {
      let name = String(word.prefix { $0 != "(" })
      return (try? session.tensor(name)) == nil ? ":quit" : nil
    }
    if asking.contains(word) || word == "man" { return ":help" }
    // As it is typed in a shell.
    if let lesson = text.wholeMatch(of: /passo (lesson .+)/) { return ":\(lesson.1)" }
    return topic(of: text).map { ":help \($0)" }
  }

  /// `step` of `?step`, `step?`, `help step`, `man step` and `help(step)`.
  private static func topic(of text: String) -> String? {
    let topic: Substring? =
      if text.hasPrefix("?") {
        text.dropFirst()
      } else if text.hasSuffix("?") {
        text.dropLast()
      } else if text.lowercased().hasPrefix("help ") {
        text.dropFirst(5)
      } else if text.lowercased().hasPrefix("man ") {
        text.dropFirst(4)
      } else if text.lowercased().hasPrefix("help("), text.hasSuffix(")") {
        text.dropFirst(5).dropLast()
      } else {
        nil
      }
    guard let topic, topic.wholeMatch(of: /\s*:?[\w-]+\s*/) != nil else { return nil }
    return topic.split(whereSeparator: \.isWhitespace).joined()
  }
}
