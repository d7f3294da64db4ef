// SPDX-License-Identifier: MIT

import FoundationEssentials

/// Finds the folder of the lessons from any working folder.
enum LessonFinder {
  /// `PASSO_LESSONS`, else `lessons` or `share/passo/lessons` above the program, wherever a link to
  /// it is, else above the working folder.
  ///
  /// In a debug build also the sources that it was built from: a program for others names no place
  /// of the machine that made it.
  static func folder(_ environment: [String: String]) -> String? {
    if let chosen = environment["PASSO_LESSONS"], !chosen.isEmpty { return chosen }
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var starts = [
      program ?? CommandLine.arguments[0], FileManager.default.currentDirectoryPath + "/x",
    ]
    #if DEBUG
    starts.append(#filePath)
    #endif
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
