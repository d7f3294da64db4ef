// SPDX-License-Identifier: MIT

import ArgumentParser
import Glibc
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText

/// `passo bench`: how long a training step takes, as one JSON line.
struct BenchCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "bench",
    it: "Cronometra passi di addestramento, generazione o tokenizer su un carico fisso.",
    en: "Time training steps, generation or tokenizers on a workload of fixed size.",
    discussion: Bilingual(
      it: """
        Scrive una riga JSON. W1 è una lezione, W2 una classe, W3 e W4 sono modelli a caratteri, \
        W5 è GPT-2 con 124 milioni di parametri. Con --model si usano i pesi di una cartella, con \
        --tokens il batch di un file.
        """,
      en: """
        Prints one JSON line. W1 is a lesson, W2 a classroom, W3 and W4 are character models, W5 \
        is GPT-2 with 124 million parameters. With --model the weights of a folder are used, with \
        --tokens the batch of a file.
        """
    )
  )

  @Option(help: ArgumentHelp(it: "Il carico: da W1 a W5.", en: "W1, W2, W3, W4 or W5."))
  var workload: Workload = .w1

  @Option(
    it: "La cartella di un modello; se non si dice, pesi casuali della misura del carico.",
    en: "A model folder; without it random weights of the workload's size."
  )
  var model: String?

  @Option(
    it: "Un batch: {\"inputs\": [[...]], \"targets\": [[...]]}.",
    en: "The batch: {\"inputs\": [[...]], \"targets\": [[...]]}."
  )
  var tokens: String?

  @Option(
    it: "Quanti thread si dividono il lavoro; quanti sono i core se non si dice.",
    en: "How many threads share the work; as many as there are cores if not given.",
    parser: ValueParser.threads
  )
  var threads: Int = ProcessorCount.physical

  @Option(
    it: "Per quanti secondi misurare.",
    en: "Seconds to measure for.",
    parser: ValueParser.number(.fromZero)
  )
  var seconds = 4.0

  @Flag(
    it: "Misura invece la generazione: greedy, con la cache, un testo.",
    en: "Measure generation instead: greedy, with a cache, one text."
  )
  var generate = false

  @Flag(
    it: "Si ferma dopo la prima loss, e dice il tempo di CPU dall'inizio del processo.",
    en: "Stop after the first loss, and say the CPU time since the process began."
  )
  var startup = false

  @Flag(
    it: "Misura la forma che si legge passo per passo, invece di quella veloce.",
    en: "Time the form that is read step by step, instead of the fast one."
  )
  var readable = false

  @Flag(
    it: "Dice sullo standard error dove va il tempo.",
    en: "Say on standard error where the time goes."
  )
  var breakdown = false

  @OptionGroup(title: Bilingual(it: "Tokenizer", en: "Tokenizers").spoken)
  var tokenizers: TokenizerBenchOptions

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    if tokenizers.isUsed {
      let bench = TokenizerBench(options: tokenizers, threads: threads, seconds: seconds)
      if let line = try bench.run() { print(line) }
      return
    }
    let folder = try model.map { try ModelFolder(path: $0) }
    var configuration = folder?.configuration ?? workload.configuration
    if generate, folder == nil {
      // Room for prompt and text, also where training has less.
      let (prompt, new) = workload.generation
      configuration.contextLength = max(configuration.contextLength, prompt + new)
    }
    var model = Model(
      configuration,
      try folder
        ?? configuration.initialParameters(
          seed: 42,
          standardDeviation: ModelKnobs().standardDeviation
        ),
      precision: .f32,
      threads: threads
    )
    if generate { return try runGeneration(GenerationBenchmark(model, workload)) }
    let file = try tokens.map {
      try TokensFile(
        path: $0,
        vocabularySize: configuration.vocabularySize,
        contextLength: configuration.contextLength
      )
    }
    let data = try file.map { try TrainingData($0, rounds: 1) }
    model.mask = data?.mask ?? .causal
    var benchmark = try TrainingBenchmark(
      model,
      shape: data?.batch ?? workload.batch,
      batch: data?.training.batch(0) ?? workload.tokens,
      isReadable: readable
    )
    if startup {
      let loss = try benchmark.firstLoss()
      let time = ("cpu_ms", number(ProcessorTime.milliseconds))
      return print(JSONText.object([("loss_1", "\(loss)"), time]))
    }
    let result = try benchmark.run(seconds: seconds, breakdown: breakdown)
    let rows = data?.batch ?? workload.batch
    show(result, tokens: rows.rows * rows.length, instructions: benchmark.instructions)
    if breakdown { BenchBreakdown(result).write() }
  }

  private func runGeneration(_ benchmark: GenerationBenchmark) throws {
    let result = try benchmark.run(seconds: seconds)
    let times = result.milliseconds.sorted()
    let new = Double(result.tokens.count)
    printLine([
      ("bench", "\"generate\""), ("prompt", "\(benchmark.prompt.count)"),
      ("new", "\(result.tokens.count)"), ("ms_median", number(times[times.count / 2])),
      ("ms_min", number(times[0])), ("ms_max", number(times[times.count - 1])),
      ("tokens_per_s", number(new / times[times.count / 2] * 1e3)),
      ("tokens_per_s_best", number(new / times[0] * 1e3)), ("runs", "\(times.count)"),
      ("peak_rss_mb", number(PeakMemory.megabytes)),
      ("first_tokens", "\(result.tokens.prefix(8).map(Int.init))"),
    ])
  }

  private func show(
    _ result: TrainingBenchmark.Result,
    tokens: Int,
    instructions: String
  ) {
    let times = result.milliseconds.sorted()
    let median = times[times.count / 2]
    printLine([
      ("step_ms_median", number(median)), ("step_ms_min", number(times[0])),
      ("step_ms_max", number(times[times.count - 1])), ("steps", "\(times.count)"),
      ("tokens_per_s", number(Double(tokens) / median * 1e3)),
      ("peak_rss_mb", number(PeakMemory.megabytes)), ("loss_1", number(result.losses[0])),
      ("loss_5", number(result.losses[4])), ("first_step_ms", number(result.firstStep)),
      ("instructions", "\"\(instructions)\""),
    ])
  }

  private func printLine(_ fields: [(String, String)]) {
    let common = [
      ("peer", "\"passo\""), ("workload", "\"\(workload.rawValue)\""), ("threads", "\(threads)"),
    ]
    print(JSONText.object(common + fields))
  }

  private func number(_ x: Double) -> String { NumberText.code(x, decimals: 5) }
}

