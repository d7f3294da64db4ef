// SPDX-License-Identifier: MIT

/// Every reader that is attacked, a line each.
package enum FuzzTargets {
  package static let all: [any FuzzTarget.Type] = [
    ConfigTarget.self, TokenizerTarget.self, MergesFolderTarget.self, EncodingTarget.self,
    TokensTarget.self, TokenListTarget.self, SafetensorsTarget.self, ModelFolderTarget.self,
    CheckpointTarget.self,
    ShardsTarget.self, TextTarget.self, LineTarget.self, ExpressionTarget.self,
    CompletionTarget.self, LessonTarget.self, LessonPlayTarget.self, SessionTarget.self,
    LessonRecordTarget.self, ProgressTarget.self, RecipeTarget.self, ExperimentTarget.self,
    RulesTarget.self, SentencePieceTarget.self, TiktokenTarget.self, ChatTemplateTarget.self,
    WordPieceFolderTarget.self,
  ]

  /// The target of a name.
  package static func named(_ name: String) -> (any FuzzTarget.Type)? {
    all.first { $0.name == name }
  }
}
