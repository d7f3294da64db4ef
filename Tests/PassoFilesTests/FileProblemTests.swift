// SPDX-License-Identifier: MIT
import PassoFiles
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

@Suite struct FileProblemTests {
  @Test func aProblemNamesItsFileAndLine() {
    let fault = JSONFault.wrong(path: "targets[2][5]", needed: .integer, found: "1e300", line: 3)
    #expect(
      FileProblem.json(fault, file: "tokens.json").text(.en)
        == """
        tokens.json:3: error: 'targets[2][5]' needs to be a 64-bit integer, got '1e300'
        hint: write the file again with the program that made it, or mend it by hand
        """
    )
    #expect(
      FileProblem.safetensors(.tooShort(bytes: 3), file: "m.safetensors").text(.it) == """
        m.safetensors: errore: un file safetensors ha almeno 8 byte, non 3
        suggerimento: copia o scarica di nuovo il file
        """
    )
  }

  @Test(arguments: wordings.indices)
  func theMessageIsExact(index: Int) {
    let (fault, it, en) = wordings[index]
    #expect(fault.message == Bilingual(it: it, en: en))
  }

  @Test func systemErrorsAreToldApart() {
    #expect(SystemFault(code: 2, writing: false) == .missing)
    #expect(SystemFault(code: 2, writing: true) == .missingFolder)
    #expect(SystemFault(code: 13, writing: true) == .noPermission)
    #expect(SystemFault(code: 28, writing: true) == .diskFull)
    #expect(SystemFault(code: 5, writing: true) == .other(code: 5))
  }

  @Test func aFileAboveTheLimitIsNotRead() throws {
    let scratch = try Scratch()
    let path = try scratch.write([1, 2, 3])
    #expect(throws: FileProblem.system(.tooLarge(bytes: 3, limit: 2), file: path)) {
      try InputFile.read(path: path, limit: 2)
    }
    #expect(try InputFile.read(path: path, limit: 3) == [1, 2, 3])
  }
}

private let wordings: [(fault: any FileFault, it: String, en: String)] =
  systemWordings + jsonWordings + safetensorsWordings + modelWordings

private let systemWordings: [(fault: any FileFault, it: String, en: String)] = [
  (
    SystemFault.missing,
    it: "con questo nome non c'è nessun file",
    en: "needs an existing file, got nothing of this name"
  ),
  (
    SystemFault.missingFolder,
    it: "con questo nome non c'è nessuna cartella",
    en: "needs an existing folder, got nothing of this name"
  ),
  (
    SystemFault.noPermission,
    it: "non hai il permesso di usare questo file",
    en: "needs permission on this file, got a refusal of the system"
  ),
  (
    SystemFault.notAFile,
    it: "qui ci vuole un file, e questo è una cartella o un dispositivo",
    en: "needs a file, got something else (a folder or a device)"
  ),
  (
    SystemFault.diskFull,
    it: "il disco è pieno",
    en: "needs room on the disk, got a full disk"
  ),
  (
    SystemFault.tooLarge(bytes: 3_000, limit: 2_000),
    it: "sono ammessi al massimo 2 000 byte, non 3 000",
    en: "needs at most 2 000 bytes, got 3 000"
  ),
  (
    SystemFault.other(code: 5),
    it: "il sistema non riesce a usare questo file: errore 5",
    en: "needs a usable file, got the system's error 5"
  ),
]

