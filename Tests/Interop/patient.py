#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times what a class does with a real model: seconds and memory of each command of the REPL.

    python3 Tests/Interop/patient.py MODEL [--passo .build/release/passo] [--rounds 3] [--json OUT]

MODEL is a folder in the layout of Hugging Face, such as SmolLM2-135M-Instruct. The commands go
through a pipe, one after the other, to one process for looking and one for training. Printed are,
for each command, the least seconds of all rounds, the least seconds that the processors worked for
it (all threads together: on a busy machine the figure to compare), the most memory that the process
had while it ran (VmHWM, set back before each command), and the machine's load. With --torch PYTHON,
an interpreter that has torch and transformers, an update with AdamW on the same tokens by PyTorch is
timed between the rounds, for comparison. What is printed is printed after every round: a run that
is stopped leaves what it has.
"""
import argparse, json, os, pathlib, shutil, subprocess, sys, tempfile, time

LOOKING = [
    ":model {model}", ':text "The capital of France is Paris"', ":until logits",
    ":show attention 5.2", ":lens", ":why logits[0,4,7042]", ":run", ":why probs[0,4,7042]",
    ":predict", ':generate "The capital of France is"', ":surprise", ":back", ":step", ":back 10",
    ":step 10", ":show embeddings", ":near Paris", ":ablate 5.2", ":undo", ":leaks", ":hash",
]
TRAINING = [
    ":model {model}", ':text "The capital of France is Paris"', ":optimizer adamw lr 1e-5",
    ":train 1", ":train 1", ":train 3", ":back", ":step", ":show grad.blocks.5.mlp.W_up[0,:4]",
    ":lens", ":goto 0", ":hash", ":save {out}",
]


TORCH = '''
import sys, time, resource, torch, transformers
torch.manual_seed(0)
model = transformers.AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
tokens = transformers.AutoTokenizer.from_pretrained(sys.argv[1])(
    "The capital of France is Paris", return_tensors="pt").input_ids
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
seconds = []
for _ in range(5):
    start = time.monotonic()
    optimizer.zero_grad()
    model(tokens, labels=tokens).loss.backward()
    optimizer.step()
    seconds.append(time.monotonic() - start)
print(min(seconds[2:]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
'''


def torch_update(python, model):
    """The least seconds of an update that is not the first two, and the most memory in MB."""
    done = subprocess.run([python, "-c", TORCH, model], capture_output=True, text=True, check=True)
    (seconds, memory) = done.stdout.split()[-2:]
    return float(seconds), int(memory)


class Passo:
    def __init__(self, binary):
        self.process = subprocess.Popen([binary, "--lang", "en"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.number = 0

    def run(self, line):
        """What a command writes, its seconds, those of the processors, the most memory in MB."""
        mark = f"{self.number} + 1000"
        self.number += 1
        self.reset()
        (start, worked) = (time.monotonic(), self.worked())
        self.process.stdin.write(f"{line}\n{mark}\n".encode())
        self.process.stdin.flush()
        text = []
        while True:
            read = self.process.stdout.readline().decode(errors="replace")
            if not read:
                return "".join(text), time.monotonic() - start, 0, None
            if read.strip() == f"passo> {mark}":
                break
            text.append(read)
        seconds = time.monotonic() - start
        return "".join(text), seconds, self.worked() - worked, self.peak()

    def worked(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[-1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def reset(self):
        try:
            pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        except OSError:
            pass

    def peak(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1024
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--part", choices=["look", "train"])
    parser.add_argument("--torch", metavar="PYTHON")
    parser.add_argument("--show", action="store_true", help="write what the commands write")
    options = parser.parse_args()
    kept = tempfile.TemporaryDirectory()
    # Never a folder of the person's: it is removed before each round.
    options.out = f"{kept.name}/model"
    table = {}
    failed = False
    for _ in range(options.rounds):
        for part, lines in (("look", LOOKING), ("train", TRAINING)):
            if options.part in (None, part):
                failed |= one_round(options, part, lines, table)
        if options.torch:
            (seconds, peak) = torch_update(options.torch, options.model)
            old = table.get(("torch", 0, "update"), (seconds, 0, 0))
            table["torch", 0, "update"] = (min(seconds, old[0]), 0, max(peak, old[2]))
        report(options, table)
    sys.exit(1 if failed else 0)


def report(options, table):
    print(f"{'command':44} {'seconds':>8} {'worked':>8} {'MB':>7}   load {os.getloadavg()[0]:.1f}")
    for (part, number, line), (seconds, worked, peak) in table.items():
        print(f"{part:5} {line:38} {seconds:8.2f} {worked:8.2f} {peak:7}")
    if options.json:
        rows = [{"part": p, "line": l, "seconds": s, "worked": w, "mb": m}
                for (p, _, l), (s, w, m) in table.items()]
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1))
    sys.stdout.flush()


def one_round(options, part, lines, table):
    shutil.rmtree(options.out, ignore_errors=True)
    passo = Passo(options.passo)
    failed = False
    for number, line in enumerate(lines):
        typed = line.format(model=options.model, out=options.out)
        text, seconds, worked, peak = passo.run(typed)
        if options.show:
            print(text)
        key = (part, number, line)
        old = table.get(key, (seconds, worked, 0))
        table[key] = (min(old[0], seconds), min(old[1], worked), max(old[2], peak or 0))
        if peak is None or "error:" in text:
            print(f"failed: {typed}\n{text}", file=sys.stderr)
            failed = True
            break
    passo.process.stdin.close()
    passo.process.wait()
    return failed


main()
