// SPDX-License-Identifier: MIT

import FoundationEssentials

/// Finds the folder of the lessons from any working folder.
enum LessonFinder {
  /// `PASSO_LESSONS`, else `lessons` above the program or beside it, else above the working folder,
  /// else in the sources that the program was built from.
  static func folder(_ environment: [String: String]) -> String? {
    if let chosen = environment["PASSO_LESSONS"], !chosen.isEmpty { return chosen }
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let starts = [
      program ?? CommandLine.arguments[0], FileManager.default.currentDirectoryPath + "/x",
      #filePath,
    ]
    return starts.lazy.compactMap(lessons(above:)).first
  }

  private static func lessons(above path: String) -> String? {
    var folder = path
    // .build/<triple>/release/passo stands four folders below the package.
    for _ in 0..<8 {
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
      for place in ["\(folder)/lessons", "\(folder)/share/passo/lessons"]
      where FileManager.default.fileExists(atPath: "\(place)/01-labels") {
        return place
      }
    }
    return nil
  }
}