private let jsonWordings: [(fault: any FileFault, it: String, en: String)] = [
  (
    JSONFault.syntax(needed: .text(":"), found: "x", line: 1),
    it: "il JSON vuole «:», non «x»",
    en: "JSON needs ':', got 'x'"
  ),
  (
    JSONFault.syntax(needed: .value, found: nil, line: 1),
    it: "il JSON vuole un valore, e il testo finisce",
    en: "JSON needs a value, got the end of the text"
  ),
  (
    JSONFault.syntax(needed: .digit, found: "e", line: 1),
    it: "il JSON vuole una cifra, non «e»",
    en: "JSON needs a digit, got 'e'"
  ),
  (
    JSONFault.syntax(needed: .escape, found: #"\x"#, line: 1),
    it: "il JSON vuole una sequenza valida dopo \\, non «\\x»",
    en: "JSON needs a valid sequence after \\, got '\\x'"
  ),
  (
    JSONFault.syntax(needed: .character, found: "\u{1B}[2J", line: 1),
    it: "il JSON vuole un carattere stampabile, non « [2J»",
    en: "JSON needs a printable character, got ' [2J'"
  ),
  (
    JSONFault.syntax(needed: .end, found: "]", line: 1),
    it: "il JSON vuole la fine del testo, non «]»",
    en: "JSON needs the end of the text, got ']'"
  ),
  (
    JSONFault.notUTF8(line: 1),
    it: "il testo dev'essere in UTF-8, e qui ci sono byte che non lo sono",
    en: "needs text in UTF-8, got bytes that are not"
  ),
  (
    JSONFault.tooDeep(limit: 64, line: 1),
    it: "sono ammessi al massimo 64 livelli di parentesi, non di più",
    en: "needs at most 64 levels of brackets, got more"
  ),
  (
    JSONFault.duplicateKey(path: "a.b", line: 1),
    it: "ogni chiave deve comparire una volta, e «a.b» c'è due volte",
    en: "needs every key once, got 'a.b' twice"
  ),
  (
    JSONFault.missing(path: "inputs"),
    it: "manca la chiave «inputs»",
    en: "needs the key 'inputs', got none"
  ),
  (
    JSONFault.wrong(path: "a", needed: .object, found: "null", line: 1),
    it: "«a» deve essere un oggetto {...}, non «null»",
    en: "'a' needs to be an object {...}, got 'null'"
  ),
  (
    JSONFault.wrong(path: "a", needed: .array, found: "null", line: 1),
    it: "«a» deve essere una lista [...], non «null»",
    en: "'a' needs to be a list [...], got 'null'"
  ),
  (
    JSONFault.wrong(path: "a", needed: .string, found: "null", line: 1),
    it: "«a» deve essere un testo fra virgolette, non «null»",
    en: "'a' needs to be a text in quotes, got 'null'"
  ),
  (
    JSONFault.wrong(path: "a", needed: .integer, found: "null", line: 1),
    it: "«a» deve essere un intero di 64 bit, non «null»",
    en: "'a' needs to be a 64-bit integer, got 'null'"
  ),
  (
    JSONFault.wrong(path: "a", needed: .number, found: "null", line: 1),
    it: "«a» deve essere un numero finito, non «null»",
    en: "'a' needs to be a finite number, got 'null'"
  ),
  (
    JSONFault.wrong(path: "a", needed: .boolean, found: "null", line: 1),
    it: "«a» deve essere true o false, non «null»",
    en: "'a' needs to be true or false, got 'null'"
  ),
  (
    JSONFault.wrong(path: "", needed: .object, found: "3", line: 1),
    it: "il JSON deve essere un oggetto {...}, non «3»",
    en: "the JSON needs to be an object {...}, got '3'"
  ),
]

private let safetensorsWordings: [(fault: any FileFault, it: String, en: String)] = [
  (
    SafetensorsFault.headerTooLong(bytes: 9, limit: 8),
    it: "l'intestazione può avere al massimo 8 byte, non 9",
    en: "the header needs to have at most 8 bytes, got 9"
  ),
  (
    SafetensorsFault.headerCut(bytes: 9, found: 8),
    it: "l'intestazione deve avere i 9 byte annunciati, non 8",
    en: "the header needs the 9 bytes announced, got 8"
  ),
  (
    SafetensorsFault.header(.missing(path: "w.shape")),
    it: "intestazione: manca la chiave «w.shape»",
    en: "header: needs the key 'w.shape', got none"
  ),
  (
    SafetensorsFault.unknownType(tensor: "w", found: "F8"),
    it: "«w» deve avere un tipo fra F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 "
      + "BOOL, non «F8»",
    en: "'w' needs a type among F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL, got 'F8'"
  ),
  (
    SafetensorsFault.shape(tensor: "w", shape: [-1, 2]),
    it: "«w» deve avere misure non negative e meno di 2^63 byte, non la forma [-1, 2]",
    en: "'w' needs sizes of at least 0 and less than 2^63 bytes, got the shape [-1, 2]"
  ),
  (
    SafetensorsFault.offsets(tensor: "w", found: [8, 4], dataBytes: 8),
    it: "«w» deve avere due limiti in ordine fra 0 e 8, non [8, 4]",
    en: "'w' needs two offsets in order between 0 and 8, got [8, 4]"
  ),
  (
    SafetensorsFault.byteCount(tensor: "w", needed: 24, found: 20),
    it: "«w» ha bisogno di 24 byte per forma e tipo, non di 20",
    en: "'w' needs 24 bytes for its shape and type, got 20"
  ),
  (
    SafetensorsFault.start(tensor: "w", needed: 8, found: 4),
    it: "«w» deve cominciare dove finisce il tensore precedente, al byte 8, non al 4",
    en: "'w' needs to start where the tensor before it ends, at byte 8, got 4"
  ),
  (
    SafetensorsFault.trailing(needed: 8, found: 9),
    it: "i tensori hanno bisogno di 8 byte di dati, non di 9",
    en: "the tensors need 8 bytes of data, got 9"
  ),
  (
    SafetensorsFault.noTensor("w", closest: nil),
    it: "manca il tensore «w»",
    en: "needs the tensor 'w', got no tensor of this name"
  ),
  (
    SafetensorsFault.notFloating(tensor: "w", found: .i64),
    it: "«w» deve avere numeri in virgola mobile (F64 F32 F16 BF16), non I64",
    en: "'w' needs floating-point numbers (F64 F32 F16 BF16), got I64"
  ),
  (
    SafetensorsFault.name("w"),
    it: "ogni tensore deve avere un nome suo, diverso da __metadata__: «w» non va",
    en: "every tensor needs a name of its own, other than __metadata__, got 'w'"
  ),
  (
    SafetensorsFault.valueCount(tensor: "w", needed: 6, found: 5),
    it: "«w» ha bisogno di 6 numeri per la sua forma, non di 5",
    en: "'w' needs 6 numbers for its shape, got 5"
  ),
]

private let modelWordings: [(fault: any FileFault, it: String, en: String)] = [
  (
    ConfigFault.unsupported(key: "a", needed: "false", found: "true"),
    it: "«a» deve essere «false», non «true»",
    en: "'a' needs to be 'false', got 'true'"
  ),
  (
    ConfigFault.size(key: "n_embd", found: 0, limit: 1 << 24),
    it: "«n_embd» deve essere da 1 a 16 777 216, non 0",
    en: "'n_embd' needs to be from 1 to 16 777 216, got 0"
  ),
  (
    ConfigFault.heads(width: 16, heads: 3),
    it: "«n_embd» deve essere un multiplo di «n_head», non 16 e 3",
    en: "'n_embd' needs to be a multiple of 'n_head', got 16 and 3"
  ),
  (
    ConfigFault.epsilon(-1e-5),
    it: "«layer_norm_epsilon» deve essere fra 0 e 1, non -1e-05",
    en: "'layer_norm_epsilon' needs to be between 0 and 1, got -1e-05"
  ),
  (
    ConfigFault.tooManyParameters(limit: 1 << 36),
    it: "un modello può avere al massimo 68 719 476 736 parametri, non di più",
    en: "a model needs to have at most 68 719 476 736 parameters, got more"
  ),
  (
    TokensFault.unknownKey("x", closest: nil),
    it: "le chiavi sono solo inputs, targets e attention: «x» non ci va",
    en: "needs only the keys inputs, targets and attention, got 'x'"
  ),
  (
    TokensFault.noTokens,
    it: "«inputs» deve avere almeno un token, non 0",
    en: "'inputs' needs at least one token, got 0"
  ),
  (
    TokensFault.rowCount(needed: 2, found: 1),
    it: "«targets» deve avere tante righe quante «inputs», 2, non 1",
    en: "'targets' needs as many rows as 'inputs', 2, got 1"
  ),
  (
    TokensFault.rowLength(list: "targets", row: 1, needed: 5, found: 4),
    it: "«targets[1]» deve avere 5 token come «inputs[0]», non 4",
    en: "'targets[1]' needs 5 tokens as 'inputs[0]' has, got 4"
  ),
  (
    TokensFault.tooLong(length: 9, limit: 8),
    it: "le righe possono avere al massimo 8 token per questo modello, non 9",
    en: "rows need to have at most 8 tokens for this model, got 9"
  ),
  (
    TokensFault.id(list: "inputs", row: 0, position: 3, found: 9, vocabularySize: 6),
    it: "«inputs[0][3]» deve essere da 0 a 5, non 9",
    en: "'inputs[0][3]' needs to be from 0 to 5, got 9"
  ),
  (
    TokensFault.id(list: "targets", row: 0, position: 3, found: 9, vocabularySize: 6),
    it: "«targets[0][3]» deve essere da 0 a 5, o -100, non 9",
    en: "'targets[0][3]' needs to be from 0 to 5, or -100, got 9"
  ),
  (
    TokensFault.attention(found: "prefix"),
    it: "«attention» deve essere causal o bidirectional, non «prefix»",
    en: "'attention' needs to be causal or bidirectional, got 'prefix'"
  ),
]
