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
    View(name: "floors", before: [":corpus gatto-1"], line: ":floor"),
    View(name: "predict", before: trained, line: ":predict \"Il gatto\""),
    View(name: "predict-truth", before: language, line: ":predict \"Il gatto delle\" 5"),
    View(name: "predict-all", before: language, line: ":predict all \"Il gatto delle bambine\""),
    View(
      name: "patch-grid",
      before: trained,
      line: ":patch all \"Il gatto dorme\" \"Il divano dorme\"",
      language: .en
    ),
    View(
      name: "patch",
      before: trained + [":fork a", ":set tokens[0, 2] = \"divano\"", ":fork b", ":swap a"],
      line: ":patch blocks.0.attn.z[0, 3:] from b"
    ),
    View(name: "oracle", before: language, line: ":oracle Il gatto delle", language: .en),
    View(name: "lens", before: trained, line: ":lens"),
    View(name: "near", before: trained, line: ":near gatto"),
    View(name: "embeddings", before: trained, line: ":show embeddings"),
    View(name: "graph", before: [":until logits"], line: ":program graph", language: .en),
    View(name: "surprise", before: trained, line: ":surprise"),
    View(
      name: "race",
      before: [":corpus gatto-1 rows 4", ":precision f64"],
      line: ":race rate 0.1 0.5 1 updates 12"
    ),
    View(name: "weights", before: trained, line: ":weights W_U 4"),
  ]

  private static let trained = [":precision f64", ":train 20", ":until loss"]
  private static let language = [
    ":corpus gatto-1 take 40 rows 4", ":precision f64", ":train 6", ":until loss",
  ]

  /// A way to look at a figure; without a width it is linear text.
  private struct Mode {
    let name: String
    var width: Int?
    var depth = ColorDepth.none
  }

  private static let modes = [
    Mode(name: "linear text"), Mode(name: "no colours", width: 80),
    Mode(name: "16 colours", width: 80, depth: .ansi16),
    Mode(name: "256 colours", width: 80, depth: .ansi256),
    Mode(name: "true colour", width: 80, depth: .trueColor),
    Mode(name: "60 columns", width: 60), Mode(name: "200 columns", width: 200),
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Transcripts")

  @Test(arguments: views)
  func aViewLooksAsItDid(_ view: View) throws {
    let figures = try figures(view)
    let screens = Self.modes.map { screen(figures, $0, view.language) }
    let transcript = zip(Self.modes, screens).map { "== \($0.name)\n\($1)" }
      .joined(separator: "\n")
    let file = Self.folder.appending(path: "\(view.name).txt")
    if ProcessInfo.processInfo.environment["PASSO_WRITE_TRANSCRIPTS"] != nil {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try transcript.write(to: file, atomically: true, encoding: .utf8)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(transcript == kept)
    // Colours change nothing of what is written: without them the text is the same.
    for (mode, with) in zip(Self.modes, screens) {
      let wide = mode.width ?? .max
      for line in screen(figures, Mode(name: "", width: mode.width), view.language).split(
        separator: "\n"
      ) { #expect(DisplayWidth.of(line) <= wide, "\(mode.name): \(line)") }
      guard mode.depth != .none else { continue }
      // A blank on a colour is a cell of a picture; without the colour nothing is there.
      let bare = with.replacing(/␛\[[0-9;]*m/, with: "").replacing(/[ ]+\n/, with: "\n")
      #expect(bare == screens[1])
    }
  }

  /// What a view shows, and that the console draws just that.
  private func figures(_ view: View) throws -> [Figure] {
    let probe = try ShellProbe(view.language, isPlain: false)
    for line in view.before {
      let reply = probe.type(line)
      #expect(reply.outcome == .done, "\(line): \(reply.errors)")
    }
    let reply = probe.type(view.line)
    #expect(reply.outcome == .done, "\(view.line): \(reply.errors)")
    // A line belongs to the transcript once the next one begins.
    probe.type(":help")
    let last = try #require(probe.shell.console.transcript.parts().last)
    let figures = last.figures[view.language, default: []]
    #expect(reply.output == screen(figures, Mode(name: "", width: 80), view.language))
    return figures
  }

  /// The screen of a view, with the sign for an escape where there is one.
  private func screen(_ figures: [Figure], _ mode: Mode, _ language: Language) -> String {
    figures.map { figure in
      guard let width = mode.width else { return PlainRenderer(language: language).render(figure) }
      return TerminalRenderer(width: width, depth: mode.depth, language: language).render(figure)
    }.joined().replacing("\u{1B}", with: "␛")
  }
}
