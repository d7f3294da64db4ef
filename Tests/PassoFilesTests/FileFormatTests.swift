// SPDX-License-Identifier: MIT
import PassoFiles
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

@Suite struct FileFormatTests {
  @Test(arguments: samples.indices)
  func aStrangerIsKnownByItsFirstBytes(index: Int) {
    let (bytes, format) = samples[index]
    #expect(FileFormat(bytes) == format)
    // Whatever comes later changes nothing.
    if !bytes.contains(0), format?.isText != true { return }
    #expect(FileFormat(bytes + bytes) != nil || format == nil)
  }

  @Test(arguments: honest)
  func honestTextIsNotTakenForSomethingElse(text: String) {
    #expect(FileFormat(Array(text.utf8)) == nil)
  }

  @Test func shortAndRandomBytesAreNothingKnown() {
    var random = RandomSource(seed: 3)
    #expect(FileFormat([UInt8]()) == nil)
    for length in 1...600 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
      #expect(FileFormat(bytes) == nil)
      // Any start of any sample must be answered without a trap.
      for (sample, _) in samples { _ = FileFormat(sample.prefix(length)) }
    }
  }

  @Test func textInWideUnitsIsKnownInAnyScript() {
    for text in [
      "The cat sleeps.\n", "Il gatto è già lì, perché no?", "القطة تنام على الأريكة. ",
      "Кот спит на диване, да.", "A b",
    ] {
      let little = Array(text.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      let big = Array(text.utf16).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      #expect(FileFormat(little) == .wide(.utf16LittleEndian), "\(text)")
      #expect(FileFormat(big) == .wide(.utf16BigEndian), "\(text)")
      #expect(FileFormat([0xFF, 0xFE] + little) == .wide(.utf16))
      let wide = text.unicodeScalars.flatMap { scalar in
        (0..<4).map { UInt8(scalar.value >> (8 * $0) & 0xFF) }
      }
      #expect(FileFormat(wide) == .wide(.utf32LittleEndian), "\(text)")
      #expect(FileFormat([0xFF, 0xFE, 0, 0] + wide) == .wide(.utf32))
    }
    #expect(FileFormat(Array("a\0b\0 text with NULs".utf8)) == nil)
  }

  @Test func theMessageSaysWhatItIsAndTheWayOn() {
    let pointer = ForeignFormat(
      .lfsPointer(bytes: 1_200),
      needed: .weights,
      file: "my models/m/model.safetensors"
    )
    #expect(
      FileProblem.foreign(pointer).text(.en) == """
        my models/m/model.safetensors: error: this is only a pointer of git-lfs, the file itself \
        of 1 200 bytes was not downloaded
        hint: download it: git -C 'my models/m' lfs pull
        """
    )
    let text = ForeignFormat(.gzip, needed: .text, file: "a.txt.gz")
    #expect(
      FileProblem.foreign(text).text(.it) == """
        a.txt.gz: errore: è un archivio gzip, non testo in UTF-8
        suggerimento: estrai prima: gzip -dk a.txt.gz
        """
    )
  }

  @Test func everyFormatHasANameAndAWayOnInBothLanguages() {
    for (_, format) in samples {
      guard let format else { continue }
      for needed in [ForeignFormat.Needed.text, .json, .weights, .tokenizer] {
        let fault = ForeignFormat(format, needed: needed, file: "folder/file")
        for language in Language.allCases {
          #expect(!format.name[language].isEmpty && fault.message[language].count > 12)
          #expect(fault.hint.map { $0[language].count > 10 } == true)
        }
        #expect(fault.message.it != fault.message.en)
      }
    }
  }

  @Test func namesBecomeOneWordOfAShell() {
    #expect("a/b-c_1.txt".inShell == "a/b-c_1.txt")
    #expect("a b; rm".inShell == "'a b; rm'")
    #expect("it's $HOME".inShell == #""it's \$HOME""#)
    #expect("".inShell == "''")
  }
}

