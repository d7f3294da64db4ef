// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles

/// How one field is written and read.
struct FieldRule: Sendable {
  let name: String

  /// The words of the field; nil where it has no value.
  let words: @Sendable (Experiment) -> [String]?

  /// Takes words; false if they mean nothing.
  let set: @Sendable (inout Experiment, [String]) -> Bool

  static let all = model + data + tokens + questions + learning + batches

  /// The names of the fields that decide which texts and which tokens there are.
  static let ofData = Set((data + tokens + batches).map(\.name) + ["objective", "hiding-seed"])

  /// A field of one word, which a person or a stranger may have got wrong.
  private static func one<Value>(
    _ name: String,
    _ get: @escaping @Sendable (Experiment) -> String?,
    _ parse: @escaping @Sendable (String) -> Value?,
    _ put: @escaping @Sendable (inout Experiment, Value) -> Void
  ) -> FieldRule {
    FieldRule(
      name: name,
      words: { get($0).map { [$0] } },
      set: { experiment, words in
        guard words.count == 1, let value = parse(words[0]) else { return false }
        put(&experiment, value)
        return true
      }
    )
  }

  /// A field that is a whole number.
  private static func count(
    _ name: String,
    from least: Int,
    _ get: @escaping @Sendable (Experiment) -> Int?,
    _ put: @escaping @Sendable (inout Experiment, Int) -> Void
  ) -> FieldRule {
    one(
      name,
      { get($0).map { "\($0)" } },
      { Int($0).flatMap { (least...1 << 40).contains($0) ? $0 : nil } },
      put
    )
  }

  /// A field that is a number within bounds.
  private static func number(
    _ name: String,
    _ isAllowed: @escaping @Sendable (Double) -> Bool,
    _ get: @escaping @Sendable (Experiment) -> Double?,
    _ put: @escaping @Sendable (inout Experiment, Double) -> Void
  ) -> FieldRule {
    one(
      name,
      { get($0).map { "\($0)" } },
      { Double($0).flatMap { $0.isFinite && isAllowed($0) ? $0 : nil } },
      put
    )
  }

  private static func seed(
    _ name: String,
    _ get: @escaping @Sendable (Experiment) -> UInt64?,
    _ put: @escaping @Sendable (inout Experiment, UInt64) -> Void
  ) -> FieldRule {
    one(name, { get($0).map { "\($0)" } }, { UInt64($0) }, put)
  }
}

// MARK: - The fields

extension FieldRule {
  /// What a person has changed of a preset.
  private static let knobs = Knob.all.map { knob in
    one(
      knob.field,
      { experiment in
        guard case .preset(let preset, _) = experiment.model else { return nil }
        return preset.changes.first { $0.knob.name == knob.name }?.word
      },
      { word in
        var knobs = ModelKnobs()
        return knob.take(&knobs, word) ? word : nil
      },
      { experiment, word in
        guard case .preset(var preset, let seed) = experiment.model else { return }
        _ = preset.take(word, for: knob)
        experiment.model = .preset(preset, seed: seed)
      }
    )
  }

  private static let model =
    [
      one(
        "preset",
        { if case .preset(let preset, _) = $0.model { preset.name } else { nil } },
        { Preset.named($0) },
        { $0.model = .preset($1, seed: Experiment.Defaults.modelSeed) }
      ),
      seed(
        "model-seed",
        { if case .preset(_, let seed) = $0.model { seed } else { nil } },
        { if case .preset(let preset, _) = $0.model { $0.model = .preset(preset, seed: $1) } }
      ),
    ]
    + knobs + [
      one(
        "model",
        { if case .folder(let path) = $0.model { path } else { nil } },
        { $0 },
        { $0.model = .folder($1) }
      )
    ]

