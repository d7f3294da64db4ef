// SPDX-License-Identifier: MIT

/// Every op of Passo; adding one is adding a file here beside, and a line below.
package enum OpCatalog {
  package static let all: [any Op.Type] = [
    Add.self, SumLeading.self, Sum.self, PassGradient.self, One.self,
    AdamWUpdate.self, BiasCorrection.self, RunningAverage.self,
    ApplyMask.self, ApplyMaskGradient.self, AttentionMask.self,
    AttentionDots.self, SquareTimesHeads.self, SquareTransposedTimesHeads.self,
    CrossEntropy.self, CrossEntropyGradient.self,
    Embedding.self, EmbeddingGradient.self,
    GELU.self, GELUGradient.self,
    LayerNorm.self, LayerNormGainGradient.self, LayerNormInputGradient.self,
    Linear.self, LinearInputGradient.self, LinearWeightGradient.self,
    MeanLoss.self, MeanLossGradient.self,
    PositionEmbedding.self, PositionEmbeddingGradient.self,
    SGDUpdate.self,
    Scale.self,
    Softmax.self, SoftmaxGradient.self,
    Transpose.self,
    WeightedValues.self,
  ]
}
