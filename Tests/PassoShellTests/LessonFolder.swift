// SPDX-License-Identifier: MIT

import Foundation

/// The lessons of this checkout.
enum LessonFolder {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../lessons").standardized.path
}
