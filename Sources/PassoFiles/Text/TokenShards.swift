// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// Which texts become which tokens; whatever differs here makes another folder.
package struct ShardRequest: Hashable, Sendable {
  /// The files, and how texts are taken out of them.
  package var source: TextSource

  /// Which part is kept for tests.
  package var split = TokenSplit.none

  /// Decides what falls into the part that is kept.
  package var seed: UInt64 = 1

  /// The most tokens of a file.
  package var shardTokens = 1 << 26

  /// What stands between the texts; nil for what suits the tokenizer alone.
  package var marks: DocumentMarks?

  package init(_ source: TextSource, split: TokenSplit = .none, seed: UInt64 = 1) {
    self.source = source
    self.split = split
    self.seed = seed
  }

  /// The bytes of a stored token.
  static func width(vocabularySize: Int) -> Int { vocabularySize <= 1 << 16 ? 2 : 4 }
}

/// How far the making of tokens has come.
package enum ShardProgress: Hashable, Sendable {
  /// The files are read, to see whether their tokens are there.
  case looking(done: Int, total: Int)
  /// Tokens are made.
  case encoding(done: Int, total: Int)
  /// The part that is kept is compared with the other.
  case comparing
}

/// The tokens of a text in files, made once and found again.
package struct TokenShards: Sendable {
  /// What is known of the text.
  package let manifest: ShardManifest

  /// The folder that holds the files.
  package let folder: String

  /// What is learned from.
  package let training: any TokenStore

  /// What is kept for tests; nil if nothing is.
  package let heldOut: (any TokenStore)?

  /// Whether the tokens were made now, and not found.
  package internal(set) var isNew = false

  /// What a person should know: what was mended in the text, what was made again.
  package internal(set) var notes: [Bilingual] = []

  // As long as it is held, nobody removes the folder to make room.
  private let use: FolderUse

  /// Tells these tokens, and their division, from others.
  package var fingerprint: UInt64 {
    let parts = [manifest.training, manifest.heldOut]
    return ContentHash.of(
      parts.flatMap { [UInt64($0.tokens)] + $0.shards.map(\.checksum) }
    )
  }

  /// Why tokens that were read are not those that were written; nil while there is no reason.
  package var damage: TextProblem? { training.damage ?? heldOut?.damage }

  /// Opens a folder and checks it, as `ShardFile.open` says.
  init(folder: String, key: UInt64) throws(ShardDamage) {
    let path = "\(folder)/\(ShardManifest.fileName)"
    // A folder that others can change is none of ours, whatever its list says.
    guard (try? PrivateFolder.check(folder)) != nil, let use = FolderUse(manifest: path),
      let bytes = try? InputFile.read(path: path, limit: 1 << 28),
      let manifest = try? ShardManifest(file: bytes), manifest.isSound, manifest.key == key
    else { throw .manifest }
    self.manifest = manifest
    self.folder = folder
    self.use = use
    training = try ShardFile.open(manifest.training, in: folder, manifest)
    let kept = manifest.heldOut
    heldOut = kept.tokens > 0 ? try ShardFile.open(kept, in: folder, manifest) : nil
    notes = [manifest.tally.report, manifest.tally.cutReport].compactMap(\.self)
  }
}

extension TokenShards {
  /// Finds the tokens of a text, or makes them.
  ///
  /// - Parameters:
  ///   - request: Which texts, and how they are divided.
  ///   - tokenizer: What makes tokens of them.
  ///   - fingerprint: Tells this tokenizer from others.
  ///   - cache: Where tokens are kept.
  ///   - progress: Called now and then.
  ///   - shouldStop: Asked now and then; a stop leaves nothing behind.
  /// - Returns: The tokens; nil if it was told to stop.
  /// - Throws: `TextProblem`, or `FileProblem` if a file of the text cannot be read.
  package static func open(
    _ request: ShardRequest,
    tokenizer: any Tokenizer,
    fingerprint: UInt64,
    cache: TextCache,
    on progress: (ShardProgress) -> Void = { _ in },
    unless shouldStop: () -> Bool = { false }
  ) throws -> TokenShards? {
    var request = request
    if request.split.fraction == 0 { request.split = .none }
    guard let sources = try SourceList.read(request.source.inputs, on: progress, unless: shouldStop)
    else {
      return nil
    }
    let work = ShardWork(request, tokenizer, fingerprint, sources)
    do {
      // The texts were opened above: from here on there are only their tokens, Passo's own.
      return try FileScope.own {
        try work.findOrMake(in: cache, on: progress, unless: shouldStop)
      }
    } catch let problem as FileProblem {
      // What the system refuses below the cache is not the fault of the text.
      guard case .system(let fault, let file) = problem, file.hasPrefix(cache.root) else {
        throw problem
      }
      throw TextProblem.cache(fault, folder: cache.root)
    }
  }
}

