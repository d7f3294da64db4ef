// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoTestSupport
import PassoText
import Testing

@testable import PassoModel

/// One value says what is run: it is compared, written beside a model and read again.
struct ExperimentTests {
  /// Experiments of every kind of model, data and setting.
  static let samples: [Experiment] = {
    var learned = Experiment(
      model: .folder("/una cartella/è"),
      data: .files(Experiment.TextFiles(TextSource(["a.txt", "b \"è\".csv"], unit: .file)))
    )
    learned.files?.source.field = "text"
    learned.files?.source.replacesInvalid = true
    learned.files?.keptPart = 0.25
    learned.files?.keepsWholeTexts = true
    learned.tokens = Experiment.TokenChoice(.bytePairs, size: 300)
    learned.optimizer.rounds = 4
    (learned.context, learned.mask) = (32, .strict)
    var hidden = Experiment(model: .preset(.sentences, seed: .max), data: .rows(path: "rows.json"))
    hidden.ask(MaskedObjective.self)
    (hidden.seed, hidden.hidingSeed) = (.max, 5)
    hidden.mask = .custom([[true, false], [true, true]])
    hidden.ablatedHeads = [HeadAddress(block: 1, head: 0), HeadAddress(block: 0, head: 3)]
    hidden.optimizer = Optimizer(.momentum(0.75))
    (hidden.optimizer.clip, hidden.rate, hidden.precision) = (0.1, 0.1 + 0.2, .f64)
    hidden.tokens.file = "tokenizer.json"
    var drawn = Experiment.first
    drawn.learn(from: .sentences(.gatto1, listed: 100), updates: 300)
    drawn.mask = .window(3)
    var unread = drawn
    unread.data = .unread(.init(path: "/è una/lingua.grammar", contentHash: .max - 1), listed: 7)
    return [.first, learned, hidden, drawn, unread]
  }()

  @Test(arguments: samples)
  func whatIsWrittenIsReadAgain(experiment: Experiment) throws {
    let scratch = try Scratch()
    _ = try scratch.write(experiment.encoded, to: Experiment.fileName)
    let read = try #require(try Experiment(folder: scratch.path("")))
    #expect(read == experiment, "\(read.differences(from: experiment))")
    #expect(read.description == experiment.description)
  }

  @Test func whereNothingIsWrittenNothingIsRead() throws {
    #expect(try Experiment(folder: Scratch().path("")) == nil)
  }

  @Test func differencesAreNamed() {
    var other = Experiment.first
    #expect(other.differences(from: .first).isEmpty)
    other.rate = 0.2
    other.mask = .none
    other.ablatedHeads = [HeadAddress(block: 0, head: 1)]
    #expect(other.differences(from: .first) == ["mask", "ablate", "lr"])
    other = .first
    other.learn(from: .sentences(.gatto1, listed: nil))
    #expect(Set(other.differences(from: .first)).isSuperset(of: ["typed", "corpus", "optimizer"]))
  }

  /// Every stored property has a field: one that were forgotten would be lost in the file.
  @Test func noPropertyIsForgotten() {
    let properties = Mirror(reflecting: Experiment.first).children.compactMap(\.label)
    #expect(
      properties == [
        "model", "data", "tokens", "objective", "hidingSeed", "mask", "ablatedHeads", "optimizer",
        "rate", "precision", "seed", "rows", "context",
      ]
    )
  }

  @Test func dataBringWhatSuitsThem() {
    var experiment = Experiment.first
    #expect(experiment.optimizer == .sgd && experiment.rate == 0.1)
    experiment.learn(from: .sentences(.gatto1, listed: nil), updates: 90)
    #expect(experiment.rows == 32 && experiment.rate == 3e-3)
    #expect(experiment.optimizer.schedule.updates == 90)
    experiment.learn(from: .rows(path: "x"))
    #expect(experiment.rows == 8 && experiment.rate == 1e-3)
    #expect(experiment.optimizer == .standardAdamW)
  }

  /// A file of a stranger: each fault is said with its field, and nothing is opened.
  @Test(arguments: [
    ("", "end"), ("[]", "object"), ("{}", "objective"), (#"{"objective":"causal"}"#, "mask"),
    (#"{"objective":"causal","mask":"causal","ablate":[]}"#, "passo-experiment-1"),
    (Self.record(#""objective":"guess","mask":"causal","ablate":["none"]"#), "'objective'"),
    (Self.record(#""objective":"causal","mask":"window 0","ablate":["none"]"#), "'mask'"),
    (Self.record(#""objective":"causal","mask":"custom 10/1","ablate":["none"]"#), "'mask'"),
    (Self.record(#""objective":"causal","mask":"custom ","ablate":["none"]"#), "'mask'"),
    (Self.record(#""objective":"causal","mask":["none","none"],"ablate":["none"]"#), "'mask'"),
    (Self.record(#""objective":"causal","mask":"none","ablate":["0.-1"]"#), "'ablate'"),
    (Self.record(#""objective":"causal","mask":"none","ablate":[]"#), "'ablate'"),
    (Self.record(Self.plain + #","lr":"nan""#), "'lr'"),
    (Self.record(Self.plain + #","lr":"-1""#), "'lr'"),
    (Self.record(Self.plain + #","optimizer":"adamw","beta2":"1""#), "'beta2'"),
    (Self.record(Self.plain + #","accumulate":"0""#), "'accumulate'"),
    (Self.record(Self.plain + #","rows":"99999999999999999999""#), "'rows'"),
    (Self.record(Self.plain + #","preset":"../x""#), "'preset'"),
    (Self.record(Self.plain + #","seed":"-1""#), "'seed'"),
    (Self.record(Self.plain + #","mask":"causal""#), "twice"),
    (Self.record(Self.plain + #","lr":7"#), "lr"),
    (Self.record(Self.plain + #","model":"/etc/passwd","text":["/etc/passwd"],"new":"x""#), nil),
  ])
  func aStrangersRecordIsReadWithCare(json: String, expected: String?) throws {
    let scratch = try Scratch()
    _ = try scratch.write(Array(json.utf8), to: Experiment.fileName)
    do {
      _ = try Experiment(folder: scratch.path(""))
      #expect(expected == nil)
    } catch {
      let wanted = try #require(expected, "\(error.message.en)")
      #expect(error.message.en.contains(wanted), "\(error.message.en)")
      #expect(error.message.it != error.message.en && error.hint != nil)
    }
  }

  static let plain = #""objective":"causal","mask":"causal","ablate":["none"]"#

  static func record(_ members: String) -> String {
    #"{"format":"passo-experiment-1",\#(members)}"#
  }
}

extension Experiment {
  /// The names of the fields in which two experiments differ.
  fileprivate func differences(from other: Experiment) -> [String] {
    let (mine, others) = (fields, other.fields)
    let missing = others.filter { field in !mine.contains { $0.name == field.name } }
    return (mine.filter { !others.contains($0) } + missing).map(\.name)
  }
}
