// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoShell
import PassoText

/// The lessons of this checkout.
enum LessonFolder {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../lessons").standardized.path

  static func lesson(_ name: String, _ language: Language) throws -> Lesson {
    try LessonLibrary.lesson(in: "\(path)/\(name)", language)
  }
}
