// SPDX-License-Identifier: MIT

import PassoFiles
import PassoText

// The file beside a model that says how it has learned.
//
// It may be a stranger's: nothing that it names is opened. What a training that is gone on with
// reads again is named by its `TrainingRecipe`.
extension Experiment {
  package static let fileName = "passo-experiment.json"

  private static let format = "passo-experiment-1"
  private static let largestFile = 1 << 24

  /// The bytes of the file.
  package var encoded: [UInt8] {
    let members = fields.map { field in
      let words = field.words.map(JSONText.string)
      return (field.name, Self.isList(field.name) ? "[\(words.joined(separator: ","))]" : words[0])
    }
    let all = [("format", JSONText.string(Self.format))] + members
    return Array((JSONText.object(all) + "\n").utf8)
  }

  private static func isList(_ name: String) -> Bool {
    ["typed", "text", "ablate", "corpus-values"].contains(name)
  }

  /// Reads the file of a model folder; nil if there is none.
  ///
  /// - Throws: `FileProblem` if it cannot be read, or is no record of an experiment.
  package init?(folder: String) throws(FileProblem) {
    let path = "\(folder)/\(Self.fileName)"
    guard InputFile.exists(path) else { return nil }
    var reader = JSONReader(try InputFile.read(path: path, limit: Self.largestFile))
    var fields: [String: [String]] = [:]
    do throws(JSONFault) {
      try reader.object { (name, reader) throws(JSONFault) in
        fields[name] = try Self.words(&reader)
      }
      try reader.end()
      for needed in ["objective", "mask", "ablate"] where fields[needed] == nil {
        throw .missing(path: needed)
      }
    } catch {
      throw .json(error, file: path)
    }
    let found = fields["format"]?.first ?? ""
    guard found == Self.format else {
      throw .experiment(.format(needed: Self.format, found: found), file: path)
    }
    do throws(ExperimentFault) {
      try self.init(fields: fields)
    } catch {
      throw .experiment(error, file: path)
    }
  }

  /// One word, or a list of them.
  private static func words(_ reader: inout JSONReader) throws(JSONFault) -> [String] {
    guard reader.kind == .array else { return [try reader.string()] }
    var words: [String] = []
    try reader.array { (_, reader) throws(JSONFault) in words.append(try reader.string()) }
    return words
  }
}
