// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoFiles
import PassoModel
import PassoText

/// `passo bench --tokenizer`, `--tokenizer-train` and `--generate-text`.
struct TokenizerBenchOptions: ParsableArguments {
  @Option(
    it: "Cronometra la codifica: il tokenizer.json; vuole --text.",
    en: "Time encoding: the tokenizer.json; needs --text."
  )
  var tokenizer: String?

  @Flag(
    it: "Cronometra l'addestramento di coppie di byte; vuole --text e --vocab-size.",
    en: "Time the training of byte pairs; needs --text and --vocab-size."
  )
  var tokenizerTrain = false

  @Option(
    it: "Il testo da codificare o da cui imparare.",
    en: "The text to encode or to learn from."
  )
  var text: String?

  @Option(
    it: "Quanti token imparare.",
    en: "How many tokens to learn.",
    parser: ValueParser.whole(256...Vocabulary.limit)
  )
  var vocabSize = 4_096

  @Option(
    it: "Codifica parti di tanti byte, ciascuna fino alla fine della sua riga.",
    en: "Encode parts of as many bytes, each up to the end of its line.",
    parser: ValueParser.count(from: 1)
  )
  var chunk = 1 << 16

  @Option(
    it: "Scrive un testo per le misure: di quanti megabyte; vuole --out.",
    en: "Write text for measurements: how many megabytes; needs --out.",
    parser: ValueParser.whole(1...4_096)
  )
  var generateText: Int?

  @Option(
    it: "Il seme di quel testo.",
    en: "The seed of that text.",
    parser: ValueParser.whole(from: 0)
  )
  var seed: UInt64 = 42

  @Option(help: ArgumentHelp(it: "Il file per quel testo.", en: "The file for that text."))
  var out: String?

  var isUsed: Bool { tokenizer != nil || tokenizerTrain || generateText != nil }

  func validate() throws {
    if tokenizer != nil || tokenizerTrain, text == nil {
      throw UsageProblem(
        it: "--\(tokenizer == nil ? "tokenizer-train" : "tokenizer") non va senza --text",
        en: "--\(tokenizer == nil ? "tokenizer-train" : "tokenizer") needs --text, got none",
        hint: Bilingual(
          it: "--text FILE è il testo con cui misurare",
          en: "--text FILE is the text to measure with"
        )
      )
    }
    if generateText != nil, out == nil {
      throw UsageProblem(
        it: "a --generate-text manca --out",
        en: "--generate-text needs --out, got none",
        hint: Bilingual(
          it: "--out FILE è il file da scrivere",
          en: "--out FILE is the file to write"
        )
      )
    }
  }
}

/// The measurements themselves; each gives the members of one JSON line.
struct TokenizerBench {
  typealias Members = [(key: String, value: String)]

  let options: TokenizerBenchOptions
  let threads: Int
  let seconds: Double

  /// Does what is asked for; nil if there is nothing to print.
  func run() throws -> String? {
    if let megabytes = options.generateText, let out = options.out {
      try generate(megabytes, out)
      return nil
    }
    guard let text = options.text else { return nil }
    let members = try options.tokenizer.map { try encode(text, $0) } ?? train(text)
    return JSONText.object(members)
  }

  private func generate(_ megabytes: Int, _ path: String) throws {
    let reservation = try AtomicFile.Reservation(path)
    defer { withExtendedLifetime(reservation) {} }
    var generator = TextGenerator(seed: options.seed)
    var bytes: [UInt8] = []
    let size = megabytes * 1_000_000
    bytes.reserveCapacity(size + 1 << 16)
    while bytes.count < size { bytes += generator.paragraph().utf8 }
    try AtomicFile.write(bytes, to: path)
  }