extension Workload: ExpressibleByArgument {
  package init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}

/// The most memory that the process has had.
enum PeakMemory {
  static var megabytes: Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}

/// The time that the process has computed, loading included.
enum ProcessorTime {
  static var milliseconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }
}

/// Where the time goes, by what is done.
struct BenchBreakdown {
  private struct Line {
    var count = 0
    var seconds = 0.0
    var flops = 0.0
    var bytes = 0.0
  }

  private var lines: [String: Line] = [:]
  private var total = 0.0

  init(_ result: TrainingBenchmark.Result) {
    for (step, seconds) in result.breakdown {
      let key = "\(step.phase.rawValue): \(step.work.en)"
      lines[key, default: Line()].count += 1
      lines[key, default: Line()].seconds += seconds
      lines[key, default: Line()].flops += step.flops
      lines[key, default: Line()].bytes += step.bytes
      total += seconds
    }
  }

  /// Writes a table to standard error, the longest first.
  func write() {
    StandardError.write("      ms      %  GFLOP/s    GB/s  steps  what\n")
    for (name, line) in lines.sorted(by: { $0.value.seconds > $1.value.seconds }) {
      let numbers = [
        (line.seconds * 1e3, 3, 8), (100 * line.seconds / max(total, 1e-12), 1, 7),
        (line.flops / max(line.seconds, 1e-12) * 1e-9, 1, 9),
        (line.bytes / max(line.seconds, 1e-12) * 1e-9, 1, 8), (Double(line.count), 0, 7),
      ]
      let text =
        numbers.map { number, digits, width in
          NumberText.code(number, decimals: digits).leftPadded(to: width)
        }.joined() + "  "
      StandardError.write(text + name + "\n")
    }
  }
}
