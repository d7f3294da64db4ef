// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// Texts of a few tokens, in rows of a few positions: a question, or a sentence why there is none.
struct ShortTextTests {
  /// The first batch of so many words; throws what a person would be told.
  private func batch(
    _ objective: any Objective.Type,
    words: Int,
    length: Int?,
    room: Int
  ) throws -> TokenBatch {
    let scratch = try Scratch()
    let text = Array(repeating: "a", count: words).joined(separator: " ")
    let path = try scratch.write(Array(text.utf8), to: "text.txt")
    var request = TextCorpus.Request(files: [path])
    request.length = length
    let corpus = try #require(
      try TextCorpus.open(
        request,
        ObjectiveChoice(objective),
        given: nil,
        contextLength: room,
        TextReading(cache: TextCache(root: scratch.path("cache")))
      )
    )
    let data = try TrainingData(
      corpus.shards,
      batch: BatchShape(
        rows: 2,
        length: corpus.length(objective.init(corpus.tokenizer), contextLength: room)
      ),
      seed: 1,
      objective: objective.init(corpus.tokenizer),
      mask: objective.mask
    )
    return data.training.batch(0)
  }

  @Test(arguments: Objectives.all.map { $0.name })
  func anyTextInAnyRowIsAskedAboutOrRefused(name: String) throws {
    let objective = try #require(Objectives.named(name))
    var good = 0
    for words in 1...6 {
      for length in [nil] + (1...8).map(Optional.some) {
        do {
          let batch = try batch(objective, words: words, length: length, room: 8)
          #expect(batch.targets.contains { $0 != ignoredTarget })
          good += 1
        } catch TrainingProblem.rowTooShort(let found, let needed, _) {
          #expect(found == length && needed == objective.shortestRow && found < needed)
        } catch TrainingProblem.tooShort(let found, let needed) {
          #expect(found < needed)
        }
      }
    }
    #expect(good >= 18)
  }

  @Test(arguments: 1...8)
  func aModelOfFewPositionsIsAskedWhatItCanRead(room: Int) throws {
    for objective in Objectives.all {
      if room >= objective.shortestRow {
        _ = try batch(objective, words: 6, length: nil, room: room)
      } else {
        #expect(
          throws: TrainingProblem.rowTooShort(
            room,
            needed: objective.shortestRow,
            objective: objective.name
          )
        ) { _ = try batch(objective, words: 6, length: nil, room: room) }
      }
    }
  }
}