/// The files of a text, read once to know them again.
private enum SourceList {
  static func read(
    _ files: [TextInput],
    on progress: (ShardProgress) -> Void,
    unless shouldStop: () -> Bool
  ) throws(FileProblem) -> [ShardManifest.Source]? {
    var total = 0
    for file in files {
      // What is no text is not read to its end first.
      try TextSniffer.check(file)
      total += try file.size()
    }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    var sources: [ShardManifest.Source] = []
    var done = 0
    for input in files {
      let file = try input.open()
      var (hash, bytes) = (ContentHash(), 0)
      while true {
        if shouldStop() { return nil }
        let count = try file.read(into: room, input.name)
        guard count > 0 else { break }
        hash.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
        bytes += count
        done += count
        if done >> 26 != (done - count) >> 26 { progress(.looking(done: done, total: total)) }
      }
      var source = ShardManifest.Source()
      (source.path, source.bytes, source.hash) = (input.name, bytes, hash.value)
      sources.append(source)
    }
    return sources
  }
}

/// The search for the tokens of one request.
private struct ShardWork {
  private let request: ShardRequest
  private let tokenizer: any Tokenizer
  private let fingerprint: UInt64
  private let sources: [ShardManifest.Source]
  private let marks: DocumentMarks
  private let key: UInt64

  init(
    _ request: ShardRequest,
    _ tokenizer: any Tokenizer,
    _ fingerprint: UInt64,
    _ sources: [ShardManifest.Source]
  ) {
    self.request = request
    self.tokenizer = tokenizer
    self.fingerprint = fingerprint
    self.sources = sources
    marks = request.marks ?? DocumentMarks(tokenizer)
    var hash = ContentHash()
    hash.add(ShardManifest.format)
    for source in sources {
      hash.add(UInt64(source.bytes))
      hash.add(source.hash)
    }
    hash.add(fingerprint)
    hash.add(UInt64(tokenizer.vocabularySize))
    hash.add(request.source.unit.rawValue)
    hash.add(request.source.field ?? "")
    hash.add(request.source.replacesInvalid ? 1 : 0)
    hash.add(ContentHash.of(marks.words))
    hash.add(request.split.name)
    hash.add(request.split.fraction.bitPattern)
    hash.add(UInt64(request.split.blockLength))
    hash.add(request.seed)
    hash.add(UInt64(request.shardTokens))
    key = hash.value
  }

  func findOrMake(
    in cache: TextCache,
    on progress: (ShardProgress) -> Void,
    unless shouldStop: () -> Bool
  ) throws -> TokenShards? {
    let folder = cache.folder(key)
    // What others can change would be believed, and what they can read is the text.
    do throws(FileProblem) {
      try cache.makeRoot()
    } catch {
      guard case .system(let fault, _) = error else { throw error }
      throw TextProblem.cache(fault, folder: cache.root)
    }
    if let found = try? opened(folder) {
      TextCache.noteUse(of: folder)
      return found
    }
    guard let lock = try FolderLock.wait(for: folder, unless: shouldStop) else { return nil }
    defer { lock.release() }
    var damage: ShardDamage?
    do throws(ShardDamage) {
      // The last holder of the lock may have made them.
      return try opened(folder)
    } catch {
      if InputFile.exists(folder) { damage = error }
    }
    let made = try cache.make(key) { try make(in: $0, on: progress, unless: shouldStop) }
    guard made != nil else { return nil }
    do throws(ShardDamage) {
      var shards = try opened(folder)
      shards.isNew = true
      if let damage { shards.notes.insert(damage.note, at: 0) }
      cache.makeRoom()
      return shards
    } catch {
      throw TextProblem.overwritten(folder: folder)
    }
  }

