// SPDX-License-Identifier: MIT

import Glibc
import PassoText

/// A text as a person named it, and where its bytes are.
///
/// Texts are read more than once: to know them again, to learn a tokenizer, to make tokens. What
/// can be read only once, as a pipe, is copied to a file first that has no name and goes by itself.
package struct TextInput: Hashable, Sendable {
  /// What problems call it.
  package let name: String

  private let copy: PipeCopy?

  /// A regular file.
  package init(path: String) {
    (name, copy) = (path, nil)
  }

  fileprivate init(name: String, copy: PipeCopy) {
    (self.name, self.copy) = (name, copy)
  }

  /// Opens it at its first byte.
  func open() throws(FileProblem) -> InputFile {
    guard let copy else { return try InputFile(path: name) }
    return try InputFile(rewinding: copy.descriptor, name)
  }

  /// All bytes, if there are at most `limit` of them.
  func bytes(limit: Int) throws(FileProblem) -> [UInt8] {
    let file = try open()
    guard file.size <= limit else {
      throw .system(.tooLarge(bytes: file.size, limit: limit), file: name)
    }
    // Read whole it becomes a text, and that is cut.
    try SystemFault.checkMemory(4 * file.size, for: name)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 8)
    defer { room.deallocate() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(file.size)
    // No more than there was at first, even if the file grows meanwhile.
    while bytes.count < file.size {
      let count = try file.read(into: room, name)
      guard count > 0 else { break }
      bytes += room[..<min(count, file.size - bytes.count)]
    }
    return bytes
  }

  /// The bytes, from what the system says.
  func size() throws(FileProblem) -> Int { try open().size }

  package static func == (left: TextInput, right: TextInput) -> Bool {
    left.name == right.name && left.copy === right.copy
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension TextInput: ExpressibleByStringLiteral {
  package init(stringLiteral path: String) { self.init(path: path) }
}

/// What was read from a pipe, in a file without a name: it is gone when nobody holds it any more,
/// however the process ends.
private final class PipeCopy: Sendable {
  let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

/// The names that a person gave, made texts.
package struct TextInputs {
  /// The texts, in order.
  package private(set) var all: [TextInput] = []

  /// What a person should know: how many files of a folder are read.
  package private(set) var notes: [Bilingual] = []

  /// What stands for standard input.
  private static let standardInput = ["-", "/dev/stdin"]

  /// Whether a name stands for standard input.
  package static func isStandardInput(_ name: String) -> Bool { standardInput.contains(name) }

  /// Finds the texts; pipes are read to their end.
  ///
  /// A folder stands for the texts in it, in the order of their names, those of folders inside it
  /// left out; `-` for standard input.
  ///
  /// - Parameters:
  ///   - names: Files, folders, pipes, or `-`.
  ///   - hasField: Whether they hold records, so that a folder's tables and lists count.
  ///   - readsInput: Whether `-` may stand for standard input.
  ///   - scratch: The folder for what comes from a pipe.
  ///   - shouldStop: Asked now and then while a pipe is read.
  /// - Throws: `FileProblem` or `TextInputProblem`.
  package init?(
    _ names: [String],
    hasField: Bool,
    readsInput: Bool = true,
    scratch: String?,
    unless shouldStop: () -> Bool = { false }
  ) throws {
    for name in names {
      if Self.isStandardInput(name) {
        guard readsInput else { throw TextInputProblem.inputIsTaken }
        // The same input cannot be read a second time.
        guard !all.contains(where: { $0.name == name }) else { throw TextInputProblem.inputTwice }
        guard try add(name, dup(STDIN_FILENO), scratch, shouldStop) else { return nil }
        continue
      }
      switch FileKind(name) {
      case .folder: try addFolder(name, hasField: hasField)
      case .pipe:
        // Without waiting for its writer; a wait can be interrupted.
        let pipe = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard try add(name, pipe, scratch, shouldStop) else { return nil }
      case .other: all.append(TextInput(path: name))
      }
    }
  }

  /// Copies what a descriptor gives; false if it was told to stop.
  private mutating func add(
    _ name: String,
    _ source: Int32,
    _ scratch: String?,
    _ shouldStop: () -> Bool
  ) throws -> Bool {
    guard source >= 0 else { throw FileProblem.system(.last(), file: name) }
    defer { close(source) }
    var status = stat()
    if fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let copy = Self.duplicate(source)
    {
      all.append(TextInput(name: name, copy: copy))
      return true
    }
    let folder = scratch ?? "/tmp"
    let copy = try PipeCopy(descriptor: Self.scratchFile(in: folder))
    guard try Self.copy(source, name, to: copy.descriptor, folder, shouldStop) else { return false }
    all.append(TextInput(name: name, copy: copy))
    return true
  }

  /// A regular file behind standard input can be read as often as one likes.
  private static func duplicate(_ source: Int32) -> PipeCopy? {
    let copy = fcntl(source, F_DUPFD_CLOEXEC, 3)
    return copy >= 0 ? PipeCopy(descriptor: copy) : nil
  }

  /// A new file for reading and writing whose name is taken away at once.
  private static func scratchFile(in folder: String) throws -> Int32 {
    try AtomicFile.makeFolder(folder)
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = "\(folder)/pipe-\(random)"
    let opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw FileProblem.system(.last(writing: true), file: folder) }
    unlink(path)
    return opened
  }

  private static func copy(
    _ source: Int32,
    _ name: String,
    to target: Int32,
    _ folder: String,
    _ shouldStop: () -> Bool
  ) throws -> Bool {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    while true {
      // A pipe whose writer thinks for long still answers Ctrl-C.
      var waiting = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 50)
      if shouldStop() { return false }
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      let count = read(source, room.baseAddress, room.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count >= 0 else { throw FileProblem.system(.last(), file: name) }
      guard count > 0 else { return true }
      try store(UnsafeRawBufferPointer(rebasing: room[..<count]), in: target, folder)
    }
  }

  private static func store(
    _ bytes: UnsafeRawBufferPointer,
    in target: Int32,
    _ folder: String
  ) throws {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let count = write(target, start + done, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileProblem.system(.last(writing: true), file: folder) }
      done += count
    }
  }
}

// MARK: - Folders

extension TextInputs {
  private mutating func addFolder(_ folder: String, hasField: Bool) throws {
    let suffixes = hasField ? [".csv", ".tsv", ".jsonl", ".ndjson", ".json"] : [".txt"]
    let names = try FolderNames.read(in: folder).sorted()
    let found = names.filter { name in
      !name.hasPrefix(".") && suffixes.contains { name.lowercased().hasSuffix($0) }
    }
    .map { (folder.hasSuffix("/") ? folder : folder + "/") + $0 }
    .filter { FileKind($0) == .other }
    guard !found.isEmpty else {
      throw TextInputProblem.noTexts(in: folder, suffixes: suffixes, found: names)
    }
    all += found.map { TextInput(path: $0) }
    let kind = suffixes.joined(separator: " ")
    let (count, quoted) = (found.count, Bilingual.quoted(folder))
    notes.append(
      Bilingual(
        it: "\(count) file \(kind) nella cartella \(quoted.it)",
        en: "\(count) \(count == 1 ? "file" : "files") \(kind) in the folder \(quoted.en)"
      )
    )
  }
}

/// What a name stands for, as far as readers of texts care.
private enum FileKind {
  case folder, pipe, other

  init(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self = .other
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: self = .folder
    case S_IFIFO, S_IFSOCK: self = .pipe
    default: self = .other
    }
  }
}

