// SPDX-License-Identifier: MIT

/// A part of a lesson as it is taught: from one note with a time to the next.
package struct LessonSegment: Sendable, Hashable {
  /// What the teacher reads when it begins.
  package let note: TeacherNote

  /// When it is to begin and to end: seconds from the beginning of the lesson.
  package let planned: Range<Int>

  /// The line of the file at which it begins.
  package let line: Int
}

extension Lesson {
  /// The parts in which the lesson is taught, in order; empty without notes that have a time.
  ///
  /// The last one ends with the lesson.
  package var segments: [LessonSegment] {
    let notes = items.compactMap { item in
      item.content.note.flatMap { note in note.clock.map { (note, $0, item.line) } }
    }
    let ends = notes.dropFirst().map { $0.1 } + [header.minutes * 60]
    return zip(notes, ends).map { begun, end in
      let (note, start, line) = begun
      return LessonSegment(note: note, planned: start..<max(start, end), line: line)
    }
  }

  /// The number of the segment in which a line of the file stands; nil before the first.
  package func segment(atLine line: Int) -> Int? { segments.lastIndex { $0.line <= line } }
}