  private func encode(_ path: String, _ file: String) throws -> Members {
    let read = try TokenizerFile.read(path: file)
    guard let tokenizer = read as? BytePairTokenizer else {
      throw UsageProblem(
        "--tokenizer",
        needs: Bilingual(it: "coppie di byte (bpe)", en: "byte pairs (bpe)"),
        got: read.kind.rawValue
      )
    }
    return try TextFile.allBytes(path: path).withUnsafeBufferPointer { text in
      let ends = Self.ends(of: text, every: options.chunk)
      guard Self.isValid(text) else {
        throw UsageProblem(
          it: "--text vuole un file in UTF-8, e qui ci sono byte che non lo sono",
          en: "--text needs a file in UTF-8, got bytes that are not"
        )
      }
      var tokens = 0
      let times = repeated { tokens = count(tokenizer, text, ends) }
      return members("bpe-encode", text.count, times) + [("tokens", "\(tokens)")]
    }
  }

  /// Encodes some megabytes at a time, as one who writes the ids away would.
  private func count(
    _ tokenizer: BytePairTokenizer,
    _ text: UnsafeBufferPointer<UInt8>,
    _ ends: [Int]
  ) -> Int {
    var tokens = 0
    var ids: [TokenID] = []
    var (first, start) = (0, 0)
    while first < ends.count {
      var last = first
      while last + 1 < ends.count, ends[last] - start < 1 << 23 { last += 1 }
      ids.removeAll(keepingCapacity: true)
      tokenizer.encodeParts(
        of: UnsafeBufferPointer(rebasing: text[start..<ends[last]]),
        endingAt: ends[first...last].map { $0 - start },
        threads: threads,
        into: &ids
      )
      tokens += ids.count
      (first, start) = (last + 1, ends[last])
    }
    return tokens
  }

  private func train(_ path: String) throws -> Members {
    let text = try TextFile.text(path: path)
    let plan = BytePairTrainer.Plan(vocabularySize: options.vocabSize)
    var merges = 0
    var slowest = 0.0
    let times = try repeated {
      var trainer = try BytePairTrainer(texts: [text], plan: plan, threads: threads)
      while true {
        let begin = ContinuousClock.now
        guard trainer.step() != nil else { break }
        slowest = max(slowest, Self.seconds(since: begin))
      }
      merges = trainer.merges.count
    }
    return members("bpe-train", text.utf8.count, times)
      + [
        ("vocab_size", "\(options.vocabSize)"), ("merges", "\(merges)"),
        ("slowest_step_ms", NumberText.code(slowest * 1e3, decimals: 3)),
      ]
  }

  // MARK: Parts

  /// At least three times, and as long as asked for.
  private func repeated(_ work: () throws -> Void) rethrows -> [Double] {
    var times: [Double] = []
    while times.count < 3 || times.reduce(0, +) < seconds && times.count < 100 {
      let begin = ContinuousClock.now
      try work()
      times.append(Self.seconds(since: begin))
    }
    return times.sorted()
  }

  private static func seconds(since begin: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - begin) / .seconds(1)
  }

  private func members(_ workload: String, _ bytes: Int, _ times: [Double]) -> Members {
    let megabytes = Double(bytes) / 1e6
    let median = times[times.count / 2]
    return [
      ("peer", "\"passo\""), ("workload", "\"\(workload)\""), ("threads", "\(threads)"),
      ("mb", NumberText.code(megabytes, decimals: 3)),
      ("seconds_median", NumberText.code(median, decimals: 4)),
      ("seconds_min", NumberText.code(times[0], decimals: 4)),
      ("mb_per_s", NumberText.code(megabytes / median, decimals: 2)), ("runs", "\(times.count)"),
      ("peak_rss_mb", NumberText.code(PeakMemory.megabytes, decimals: 1)),
    ]
  }

  /// Where parts end: after the first line end from `size` bytes on.
  private static func ends(of text: UnsafeBufferPointer<UInt8>, every size: Int) -> [Int] {
    var ends: [Int] = []
    var start = 0
    while start < text.count {
      var end = min(start + size, text.count)
      while end < text.count, text[end - 1] != UInt8(ascii: "\n") { end += 1 }
      ends.append(end)
      start = end
    }
    return ends
  }

  private static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // Part by part, so that no second copy of all of it is made.
    var start = 0
    for end in ends(of: text, every: 1 << 20) {
      guard String(validating: text[start..<end], as: UTF8.self) != nil else { return false }
      start = end
    }
    return true
  }
}
