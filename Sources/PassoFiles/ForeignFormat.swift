// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// A file that is something else than what its reader needs: what it is, and the way on.
package struct ForeignFormat: FileFault {
  /// What a reader needs.
  package enum Needed: Hashable, Sendable {
    case text
    case json
    case weights
    case tokenizer
  }

  package let found: FileFormat
  package let needed: Needed

  /// The file, for the command that helps.
  package let file: String

  package init(_ found: FileFormat, needed: Needed, file: String) {
    (self.found, self.needed, self.file) = (found, needed, file)
  }

  package var message: Bilingual {
    switch found {
    case .lfsPointer(let bytes): Self.pointer("git-lfs", bytes)
    case .annexPointer: Self.pointer("git-annex", nil)
    default:
      Bilingual(it: "è ", en: "this is ") + found.name + Bilingual(it: ", non ", en: ", not ")
        + needed.name
    }
  }

  private static func pointer(_ program: String, _ bytes: Int?) -> Bilingual {
    let size = bytes.map { NumberText.count($0) }
    let of = Bilingual(
      it: size.map { " di \($0) byte" } ?? "",
      en: size.map { " of \($0) bytes" } ?? ""
    )
    return Bilingual(
      it: "è solo un puntatore di \(program), il file vero\(of.it) non è stato scaricato",
      en: "this is only a pointer of \(program), the file itself\(of.en) was not downloaded"
    )
  }

  package var hint: Bilingual? {
    switch found {
    case .lfsPointer:
      Bilingual(
        it: "scaricalo: git -C \(file.folder.inShell) lfs pull",
        en: "download it: git -C \(file.folder.inShell) lfs pull"
      )
    case .annexPointer:
      Bilingual(it: "scaricalo: git annex get \(name)", en: "download it: git annex get \(name)")
    // Only a page can also be a download that went wrong.
    case .document, .rtf,
      .html where needed == .text:
      extracted("pandoc -t plain -o \(textName) \(name)")
    case .html:
      Bilingual(
        it: "scarica il file, non la pagina che lo mostra: su Hugging Face resolve invece di blob",
        en: "download the file, not the page that shows it: on Hugging Face resolve, not blob"
      )
    case .gzip, .bzip2, .xz, .zstd, .zip, .tar, .sevenZip: unpacked
    case .wide(let encoding): converted(from: encoding.rawValue)
    case .legacy(let encoding): converted(from: encoding.rawValue)
    case .pickle, .gguf, .safetensors, .numpy, .hdf5: needed == .weights ? exported : another
    case .sentencePiece, .tiktoken:
      needed == .tokenizer ? Conversion.tokenizer(folder: file.folder) : another
    case .pdf: extracted("pdftotext \(name)")
    case .xml: extracted("xmllint --xpath 'string(/)' \(name) > \(textName)")
    case .parquet, .sqlite, .png, .jpeg, .gif, .executable, .unknown: another
    }
  }
}

extension ForeignFormat {
  /// Whether it could be read as text all the same, with U+FFFD for what is not UTF-8.
  package var isReplaceable: Bool {
    if case .legacy = found { needed == .text } else { found == .unknown && needed == .text }
  }
}

// MARK: - The ways on

extension ForeignFormat {
  private var name: String { file.inShell }

  private var textName: String { "\(file).txt".inShell }

  private var unpacked: Bilingual {
    let programs: [FileFormat: String] = [
      .gzip: "gzip -dk", .bzip2: "bzip2 -dk", .xz: "xz -dk", .zstd: "zstd -d", .zip: "unzip",
      .tar: "tar -xf",
    ]
    let command = "\(programs[found] ?? "7z x") \(name)"
    return Bilingual(it: "estrai prima: \(command)", en: "unpack it first: \(command)")
  }

  private func converted(from encoding: String) -> Bilingual {
    let command = "iconv -f \(encoding) -t UTF-8"
    // What comes from a pipe has no name to read it by again.
    guard file != "-", !file.hasPrefix("/dev/") else {
      return Bilingual(it: "convertilo prima: \(command)", en: "convert it first: \(command)")
    }
    let whole = "\(command) \(name) > \(textName)"
    return Bilingual(it: "convertilo: \(whole)", en: "convert it: \(whole)")
  }

  private func extracted(_ command: String) -> Bilingual {
    needed == .text
      ? Bilingual(it: "estrai il testo: \(command)", en: "take the text out of it: \(command)")
      : another
  }

  private var another: Bilingual {
    switch needed {
    case .text: Bilingual(it: "indica un file di testo", en: "name a file of text")
    case .json, .tokenizer:
      Bilingual(it: "copia o scarica il file giusto", en: "copy or download the right file")
    case .weights:
      Bilingual(
        it: "ci vuole model.safetensors: cercalo dove hai preso il modello",
        en: "model.safetensors is needed: look for it where the model came from"
      )
    }
  }

  /// Weights that `transformers` can open, written again in the format that is read here.
  private var exported: Bilingual {
    switch found {
    case .pickle: Conversion.weights(folder: file.folder)
    case .gguf: Conversion.gguf(folder: file.folder, file: file.lastName)
    default: another
    }
  }
}