  /// The tokens of a folder, if they are what this work would make.
  private func opened(_ folder: String) throws(ShardDamage) -> TokenShards {
    let shards = try TokenShards(folder: folder, key: key)
    // Ids are held against the number in the list: it must be that of the tokenizer.
    guard shards.manifest.vocabularySize == tokenizer.vocabularySize else { throw .manifest }
    return shards
  }

  /// Writes all files, the list of them last; nil if it was told to stop.
  private func make(
    in folder: String,
    on progress: (ShardProgress) -> Void,
    unless shouldStop: () -> Bool
  ) throws -> ShardManifest? {
    var manifest = ShardManifest()
    manifest.key = key
    manifest.sources = sources
    manifest.tokenizer = fingerprint
    manifest.vocabularySize = tokenizer.vocabularySize
    manifest.width = ShardRequest.width(vocabularySize: tokenizer.vocabularySize)
    manifest.unit = request.source.unit
    manifest.split = request.split
    manifest.seed = request.seed
    guard try encode(&manifest, in: folder, on: progress, unless: shouldStop) else { return nil }
    if manifest.heldOut.tokens > 0 {
      progress(.comparing)
      guard let overlap = try overlap(manifest, in: folder, unless: shouldStop) else { return nil }
      manifest.overlap = overlap
    }
    try AtomicFile.write(Array(manifest.fileText.utf8), to: "\(folder)/\(ShardManifest.fileName)")
    return manifest
  }

  /// What both parts have in common; nil if it was told to stop.
  private func overlap(
    _ manifest: ShardManifest,
    in folder: String,
    unless shouldStop: () -> Bool
  ) throws(TextProblem) -> OverlapReport? {
    do throws(ShardDamage) {
      let kept = try ShardFile.open(manifest.heldOut, in: folder, manifest, isNew: true)
      let other = try ShardFile.open(manifest.training, in: folder, manifest, isNew: true)
      var check = OverlapCheck(kept, in: other, start: marks.separator)
      return check.run(unless: shouldStop)
    } catch {
      throw .overwritten(folder: folder)
    }
  }

  private func encode(
    _ manifest: inout ShardManifest,
    in folder: String,
    on progress: (ShardProgress) -> Void,
    unless shouldStop: () -> Bool
  ) throws -> Bool {
    let total = sources.reduce(0) { $0 + $1.bytes }
    var rule = SplitRule(request.split, seed: request.seed)
    var units = 0
    // The second pass, if there is one, has a rule that fills both parts.
    for _ in 0..<2 {
      var builder = ShardBuilder(request, tokenizer, folder: folder, rule: rule)
      var done = 0
      let outcome = try builder.run(
        on: {
          done += $0
          progress(.encoding(done: min(done, total), total: total))
        },
        unless: shouldStop
      )
      switch outcome {
      case .stopped: return false
      case .again(let other, let found): (rule, units) = (other, found)
      case .done(let training, let heldOut, let tally, let hashes):
        (manifest.training, manifest.heldOut, manifest.tally) = (training, heldOut, tally)
        for (source, hash) in zip(sources, hashes) where source.hash != hash {
          throw TextProblem.changed(file: source.path)
        }
        return true
      }
    }
    // Texts that hold nothing the tokenizer numbers.
    throw TextProblem.cannotSplit(request.split, units: units)
  }
}

extension ShardDamage {
  /// What a person should know.
  fileprivate var note: Bilingual {
    let (file, what) =
      switch self {
      case .manifest:
        (ShardManifest.fileName, Bilingual(it: "non è valido", en: "is not valid"))
      case .missing(let name): (name, Bilingual(it: "non si legge", en: "cannot be read"))
      case .size(let name): (name, Bilingual(it: "non è intero", en: "is not whole"))
      case .header(let name), .content(let name):
        (name, Bilingual(it: "è rovinato", en: "is damaged"))
      }
    return Bilingual(
      it: "i token già pronti di questo testo sono stati rifatti: \(it: file) \(what.it)",
      en: "the tokens kept of this text were made again: \(en: file) \(what.en)"
    )
  }
}
