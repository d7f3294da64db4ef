// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `passo generate` as a script sees it.
struct GenerateCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-generate-\(UUID().uuidString)")

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  @Test func wordsThatAreNotInTheVocabularyAreNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let sentences = "il gatto dorme\nil gatto corre\nil cane dorme\nla volpe mangia\n"
    try Data(sentences.utf8).write(to: folder.appending(path: "text.txt"))
    let trained = try PassoProgram.run(
      [
        "train", "--preset", "gatto", "--text", path("text.txt"), "--tokenizer", "words",
        "--vocab-size", "5", "--validation", "0", "--context", "8", "--steps", "1", "--out",
        path("model"),
      ],
      environment: ["XDG_CACHE_HOME": path("cache")]
    )
    #expect(trained.status == 0, "\(trained.errors)")
    func reply(_ prompt: String, _ language: String) throws -> PassoProgram.Reply {
      try PassoProgram.run([
        "generate", "--model", path("model"), "--prompt", prompt, "--max-new-tokens", "2",
        "--lang", language, "--json",
      ])
    }
    let italian = try reply("Il gatto Il drago", "it")
    let note = "per il modello diventa <unk> ciò che non è nel suo vocabolario: «Il», «drago»\n"
    #expect(italian.status == 0 && italian.errors == note)
    let english = try reply("Il gatto Il drago", "en")
    let said = "the model reads <unk> for what is not in its vocabulary: 'Il', 'drago'\n"
    #expect(english.errors == said && english.output == italian.output)
    #expect(try reply("il gatto", "it").errors.isEmpty)
  }

  /// What the REPL shows step by step, in a shell too.
  @Test func aRowIsUncoveredPlaceByPlace() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    func passo(_ words: String...) throws -> PassoProgram.Reply {
      try PassoProgram.run(words + ["--lang", "en"])
    }
    for (objective, out) in [("any-order", "any"), ("causal", "causal")] {
      let trained = try passo(
        "train",
        "--corpus",
        "gatto-1",
        "--objective",
        objective,
        "--steps",
        "60",
        "--out",
        path(out)
      )
      #expect(trained.status == 0, "\(trained.errors)")
    }
    func uncover(_ model: String, _ words: String...) throws -> PassoProgram.Reply {
      try PassoProgram.run(
        ["generate", "--model", path(model), "--unmask", "--max-new-tokens"] + words
          + ["--lang", "en"]
      )
    }
    let shown = try uncover("any", "14")
    let lines = shown.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(shown.status == 0, "\(shown.errors)")
    // A header, a line for each place, the text.
    #expect(lines.count == 17 && lines[0].hasSuffix("token       row"))
    #expect(lines[14].hasPrefix("    14") && !lines[14].contains("·"))
    #expect(try uncover("any", "14").output == shown.output)
    let drawn = try uncover("any", "11", "--prompt", "Il gatto", "--temperature", "1", "--json")
    #expect(drawn.status == 0 && drawn.output.contains("\"tokens\""), "\(drawn.errors)")
    let other = try uncover(
      "any",
      "11",
      "--prompt",
      "Il gatto",
      "--temperature",
      "1",
      "--json",
      "--seed",
      "2"
    )
    #expect(other.output != drawn.output)
    let causal = try uncover("causal", "14")
    #expect(causal.status == 1 && causal.errors.contains("this one has learned causal"))
    let long = try uncover("any", "99")
    #expect(long.status == 1 && long.errors.contains("got 99"))
  }

  /// The text is the same, and beside it stands what else it could have been.
  @Test func alternativesAreATableAndAFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let trained = try PassoProgram.run([
      "train", "--corpus", "gatto-1", "--steps", "20", "--gradients", "twice", "--out",
      path("model"),
    ])
    #expect(trained.status == 0, "\(trained.errors)")
    func reply(_ options: [String]) throws -> PassoProgram.Reply {
      try PassoProgram.run(
        [
          "generate", "--model", path("model"), "--prompt", "Il gatto", "--max-new-tokens", "4",
          "--temperature", "1", "--seed", "3", "--lang", "en",
        ] + options
      )
    }
    let plain = try reply([])
    let shown = try reply(["--alternatives", "--best", "2", "--csv", path("a.csv")])
    #expect(shown.status == 0 && shown.output.hasPrefix(plain.output), "\(shown.errors)")
    #expect(shown.output.contains("what the model expected at each token that it made"))
    let lines = try String(contentsOfFile: path("a.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines[0].hasPrefix("place,token,id,probability,rank,surprisal,entropy,true_entropy,"))
    #expect(lines[0].hasSuffix(",token_1,id_1,probability_1,token_2,id_2,probability_2"))
    let words = plain.output.split(whereSeparator: \.isWhitespace).count
    #expect((words...words + 1).contains(lines.count - 1))
    // Written once more, but never over something else.
    #expect(try reply(["--alternatives", "--csv", path("a.csv")]).status == 0)
    let other = try reply(["--alternatives", "--csv", path("model/config.json")])
    #expect(other.status == 1 && other.errors.contains("another kind"))
    try Data("Il gatto dorme\n".utf8).write(to: folder.appending(path: "text.txt"))
    let evaluated = try PassoProgram.run(
      [
        "evaluate", "--model", path("model"), "--text", path("text.txt"), "--json", "--csv",
        path("places.csv"),
      ],
      environment: ["XDG_CACHE_HOME": path("cache")]
    )
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let places = try String(contentsOfFile: path("places.csv"), encoding: .utf8)
      .split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let costs = places.compactMap { Double($0[5]) }
    let found = try #require(
      JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any]
    )
    #expect(costs.count == found["tokens"] as? Int && costs.count == places.count - 1)
    let loss = try #require(found["loss"] as? Double)
    #expect(abs(costs.reduce(0, +) / Double(costs.count) - loss) < 1e-4)
    for wrong in [["--best", "2"], ["--csv", path("b.csv")], ["--alternatives", "--json"]] {
      #expect(try reply(wrong).status == 2)
    }
  }

  /// At each door where a large model would let a person wait.
  @Test func whoWillWaitIsToldWhy() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = String(repeating: "Il gatto dorme sul divano. ", count: 40)
    try text.write(toFile: path("text.txt"), atomically: true, encoding: .utf8)
    let common = ["--precision", "f64", "--lang", "it"]
    let note = "in f64 non c'è una forma veloce; sarà lento\n"
    for arguments in [
      [
        "train", "--preset", "piccolo", "--text", path("text.txt"), "--tokenizer", "words",
        "--context", "4", "--batch", "1", "--steps", "1", "--out", path("model"),
      ],
      ["generate", "--model", path("model"), "--prompt", "Il", "--max-new-tokens", "1"],
      ["evaluate", "--model", path("model"), "--text", path("text.txt"), "--top", "0"],
    ] {
      let reply = try PassoProgram.run(
        arguments + common,
        environment: ["XDG_CACHE_HOME": path("cache")]
      )
      #expect(reply.status == 0)
      #expect((reply.errors + reply.output).contains(note), "\(arguments[0]): \(reply.errors)")
    }
  }
}
