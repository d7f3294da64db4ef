import Glibc
// SPDX-License-Identifier: MIT
import PassoRuntime
import PassoText

/// What the operating system refuses.
package enum SystemFault: FileFault, WordedProblem {
  /// Nothing has this name.
  case missing

  /// The folder of a file to be written does not exist.
  case missingFolder

  /// The person may not do this here.
  case noPermission

  /// A folder, a pipe or a device instead of a file.
  case notAFile

  /// A file where a folder is needed.
  case notAFolder

  /// A link to nothing where a folder is needed.
  case deadLink

  /// A link to nothing where a file is needed, and what it names.
  case deadFileLink(to: String)

  /// Links that lead to each other.
  case linkLoop

  /// A link where a private folder is needed: what lies behind it may be anybody's.
  case linkInPlace

  /// A private folder that another person has made.
  case anothersFolder

  /// A name that the system does not take.
  case nameTooLong

  /// Nothing but white space where text is needed.
  case emptyText

  /// No room left.
  case diskFull

  /// A file that may not grow as far as it would.
  case sizeLimit

  /// More bytes than such a file may have.
  case tooLarge(bytes: Int, limit: Int)

  /// More memory for what the file holds than the system gives.
  case noMemory(bytes: Int)

  /// Another writer is at work; its process, if the system tells.
  case inUse(process: Int32?)

  /// A file that another program has written to since it was opened.
  case changed

  /// A file that another program has made shorter while it was read.
  case shortened

  /// A file that a stranger's line, or a line that says nothing of files, would open.
  case outOfScope

  /// A stop was requested; nothing was written.
  case stopped

  /// Anything else, with the system's number for it.
  case other(code: Int32)

  /// Refuses bytes of a file for which there is no memory.
  ///
  /// - Parameters:
  ///   - byteCount: What is about to be asked for.
  ///   - path: The file that the problem names.
  /// - Throws: `FileProblem` with `noMemory`.
  package static func checkMemory(_ byteCount: Int, for path: String) throws(FileProblem) {
    guard MemoryRoom.has(byteCount) else {
      throw .system(.noMemory(bytes: byteCount), file: path)
    }
  }

  /// The fault that the last failed call left in `errno`.
  package static func last(writing: Bool = false) -> SystemFault {
    SystemFault(code: errno, writing: writing)
  }

  /// The fault of an error number.
  package init(code: Int32, writing: Bool) {
    self =
      switch code {
      case ENOENT: writing ? .missingFolder : .missing
      case EACCES, EPERM, EROFS: .noPermission
      case EISDIR, ENXIO: .notAFile
      case ENOTDIR: .notAFolder
      case ELOOP: .linkLoop
      case ENAMETOOLONG: .nameTooLong
      case ENOSPC, EDQUOT: .diskFull
      case EFBIG: .sizeLimit
      case ENOMEM: .noMemory(bytes: 0)
      default: .other(code: code)
      }
  }

  /// Why a name that is there leads to no file: it is a link; nil if it is none.
  init?(deadLink path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      stat(path, &status) != 0
    else { return nil }
    if errno == ELOOP {
      self = .linkLoop
      return
    }
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = max(0, readlink(path, &target, target.count))
    let bytes = target.prefix(count).map { UInt8(bitPattern: $0) }
    self = .deadFileLink(to: String(decoding: bytes, as: UTF8.self))
  }

  package var wording: Wording {
    switch self {
    case .missing:
      Bilingual(
        it: "con questo nome non c'è nessun file",
        en: "needs an existing file, got nothing of this name"
      ).hint(
        it: "controlla il nome; i nomi partono dalla cartella in cui è stato avviato Passo",
        en: "check the name; names begin at the folder in which Passo was started"
      )
    case .missingFolder:
      Bilingual(
        it: "con questo nome non c'è nessuna cartella",
        en: "needs an existing folder, got nothing of this name"
      ).hint(
        it: "controlla il nome, o crea la cartella",
        en: "check the name, or make the folder"
      )
    case .noPermission:
      Bilingual(
        it: "non hai il permesso di usare questo file",
        en: "needs permission on this file, got a refusal of the system"
      ).hint(
        it: "scegli un altro posto, o cambia i permessi",
        en: "choose another place, or change its permissions"
      )
    case .notAFile:
      Bilingual(
        it: "qui ci vuole un file, e questo è una cartella o un dispositivo",
        en: "needs a file, got something else (a folder or a device)"
      ).hint(
        it: "scegli un altro nome; di una cartella quello di un file che contiene",
        en: "choose another name; of a folder that of a file in it"
      )
    case .notAFolder:
      Bilingual(
        it: "qui ci vuole una cartella, e questo è un file",
        en: "needs a folder, got a file"
      ).hint(Self.chooseName)
    case .deadLink:
      Bilingual(
        it: "qui ci vuole una cartella, e questo collegamento non porta da nessuna parte",
        en: "needs a folder, got a link that leads nowhere"
      ).hint(Self.chooseName)
    case .deadFileLink(let target):
      Bilingual(
        it: "è un collegamento a \(it: target), che non c'è",
        en: "this is a link to \(en: target), which is not there"
      ).hint(
        it: "metti il file al posto del collegamento, o copia di nuovo la cartella con i file a cui"
          + " i collegamenti portano (cp -RL)",
        en: "put the file in place of the link, or copy the folder again with the files that its"
          + " links lead to (cp -RL)"
      )
    case .linkLoop:
      Bilingual(
        it: "qui ci vuole un file, e questi collegamenti portano solo l'uno all'altro",
        en: "needs a file, got links that lead to each other"
      ).hint(Self.chooseName)
    case .linkInPlace:
      Bilingual(
        it: "qui ci vuole una cartella privata, e questo è un collegamento",
        en: "a private folder is needed here, and this is a link"
      ).hint(Self.moveFolder)
    case .anothersFolder:
      Bilingual(
        it: "qui ci vuole una cartella privata, e questa è di un altro utente",
        en: "a private folder is needed here, and this one belongs to another user"
      ).hint(Self.moveFolder)
    case .nameTooLong:
      Bilingual(
        it: "il nome è troppo lungo per il sistema",
        en: "needs a shorter name, got one that is too long for the system"
      ).hint(Self.chooseName)
    case .emptyText:
      Bilingual(
        it: "il file è vuoto: non c'è niente da leggere",
        en: "needs some text, got an empty file"
      ).hint(
        it: "scrivi qualcosa nel file, o indicane un altro",
        en: "write something into the file, or name another one"
      )
    case .diskFull:
      Bilingual(
        it: "il disco è pieno",
        en: "needs room on the disk, got a full disk"
      ).hint(
        it: "libera spazio, o scegli un altro disco",
        en: "make room, or choose another disk"
      )
    case .sizeLimit:
      Bilingual(
        it: "il file non può crescere ancora: lo vieta un limite del sistema (ulimit -f)",
        en: "needs a file that may grow further, got a limit of the system (ulimit -f)"
      ).hint(it: "ulimit -f unlimited lo toglie", en: "ulimit -f unlimited takes it away")
    case .tooLarge(let bytes, let limit):
      Bilingual(
        it: "sono ammessi al massimo \(NumberText.count(limit)) byte, "
          + "non \(NumberText.count(bytes))",
        en: "needs at most \(NumberText.count(limit)) bytes, got \(NumberText.count(bytes))"
      ).hint(it: "scegli un file più piccolo", en: "choose a smaller file")
    case .noMemory(let bytes):
      MemoryRoom.refusal(of: bytes).hint(
        it: "chiudi altri programmi, o scegli un file più piccolo",
        en: "close other programs, or choose a smaller file"
      )
    case .inUse(let process):
      Bilingual(
        it: "ci sta già scrivendo un altro processo" + (process.map { " (numero \($0))" } ?? ""),
        en: "another process is writing here already" + (process.map { " (number \($0))" } ?? "")
      ).hint(
        it: "aspetta che finisca, o scegli un altro nome",
        en: "wait until it has ended, or choose another name"
      )
    case .changed:
      Bilingual(
        it: "un altro programma ha cambiato il file dopo che è stato aperto",
        en: "another program has changed the file since it was opened"
      ).hint(it: "apri di nuovo il file", en: "open the file again")
    case .shortened:
      Bilingual(
        it: "un altro programma ha accorciato il file mentre veniva letto",
        en: "another program has shortened the file while it was being read"
      ).hint(
        it: "riprova quando il file è di nuovo intero",
        en: "try again when the file is whole"
      )
    case .outOfScope:
      Bilingual(
        it: "questa riga non può aprire questo file",
        en: "this line may not open this file"
      ).hint(
        it: "se ti fidi di chi l'ha scritta, scrivila tu",
        en: "if you trust whoever wrote it, type it yourself"
      )
    case .stopped: Interrupted().message.hint(nil)
    case .other(let code):
      Bilingual(
        it: "il sistema non riesce a usare questo file: errore \(code)",
        en: "needs a usable file, got the system's error \(code)"
      ).hint(it: "riprova, o scegli un altro file", en: "try again, or choose another file")
    }
  }

  private static let chooseName = Bilingual(it: "scegli un altro nome", en: "choose another name")

  private static let moveFolder = Bilingual(
    it: "spostala, o scegli un altro posto con XDG_CACHE_HOME o XDG_STATE_HOME",
    en: "move it, or choose another place with XDG_CACHE_HOME or XDG_STATE_HOME"
  )
}
