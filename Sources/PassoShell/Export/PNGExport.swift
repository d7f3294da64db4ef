// SPDX-License-Identifier: MIT

import Glibc
import PassoFiles
import PassoRuntime
import PassoText
import PassoView

extension ExportFormat {
  /// The figure that was shown last, in dots, for programs that take no SVG.
  static let png = ExportFormat(
    ending: "png",
    holds: Bilingual(
      it: "la stessa figura in punti, disegnata da un programma che lo sa fare (rsvg-convert,"
        + " resvg, Inkscape o Chromium)",
      en: "the same figure in dots, drawn by a program that can (rsvg-convert, resvg, Inkscape"
        + " or Chromium)"
    ),
    isSame: { beginning, _ in beginning.dropFirst().hasPrefix("PNG") },
    write: { shell, request, path in
      _ = try request.isOnlyLast()
      let (figure, renderer) = (try shell.lastFigure(), shell.console.svgRenderer)
      let picture = try Interruption.attending { renderer.picture(of: figure) }
      let files = try PictureFiles(picture.markup, width: picture.width, height: picture.height)
      defer { files.remove() }
      let searchPath = getenv("PATH").map { String(cString: $0) } ?? ""
      if let failed = try PictureConverter.convert(files, searchPath: searchPath) {
        throw ExportProblem.noPicture(request.name, failed: failed)
      }
      try TextFile.write(bytes: TextFile.allBytes(path: files.png), to: path)
      return nil
    }
  )
}

/// A picture that another program draws anew, and where that program shall put it.
struct PictureFiles: Sendable {
  /// A folder that nobody else looks into.
  let folder: String

  /// The pixels of the SVG, rounded up.
  let width: Int
  let height: Int

  var svg: String { "\(folder)/figure.svg" }
  var png: String { "\(folder)/figure.png" }

  /// Writes the picture into a new folder.
  ///
  /// - Parameters:
  ///   - markup: A whole SVG document.
  ///   - width: Its width in pixels.
  ///   - height: Its height in pixels.
  /// - Throws: `FileProblem` if there is no room for it.
  init(_ markup: String, width: Double, height: Double) throws(FileProblem) {
    folder = try PrivateFolder.temporary()
    (self.width, self.height) = (Int(width.rounded(.up)), Int(height.rounded(.up)))
    do {
      try TextFile.write(markup, to: svg)
    } catch {
      remove()
      throw error
    }
  }

  /// Whether the other program has written a PNG picture.
  var isDrawn: Bool {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return (try? TextFile.beginning(path: png, signature.count)) == signature
  }

  /// Takes the folder away with all that is in it.
  func remove() { PrivateFolder.remove(folder) }
}