/// Why names do not lead to texts.
package enum TextInputProblem: WordedProblem, Hashable {
  /// A folder without texts.
  case noTexts(in: String, suffixes: [String], found: [String])

  /// Standard input where the commands come from there.
  case inputIsTaken

  /// Standard input, named twice.
  case inputTwice

  package var wording: Wording {
    switch self {
    case .noTexts(_, let suffixes, let found):
      Bilingual(
        it: "nella cartella non ci sono file \(suffixes.joined(separator: " ")), "
          + (found.isEmpty ? "è vuota" : "ma \(Self.some(found))"),
        en: "the folder has no files \(suffixes.joined(separator: " ")), "
          + (found.isEmpty ? "it is empty" : "but \(Self.some(found))")
      ).hint(it: "indica i file per nome", en: "name the files themselves")
    case .inputIsTaken:
      Bilingual(
        it: "dallo standard input arrivano i comandi: un testo non si può leggere da lì",
        en: "commands come from standard input: no text can be read there"
      ).hint(
        it: "scrivi il testo in un file e indica quello",
        en: "write the text into a file and name that"
      )
    case .inputTwice:
      Bilingual(
        it: "lo standard input si può leggere una volta sola",
        en: "standard input can be read only once"
      ).hint(it: "togline uno", en: "take out one of the two")
    }
  }

  package var place: Place? {
    if case .noTexts(let folder, _, _) = self { Place(file: folder) } else { nil }
  }

  private static func some(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}
