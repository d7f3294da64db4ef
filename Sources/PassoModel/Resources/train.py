# SPDX-License-Identifier: MIT
"""Goes on with a training of Passo on several processes or machines, and hands it back.

    torchrun --nproc_per_node=2 train.py [--fsdp] [--save-every N]

Needs torch, transformers, safetensors and numpy; `passo export --torch` has written the rest beside
this file: model, AdamW's moments, settings, the rows to come. An update takes the rows that Passo
would have taken, however many processes share them: its loss is Passo's to rounding. `passo train
--resume --out DIR` goes on from the checkpoint, as this does. Several machines share the folder.
"""
import argparse, json, math, os, pathlib, signal, time
import numpy as np
import torch, torch.distributed as dist
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import distribute_tensor
from torch.nn.parallel import DistributedDataParallel
from transformers import AutoConfig, AutoModelForCausalLM

HERE = pathlib.Path(__file__).resolve().parent
PLAN, LOG = json.loads((HERE / "torch.json").read_text()), HERE / "log.jsonl"
ROWS, LENGTH = PLAN["rows"], PLAN["length"]
DTYPE = torch.float64 if PLAN["precision"] == "f64" else torch.float32
IGNORED = -100  # a target that does not count


def rate(step):
    """The learning rate of an update, counted from 1."""
    peak, warmup, last, floor = (PLAN[key] for key in ("lr", "warmup", "decay_steps", "floor"))
    if step < warmup: return peak * step / warmup
    progress = min(max((step - warmup) / (last - warmup), 0), 1) if last > warmup else 1
    fall = min(max((step - 0.6 * last) / max(0.4 * last, 1), 0), 1)
    left = {"cosine": (1 + math.cos(math.pi * progress)) / 2, "linear": 1 - progress,
            "trapezoid": 1 - fall, "constant": 1}[PLAN["schedule"]]
    return peak * (floor + (1 - floor) * left)


def coming_rows():
    """Inputs and targets by update, [rows, length] each; they stay on the disk until their turn."""
    tokens, own = np.memmap(HERE / "tokens.bin", "<i4", "r"), HERE / "targets.bin"
    targets = np.memmap(own, "<i4", "r") if own.exists() else tokens[1:]
    order = np.memmap(HERE / "order.bin", "<i8", "r").reshape(-1, ROWS)
    if len(order) <= PLAN["last_step"] - PLAN["first_step"]: raise ValueError("order.bin is short")
    def rows(step):
        places = order[step - PLAN["first_step"]][:, None] + np.arange(LENGTH)
        return [torch.from_numpy(ids[places].astype(np.int64)) for ids in (tokens, targets)]
    return rows


def kept_rows(world):
    """Inputs and targets that are never learned from, as many for each process."""
    both = np.fromfile(HERE / "validation.bin", "<i4").reshape(2, -1, LENGTH).astype(np.int64)
    inputs, targets = torch.from_numpy(both)
    more = (0, 0, 0, -len(inputs) % world)
    return F.pad(inputs, more), F.pad(targets, more, value=IGNORED)