/// One line for a shell that lets `transformers` write what is read here.
package enum Conversion {
  /// Weights in PyTorch's own format.
  package static func weights(folder: String) -> Bilingual {
    hint(python("AutoModelForCausalLM as M; M.from_pretrained(\(folder.inPython))", folder))
  }

  /// Weights of llama.cpp.
  package static func gguf(folder: String, file: String) -> Bilingual {
    let opened = "(\(folder.inPython), gguf_file=\(file.inPython))"
    return hint(python("AutoModelForCausalLM as M; M.from_pretrained\(opened)", folder))
  }

  /// An adapter, merged into the model that it changes.
  package static func adapter(folder: String) -> Bilingual {
    let code =
      "from peft import AutoPeftModelForCausalLM as M; M.from_pretrained(\(folder.inPython))"
      + ".merge_and_unload().save_pretrained(\("\(folder)-merged".inPython))"
    let command = "python3 -c " + code.inShell
    return Bilingual(
      it: "uniscilo al suo modello: \(command)",
      en: "merge it into its model: \(command)"
    )
  }

  /// A tokenizer in any form that `transformers` knows.
  package static func tokenizer(folder: String) -> Bilingual {
    let opening = "AutoTokenizer as T; T.from_pretrained(\(folder.inPython))"
    return hint(python(opening, folder, isInPlace: true))
  }

  private static func python(
    _ opening: String,
    _ folder: String,
    isInPlace: Bool = false
  ) -> String {
    let target = isInPlace ? folder : "\(folder)-safetensors"
    return "python3 -c "
      + "from transformers import \(opening).save_pretrained(\(target.inPython))".inShell
  }

  private static func hint(_ command: String) -> Bilingual {
    Bilingual(
      it: "transformers lo converte: \(command)",
      en: "transformers converts it: \(command)"
    )
  }
}

extension String {
  /// The text as one word for a shell.
  package var inShell: String {
    // Else a program would take it for an option.
    if utf8.count > 1, utf8.first == UInt8(ascii: "-") { return "./\(self)".inShell }
    let isPlain = utf8.allSatisfy { byte in
      TextCuts.isWord(byte) || byte >= 0x80 || "./_-+,:@%".utf8.contains(byte)
    }
    if isPlain, !isEmpty { return self }
    return contains("'") ? "\"" + escaped(#"\"$`"#) + "\"" : "'\(self)'"
  }

  /// The text as a literal of Python.
  fileprivate var inPython: String { "\"" + escaped("\\\"") + "\"" }

  private func escaped(_ marks: String) -> String {
    reduce(into: "") { text, character in
      if marks.contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}

// MARK: - Names

extension ForeignFormat.Needed {
  fileprivate var name: Bilingual {
    switch self {
    case .text: Bilingual(it: "testo in UTF-8", en: "text in UTF-8")
    case .json: Bilingual(same: "JSON")
    case .weights: Bilingual(it: "un file safetensors", en: "a safetensors file")
    case .tokenizer: Bilingual(it: "un tokenizer.json", en: "a tokenizer.json")
    }
  }
}

extension FileFormat {
  /// With its article.
  package var name: Bilingual {
    switch self {
    case .lfsPointer: Bilingual(it: "un puntatore di git-lfs", en: "a pointer of git-lfs")
    case .annexPointer: Bilingual(it: "un puntatore di git-annex", en: "a pointer of git-annex")
    case .html: Bilingual(it: "una pagina HTML", en: "an HTML page")
    case .xml: Bilingual(it: "un file XML", en: "an XML file")
    case .rtf: Bilingual(it: "un documento RTF", en: "an RTF document")
    case .gzip: Bilingual(it: "un archivio gzip", en: "a gzip archive")
    case .bzip2: Bilingual(it: "un archivio bzip2", en: "a bzip2 archive")
    case .xz: Bilingual(it: "un archivio xz", en: "an xz archive")
    case .zstd: Bilingual(it: "un archivio zstd", en: "a zstd archive")
    case .zip: Bilingual(it: "un archivio zip", en: "a zip archive")
    case .tar: Bilingual(it: "un archivio tar", en: "a tar archive")
    case .sevenZip: Bilingual(it: "un archivio 7z", en: "a 7z archive")
    case .document(let suffix):
      Bilingual(it: "un documento .\(suffix)", en: "a .\(suffix) document")
    case .pickle:
      Bilingual(it: "un file pickle di PyTorch", en: "a pickle file of PyTorch")
    case .wide(let encoding):
      Bilingual(it: "testo in \(encoding.rawValue)", en: "text in \(encoding.rawValue)")
    case .legacy(let encoding):
      Bilingual(
        it: "testo, a quanto pare, in \(encoding.rawValue)",
        en: "text, it seems, in \(encoding.rawValue)"
      )
    case .unknown: Bilingual(it: "un file binario", en: "a binary file")
    case .safetensors: Bilingual(it: "un file safetensors", en: "a safetensors file")
    case .gguf: Bilingual(it: "un file GGUF di llama.cpp", en: "a GGUF file of llama.cpp")
    case .numpy: Bilingual(it: "un file NumPy", en: "a NumPy file")
    case .hdf5: Bilingual(it: "un file HDF5", en: "an HDF5 file")
    case .parquet: Bilingual(it: "una tabella Parquet", en: "a Parquet table")
    case .sqlite: Bilingual(it: "una base di dati SQLite", en: "an SQLite database")
    case .pdf: Bilingual(it: "un documento PDF", en: "a PDF document")
    case .png: Bilingual(it: "un'immagine PNG", en: "a PNG image")
    case .jpeg: Bilingual(it: "un'immagine JPEG", en: "a JPEG image")
    case .gif: Bilingual(it: "un'immagine GIF", en: "a GIF image")
    case .executable: Bilingual(it: "un programma ELF", en: "an ELF program")
    case .sentencePiece:
      Bilingual(it: "un tokenizer di SentencePiece", en: "a tokenizer of SentencePiece")
    case .tiktoken: Bilingual(it: "un tokenizer di tiktoken", en: "a tokenizer of tiktoken")
    }
  }
}
