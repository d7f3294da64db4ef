// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

// What is said where there is no prompt: on paper and on other platforms.
extension LessonView {
  /// A line that shows why an answer is wrong.
  static func experiment(_ line: String) -> Paragraph {
    Paragraph([
      Run(Bilingual(it: "Da provare in Passo: ", en: "To try in Passo: ")), Run(line, .code),
    ])
  }
}
