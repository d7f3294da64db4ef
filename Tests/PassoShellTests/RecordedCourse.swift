// SPDX-License-Identifier: MIT

import Foundation

/// Two lessons of a test's own, so that what is recorded does not change with the course.
enum RecordedCourse {
  /// Their folder: always the same, because they are.
  static let path: String = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-recorded-course")
    for (name, blocks) in [("01-data", data), ("02-mask", mask)] {
      let lesson = folder.appending(path: name)
      try? FileManager.default.createDirectory(at: lesson, withIntermediateDirectories: true)
      let text = "---\nid: \(name)\nlang: en\ntitle: T\nminutes: 1\n---\n" + blocks
      try? Data(text.utf8).write(to: lesson.appending(path: "lesson.en.md"), options: .atomic)
    }
    return folder.path
  }()

  private static let data = """
    ```passo-run id=r1
    :text "Il gatto dorme sul divano"
    :tokens
    ```

    ```passo-predict id=p1 type=number tolerance=0 locks=r2
    How many examples?
    answer: count(targets >= 0)
    ```

    ```passo-run id=r2
    :pairs
    ```

    ```passo-facts for=r2
    F1  =  count(targets >= 0) == 5
    ```

    ```passo-quiz id=q1
    Who?
    - [ ] a  One.
      - No.
      - run: :tokens
    - [x] b  Two.
      - Yes.
    - [ ] c  Three.
      - No.
    ```

    ```passo-run id=r3
    :until loss
    :show loss
    ```

    ```passo-quiz id=q2
    Which?
    - [ ] a  One.
      - No.
    - [x] b  Two.
      - Yes.
    ```

    ```passo-run id=r4
    :run
    :train 2
    :back 3
    :mask none
    ```
    """

  private static let mask = """
    ```passo-run id=r1
    :text "Il gatto dorme"
    :until mask
    ```

    ```passo-predict id=p1 type=sign locks=r2
    What sign has the loss?
    answer: loss
    ```

    ```passo-run id=r2
    :until loss
    ```

    ```passo-quiz id=q1
    Why?
    - [ ] a  One.
      - No.
      - run: sum(mask)
    - [x] b  Two.
      - Yes.
    ```

    ```passo-run id=r3
    :train 2
    ```

    ```passo-exercise id=e1 minutes=2 updates=5
    Let everyone see everything.
    start: :mask causal
    start: :until mask
    check: count(mask) == 9
    hint: Try none.
    solution: :mask none
    solution: :until mask
    ```

    ```passo-run id=r4
    :mask window 2
    :until blocks.0.attn.pattern
    ```

    ```passo-facts for=r4
    F2  =  count(mask) == 5
    ```

    ```passo-quiz id=q2
    Which?
    - [x] a  One.
      - Yes.
    - [ ] b  Two.
      - No.
    ```

    ```passo-run id=r5
    :step 3
    ```
    """
}