class Training:
    """The model and its optimizer, on as many processes as there are."""
    def __init__(self, device, sharded):
        self.device, self.rank, self.world = device, dist.get_rank(), dist.get_world_size()
        config = AutoConfig.from_pretrained(HERE)
        model = AutoModelForCausalLM.from_config(config, dtype=DTYPE).to(device).train()
        if sharded:
            for blocks in [part for part in model.modules() if type(part) is torch.nn.ModuleList]:
                for block in blocks: fully_shard(block)
        self.net = fully_shard(model) if sharded else DistributedDataParallel(model)
        self.sharded, self.named = sharded, dict(model.named_parameters())
        ps, betas = self.named.values(), (PLAN["beta1"], PLAN["beta2"])
        # Gains and biases have no reason to be small.
        groups = [{"params": [p for p in ps if p.ndim > 1], "weight_decay": PLAN["weight_decay"]},
                  {"params": [p for p in ps if p.ndim < 2], "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=PLAN["lr"], betas=betas, eps=PLAN["eps"])
        with (safe_open(HERE / "checkpoint.safetensors", "pt") as file, torch.no_grad(),
              safe_open(HERE / "model.safetensors", "pt") as kept):
            self.stored = kept.get_tensor(next(iter(self.named))).dtype  # of 16 bits, it stays so
            self.restore(file)

    def restore(self, file):
        """Takes everything from the checkpoint, which Passo or this script has written."""
        self.metadata, left = file.metadata(), set(file.keys())
        if self.metadata["format"] != "passo-torch-1":
            raise SystemExit("the checkpoint is Passo's own: passo export --torch writes another")
        self.step = int(self.metadata["steps"])
        for name, p in self.named.items():
            names = [name, "m." + name, "v." + name]
            parts = [file.get_tensor(key).to(self.device, DTYPE) for key in names]
            if self.sharded:
                parts = [distribute_tensor(part, p.device_mesh, p.placements) for part in parts]
            p.copy_(parts[0])
            moments = {"exp_avg": parts[1], "exp_avg_sq": parts[2]}
            self.optimizer.state[p] = {"step": torch.tensor(float(self.step))} | moments
            left -= set(names)
        self.settings = {name: file.get_tensor(name) for name in left}

    def losses(self, rows):
        """The losses of this process, each a sum over as many rows as Passo takes at a time."""
        mine = [ids[self.rank :: self.world].to(self.device) for ids in rows]
        parts = list(zip(*(ids.split(PLAN["rows_at_once"]) for ids in mine)))
        for number, (inputs, targets) in enumerate(parts, 1):
            if not self.sharded:
                self.net.require_backward_grad_sync = number == len(parts)
            logits = self.net(input_ids=inputs, use_cache=False).logits.flatten(0, 1)
            yield F.cross_entropy(logits, targets.flatten(), ignore_index=IGNORED, reduction="sum")

    def sums(self, *numbers):
        """Of each number over all processes."""
        total = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        dist.all_reduce(total)
        return total.tolist()

    def update(self, rows, stops):
        """Does one update; its loss, the length of all gradients, and whether somebody stops."""
        count, total = int((rows[1] != IGNORED).sum()), 0.0
        for loss in self.losses(rows):
            # The mean over all targets that count: processes share the mean of their gradients.
            (loss * (self.world / max(count, 1))).backward()
            total += loss.item()
        total, is_stopped = self.sums(total, stops)
        norm = torch.nn.utils.clip_grad_norm_(self.named.values(), PLAN["clip"] or math.inf)
        norm = (norm.full_tensor() if self.sharded else norm).item()
        loss = total / count if count else math.nan
        if not math.isfinite(loss + norm):
            raise SystemExit(f"step {self.step + 1} needs finite numbers, got {loss} and {norm}")
        self.step += 1
        for group in self.optimizer.param_groups: group["lr"] = rate(self.step)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss, norm, is_stopped > 0

    @torch.no_grad()
    def validate(self, rows):
        """The mean loss on rows that are never learned from."""
        total = self.sums(sum(loss.item() for loss in self.losses(rows)))[0]
        return total / int((rows[1] != IGNORED).sum())

    def save(self, loss):
        """Writes the model and, last, the checkpoint."""
        tensors = dict(self.settings)
        for name, p in self.named.items():
            moments = (self.optimizer.state[p][key] for key in ("exp_avg", "exp_avg_sq"))
            for kind, part in zip(("", "m.", "v."), (p.detach(), *moments)):
                whole = part.full_tensor() if self.sharded else part
                tensors[kind + name] = whole.cpu() if self.rank == 0 else None
        if self.rank == 0:
            most = torch.finfo(self.stored).max  # what is larger stays as it is
            weights = {name: w if (w := tensors[name]).abs().max() > most else w.to(self.stored)
                       for name in self.named}
            replace("model.safetensors", weights, {"format": "pt"})
            now = {"steps": str(self.step), "loss": repr(loss), "kernels": "pytorch"}
            replace("checkpoint.safetensors", tensors, self.metadata | now)


def replace(name, tensors, metadata):
    """Writes a file beside the old one, and then over it: it is there whole or not at all."""
    beside = HERE / f".{name}.part"
    save_file(tensors, beside, metadata)
    with open(beside, "rb+") as file: os.fsync(file.fileno())
    os.replace(beside, HERE / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fsdp", action="store_true", help="shares out weights and moments too")
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    asked, world, last = parser.parse_args(), int(os.getenv("WORLD_SIZE", 0)), PLAN["last_step"]
    if not world or ROWS % world:
        raise SystemExit(f"needs torchrun, as many processes as divide {ROWS} rows, got {world}")
    name = f"cuda:{os.environ['LOCAL_RANK']}" if torch.cuda.is_available() else "cpu"
    dist.init_process_group("gloo" if name == "cpu" else "nccl")
    stops = []
    for kind in (signal.SIGINT, signal.SIGTERM): signal.signal(kind, lambda *_: stops.append(True))
    try:
        training, rows, is_stopped = Training(torch.device(name), asked.fsdp), coming_rows(), False
        kept = kept_rows(world) if PLAN["validation_rows"] else None
    except (OSError, ValueError, KeyError) as fault:
        raise SystemExit(f"{HERE} needs all that passo export --torch has written: {fault}")
    if training.rank == 0:  # without steps that have to be done again, and half a line
        old = LOG.read_text().splitlines(True) if LOG.exists() else []
        lines = [line for line in old if line.startswith('{"step":') and line.endswith("}\n")]
        LOG.write_text("".join(line for line in lines if json.loads(line)["step"] <= training.step))
        if training.step >= last: print(f"step {last} is done: passo train --resume --out {HERE}")
    while training.step < last and not is_stopped:
        start = time.perf_counter()
        loss, norm, is_stopped = training.update(rows(training.step + 1), bool(stops))
        step, speed = training.step, round(ROWS * LENGTH / (time.perf_counter() - start))
        line = {"step": step, "loss": loss, "grad_norm": norm, "lr": rate(step),
                "tokens_per_s": speed, "kernels": "pytorch"}
        if kept and step % PLAN["validation_every"] == 0: line["val_loss"] = training.validate(kept)
        if training.rank == 0:
            with LOG.open("a") as log: log.write(json.dumps(line, separators=(",", ":")) + "\n")
            print(f"{step}/{last} loss {loss:.6f}", flush=True)
        if is_stopped or step == last or step % max(asked.save_every, 1) == 0: training.save(loss)
    dist.destroy_process_group()


main()
