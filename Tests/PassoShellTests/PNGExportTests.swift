// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoRuntime
import PassoText
import Testing

@testable import PassoShell

/// Figures in dots, drawn by a program of the machine.
struct PNGExportTests {
  private static let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""

  /// Whether a program that draws is installed here.
  static var canDraw: Bool {
    PictureConverter.all.contains { ChildProgram(named: $0.name, in: searchPath) != nil }
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try PrivateFolder.temporary()
    defer { PrivateFolder.remove(folder) }
    try body(folder)
  }

  /// The size in the header of a PNG picture (PNG specification, 11.2.2: IHDR).
  private func size(_ bytes: [UInt8]) -> (width: Int, height: Int) {
    func number(at start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(at: 16), number(at: 20))
  }

  @Test(.enabled(if: canDraw))
  func theFigureThatWasShownLastIsDrawn() throws {
    try inFolder { folder in
      let probe = try ShellProbe()
      probe.run(":show mask")
      #expect(probe.type(":export \(folder)/mask.png").outcome == .done)
      let bytes = try TextFile.allBytes(path: "\(folder)/mask.png")
      let picture = probe.shell.console.svgRenderer.picture(of: try probe.shell.lastFigure())
      let (width, height) = size(bytes)
      #expect(abs(Double(width) - picture.width * 2) <= 2)
      #expect(abs(Double(height) - picture.height * 2) <= 2)
      // Written once more over itself, but over nothing else.
      #expect(probe.type(":export \(folder)/mask.png").outcome == .done)
      try TextFile.write("a letter", to: "\(folder)/letter.png")
      #expect(probe.type(":export \(folder)/letter.png").outcome == .failed)
    }
  }

  @Test func everyKnownProgramIsTriedAndNoneIsTrusted() throws {
    try inFolder { folder in
      let files = try PictureFiles("<svg/>", width: 8.5, height: 3)
      defer { files.remove() }
      #expect(files.width == 9)
      #expect(try PictureConverter.convert(files, searchPath: folder) == [])
      for (name, script) in [("rsvg-convert", "exit 0"), ("inkscape", "exit 3")] {
        let path = "\(folder)/\(name)"
        try TextFile.write("#!/bin/sh\n\(script)\n", to: path)
        #expect(chmod(path, 0o700) == 0)
      }
      // The first says that it has done it, and has not.
      let failed = try PictureConverter.convert(files, searchPath: folder)
      #expect(failed == ["rsvg-convert", "inkscape"])
    }
  }

  @Test func whatIsMissingIsNamed() {
    let none = ExportProblem.noPicture("a b.png", failed: [])
    #expect(none.message[.en].contains("rsvg-convert") && none.message[.it].contains("inkscape"))
    #expect(none.hint?[.it].contains(":export \"a b.svg\"") == true)
    let failed = ExportProblem.noPicture("a.png", failed: ["resvg"])
    #expect(failed.message[.en].hasSuffix("resvg") && failed.hint?[.en].contains("librsvg") == true)
  }
}
