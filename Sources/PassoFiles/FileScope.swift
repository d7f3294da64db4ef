// SPDX-License-Identifier: MIT

import Glibc

/// Where files may be opened just now: everything that opens one asks here first.
///
/// Lines of lessons and recorded sessions come from strangers. The scope is narrowed
/// around them, so that nothing below has to know who wrote what, and nothing below can
/// forget to ask.
package struct FileScope: Sendable {
  /// Which files.
  package enum Reach: Sendable, Equatable {
    case everywhere

    /// Files and folders with all that is in them; links that lead out of them are not followed.
    case within([String])
  }

  /// Which files may be read.
  package var reading: Reach

  /// Which files may be made, replaced or removed.
  package var writing: Reach

  /// Whether what is made is for this person alone.
  package let isPrivate: Bool

  package init(reading: Reach, writing: Reach, isPrivate: Bool = false) {
    self.reading = reading
    self.writing = writing
    self.isPrivate = isPrivate
  }

  /// The scope in force; whole unless somebody narrows it.
  @TaskLocal package static var current = FileScope(reading: .everywhere, writing: .everywhere)

  /// Does something within a scope.
  package func around<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    // What the standard library calls passes on any error and forgets its type.
    let outcome = Self.$current.withValue(self) { () -> Result<Value, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Opens files that Passo itself chose, or that a person has agreed to before; what is made is
  /// for this person alone.
  package static func own<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try FileScope(reading: .everywhere, writing: .everywhere, isPrivate: true).around(body)
  }

  /// The permissions of a new file, before the person's mask.
  package static var fileMode: mode_t { current.isPrivate ? 0o600 : 0o666 }

  /// The permissions of a new folder, before the person's mask.
  package static var folderMode: mode_t { current.isPrivate ? 0o700 : 0o777 }
}

extension FileScope {
  /// - Throws: `SystemFault.outOfScope` as a problem if a file may not be read.
  package static func expectReading(_ path: String) throws(FileProblem) {
    guard !current.reading.contains(path) else { return }
    throw .system(.outOfScope, file: path)
  }

  /// - Throws: `SystemFault.outOfScope` as a problem if a file may not be written.
  package static func expectWriting(_ path: String) throws(FileProblem) {
    guard !current.writing.contains(path) else { return }
    throw .system(.outOfScope, file: path)
  }
}

extension FileScope.Reach {
  /// Whether a file belongs to it, whether it is there or not.
  package func contains(_ path: String) -> Bool {
    guard case .within(let roots) = self else { return true }
    guard let real = Self.real(path) else { return false }
    return roots.contains { root in
      guard let root = Self.real(root) else { return false }
      return real == root || real.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    }
  }

  /// The same with a file or a folder more.
  package func with(_ path: String) -> Self {
    guard case .within(let roots) = self else { return self }
    return .within(roots + [path])
  }

  /// The name behind all links; of what is not there yet, by the folder that is.
  ///
  /// Nil for a name that no file can have, and for a link that leads nowhere: nobody knows where
  /// something would be made there.
  package static func real(_ path: String) -> String? {
    guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
    var (known, missing) = (path, "")
    while true {
      if let real = realpath(known.isEmpty ? "." : known, nil) {
        defer { free(real) }
        let folder = String(cString: real)
        if missing.isEmpty { return folder }
        return (folder == "/" ? "" : folder) + missing
      }
      var status = stat()
      guard errno == ENOENT, lstat(known, &status) != 0 else { return nil }
      while known.hasSuffix("/") { known.removeLast() }
      let slash = known.utf8.lastIndex(of: UInt8(ascii: "/"))
      let name = slash.map { known[known.utf8.index(after: $0)...] } ?? known[...]
      guard !name.isEmpty, name != "." else { return nil }
      guard name != ".." else { return nil }
      missing = "/" + name + missing
      known = slash.map { String(known[...$0]) } ?? ""
    }
  }
}
