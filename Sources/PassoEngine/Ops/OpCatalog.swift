// SPDX-License-Identifier: MIT

/// Every op of Passo; adding one is adding a file here beside, and a line below.
package enum OpCatalog {
  package static let all: [any Op.Type] = [
    Add.self, SumLeading.self, Sum.self, PassGradient.self, One.self,
    Plus.self, Minus.self, Times.self, Over.self, SumTo.self,
    AccumulateGradient.self,
    AdamWUpdate.self, BiasCorrection.self, RunningAverage.self,
    AppendToCache.self, CachedAttention.self,
    ApplyMask.self, ApplyMaskGradient.self, AttentionMask.self,
    AttentionDots.self, SquareTimesHeads.self, SquareTransposedTimesHeads.self,
    Comparison.self,
    Contraction.self,
    CrossEntropy.self, CrossEntropyGradient.self,
    Exponential.self, Logarithm.self, SquareRoot.self, AbsoluteValue.self, Constant.self,
    Embedding.self, EmbeddingGradient.self,
    GELU.self, GELUGradient.self,
    GlobalNorm.self, ClipFactor.self, ClippedGradient.self,
    LayerNorm.self, LayerNormGainGradient.self, LayerNormInputGradient.self,
    Linear.self, LinearInputGradient.self, LinearWeightGradient.self,
    MeanLoss.self, MeanLossGradient.self,
    OneHot.self,
    PositionEmbedding.self, PositionEmbeddingGradient.self, PositionEmbeddingFrom.self,
    RMSNorm.self, RMSNormGainGradient.self, RMSNormInputGradient.self,
    RotaryEmbedding.self, RotaryEmbeddingFrom.self,
    SumOver.self, MaximumOver.self, ArgumentOfMaximum.self,
    SGDUpdate.self, Momentum.self,
    ScheduledRate.self,
    Scale.self,
    Slice.self, SliceGradient.self,
    Softmax.self, SoftmaxGradient.self,
    SwiGLU.self, SwiGLUGateGradient.self,
    TopK.self, TopKGradient.self, ArgumentsOfTopK.self,
    Transpose.self,
    Triangle.self,
    WeightedValues.self,
  ]
}
