// SPDX-License-Identifier: MIT

/// The fingerprint of a whole safetensors file in its own metadata: that of the file with zeros in
/// place of the digits.
enum SafetensorsSeal {
  /// What stands there until the fingerprint is known.
  static let blank = ContentHash.digits(0)

  /// Where the digits stand in the head of a file, as `SafetensorsWriter` writes it.
  static func place(of key: String, _ digits: String, in head: [UInt8]) -> Range<Int>? {
    let wanted = Array("\(JSONText.string(key)):\(JSONText.string(digits))".utf8)
    guard wanted.count <= head.count else { return nil }
    let start = (0...head.count - wanted.count).first { start in
      head[start] == wanted[0] && head[start..<start + wanted.count].elementsEqual(wanted)
    }
    return start.map { $0 + wanted.count - 17..<$0 + wanted.count - 1 }
  }
}

extension SafetensorsFile {
  /// Whether every byte is as it was when the fingerprint under a key of the metadata was taken.
  ///
  /// - Throws: `FileProblem` if the file cannot be read any more.
  package func isWhole(sealedBy key: String) throws(FileProblem) -> Bool {
    guard let digits = metadata[key], digits.utf8.count == SafetensorsSeal.blank.utf8.count,
      let place = SafetensorsSeal.place(of: key, digits, in: try head())
    else { return false }
    return ContentHash.digits(try hash(blanking: place)) == digits
  }
}
