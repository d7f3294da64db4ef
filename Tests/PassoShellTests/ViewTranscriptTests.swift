// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import PassoText
import PassoView
import Testing

/// What each view looks like, with as many colours as there are, without colours, and as linear
/// text; kept in files, so that a change can be seen before it is taken.
///
///     PASSO_WRITE_TRANSCRIPTS=1 swift test --filter ViewTranscriptTests
///
/// writes them anew. Everything is computed in double precision, so that processors agree on all
/// digits that are shown.
struct ViewTranscriptTests {
  /// A view: the lines that lead to it, and the one that shows it.
  struct View: Sendable, CustomTestStringConvertible {
    let name: String
    var before: [String] = []
    let line: String
    var language = Language.it

    var testDescription: String { name }
  }

  static let views = [
    View(name: "attention-head", before: trained, line: ":show attention 0.1"),
    View(name: "attention-all", before: trained, line: ":show attention all"),
    View(name: "attention-arcs", before: trained, line: ":show arcs 0.1", language: .en),
    View(name: "mask", line: ":show mask"),
    View(name: "mask-window", before: [":mask window 2"], line: ":show mask", language: .en),
    View(name: "tensor", before: trained, line: ":show logits"),
    View(name: "tensor-slice", before: trained, line: ":show W_E[2:5, :4]", language: .en),
    View(name: "tensor-large", before: [":model piccolo"], line: ":show blocks.0.mlp.W_in"),
    View(
      name: "tensor-odd",
      before: [
        "let top = [[1, 1, 0, -1], [2, 3, 90, 1], [1, 2, -1, 4], [1, 0.5, 2, 2]]",
        "let odd = top / [[1, 1, 0, 1], [1, 1, 1, 1], [1, 1, 0, 1], [0, 1, 1, 1]]",
      ],
      line: "odd"
    ),
    View(
      name: "tensor-masked",
      before: trained,
      line: ":show blocks.0.attn.masked[0, 0, 2:, 1:]"
    ),
    View(name: "stats", before: trained, line: ":stats W_E"),
    View(name: "say", before: trained, line: ":say probs"),
    View(name: "gradient", before: [":precision f64", ":run"], line: ":show grad.logits[0]"),
    View(name: "loss-table", before: [":precision f64", ":until loss"], line: ":show loss"),
    View(name: "loss-curve", before: language, line: ":curve loss", language: .en),
    View(name: "loss-floor", before: language, line: ":show loss"),
    View(name: "predict", before: trained, line: ":predict \"Il gatto\""),
    View(name: "predict-truth", before: language, line: ":predict \"Il gatto delle\" 5"),
    View(name: "oracle", before: language, line: ":oracle Il gatto delle", language: .en),
    View(name: "lens", before: trained, line: ":lens"),
    View(name: "near", before: trained, line: ":near gatto"),
    View(name: "embeddings", before: trained, line: ":show embeddings"),
    View(name: "graph", before: [":until logits"], line: ":program graph", language: .en),
    View(name: "surprise", before: trained, line: ":surprise"),
    View(name: "weights", before: trained, line: ":weights W_U 4"),
  ]

  private static let trained = [":precision f64", ":train 20", ":until loss"]
  private static let language = [
    ":corpus gatto-1 take 40 rows 4", ":precision f64", ":train 6", ":until loss",
  ]

  private static let modes: [(name: String, isPlain: Bool, depth: ColorDepth)] = [
    ("linear text", true, .none), ("no colours", false, .none), ("16 colours", false, .ansi16),
    ("256 colours", false, .ansi256), ("true colour", false, .trueColor),
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Transcripts")

  @Test(arguments: views)
  func aViewLooksAsItDid(_ view: View) throws {
    let transcript = try Self.modes.map { mode in
      "== \(mode.name)\n" + (try shown(view, mode.isPlain, mode.depth))
    }.joined(separator: "\n")
    let file = Self.folder.appending(path: "\(view.name).txt")
    if ProcessInfo.processInfo.environment["PASSO_WRITE_TRANSCRIPTS"] != nil {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try transcript.write(to: file, atomically: true, encoding: .utf8)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(transcript == kept)
  }

  /// Colours change nothing of what is written: without them the text is the same.
  @Test(arguments: views)
  func coloursOnlyAdd(_ view: View) throws {
    let without = try shown(view, false, .none)
    for depth in [ColorDepth.ansi16, .ansi256, .trueColor] {
      let with = try shown(view, false, depth)
      // A blank on a colour is a cell of a picture; without the colour nothing is there.
      let bare = with.replacing(/␛\[[0-9;]*m/, with: "").replacing(/[ ]+\n/, with: "\n")
      #expect(bare == without)
    }
  }

  /// The screen of a view, with the sign for an escape where there is one.
  private func shown(_ view: View, _ isPlain: Bool, _ depth: ColorDepth) throws -> String {
    let probe = try ShellProbe(view.language, isPlain: isPlain, depth: depth)
    for line in view.before {
      let reply = probe.type(line)
      #expect(reply.outcome == .done, "\(line): \(reply.errors)")
    }
    let reply = probe.type(view.line)
    #expect(reply.outcome == .done, "\(view.line): \(reply.errors)")
    return reply.output.replacing("\u{1B}", with: "␛")
  }
}
