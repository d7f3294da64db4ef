// SPDX-License-Identifier: MIT

import PassoRuntime

/// A program that people have, and that turns an SVG picture into a PNG one.
///
/// Letters need fonts and a rasterizer, which such programs do well; Passo carries none. Adding one
/// is adding a place in `all`.
struct PictureConverter: Sendable {
  /// What it is called.
  let name: String

  /// The Debian package that has it.
  let package: String

  private let arguments: @Sendable (PictureFiles) -> [String]

  /// Pixels of the PNG for each of the SVG, so that letters are sharp on a projector.
  static let scale = 2

  /// Seconds until a program is taken to hang.
  private static let patience = 60

  /// Those that are known, from the quickest on.
  static let all = [
    PictureConverter(name: "rsvg-convert", package: "librsvg2-bin") {
      ["--zoom", "\(scale)", "--output", $0.png, $0.svg]
    },
    PictureConverter(name: "resvg", package: "resvg") {
      ["--zoom", "\(scale)", $0.svg, $0.png]
    },
    PictureConverter(name: "inkscape", package: "inkscape") {
      // 96 of its dots are an inch.
      [
        $0.svg, "--export-type=png", "--export-dpi=\(96 * scale)",
        "--export-filename=\($0.png)",
      ]
    },
    browser("chromium"), browser("google-chrome"),
  ]

  private static func browser(_ name: String) -> PictureConverter {
    PictureConverter(name: name, package: "chromium") { files in
      [
        // The page is our own picture, without scripts; as root no browser starts with its sandbox.
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--user-data-dir=\(files.folder)/browser", "--force-device-scale-factor=\(scale)",
        "--window-size=\(files.width),\(files.height)", "--screenshot=\(files.png)",
        "file://\(files.svg)",
      ]
    }
  }

  /// Tries the programs that are there, one after the other.
  ///
  /// - Parameters:
  ///   - files: The picture, and where the other shall stand.
  ///   - searchPath: The folders of programs, as in `PATH`.
  /// - Returns: The names of the programs that were there and did not do it; nil if one did.
  /// - Throws: `Interrupted` if a stop was requested.
  static func convert(
    _ files: PictureFiles,
    searchPath: String
  ) throws(Interrupted) -> [String]? {
    var failed: [String] = []
    for converter in all {
      guard let program = ChildProgram(named: converter.name, in: searchPath) else { continue }
      let outcome = try program.run(converter.arguments(files), patience: patience)
      if outcome == .ended(status: 0), files.isDrawn { return nil }
      failed.append(converter.name)
    }
    return failed
  }
}