private let honest = [
  "", " ", "{", #"{"model_type": "gpt2"}"#, "[1,2]", "Il gatto dorme.\n", "<start> Il gatto",
  "<b>bold</b> is a word", "version 2 of the text", "BZ is no archive", "aaaa 1\nbbbb 2\ncccc 3\n",
  "one 0\ntwo 1\nthree 2\n", "\u{FEFF}Il gatto", "€ 1,20\nпривет", "PK is not a zip",
  "GIF pictures\n", "the folder /annex/objects/ of git-annex holds objects",
]

private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

private let samples: [(bytes: [UInt8], format: FileFormat?)] = [
  (
    ascii("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
    .lfsPointer(bytes: 12_345)
  ),
  (ascii("version https://git-lfs.github.com/spec/v1\r\noid sha256:4d"), .lfsPointer(bytes: nil)),
  (ascii("../.git/annex/objects/mX/F9/SHA256E-s42--ab.safetensors"), .annexPointer),
  (ascii("\n<!DOCTYPE html>\n<html><head>"), .html), (ascii("<html lang=\"it\">"), .html),
  (ascii("\u{FEFF}<!doctype HTML>"), .html),
  (ascii("<?xml version=\"1.0\"?><html xmlns=\"x\">"), .html),
  ([0x1F, 0x8B, 0x08, 0x00, 0x01], .gzip), (ascii("BZh91AY&SY"), .bzip2),
  ([0xFD] + ascii("7zXZ") + [0, 0, 4], .xz), ([0x28, 0xB5, 0x2F, 0xFD, 0x24], .zstd),
  (ascii("7z") + [0xBC, 0xAF, 0x27, 0x1C, 0], .sevenZip),
  (ascii("PK\u{3}\u{4}") + [20, 0, 0, 0] + ascii("notes.txt"), .zip),
  (ascii("PK\u{3}\u{4}") + [20, 0, 0, 0] + ascii("archive/data.pkl"), .pickle),
  (ascii("PK\u{3}\u{4}") + [20, 0, 0, 0] + ascii("arr_0.npy"), .numpy),
  (
    ascii("PK\u{3}\u{4}") + [20, 0, 0, 0] + ascii("[Content_Types].xml"),
    .document(suffix: "docx")
  ),
  (
    ascii("PK\u{3}\u{4}") + [20, 0, 0, 0]
      + ascii("mimetypeapplication/vnd.oasis.opendocument.text"),
    .document(suffix: "odt")
  ),
  (ascii("notes.txt") + [UInt8](repeating: 0, count: 248) + ascii("ustar\u{0}00"), .tar),
  ([0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], .pickle),
  ([0x80, 0x04, 0x95, 0x10, 0, 0, 0], .pickle), ([0x80, 0x02, 0x7D, 0x71, 0x00], .pickle),
  ([12, 0, 0, 0, 0, 0, 0, 0] + ascii("{\"a\":{}}    "), .safetensors),
  (ascii("GGUF") + [3, 0, 0, 0], .gguf), ([0x93] + ascii("NUMPY") + [1, 0], .numpy),
  ([0x89] + ascii("HDF\r\n") + [0x1A, 0x0A, 0], .hdf5), (ascii("PAR1") + [0x15, 0], .parquet),
  (ascii("SQLite format 3\u{0}") + [16, 0], .sqlite), (ascii("%PDF-1.7\n"), .pdf),
  ([0x89] + ascii("PNG\r\n") + [0x1A, 0x0A], .png), ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
  (ascii("GIF89a"), .gif), ([0x7F] + ascii("ELF") + [2, 1, 1, 0], .executable),
  (
    [0x0A, 0x0E, 0x0A, 0x05] + ascii("<unk>") + [0x15, 0, 0, 0, 0, 0x18, 0x02, 0x0A, 0x0C],
    .sentencePiece
  ),
  (ascii("IQ== 0\nIg== 1\nIw== 2\nJA== 3\n"), .tiktoken),
  (ascii("IQ== 0\r\nIg== 1\r\nIw== 2\r\n"), .tiktoken),
]
