// SPDX-License-Identifier: MIT

import PassoText

/// What stands where a training is to be written, or is missing where one is to be gone on with.
package enum TrainingFolderProblem: Problem, Equatable {
  /// A checkpoint that would be written over.
  case alreadyThere(folder: String, step: Int)
  /// A model of somebody else that would be written over.
  case otherModel(folder: String)
  /// The model that a training begins with, which it would write over.
  case sameAsModel(folder: String)
  /// Nothing to go on with.
  case nothingToResume(folder: String, holdsModel: Bool)
  /// A log of another training, or a file of another kind.
  case otherLog(file: String, isLog: Bool)

  package var message: Bilingual {
    switch self {
    case .alreadyThere(let folder, let step):
      Bilingual(
        it: "in \(it: folder) c'è già un addestramento, arrivato al passo \(step)",
        en: "\(en: folder) already holds a training, at step \(step)"
      )
    case .otherModel(let folder):
      Bilingual(
        it: "in \(it: folder) c'è già un modello, che questo addestramento cancellerebbe",
        en: "\(en: folder) already holds a model, which this training would write over"
      )
    case .sameAsModel(let folder):
      Bilingual(
        it: "\(it: folder) è anche la cartella del modello di partenza, che andrebbe perso",
        en: "\(en: folder) is the folder of the model to begin with too, which would be lost"
      )
    case .nothingToResume(let folder, true):
      Bilingual(
        it: "in \(it: folder) c'è un modello, ma nessun checkpoint di Passo da riprendere",
        en: "\(en: folder) holds a model, but no checkpoint of Passo to go on from"
      )
    case .nothingToResume(let folder, _):
      Bilingual(
        it: "in \(it: folder) non c'è nessun addestramento da riprendere",
        en: "\(en: folder) holds no training to go on with"
      )
    case .otherLog(_, true):
      Bilingual(
        it: "qui c'è già il registro di un altro addestramento",
        en: "this already is the log of another training"
      )
    case .otherLog:
      Bilingual(
        it: "qui va il registro di un addestramento o un file nuovo, e questo è un altro file",
        en: "needs the log of a training or a new file, this is another file"
      )
    }
  }

  package var place: Place? {
    if case .otherLog(let file, _) = self { Place(file: file) } else { nil }
  }
}

/// A setting of a training that is gone on with which differs; nil where it has no value.
package struct OtherSetting: Problem, Hashable {
  package let setting: String
  package let then: String?
  package let now: String?

  package init(_ setting: String, then: String?, now: String?) {
    (self.setting, self.then, self.now) = (setting, then, now)
  }

  package var message: Bilingual {
    guard let then else {
      return Bilingual(
        it: "per riprendere togli \(it: setting), che l'addestramento non aveva",
        en: "to resume, leave out \(en: setting), which the training did not have"
      )
    }
    return Bilingual(
      it: "per riprendere \(it: setting) deve restare \(then), "
        + (now.map { "non \($0)" } ?? "adesso non c'è"),
      en: "to resume, \(en: setting) needs to stay \(then), "
        + (now.map { "got \($0)" } ?? "now there is none")
    )
  }
}
