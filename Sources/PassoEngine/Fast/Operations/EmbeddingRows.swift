// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// How many tokens of how many, and how wide their vectors are.
struct EmbeddingSize {
  let batch: Int
  let length: Int
  let width: Int
  let vocabulary: Int

  var count: Int { batch * length * width }

  fileprivate func arguments(parts: Int) -> ck_embedding {
    var arguments = ck_embedding()
    arguments.batch = Int32(batch)
    arguments.length = Int32(length)
    arguments.width = Int32(width)
    arguments.vocabulary = Int32(vocabulary)
    arguments.parts = Int32(parts)
    return arguments
  }
}

/// Vectors of tokens, and of positions if they are learned.
struct EmbeddingRows: FastOperation {
  let size: EmbeddingSize
  let tokens: FastView
  let table: FastView
  let positions: FastView?

  /// In generation: how many positions are known before the first.
  let known: FastView?
  let out: FastView

  var work: Bilingual {
    Bilingual(it: "righe dell'embedding", en: "rows of the embedding")
      + (positions == nil
        ? Bilingual(same: "") : Bilingual(it: " + posizioni", en: " + positions"))
  }

  func bind(_ binder: inout FastBinder) {
    let parts = rowParts(size.batch * size.length, width: size.width)
    var arguments = size.arguments(parts: parts)
    arguments.known = known.map { binder.integers($0) }
    arguments.tokens = binder.integers(tokens)
    arguments.table = binder.reads(table)
    arguments.positions = positions.map { binder.reads($0) }
    arguments.out = binder.writes(out)
    binder.call(\.embedding, arguments, parts: parts, cost: passCost(2 * size.count))
  }
}

/// The gradient of each token's vector, added up over the places where the token stands.
struct AddedRows: FastOperation {
  let size: EmbeddingSize
  let tokens: FastView
  let gradient: FastView
  let table: FastView

  /// Whether it adds to what the logits have left there, in every round.
  let isShared: Bool

  let work = Bilingual(it: "somma riga per riga", en: "rows added up")

  func bind(_ binder: inout FastBinder) {
    let parts = max(1, min(8, size.width / 16))
    let adds = isShared || binder.isLaterRound
    var arguments = size.arguments(parts: parts)
    arguments.accumulate = adds ? 1 : 0
    arguments.tokens = binder.integers(tokens)
    arguments.d_out = binder.reads(gradient)
    arguments.d_table = binder.adds(table, if: adds)
    binder.call(\.embedding_gradient, arguments, parts: parts, cost: passCost(2 * size.count))
  }
}

/// The gradient of each position's vector, added up over the texts.
struct SumOverTexts: FastOperation {
  let size: EmbeddingSize
  let gradient: FastView
  let positions: FastView

  let work = Bilingual(it: "somma sui testi", en: "sum over texts")

  func bind(_ binder: inout FastBinder) {
    let parts = rowParts(size.length, width: size.width * size.batch)
    var arguments = size.arguments(parts: parts)
    arguments.accumulate = binder.accumulate
    arguments.d_out = binder.reads(gradient)
    arguments.d_positions = binder.adds(positions, if: binder.isLaterRound)
    binder.call(\.position_gradient, arguments, parts: parts, cost: passCost(size.count))
  }
}
