// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

/// Why a session cannot do what was asked.
package enum SessionProblem: Problem, Equatable {
  case unknownModel(String, closest: String?)
  case modelThere(String)
  case otherFilesThere(String)
  case unfit(ExperimentProblem)
  case ambiguousName(String, candidates: [String])
  case notComputed(String)
  case given(String)
  case noParameter(String)
  case noSuchStep(Int, last: Int)
  case noFastForm(NotLowerable)
  case notFinite(Double, Precision)
  case tokenizerOfFolder
  case tokenizerOfLanguage(String)
  case noCorpus(command: String)
  case nothingKept
  case readingStopped
  case notCausal(command: String, objective: String)
  case noSuchToken(Double, last: Int)
  case noSuchPrefix(Double, length: Int)
  case doesNotFit(needs: Shape, found: Shape)
  case takenForkName(String)
  case noSuchFork(String, known: [String])
  case nothingToUndo
  case noSuchStop(Int, count: Int)
  case noSuchUpdate(String)
  case lostMark(String, value: String)

  package var message: Bilingual {
    switch self {
    case .unknownModel(let name, _):
      Bilingual(
        it: "nessun modello e nessuna cartella si chiama «\(name)»",
        en: "no model and no folder is called '\(name)'"
      )
    case .modelThere(let path):
      Bilingual(
        it: "in «\(path)» c'è già un modello",
        en: "'\(path)' already holds a model"
      )
    case .otherFilesThere(let path):
      Bilingual(
        it: "in «\(path)» ci sono file con i nomi di un modello che un modello non sono",
        en: "'\(path)' holds files with a model's names that are no model"
      )
    case .unfit(let problem): problem.message
    case .noFastForm(let reason):
      Slowness.notLowerable(reason).message
    case .ambiguousName(let name, let candidates):
      Bilingual(
        it: "«\(name)» può essere \(Self.some(candidates, " o "))",
        en: "'\(name)' may be \(Self.some(candidates, " or "))"
      )
    case .notComputed(let name):
      Bilingual(
        it: "«\(name)» non è ancora calcolato",
        en: "'\(name)' is not computed yet"
      )
    case .noParameter(let name):
      Bilingual(
        it: "serve un parametro, «\(name)» è un valore calcolato",
        en: "needs a parameter, '\(name)' is a computed value"
      )
    case .given(let name):
      Bilingual(
        it: "«\(name)» è dato, nessun passo lo calcola",
        en: "'\(name)' is given, no step computes it"
      )
    case .noSuchStep(let number, let last):
      Bilingual(
        it: "i passi vanno da 0 a \(last), trovato \(number)",
        en: "steps go from 0 to \(last), got \(number)"
      )
    case .notFinite(let number, let precision):
      Bilingual(
        it: "serve un numero che sia finito in \(precision.rawValue), trovato"
          + " \(NumberText.general(number))",
        en: "needs a number that is finite in \(precision.rawValue), got"
          + " \(NumberText.general(number))"
      )
    case .noSuchToken(let number, let last):
      Bilingual(
        it: "serve l'id di un token, da 0 a \(last), trovato \(NumberText.general(number))",
        en: "needs the id of a token, from 0 to \(last), got \(NumberText.general(number))"
      )
    case .tokenizerOfFolder:
      Bilingual(
        it: "il modello viene da una cartella e ha imparato con i token di quella",
        en: "the model is from a folder and has learned with the tokens of that folder"
      )
    case .tokenizerOfLanguage(let name):
      Bilingual(
        it: "la lingua \(name) è fatta di parole: i suoi token sono quelle",
        en: "the language \(name) is made of words: they are its tokens"
      )
    case .noCorpus(let command):
      Bilingual(
        it: ":\(command) ha bisogno di una lingua di cui si conosce tutto",
        en: ":\(command) needs a language of which everything is known"
      )
    case .nothingKept:
      Bilingual(
        it: "del testo non è stato tenuto da parte nulla su cui misurare",
        en: "nothing of the text was kept apart to measure on"
      )
    case .readingStopped:
      Bilingual(
        it: "la lettura del testo è stata fermata, tutto è come prima",
        en: "the reading of the text was stopped, all is as before"
      )
    case .notCausal(let command, let objective):
      Bilingual(
        it:
          ":\(command) misura la previsione del token che segue, l'obiettivo adesso è \(objective)",
        en: ":\(command) measures the prediction of the next token, the objective is \(objective)"
      )
    case .noSuchPrefix(let number, let length):
      Bilingual(
        it: "il prefisso di una riga va da 0 a \(length) posizioni, trovato"
          + " \(NumberText.general(number))",
        en: "the prefix of a row has from 0 to \(length) positions, got"
          + " \(NumberText.general(number))"
      )
    case .doesNotFit(let needs, let found):
      Bilingual(
        it: "servono un numero solo o la forma \(needs), trovata \(found)",
        en: "needs a single number or the shape \(needs), got \(found)"
      )
    case .takenForkName(let name):
      Bilingual(
        it: "«\(name)» è già il nome di valori",
        en: "'\(name)' is already a name of values"
      )
    case .noSuchFork(let name, _):
      Bilingual(it: "nessuna copia si chiama «\(name)»", en: "no twin is called '\(name)'")
    case .nothingToUndo:
      Bilingual(it: "non c'è nulla da annullare", en: "there is nothing to undo")
    case .noSuchStop(let number, let count):
      Bilingual(
        it: "la lista ha \(count) voci, trovato \(number)",
        en: "the list has \(count) entries, got \(number)"
      )
    case .noSuchUpdate(let found):
      Bilingual(
        it: "serve il numero di un aggiornamento, da 0 a 1000000, trovato «\(found)»",
        en: "needs the number of an update, from 0 to 1000000, got '\(found)'"
      )
    case .lostMark(_, let value):
      Bilingual(
        it: "il segno sta dopo «\(value)», che il programma di adesso non calcola",
        en: "the mark is behind '\(value)', which the program of now does not compute"
      )
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .unknownModel(_, let closest?):
      Bilingual.didYouMean(closest)
    case .unknownModel:
      Bilingual(
        it: "i modelli sono \(Self.presets); una cartella si scrive ./NOME",
        en: "the models are \(Self.presets); a folder is written ./NAME"
      )
    case .modelThere(let path):
      Bilingual(
        it: ":save \(path) replace lo sostituisce",
        en: ":save \(path) replace takes its place"
      )
    case .otherFilesThere:
      Bilingual(it: "scegli un'altra cartella", en: "choose another folder")
    case .tokenizerOfFolder:
      Bilingual(
        it: ":model gatto comincia un modello nuovo, con i token che vuoi",
        en: ":model gatto begins a new model, with the tokens that you want"
      )
    case .tokenizerOfLanguage:
      Bilingual(
        it: ":text \"…\" torna a un testo tuo",
        en: ":text \"...\" goes back to a text of yours"
      )
    case .noCorpus: Bilingual(it: ":corpus gatto-1 la sceglie", en: ":corpus gatto-1 chooses it")
    case .nothingKept:
      Bilingual(
        it: "serve un testo più lungo: :corpus FILE",
        en: "it takes a longer text: :corpus FILE"
      )
    case .readingStopped:
      Bilingual(
        it: "la stessa riga ricomincia; la sessione è quella di prima",
        en: "the same line begins again; the session is the one before"
      )
    case .notCausal: Bilingual(same: ":objective causal")
    case .noSuchPrefix: Bilingual(it: "per esempio :set prefix[0] = 3", en: "as :set prefix[0] = 3")
    case .unfit(.textTooLong):
      Bilingual(
        it: "accorcia il testo; da testi lunghi si impara con :corpus FILE",
        en: "shorten the text; long texts are learned from with :corpus FILE"
      )
    case .unfit:
      Bilingual(
        it: "scrivi un testo senza quei token, con :text",
        en: "write a text without those tokens, with :text"
      )
    case .ambiguousName:
      Bilingual(it: "scrivi il nome intero", en: "write the whole name")
    case .notComputed(let name):
      Bilingual(it: ":until \(name) lo calcola", en: ":until \(name) computes it")
    case .noParameter: Bilingual(it: ":params li elenca", en: ":params lists them")
    case .given(let name):
      Bilingual(it: ":show \(name) lo mostra", en: ":show \(name) shows it")
    case .noFastForm:
      Bilingual(it: ":program elenca quella leggibile", en: ":program lists the readable one")
    case .noSuchStep: Bilingual(it: ":program elenca i passi", en: ":program lists the steps")
    case .notFinite:
      Bilingual(
        it: "NaN e infinito nascono da soli, :break nan li trova",
        en: "NaN and infinity come about by themselves, :break nan finds them"
      )
    case .noSuchToken: Bilingual(it: ":tokens elenca gli id", en: ":tokens lists the ids")
    case .doesNotFit:
      Bilingual(
        it: "una fetta sceglie meno celle, per esempio NOME[0, 1]",
        en: "a slice chooses fewer cells, as NAME[0, 1]"
      )
    case .takenForkName: Bilingual(it: "scegli un altro nome", en: "choose another name")
    case .noSuchFork(_, let known) where known.isEmpty:
      Bilingual(it: ":fork NOME ne conserva una", en: ":fork NAME keeps one")
    case .noSuchFork(_, let known):
      Bilingual(
        it: "le copie sono \(known.joined(separator: ", "))",
        en: "the twins are \(known.joined(separator: ", "))"
      )
    case .nothingToUndo:
      Bilingual(
        it: ":undo annulla i cambiamenti; :back torna indietro nei passi",
        en: ":undo takes back changes; :back goes back in steps"
      )
    case .noSuchStop:
      Bilingual(it: ":break e :watch li elencano", en: ":break and :watch list them")
    case .noSuchUpdate: Bilingual(same: ":goto update 37")
    case .lostMark(let name, _):
      Bilingual(it: ":mark \(name) lo mette qui", en: ":mark \(name) puts it here")
    }
  }

  private static let presets = Preset.all.map(\.name).joined(separator: ", ")

  private static func some(_ names: [String], _ last: String) -> String {
    let shown = names.prefix(4)
    let rest = names.count > 4 ? ", …" : ""
    return shown.dropLast().joined(separator: ", ") + last + (shown.last ?? "") + rest
  }
}
