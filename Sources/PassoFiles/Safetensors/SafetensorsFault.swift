// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// Why bytes are not a whole safetensors file, or why tensors cannot become one.
package enum SafetensorsFault: FileFault {
  /// Text that nothing was known of.
  case text(String)

  /// Too short for the length of a header.
  case tooShort(bytes: Int)

  /// A header longer than the format allows.
  case headerTooLong(bytes: UInt64, limit: Int)

  /// A header longer than the rest of the file.
  case headerCut(bytes: Int, found: Int)

  /// A header that is not the JSON that is needed.
  case header(JSONFault)

  /// Numbers stored in a way that Passo does not know.
  case unknownType(tensor: String, found: String)

  /// A negative size, or more bytes than can be counted.
  case shape(tensor: String, shape: [Int])

  /// Offsets that are not two, not in order, or not in the file.
  case offsets(tensor: String, found: [Int], dataBytes: Int)

  /// More or fewer bytes than the shape and the type need.
  case byteCount(tensor: String, needed: Int, found: Int)

  /// A tensor that leaves a hole after the one before it, or overlaps it.
  case start(tensor: String, needed: Int, found: Int)

  /// Bytes after the last tensor.
  case trailing(needed: Int, found: Int)

  /// A tensor that the file does not have.
  case noTensor(String, closest: String?)

  /// A tensor in another shard than the index says; nil if the index does not have it.
  case notInIndex(tensor: String, shard: String, index: String?)

  /// A shard that is not a file of the folder.
  case shardName(String)

  /// Whole numbers where fractions are needed.
  case notFloating(tensor: String, found: StorageType)

  /// A name that cannot be written: twice in the list, or kept for metadata.
  case name(String)

  /// More or fewer numbers to write than the shape needs.
  case valueCount(tensor: String, needed: Int, found: Int)

  package var message: Bilingual {
    switch self {
    case .text(let start):
      Bilingual(
        it: "è un testo, non un file safetensors: \(it: start)",
        en: "this is text, not a safetensors file: \(en: start)"
      )
    case .tooShort(let bytes):
      Bilingual(
        it: "un file safetensors ha almeno 8 byte, non \(bytes)",
        en: "a safetensors file needs at least 8 bytes, got \(bytes)"
      )
    case .headerTooLong(let bytes, let limit):
      Bilingual(
        it: "l'intestazione può avere al massimo \(limit) byte, non \(bytes)",
        en: "the header needs to have at most \(limit) bytes, got \(bytes)"
      )
    case .headerCut(let bytes, let found):
      Bilingual(
        it: "l'intestazione deve avere i \(bytes) byte annunciati, non \(found)",
        en: "the header needs the \(bytes) bytes announced, got \(found)"
      )
    case .header(let fault):
      Bilingual(it: "intestazione: ", en: "header: ") + fault.message
    case .trailing(let needed, let found):
      Bilingual(
        it: "i tensori hanno bisogno di \(needed) byte di dati, non di \(found)",
        en: "the tensors need \(needed) bytes of data, got \(found)"
      )
    case .unknownType(let tensor, let found):
      Bilingual(
        it: "\(it: tensor) deve avere un tipo fra ",
        en: "\(en: tensor) needs a type among "
      )
        + Bilingual(same: StorageType.allCases.map(\.rawValue).joined(separator: " "))
        + Bilingual(it: ", non \(it: found)", en: ", got \(en: found)")
    case .shape(let tensor, let shape):
      Bilingual(
        it: "\(it: tensor) deve avere misure non negative e meno di 2^63 byte, non la forma"
          + " \(shape)",
        en: "\(en: tensor) needs sizes of at least 0 and less than 2^63 bytes, got the shape"
          + " \(shape)"
      )
    case .offsets(let tensor, let found, let dataBytes):
      Bilingual(
        it: "\(it: tensor) deve avere due limiti in ordine fra 0 e \(dataBytes), non \(found)",
        en: "\(en: tensor) needs two offsets in order between 0 and \(dataBytes), got \(found)"
      )
    case .byteCount(let tensor, let needed, let found):
      Bilingual(
        it: "\(it: tensor) ha bisogno di \(needed) byte per forma e tipo, non di \(found)",
        en: "\(en: tensor) needs \(needed) bytes for its shape and type, got \(found)"
      )
    case .start(let tensor, let needed, let found):
      Bilingual(
        it: "\(it: tensor) deve cominciare dove finisce il tensore precedente, al byte \(needed),"
          + " non al \(found)",
        en: "\(en: tensor) needs to start where the tensor before it ends, at byte \(needed), got"
          + " \(found)"
      )
    case .noTensor(let name, _):
      Bilingual(
        it: "manca il tensore \(it: name)",
        en: "needs the tensor \(en: name), got no tensor of this name"
      )
    case .shardName(let found):
      Bilingual(
        it: "«weight_map» vuole nomi di file di questa cartella, non \(it: found)",
        en: "'weight_map' needs names of files of this folder, got \(en: found)"
      )
    case .notInIndex(let tensor, let shard, let index?):
      Bilingual(
        it: "\(it: tensor) deve stare in \(it: index) secondo l'indice, non in \(it: shard)",
        en: "\(en: tensor) needs to be in \(en: index) by the index, got it in \(en: shard)"
      )
    case .notInIndex(let tensor, let shard, nil):
      Bilingual(
        it: "\(it: tensor) deve stare nell'indice, e sta solo in \(it: shard)",
        en: "\(en: tensor) needs to be in the index, got it only in \(en: shard)"
      )
    case .notFloating(let tensor, let found):
      Bilingual(
        it: "\(it: tensor) deve avere numeri in virgola mobile (F64 F32 F16 BF16), non"
          + " \(found.rawValue)",
        en: "\(en: tensor) needs floating-point numbers (F64 F32 F16 BF16), got \(found.rawValue)"
      )
    case .name(let name):
      Bilingual(
        it: "ogni tensore deve avere un nome suo, diverso da __metadata__: \(it: name) non va",
        en: "every tensor needs a name of its own, other than __metadata__, got \(en: name)"
      )
    case .valueCount(let tensor, let needed, let found):
      Bilingual(
        it: "\(it: tensor) ha bisogno di \(needed) numeri per la sua forma, non di \(found)",
        en: "\(en: tensor) needs \(needed) numbers for its shape, got \(found)"
      )
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .text, .tooShort, .headerTooLong, .headerCut, .trailing:
      Bilingual(it: "copia o scarica di nuovo il file", en: "copy or download the file again")
    case .noTensor(_, let closest?):
      .didYouMean(closest)
    default: nil
    }
  }
}