  private static let data = [
    FieldRule(
      name: "typed",
      words: { if case .typed(let texts) = $0.data { texts } else { nil } },
      set: { experiment, texts in
        experiment.data = .typed(texts)
        return !texts.isEmpty
      }
    ),
    one(
      "corpus",
      { $0.rules == nil ? $0.language?.name : nil },
      { ToyLanguage.named($0) },
      { $0.data = .sentences($1, listed: nil) }
    ),
    one(
      "grammar",
      { $0.rules?.path },
      { $0 },
      { $0.data = .unread(.init(path: $1, contentHash: 0), listed: nil) }
    ),
    one(
      "grammar-hash",
      { $0.rules.map { ContentHash.digits($0.contentHash) } },
      { UInt64($0, radix: 16) },
      { experiment, hash in
        guard let path = experiment.rules?.path else { return }
        experiment.data = .unread(.init(path: path, contentHash: hash), listed: nil)
      }
    ),
    count(
      "take",
      from: 1,
      { $0.listed },
      { experiment, count in
        switch experiment.data {
        case .sentences(let language, _): experiment.data = .sentences(language, listed: count)
        case .unread(let origin, _): experiment.data = .unread(origin, listed: count)
        default: break
        }
      }
    ),
    FieldRule(
      name: "text",
      words: { $0.files?.source.names },
      set: { experiment, names in
        let source = TextSource(names.map { TextInput(path: $0) })
        experiment.data = .files(Experiment.TextFiles(source))
        return !names.isEmpty
      }
    ),
    one(
      "documents",
      { $0.files?.source.unit.rawValue },
      { DocumentUnit(rawValue: $0) },
      { $0.files?.source.unit = $1 }
    ),
    one("field", { $0.files?.source.field }, { $0 }, { $0.files?.source.field = $1 }),
    one(
      "replace-invalid",
      { $0.files.map { "\($0.source.replacesInvalid)" } },
      { Bool($0) },
      { $0.files?.source.replacesInvalid = $1 }
    ),
    number(
      "validation",
      { (0..<1).contains($0) },
      { $0.files?.keptPart },
      { $0.files?.keptPart = $1 }
    ),
    one(
      "split",
      { $0.files?.split },
      { ["block": false, "document": true][$0] },
      { $0.files?.keepsWholeTexts = $1 }
    ),
    one(
      "tokens",
      { if case .rows(let path) = $0.data { path } else { nil } },
      { $0 },
      { $0.data = .rows(path: $1) }
    ),
  ]

  private static let tokens = [
    one(
      "tokenizer",
      { $0.tokens.kind?.rawValue },
      { TokenizerKind(rawValue: $0) },
      { $0.tokens.kind = $1 }
    ),
    count("vocab-size", from: 1, { $0.tokens.size }, { $0.tokens.size = $1 }),
    one("tokenizer-file", { $0.tokens.file }, { $0 }, { $0.tokens.file = $1 }),
  ]

  private static let questions = [
    one("objective", { $0.objective.name }, { try? ObjectiveChoice($0) }, { $0.ask($1) }),
    seed("hiding-seed", { $0.hidingSeed }, { $0.hidingSeed = $1 }),
    one("mask", { $0.mask.description }, { MaskKind($0) }, { $0.mask = $1 }),
    FieldRule(
      name: "ablate",
      words: { $0.ablationText.split(separator: " ").map(String.init) },
      set: { experiment, words in
        let heads = words == ["none"] ? [] : words.map { HeadAddress($0) }
        experiment.ablatedHeads = Set(heads.compactMap(\.self))
        return !words.isEmpty && !heads.contains(nil)
      }
    ),
  ]

  private static let learning =
    [
      one("optimizer", { $0.optimizer.name }, { Optimizer.named($0) }, { $0.optimizer = $1 }),
      number("lr", { $0 > 0 }, { $0.rate }, { $0.rate = $1 }),
    ]
    + ["beta1", "beta2", "eps", "weight-decay"].map { name in
      number(
        name,
        { $0 >= 0 && ($0 < 1 || !name.hasPrefix("beta")) },
        { $0.optimizer.rule.numbers[name] },
        { $0.optimizer.rule = $0.optimizer.rule.with(name, $1) }
      )
    }
    + [
      number("clip", { $0 > 0 }, { $0.optimizer.clip }, { $0.optimizer.clip = $1 }),
      one(
        "schedule",
        { $0.optimizer.schedule.decay.rawValue },
        { RateSchedule.Decay(rawValue: $0) },
        { $0.optimizer.schedule.decay = $1 }
      ),
      count(
        "warmup",
        from: 0,
        { $0.optimizer.schedule.warmup },
        { $0.optimizer.schedule.warmup = $1 }
      ),
      count(
        "decay-steps",
        from: 1,
        { $0.optimizer.schedule.updates },
        { $0.optimizer.schedule.updates = $1 }
      ),
      number(
        "floor",
        { (0...1).contains($0) },
        { $0.optimizer.schedule.floor },
        { $0.optimizer.schedule.floor = $1 }
      ),
      count("accumulate", from: 1, { $0.optimizer.rounds }, { $0.optimizer.rounds = $1 }),
      one(
        "precision",
        { $0.precision.rawValue },
        { Precision(rawValue: $0) },
        { $0.precision = $1 }
      ),
    ]

  private static let batches = [
    seed("seed", { $0.seed }, { $0.seed = $1 }),
    count("rows", from: 1, { $0.rows }, { $0.rows = $1 }),
    count("context", from: 1, { $0.context }, { $0.context = $1 }),
  ]
}
